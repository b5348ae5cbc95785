import type { Transaction } from "../../platform/database.ts";
import { newProductConfigId } from "../../platform/ids.ts";
import { flawsOf } from "../../rules/catalog/term-flaws.ts";
import { findProductConfigs, putProductConfig, type ProductConfigRow } from "../../store/product-configs.ts";
import { ApplyError, type ChangeLog } from "./apply-changes.ts";
import type { ApplyLocation, ApplyProduct } from "./apply-schema.ts";
import { productSubject, toldConfig } from "./told-config.ts";

/** Creates and changes the product configs that a file names; answers with the ids by key. */
export async function applyProducts(
  tx: Transaction,
  location_id: string,
  location: ApplyLocation,
  families: ReadonlySet<string>,
  log: ChangeLog,
): Promise<Record<string, string>> {
  const rows = await findProductConfigs(tx, [location_id]);
  const known = new Map(rows.map((row) => [row.key, row]));
  const ids: Record<string, string> = {};
  for (const wanted of location.products) {
    const place = `locations.${location.key}.products.${wanted.key}`;
    if (ids[wanted.key]) throw new ApplyError(`${place}: the key appears twice.`);
    const before = known.get(wanted.key) ?? null;
    const config = mergeProduct(location_id, wanted, before, place);
    assertSensible(config, families, place);
    await putProductConfig(tx, config);
    await log.note(productSubject(location, wanted.key), location_id, before && toldConfig(before), toldConfig(config));
    ids[wanted.key] = config.id;
  }
  return ids;
}

type NewConfig = Omit<ProductConfigRow, "version">;

function mergeProduct(
  location_id: string,
  { key, name, type, active, ...terms }: ApplyProduct,
  before: ProductConfigRow | null,
  place: string,
): NewConfig {
  const kind = type ?? before?.type;
  if (kind === undefined) throw new ApplyError(`${place}: type is required (package or membership).`);
  if (before && kind !== before.type) throw new ApplyError(`${place}: type cannot change; make a new product config.`);
  const merged: Record<string, unknown> = { ...before?.terms };
  for (const [field, value] of Object.entries(terms)) {
    if (value === null) delete merged[field];
    else if (value !== undefined) merged[field] = value;
  }
  return {
    location_id,
    id: before?.id ?? newProductConfigId(),
    key,
    name: name ?? before?.name ?? key,
    type: kind,
    active: active ?? before?.active ?? true,
    terms: merged,
  };
}

function assertSensible(config: NewConfig, families: ReadonlySet<string>, place: string): void {
  const [flaw] = flawsOf(config);
  if (flaw) throw new ApplyError(`${place}: ${flaw.field} ${flaw.message}.`);
  const unknown = config.terms.families?.find((family) => !families.has(family));
  if (unknown === undefined) return;
  throw new ApplyError(`${place}: families: there is no family ${unknown}; add it to families.`);
}

import type { Transaction } from "../../platform/database.ts";
import { newProductConfigId } from "../../platform/ids.ts";
import { findProductConfigs, putProductConfig, type ProductConfigRow } from "../../store/product-configs.ts";
import { ApplyError, type ChangeLog } from "./apply-changes.ts";
import type { ApplyLocation, ApplyProduct } from "./apply-schema.ts";

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
    await log.note(`product ${location.key}/${wanted.key}`, location_id, before && flat(before), flat(config));
    ids[wanted.key] = config.id;
  }
  return ids;
}

function flat({ terms, ...identity }: ProductConfigRow): object {
  return { ...identity, ...terms };
}

function mergeProduct(
  location_id: string,
  { key, name, type, active, ...terms }: ApplyProduct,
  before: ProductConfigRow | null,
  place: string,
): ProductConfigRow {
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

const ONLY_PACKAGE = ["credits_total", "activation", "activate_within_days"] as const;
const ONLY_MEMBERSHIP = [
  "monthly_credits",
  "rollover",
  "freeze",
  "grace_days",
  "renewal",
  "term_months",
  "anchor",
] as const;

function assertSensible({ type, terms }: ProductConfigRow, families: ReadonlySet<string>, place: string): void {
  const refuse = (message: string) => {
    throw new ApplyError(`${place}: ${message}.`);
  };
  if (type === "package" && terms.credits_total === undefined) refuse("credits_total is required for a package");
  if (type === "membership" && terms.monthly_credits === undefined)
    refuse("monthly_credits is required for a membership");
  const foreign = (type === "package" ? ONLY_MEMBERSHIP : ONLY_PACKAGE).find((field) => terms[field] !== undefined);
  if (foreign) refuse(`${foreign} is not a field of a ${type}`);
  const rolls_over = terms.rollover !== undefined && terms.rollover !== "none";
  // Clarification 18.
  if (rolls_over && terms.expiry_days !== undefined) refuse("rollover and expiry_days exclude each other");
  if (rolls_over && terms.monthly_credits === "unlimited") refuse("an unlimited membership has nothing to roll over");
  if (terms.activation === "on_first_use" && terms.expiry_days === undefined)
    refuse("activation on_first_use needs expiry_days");
  const unknown = terms.families?.find((family) => !families.has(family));
  if (unknown !== undefined) refuse(`families: there is no family ${unknown}; add it to families`);
}

import type { Transaction } from "../../platform/database.ts";
import { newProductConfigId } from "../../platform/ids.ts";
import { resolveTerms, type ProductTerms } from "../../rules/catalog/product-terms.ts";
import { soldTerms, soldTwice, type SoldAs, type SoldTwice } from "../../rules/catalog/sold-as.ts";
import { flawsOf } from "../../rules/catalog/term-flaws.ts";
import { bumpVersion, lockLocation } from "../../store/locations.ts";
import {
  findProductConfigs,
  findServiceFamilies,
  putProductConfig,
  type ProductConfigRow,
} from "../../store/product-configs.ts";
import { InputError } from "../validation.ts";
import { editConflict, refused, type Edited } from "./edit-conflict.ts";
import { freeKeyOf } from "./key-of.ts";
import { productSubject, toldConfig } from "./told-config.ts";

/** A product config as a person leaves the editor; whole: what is not in `terms` has its default. */
export interface ProductDraft {
  name: string;
  type: ProductConfigRow["type"];
  /** Without the names that it is sold under. */
  terms: ProductTerms;
  sold_as: readonly SoldAs[];
}

type Draft = Omit<ProductConfigRow, "version">;

/** Every family of the location with its calendars. */
export async function familiesOf(tx: Transaction, location_id: string): Promise<Map<string, string[]>> {
  const families = await findServiceFamilies(tx, [location_id]);
  return new Map(families.map(({ key, calendars }) => [key, calendars]));
}

/** Throws InputError: what is wrong with a draft beside its fields. */
export function assertSound({ type, terms }: ProductDraft, families: ReadonlyMap<string, unknown>): void {
  const flaws = flawsOf({ type, terms });
  const unknown = terms.families?.find((family) => !families.has(family));
  if (unknown !== undefined) flaws.push({ field: "families", message: `has no family ${unknown}: make it first` });
  if (flaws.length > 0) throw new InputError(flaws);
}

/** A new product config, sold from now on. */
export async function createProduct(
  tx: Transaction,
  location_id: string,
  { key, ...draft }: ProductDraft & { key?: string | undefined },
): Promise<Edited> {
  const location = await lockLocation(tx, location_id);
  const [rows, families] = await Promise.all([findProductConfigs(tx, [location_id]), familiesOf(tx, location_id)]);
  const taken = new Set(rows.map((row) => row.key));
  if (key !== undefined && taken.has(key)) throw new InputError([{ field: "key", message: "is another product's" }]);
  const config = configOf(draft, {
    location_id,
    id: newProductConfigId(),
    key: key ?? freeKeyOf(draft.name, taken, "product"),
    active: true,
  });
  assertSound(draft, families);
  return save(tx, config, rows, { before: null, subject: productSubject(location, config.key) });
}

/** Changes all of a product config but its type. Its credits, expiry and activation hold for what is bought from now on. */
export async function updateProduct(
  tx: Transaction,
  location_id: string,
  { id, expected_version, ...draft }: ProductDraft & { id: string; expected_version: number },
): Promise<Edited> {
  return edit(tx, location_id, { id, expected_version }, (before, families) => {
    if (draft.type !== before.type) {
      throw new InputError([{ field: "type", message: "cannot change: make a new product config" }]);
    }
    assertSound(draft, families);
    return configOf(draft, before);
  });
}

/** Sells it again, or no longer: what was bought of it lives on. */
export async function setProductActive(
  tx: Transaction,
  location_id: string,
  { id, expected_version, active }: { id: string; expected_version: number; active: boolean },
): Promise<Edited> {
  return edit(tx, location_id, { id, expected_version }, (before) => ({ ...before, active }));
}

async function edit(
  tx: Transaction,
  location_id: string,
  { id, expected_version }: { id: string; expected_version: number },
  change: (before: ProductConfigRow, families: ReadonlyMap<string, string[]>) => Draft,
): Promise<Edited> {
  const location = await lockLocation(tx, location_id);
  const [rows, families] = await Promise.all([findProductConfigs(tx, [location_id]), familiesOf(tx, location_id)]);
  const before = rows.find((row) => row.id === id);
  if (!before) return refused("NOT_FOUND");
  const subject = productSubject(location, before.key);
  const versions = { expected: expected_version, current: before.version };
  const conflict = await editConflict(tx, location_id, subject, versions, toldConfig(before));
  return conflict ?? save(tx, change(before, families), rows, { before, subject });
}

async function save(
  tx: Transaction,
  config: Draft,
  rows: readonly ProductConfigRow[],
  { before, subject }: { before: ProductConfigRow | null; subject: string },
): Promise<Edited> {
  const conflicts = conflictsOf(config, rows);
  if (conflicts.length > 0) return refused("MAPPING_CONFLICT", { conflicts });
  const version = await putProductConfig(tx, config);
  await bumpVersion(tx, config.location_id);
  const told = { before: before && toldConfig(before), after: toldConfig(config) };
  return { answer: { id: config.id, key: config.key, version }, audit: { subject, ...told } };
}

/** The names of one config that other active ones have too. Rule 33. */
function conflictsOf(config: Draft, rows: readonly ProductConfigRow[]): SoldTwice[] {
  const resolved = (row: Draft) => resolveTerms(row, row.terms, new Map());
  return soldTwice(resolved(config), rows.map(resolved));
}

function configOf(draft: ProductDraft, row: Pick<Draft, "location_id" | "id" | "key" | "active">): Draft {
  const { location_id, id, key, active } = row;
  const { name, type, terms, sold_as } = draft;
  return { location_id, id, key, active, name, type, terms: { ...terms, ...soldTerms(sold_as) } };
}

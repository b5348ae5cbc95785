import type { Transaction } from "../../platform/database.ts";
import { bumpVersion, lockLocation } from "../../store/locations.ts";
import {
  deleteNoCreditProduct,
  deleteServiceFamily,
  findNoCreditProducts,
  findProductConfigs,
  findServiceFamilies,
  putNoCreditProduct,
  putServiceFamily,
  type NoCreditProduct,
} from "../../store/product-configs.ts";
import { InputError } from "../validation.ts";
import { editConflict, refused, type Edited } from "./edit-conflict.ts";
import { familySubject, toldFamily } from "./told-config.ts";

export interface FamilyDraft {
  key: string;
  name: string;
  calendars: string[];
  /** Null: it is new. */
  expected_version: number | null;
}

/** Makes or changes a named set of calendars; what covers it covers its calendars of now. */
export async function saveFamily(
  tx: Transaction,
  location_id: string,
  { key, name, calendars, expected_version }: FamilyDraft,
): Promise<Edited> {
  const location = await lockLocation(tx, location_id);
  const before = (await findServiceFamilies(tx, [location_id])).find((family) => family.key === key);
  if (!before && expected_version !== null) return refused("NOT_FOUND");
  if (before && expected_version === null) throw new InputError([{ field: "key", message: "is another family's" }]);
  const subject = familySubject(location, key);
  if (before) {
    const versions = { expected: expected_version ?? 0, current: before.version };
    const conflict = await editConflict(tx, location_id, subject, versions, { ...toldFamily(before) });
    if (conflict) return conflict;
  }
  const family = { location_id, key, name, calendars: [...new Set(calendars)] };
  const version = await putServiceFamily(tx, family);
  await bumpVersion(tx, location_id);
  return { answer: { key, version }, audit: { subject, before: before ? toldFamily(before) : null, after: family } };
}

/** Takes a family away that no product config names. */
export async function deleteFamily(tx: Transaction, location_id: string, key: string): Promise<Edited> {
  const location = await lockLocation(tx, location_id);
  const [families, configs] = await Promise.all([
    findServiceFamilies(tx, [location_id]),
    findProductConfigs(tx, [location_id]),
  ]);
  const before = families.find((family) => family.key === key);
  if (!before) return refused("NOT_FOUND");
  const used_by = configs.filter(({ terms }) => terms.families?.includes(key)).map(({ id, name }) => ({ id, name }));
  if (used_by.length > 0) return refused("IN_USE", { used_by });
  await deleteServiceFamily(tx, location_id, key);
  await bumpVersion(tx, location_id);
  return { answer: { key }, audit: { subject: familySubject(location, key), before: toldFamily(before), after: null } };
}

/** Says whether a provider's product grants nothing (clarification 25); what waits unmatched stays as it is. */
export async function markNoCredits(tx: Transaction, product: NoCreditProduct, is_marked: boolean): Promise<Edited> {
  const { location_id, provider, product_id } = product;
  await lockLocation(tx, location_id);
  const marked = await findNoCreditProducts(tx, [location_id]);
  const was_marked = marked.some((one) => one.provider === provider && one.product_id === product_id);
  if (!is_marked && !was_marked) return refused("NOT_FOUND");
  if (is_marked) await putNoCreditProduct(tx, product);
  else {
    await deleteNoCreditProduct(tx, product);
    await bumpVersion(tx, location_id);
  }
  const subject = `product ${provider}:${product_id}`;
  const told = { before: { grants_nothing: was_marked }, after: { grants_nothing: is_marked } };
  return { answer: { provider, product_id }, audit: { subject, ...told } };
}

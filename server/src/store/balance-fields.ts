import type { Transaction } from "../platform/database.ts";

const FIND = { name: "", text: "SELECT balance_field_id FROM ghl_connections WHERE location_id = $1" };

/** The custom field that holds the balance of a location's contacts; null: it was not looked up yet. */
export async function findBalanceField(tx: Transaction, location_id: string): Promise<string | null> {
  const [row] = await tx.query<{ balance_field_id: string | null }>(FIND, [location_id]);
  return row?.balance_field_id ?? null;
}

const KEEP = { name: "", text: "UPDATE ghl_connections SET balance_field_id = $2 WHERE location_id = $1" };

/** Null forgets it: the field is no longer there. */
export function keepBalanceField(tx: Transaction, location_id: string, field_id: string | null) {
  return tx.query(KEEP, [location_id, field_id]);
}

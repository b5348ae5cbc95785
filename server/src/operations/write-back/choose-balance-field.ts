import type { Transaction } from "../../platform/database.ts";
import type { Instant } from "../../rules/time/local-days.ts";
import { findBalanceField, keepBalanceField } from "../../store/balance-fields.ts";
import { findGhlConnectionOfLocation } from "../../store/ghl-connections.ts";
import { lockLocation } from "../../store/locations.ts";
import { forgetWritten, queueAllWriteBacks } from "../../store/write-backs.ts";
import { refused, type Edited } from "../catalog/edit-conflict.ts";
import { locationSubject } from "../catalog/told-config.ts";

/** Shows the balances of a location's members in another custom field; null: in the one that is found or made by itself. */
export async function chooseBalanceField(
  tx: Transaction,
  location_id: string,
  field_id: string | null,
  real_now: Instant,
): Promise<Edited> {
  const location = await lockLocation(tx, location_id);
  const connection = await findGhlConnectionOfLocation(tx, location_id);
  if (connection?.status !== "connected") return refused("NOT_CONNECTED");
  const before = await findBalanceField(tx, location_id);
  await keepBalanceField(tx, location_id, field_id);
  await forgetWritten(tx, location_id);
  await queueAllWriteBacks(tx, location_id, real_now);
  const told = { before: { balance_field_id: before }, after: { balance_field_id: field_id } };
  return { answer: { field_id }, audit: { subject: locationSubject(location), ...told } };
}

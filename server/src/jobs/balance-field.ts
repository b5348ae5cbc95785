import type { GhlReach } from "../gateways/ghl/client.ts";
import { createCustomField, listCustomFields, type GhlCustomField } from "../gateways/ghl/custom-fields.ts";
import { GhlError } from "../gateways/ghl/ghl-error.ts";
import { knownBalanceField, rememberBalanceField } from "../operations/write-back/write-backs.ts";
import type { Database } from "../platform/database.ts";

const NAME = "Kotally balance";
const KEY = "contact.kotally_balance";

/** The custom field that shows the balance of a location's contacts; made where there is none. Throws `GhlError`. */
export async function balanceFieldOf(db: Database, location_id: string, reach: GhlReach): Promise<string> {
  const known = await knownBalanceField(db, location_id);
  if (known !== null) return known;
  const { field_id } = (await findField(reach)) ?? (await makeField(reach));
  await rememberBalanceField(db, location_id, field_id);
  return field_id;
}

async function findField({ client, ghl_location_id }: GhlReach): Promise<GhlCustomField | null> {
  const fields = await listCustomFields(client, ghl_location_id);
  const isOurs = ({ name, field_key }: GhlCustomField) =>
    field_key === KEY || name?.trim().toLowerCase() === NAME.toLowerCase();
  return fields.find(isOurs) ?? null;
}

async function makeField(reach: GhlReach): Promise<GhlCustomField> {
  try {
    return await createCustomField(reach.client, reach.ghl_location_id, { name: NAME, data_type: "NUMERICAL" });
  } catch (error) {
    // Another process may have made it at this moment.
    const made = error instanceof GhlError && error.kind === "refused" ? await findField(reach) : null;
    if (made === null) throw error;
    return made;
  }
}

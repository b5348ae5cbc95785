import type { Transaction } from "../../platform/database.ts";
import { findApiClientByKey, putApiClient } from "../../store/api-clients.ts";
import { newToken } from "../access/tokens.ts";
import { ApplyError, type ChangeLog } from "./apply-changes.ts";
import type { ApplyClient } from "./apply-schema.ts";
import { clientSubject, toldClient } from "./told-config.ts";

export interface AppliedClient {
  id: string;
  /** Shown once: null when the client existed and was not rotated. */
  token: string | null;
}

/** Creates or changes an API client; `rotate` gives it a new token and ends the old one. */
export async function applyClient(
  tx: Transaction,
  location_id: string,
  location_key: string,
  wanted: ApplyClient,
  log: ChangeLog,
): Promise<AppliedClient> {
  const { key } = wanted;
  const place = `locations.${location_key}.api_clients.${key}`;
  const known = await findApiClientByKey(tx, location_id, key);
  const scopes = wanted.scopes ?? known?.scopes;
  if (!scopes) throw new ApplyError(`${place}: scopes is required for a new client.`);
  const fresh = !known || wanted.rotate ? newToken(known?.id) : null;
  const client = {
    location_id,
    id: known?.id ?? fresh?.client_id ?? "",
    key,
    name: wanted.name ?? known?.name ?? key,
    scopes: [...new Set(scopes)].sort(),
    active: wanted.active ?? known?.active ?? true,
    token_hash: fresh?.token_hash ?? known?.token_hash ?? Buffer.alloc(0),
  };
  await putApiClient(tx, client);
  const subject = clientSubject({ key: location_key }, key);
  await log.note(subject, location_id, known && toldClient(known), toldClient(client));
  if (known && fresh) await log.noteRotation(subject, location_id);
  return { id: client.id, token: fresh?.token ?? null };
}

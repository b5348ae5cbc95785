import type { Transaction } from "../../platform/database.ts";
import { findApiClients, putApiClient, type ApiClient, type Scope } from "../../store/api-clients.ts";
import { bumpVersion, lockLocation } from "../../store/locations.ts";
import { newToken } from "../access/tokens.ts";
import { editConflict, refused, type Edited } from "./edit-conflict.ts";
import { freeKeyOf } from "./key-of.ts";
import { clientSubject, toldClient } from "./told-config.ts";

export interface ClientDraft {
  name: string;
  scopes: readonly Scope[];
}

/** A new API client of a location; its token is in the answer, and nowhere else ever again. */
export async function createClient(tx: Transaction, location_id: string, draft: ClientDraft): Promise<Edited> {
  const location = await lockLocation(tx, location_id);
  const taken = new Set((await findApiClients(tx, location_id)).map(({ key }) => key));
  const { client_id: id, token, token_hash } = newToken();
  const key = freeKeyOf(draft.name, taken, "client");
  const client = { location_id, id, key, ...named(draft), active: true, token_hash };
  const version = await putApiClient(tx, client);
  await bumpVersion(tx, location_id);
  const audit = { subject: clientSubject(location, key), before: null, after: toldClient(client) };
  return { answer: { id, version, token }, audit };
}

interface Meant {
  id: string;
  expected_version: number;
}

/** Another name, or other scopes: they hold from the next request on. */
export function updateClient(tx: Transaction, location_id: string, draft: ClientDraft & Meant): Promise<Edited> {
  return edit(tx, location_id, draft, (client) => ({ ...client, ...named(draft) }));
}

/** Off, its token is refused at once, by every process; on again, the same token serves. */
export function setClientActive(
  tx: Transaction,
  location_id: string,
  { active, ...meant }: Meant & { active: boolean },
): Promise<Edited> {
  return edit(tx, location_id, meant, (client) => ({ ...client, active }));
}

/** A new token, in the answer; the old one is refused at once. */
export async function rotateClient(tx: Transaction, location_id: string, meant: Meant): Promise<Edited> {
  const { token, token_hash } = newToken(meant.id);
  const edited = await edit(tx, location_id, meant, (client) => ({ ...client, token_hash }));
  if (!edited.audit) return edited;
  const { subject } = edited.audit;
  return { answer: { ...edited.answer, token }, audit: { subject, before: {}, after: { token: "rotated" } } };
}

async function edit(
  tx: Transaction,
  location_id: string,
  { id, expected_version }: Meant,
  change: (client: ApiClient) => ApiClient,
): Promise<Edited> {
  const location = await lockLocation(tx, location_id);
  const before = (await findApiClients(tx, location_id)).find((client) => client.id === id);
  if (!before) return refused("NOT_FOUND");
  const subject = clientSubject(location, before.key);
  const versions = { expected: expected_version, current: before.version };
  const conflict = await editConflict(tx, location_id, subject, versions, toldClient(before));
  if (conflict) return conflict;
  const after = change(before);
  const version = await putApiClient(tx, after);
  await bumpVersion(tx, location_id);
  return { answer: { id, version }, audit: { subject, before: toldClient(before), after: toldClient(after) } };
}

function named({ name, scopes }: ClientDraft) {
  return { name, scopes: [...new Set(scopes)].sort() };
}

import { settleMember } from "../operations/due/settle-dues.ts";
import { readContact, type ContactView, type ReadAs } from "../views/contact-read.ts";
import type { MachineApi } from "./machine-api.ts";

export type ReadPorts = Pick<MachineApi, "db" | "clock" | "ledger">;

/** Times that what is due is settled before a read, while more falls due. */
const MAX_SETTLED = 5;

/** Asks about one contact; what fell due for it is settled first (clarification 16). */
export async function readMember<T>(
  { db, clock, ledger }: ReadPorts,
  by: ReadAs,
  id: string,
  ask: (view: ContactView) => Promise<T>,
): Promise<T | "unknown" | "stale_authorisation"> {
  for (let i = 0; i < MAX_SETTLED; i += 1) {
    // Each in its turn: what was due decides whether there is a next.
    const answer = await readContact(db, clock, by, id, ask);
    if (answer.kind === "read") return answer.value;
    if (answer.kind === "unknown_contact") return "unknown";
    if (answer.kind === "stale_authorisation") return "stale_authorisation";
    await settleMember(ledger, by.location_id, answer.contact_external_id);
  }
  return "stale_authorisation";
}

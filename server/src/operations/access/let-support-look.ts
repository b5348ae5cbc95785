import type { Clock } from "../../platform/clock.ts";
import type { Database, Transaction } from "../../platform/database.ts";
import { newId } from "../../platform/ids.ts";
import { ShortMemory } from "../../platform/short-memory.ts";
import { instant } from "../../platform/sql.ts";
import { insertAuditEvent } from "../../store/audit-events.ts";
import { endSupportGrant, findSupporter, insertSupportGrant } from "../../store/support-grants.ts";
import { auditActor } from "./caller.ts";
import type { Change } from "./change-as.ts";
import { actorOf, type Member } from "./person.ts";

/** Hours that support may look at most. */
export const MAX_SUPPORT_HOURS = 168;

/** Lets one of Kotally's support look at a workspace for a while; null: nobody of support has that id. */
export async function letSupportLook(
  tx: Transaction,
  clock: Clock,
  { workspace_id, person }: Member,
  { user_id, hours, reason }: { user_id: string; hours: number; reason: string },
): Promise<Change<Record<string, unknown>> | null> {
  const email = await findSupporter(tx, user_id);
  if (email === null) return null;
  const now = clock.now();
  const [created_at, expires_at] = [instant(now), instant(now + hours * 3_600_000)];
  const id = newId();
  const grant = { workspace_id, id, user_id, granted_by: person.user_id, reason, created_at, expires_at };
  await insertSupportGrant(tx, grant);
  return {
    answer: { support_grant_id: id, expires_at },
    audit: { subject: `support grant ${id}`, before: null, after: { email, reason, expires_at } },
  };
}

/** Ends it at once; null: it is over, or never was. */
export async function endSupportLook(
  tx: Transaction,
  clock: Clock,
  { workspace_id }: Member,
  id: string,
): Promise<Change<Record<string, unknown>> | null> {
  const now = instant(clock.now());
  const reason = await endSupportGrant(tx, workspace_id, id, now);
  if (reason === null) return null;
  return { answer: {}, audit: { subject: `support grant ${id}`, before: { reason }, after: { ended_at: now } } };
}

/** The same page looked at again is told once in so long. */
const TOLD_EVERY_MS = 15 * 60_000;
const REMEMBERED = 10_000;

/** What support looks at is in the workspace's audit trail. */
export class SupportWatch {
  readonly #db: Database;
  readonly #told: ShortMemory;

  constructor(db: Database, clock: Clock) {
    this.#db = db;
    this.#told = new ShortMemory(clock, { lives_ms: TOLD_EVERY_MS, most: REMEMBERED });
  }

  note({ person, workspace_id, is_support }: Member, looked_at: string, correlation_id: string): Promise<void> {
    if (!is_support) return Promise.resolve();
    const { user_id } = person;
    return this.#told.recall(JSON.stringify([workspace_id, user_id, looked_at]), () =>
      this.#db.transaction({ workspace_id, user_id }, async (tx) => {
        const what = { action: "support_look", subject: looked_at.slice(0, 255), before: null, after: null };
        const where = { workspace_id, location_id: null, correlation_id };
        await insertAuditEvent(tx, { ...what, ...where, ...auditActor(actorOf(person)) });
      }),
    );
  }
}

import type { Clock } from "../../platform/clock.ts";
import type { Database, Transaction } from "../../platform/database.ts";
import { insertAuditEvent } from "../../store/audit-events.ts";
import { findLocations, type Location } from "../../store/locations.ts";
import { replayWebhookEvent, replayWebhookRange, type ReplayRange } from "../../store/webhook-replay.ts";
import { auditActor, type Actor } from "../access/caller.ts";
import { ATTEMPTS } from "./attempts.ts";

export type { ReplayRange };

/** Who replays, and the version of the location under which that was authorised. */
export interface ReplayAs {
  location_id: string;
  version: number;
  actor: Actor;
}

export type ReplayAnswer = { kind: "replayed"; replayed: number } | { kind: "stale_authorisation" };

/** Events that one call makes due at most. */
export const MAX_REPLAYED = 1000;

/**
 * Makes one event due again with a new budget of attempts; 0: the location has none of that id. Safe whatever became of it
 * before: taking an event twice changes nothing more.
 */
export function replayEvent(db: Database, clock: Clock, by: ReplayAs, id: string): Promise<ReplayAnswer> {
  return replayed(db, by, `webhook event ${id}`, async (tx) => {
    const event = { location_id: by.location_id, id, now: clock.now(), attempts: ATTEMPTS.allowed };
    return (await replayWebhookEvent(tx, event)) ? 1 : 0;
  });
}

/** The same for all events of a range of time, the earliest told first. */
export function replayRange(db: Database, clock: Clock, by: ReplayAs, range: ReplayRange): Promise<ReplayAnswer> {
  return replayed(db, by, "webhook events", (tx) =>
    replayWebhookRange(tx, by.location_id, range, { now: clock.now(), attempts: ATTEMPTS.allowed }),
  );
}

async function replayed(
  db: Database,
  { location_id, version, actor }: ReplayAs,
  subject: string,
  replay: (tx: Transaction) => Promise<number>,
): Promise<ReplayAnswer> {
  return db.transaction([location_id], async (tx) => {
    const [location] = await findLocations(tx, [location_id]);
    if (location?.version !== version) return { kind: "stale_authorisation" };
    const count = await replay(tx);
    if (count > 0) await note(tx, location, actor, subject, count);
    return { kind: "replayed", replayed: count };
  });
}

function note(tx: Transaction, { workspace_id, location_id }: Location, actor: Actor, subject: string, count: number) {
  return insertAuditEvent(tx, {
    workspace_id,
    location_id,
    ...auditActor(actor),
    action: "replay_webhook_events",
    subject,
    before: null,
    after: { replayed: count },
  });
}

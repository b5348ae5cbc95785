import type { Clock } from "../../platform/clock.ts";
import type { Database } from "../../platform/database.ts";
import type { Instant } from "../../rules/time/local-days.ts";
import { keepStripePoll, takeStripePolls as takePolls } from "../../store/stripe-connections.ts";

/** A studio's own Stripe account whose events this process reads now. */
export interface StripePoll {
  location_id: string;
  connection_id: string;
  /** Where the last one ended, or the beginning of the connection. */
  since: Instant;
}

const MINUTE = 60_000;
/** An account that delivers its events is read as well, for what never arrived. */
const EVERY = { poll: MINUTE, webhook: 60 * MINUTE };
/** The timer fires every minute, not to the millisecond. */
const EARLY_MS = 5_000;

export async function takeStripePolls(db: Database, clock: Clock, at_most: number): Promise<StripePoll[]> {
  const now = clock.now();
  const before = { poll: now - EVERY.poll + EARLY_MS, webhook: now - EVERY.webhook };
  const taken = await db.transaction("inbox", (tx) => takePolls(tx, { before, now, at_most }));
  return taken.map(({ location_id, id, poll_cursor, created_at }) => {
    const cursor = Number(poll_cursor ?? Number.NaN);
    return { location_id, connection_id: id, since: Number.isSafeInteger(cursor) ? cursor : created_at };
  });
}

/** Where the next reading begins, or why this one failed: it is then repeated whole. */
export async function concludeStripePoll(
  db: Database,
  { location_id, connection_id: id }: StripePoll,
  result: { cursor: Instant; last_event_at: Instant | null } | { trouble: string },
): Promise<void> {
  const kept =
    "trouble" in result
      ? { cursor: null, last_event_at: null, trouble: result.trouble }
      : { cursor: String(result.cursor), last_event_at: result.last_event_at, trouble: null };
  await db.transaction("inbox", (tx) => keepStripePoll(tx, { location_id, id }, kept));
}

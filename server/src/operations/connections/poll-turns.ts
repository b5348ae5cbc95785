import type { Clock } from "../../platform/clock.ts";
import type { Database } from "../../platform/database.ts";
import { concludePollTurn, takePollTurns, type PollKind, type PollTurn } from "../../store/poll-cursors.ts";

export type { PollKind, PollTurn };

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** How often each thing is read, by the location's clock. Whoever is in a hurry comes first. */
const EVERY: Record<PollKind, number> = {
  transactions: 5 * MINUTE,
  subscriptions: 15 * MINUTE,
  transactions_sweep: 24 * HOUR,
  bookings: 24 * HOUR,
};
const KINDS = Object.keys(EVERY) as PollKind[];

/** How long a process has a reading before another may take it; none lasts as long. */
const LEASE_MS = 15 * MINUTE;
const FIRST_RETRY_MS = MINUTE;
const LATEST_RETRY_MS = HOUR;

/** Takes readings that are due. */
export function takeTurns(db: Database, clock: Clock, at_most: number): Promise<PollTurn[]> {
  const wanted = { now: clock.now(), kinds: KINDS, lease_ms: LEASE_MS, at_most };
  return db.transaction("inbox", (tx) => takePollTurns(tx, wanted));
}

/** Concludes a reading; `trouble`: why it failed, it is tried again soon and then less and less often. */
export async function concludeTurn(db: Database, turn: PollTurn, trouble: string | null): Promise<void> {
  const retry_ms = Math.min(FIRST_RETRY_MS * 2 ** Math.min(turn.failures, 20), LATEST_RETRY_MS);
  const again_at = turn.now + (trouble === null ? EVERY[turn.kind] : retry_ms);
  await db.transaction("inbox", (tx) => concludePollTurn(tx, turn, { again_at, trouble }));
}

import type { Transaction } from "../platform/database.ts";
import { instant, numberArray, textArray } from "../platform/sql.ts";
import type { Instant } from "../rules/time/local-days.ts";

export type PollKind = "transactions" | "transactions_sweep" | "subscriptions" | "bookings";

/** A reading of one location that this process has taken. Instants are by the location's own clock. */
export interface PollTurn {
  location_id: string;
  kind: PollKind;
  now: Instant;
  /** Nothing older is of interest: it was paid before the connection. */
  began_at: Instant;
  /** What was told before was read; null: nothing yet. */
  cursor_at: Instant | null;
  failures: number;
  /** Names this turn: a turn that was overtaken concludes nothing. */
  next_at: Instant;
}

// A row that another process takes at this moment is waited for, and then is no longer due.
const TAKE = {
  name: "take_poll_turns",
  text: `
    WITH due AS (
      SELECT l.location_id, k.kind, c.installed_at, $1::timestamptz + l.clock_offset_ms * interval '1 millisecond' AS now
      FROM ghl_connections c
      JOIN locations l ON l.location_id = c.location_id AND l.status <> 'disconnected'
      CROSS JOIN unnest($2::text[], $3::integer[]) AS k (kind, place)
      LEFT JOIN ghl_polls p ON p.location_id = l.location_id AND p.kind = k.kind
      WHERE c.status = 'connected'
        AND COALESCE(p.next_at, '-infinity') <= $1::timestamptz + l.clock_offset_ms * interval '1 millisecond'
      ORDER BY k.place, p.next_at NULLS FIRST, l.location_id
      LIMIT $5
    )
    INSERT INTO ghl_polls AS p (location_id, kind, began_at, next_at)
    SELECT location_id, kind, installed_at, now + $4 * interval '1 millisecond' FROM due ORDER BY location_id, kind
    ON CONFLICT (location_id, kind) DO UPDATE SET next_at = excluded.next_at
      WHERE p.next_at <= excluded.next_at - $4 * interval '1 millisecond'
    RETURNING p.location_id, p.kind, p.began_at, p.cursor_at, p.failures, p.next_at,
      p.next_at - $4 * interval '1 millisecond' AS now`,
};

/** Takes readings that are due, the kinds in the order given, so that no other process reads the same for `lease_ms`. */
export function takePollTurns(
  tx: Transaction,
  { now, kinds, lease_ms, at_most }: { now: Instant; kinds: readonly PollKind[]; lease_ms: number; at_most: number },
): Promise<PollTurn[]> {
  const values = [instant(now), textArray(kinds), numberArray(kinds.map((_, place) => place)), lease_ms, at_most];
  return tx.query<PollTurn & Record<string, unknown>>(TAKE, values);
}

const CONCLUDE = {
  name: "conclude_poll_turn",
  text: `
    UPDATE ghl_polls SET next_at = $4, trouble = $5,
      cursor_at = CASE WHEN $5::text IS NULL THEN $6 ELSE cursor_at END,
      succeeded_at = CASE WHEN $5::text IS NULL THEN $6 ELSE succeeded_at END,
      failures = CASE WHEN $5::text IS NULL THEN 0 ELSE failures + 1 END
    WHERE location_id = $1 AND kind = $2 AND next_at = $3`,
};

/** What a reading came to: without trouble, all that was told up to its beginning is kept. */
export function concludePollTurn(
  tx: Transaction,
  { location_id, kind, next_at, now }: PollTurn,
  { again_at, trouble }: { again_at: Instant; trouble: string | null },
) {
  return tx.query(CONCLUDE, [location_id, kind, instant(next_at), instant(again_at), trouble, instant(now)]);
}

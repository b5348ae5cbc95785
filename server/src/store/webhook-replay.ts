import type { Transaction } from "../platform/database.ts";
import { instant, textArray } from "../platform/sql.ts";
import type { Instant } from "../rules/time/local-days.ts";

export interface ReplayRange {
  statuses: readonly string[];
  type: string | null;
  provider: string | null;
  from: Instant;
  to: Instant;
  at_most: number;
}

const SET =
  "status = 'received', next_attempt_at = $3, finished_at = NULL, attempts_allowed = e.attempts + $4::integer";

const REPLAY_ONE = {
  name: "replay_webhook_event",
  text: `UPDATE webhook_events e SET ${SET} WHERE e.location_id = $1 AND e.id = $2 RETURNING e.id`,
};

/** Makes one event of this location due again, whatever became of it; answers whether there is one. */
export async function replayWebhookEvent(
  tx: Transaction,
  { location_id, id, now, attempts }: { location_id: string; id: string; now: Instant; attempts: number },
): Promise<boolean> {
  const rows = await tx.query(REPLAY_ONE, [location_id, id, instant(now), attempts]);
  return rows.length > 0;
}

const GIVE_UP = {
  name: "",
  text: `
    UPDATE webhook_events e SET status = 'ignored', reason_code = $3, detail = $4, next_attempt_at = NULL, finished_at = $5
    WHERE e.location_id = $1 AND e.id = ANY ($2::uuid[]) AND e.status IN ('failed', 'dead', 'waiting')
    RETURNING e.id, e.type`,
};

/** Leaves events of this location alone from now on; answers those that were still to be taken. */
export function giveUpWebhookEvents(
  tx: Transaction,
  location_id: string,
  ids: readonly string[],
  { reason_code, detail, now }: { reason_code: string; detail: string; now: Instant },
) {
  const values = [location_id, textArray(ids), reason_code, detail, instant(now)];
  return tx.query<{ id: string; type: string }>(GIVE_UP, values);
}

const REPLAY_RANGE = {
  name: "",
  text: `
    UPDATE webhook_events e SET ${SET}
    FROM (
      SELECT id FROM webhook_events
      WHERE location_id = $1 AND status = ANY ($2::text[]) AND received_at >= $5 AND received_at < $6
        AND ($7::text IS NULL OR type = $7) AND ($8::text IS NULL OR provider = $8)
      ORDER BY told_at, id LIMIT $9 FOR NO KEY UPDATE
    ) chosen
    WHERE e.location_id = $1 AND e.id = chosen.id RETURNING e.id`,
};

/** Makes events of this location due again, the earliest told first; answers how many. */
export async function replayWebhookRange(
  tx: Transaction,
  location_id: string,
  { statuses, type, provider, from, to, at_most }: ReplayRange,
  { now, attempts }: { now: Instant; attempts: number },
): Promise<number> {
  const statuses_given = textArray(statuses);
  const values = [
    location_id,
    statuses_given,
    instant(now),
    attempts,
    instant(from),
    instant(to),
    type,
    provider,
    at_most,
  ];
  return (await tx.query(REPLAY_RANGE, values)).length;
}

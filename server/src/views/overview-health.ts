import { z } from "zod";
import { instant } from "../platform/sql.ts";
import type { Instant } from "../rules/time/local-days.ts";
import type { LocationView } from "./location-read.ts";

const moment = z.iso.datetime();

export const healthShape = z
  .object({
    sources: z
      .array(
        z.object({
          provider: z.enum(["ghl", "stripe"]),
          type: z.string(),
          received_at: moment.describe("By the real clock."),
          seconds_ago: z.int().min(0),
        }),
      )
      .describe("The last delivery of each provider; one that never delivered is missing."),
    queue: z
      .object({
        waiting: z.int().describe("Deliveries that are due and not taken yet."),
        oldest_at: moment.nullable().describe("When the oldest of them came in."),
        lag_seconds: z.int().min(0).describe("How long ago that is; 0: nothing waits."),
      })
      .describe("What came in and is not in the books yet."),
    verified: z
      .object({
        at: moment,
        is_clean: z.boolean().describe("Every balance, invariant and hash chain was as it must be."),
        findings: z.array(z.object({ invariant: z.string(), subject: z.record(z.string(), z.unknown()) })),
      })
      .nullable()
      .describe("The last time the books were verified; null: never yet."),
  })
  .describe("Whether everything runs.");

const LAST = {
  name: "view_last_deliveries",
  text: `
    SELECT p.provider, e.type, e.received_at FROM unnest(ARRAY['ghl', 'stripe']) p (provider) CROSS JOIN LATERAL (
      SELECT type, received_at FROM webhook_events
      WHERE location_id = $1 AND provider = p.provider ORDER BY received_at DESC LIMIT 1
    ) e`,
};

const QUEUE = {
  name: "view_queue_lag",
  text: `
    SELECT count(*)::integer AS waiting, min(received_at) AS oldest_at FROM webhook_events
    WHERE location_id = $1 AND status IN ('received', 'failed') AND next_attempt_at <= $2`,
};

const VERIFIED = {
  name: "view_ledger_verification",
  text: "SELECT verified_at, findings FROM ledger_verifications WHERE location_id = $1",
};

type Last = { provider: "ghl" | "stripe"; type: string; received_at: Instant };
type Verified = { verified_at: Instant; findings: { invariant: string; subject: Record<string, unknown> }[] };

export async function findHealth({ tx, location_id, real_now }: LocationView): Promise<z.output<typeof healthShape>> {
  const [last, [queue], [verified]] = await Promise.all([
    tx.query<Last>(LAST, [location_id]),
    tx.query<{ waiting: number; oldest_at: Instant | null }>(QUEUE, [location_id, instant(real_now)]),
    tx.query<Verified>(VERIFIED, [location_id]),
  ]);
  const secondsSince = (at: Instant) => Math.max(0, Math.floor((real_now - at) / 1000));
  const oldest_at = queue?.oldest_at ?? null;
  return {
    sources: last.map(({ provider, type, received_at }) => ({
      provider,
      type,
      received_at: instant(received_at),
      seconds_ago: secondsSince(received_at),
    })),
    queue: {
      waiting: queue?.waiting ?? 0,
      oldest_at: oldest_at === null ? null : instant(oldest_at),
      lag_seconds: oldest_at === null ? 0 : secondsSince(oldest_at),
    },
    verified: verified
      ? { at: instant(verified.verified_at), is_clean: verified.findings.length === 0, findings: verified.findings }
      : null,
  };
}

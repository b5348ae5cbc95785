import { z } from "zod";
import type { Transaction } from "../platform/database.ts";
import { instant } from "../platform/sql.ts";
import type { Instant } from "../rules/time/local-days.ts";
import { WEBHOOK_STATUSES } from "./webhook-events.ts";

export const webhookCountsAnswer = z.object({
  counts: z
    .record(z.enum(WEBHOOK_STATUSES), z.int().min(0))
    .describe(
      "Events by how they stand; those that are received again and not done yet are what a replay has before it.",
    ),
  types: z.array(z.object({ type: z.string(), provider: z.enum(["ghl", "stripe"]), count: z.int() })),
});

export interface CountedRange {
  from: Instant;
  to: Instant;
  statuses: readonly string[] | null;
  type: string | null;
  provider: string | null;
}

const COUNT = {
  name: "view_webhook_counts",
  text: `
    SELECT status, type, provider, count(*)::integer AS count FROM webhook_events
    WHERE location_id = $1 AND received_at >= $2 AND received_at < $3
      AND ($4::text[] IS NULL OR status = ANY ($4::text[])) AND ($5::text IS NULL OR type = $5)
      AND ($6::text IS NULL OR provider = $6)
    GROUP BY status, type, provider ORDER BY count(*) DESC, type, provider, status`,
};

type Row = { status: (typeof WEBHOOK_STATUSES)[number]; type: string; provider: "ghl" | "stripe"; count: number };

/** How many deliveries of a range of time there are, by how they stand and of which types. */
export async function countWebhookEvents(
  tx: Transaction,
  location_id: string,
  { from, to, statuses, type, provider }: CountedRange,
): Promise<z.output<typeof webhookCountsAnswer>> {
  const values = [location_id, instant(from), instant(to), statuses, type, provider];
  const rows = await tx.query<Row>(COUNT, values);
  const counts = Object.fromEntries(WEBHOOK_STATUSES.map((status) => [status, 0])) as Record<Row["status"], number>;
  const types = new Map<string, { type: string; provider: Row["provider"]; count: number }>();
  for (const row of rows) {
    counts[row.status] += row.count;
    const known = types.get(`${row.provider} ${row.type}`) ?? { type: row.type, provider: row.provider, count: 0 };
    types.set(`${row.provider} ${row.type}`, { ...known, count: known.count + row.count });
  }
  return { counts, types: [...types.values()] };
}

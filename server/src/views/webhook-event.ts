import { z } from "zod";
import type { Transaction } from "../platform/database.ts";
import { instant } from "../platform/sql.ts";
import { signedAmount, type EntryType } from "../rules/credits/entry.ts";
import type { Instant } from "../rules/time/local-days.ts";
import { showEvent, webhookEventShape, type WebhookRow } from "./webhook-events.ts";

/** Entries that one event is shown with at most, and attempts. */
const MAX_ENTRIES = 200;
const MAX_ATTEMPTS = 100;

const moment = z.iso.datetime();

const attemptShape = z.object({
  number: z.int(),
  started_at: moment,
  finished_at: moment.nullable().describe("null: under way, or cut off by the end of its process."),
  outcome: z.enum(["done", "ignored", "waiting", "failed"]).nullable(),
  reason_code: z.string().nullable(),
  error: z.string().nullable(),
});

const effectShape = z.object({
  external_contact_id: z.string(),
  entry_number: z.int(),
  type: z.string(),
  amount: z.int().describe("The change of what the contact has available."),
  balance_after: z.int(),
  entitlement_id: z.guid(),
  reason: z.string(),
  occurred_at: moment,
});

export const webhookEventAnswer = z.object({
  webhook_event: webhookEventShape.extend({
    headers: z.record(z.string(), z.string()).describe("Those that authorise nothing."),
    body: z.string().describe("As it came; see body_encoding."),
    body_encoding: z.enum(["utf8", "base64"]),
    attempt_log: z.array(attemptShape),
    entries: z.array(effectShape).describe("The ledger entries that it caused."),
  }),
});

const EVENT = {
  name: "view_webhook_event",
  text: "SELECT * FROM webhook_events WHERE location_id = $1 AND id = $2",
};

const ATTEMPTS = {
  name: "view_webhook_attempts",
  text: `
    SELECT number, started_at, finished_at, outcome, reason_code, error FROM webhook_attempts
    WHERE event_id = $1 ORDER BY number DESC LIMIT ${MAX_ATTEMPTS}`,
};

const ENTRIES = {
  name: "view_webhook_entries",
  text: `
    SELECT c.external_id AS external_contact_id, e.entry_number, e.type, e.amount, e.balance_after, e.entitlement_id, e.reason,
      e.occurred_at
    FROM contacts c JOIN ledger_entries e ON e.location_id = c.location_id AND e.contact_id = c.id
    WHERE c.location_id = $1 AND c.external_id = ANY ($2::text[]) AND e.actor_id = $3
    ORDER BY c.external_id, e.entry_number LIMIT ${MAX_ENTRIES}`,
};

type Attempt = Omit<z.output<typeof attemptShape>, "started_at" | "finished_at"> & {
  started_at: Instant;
  finished_at: Instant | null;
};
type Effect = Omit<z.output<typeof effectShape>, "occurred_at" | "type"> & { occurred_at: Instant; type: EntryType };

/** One delivery with its bytes, its attempts, and what it changed in the books; null where the location has none of that id. */
export async function findWebhookEvent(
  tx: Transaction,
  location_id: string,
  id: string,
): Promise<z.output<typeof webhookEventAnswer> | null> {
  const [event] = await tx.query<WebhookRow & { headers: Record<string, string>; body: Buffer }>(EVENT, [
    location_id,
    id,
  ]);
  if (!event) return null;
  const [attempts, entries] = await Promise.all([
    tx.query<Attempt & Record<string, unknown>>(ATTEMPTS, [id]),
    tx.query<Effect & Record<string, unknown>>(ENTRIES, [location_id, event.contacts, id]),
  ]);
  const text = event.body.toString("utf8");
  const is_text = Buffer.from(text, "utf8").equals(event.body);
  return {
    webhook_event: {
      ...showEvent(event),
      headers: event.headers,
      body: is_text ? text : event.body.toString("base64"),
      body_encoding: is_text ? "utf8" : "base64",
      attempt_log: attempts.reverse().map(({ started_at, finished_at, ...attempt }) => ({
        ...attempt,
        started_at: instant(started_at),
        finished_at: finished_at === null ? null : instant(finished_at),
      })),
      entries: entries.map(({ occurred_at, type, amount, ...entry }) => ({
        ...entry,
        type,
        amount: signedAmount(type, amount, false),
        occurred_at: instant(occurred_at),
      })),
    },
  };
}

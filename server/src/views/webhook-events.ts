import { z } from "zod";
import type { Transaction } from "../platform/database.ts";
import { isUuid } from "../platform/ids.ts";
import { instant } from "../platform/sql.ts";
import type { Instant } from "../rules/time/local-days.ts";
import { cursorInstant, cutPage, type Page } from "./page.ts";
import { nextCursor } from "./shapes.ts";

export const WEBHOOK_STATUSES = ["received", "waiting", "done", "ignored", "failed", "dead"] as const;

const moment = z.iso.datetime();

/** A delivery as the log lists it. */
export const webhookEventShape = z
  .object({
    id: z.guid(),
    provider: z.enum(["ghl", "stripe"]),
    type: z.string(),
    external_event_id: z.string().describe("The provider's own id of the event, else the hash of its bytes."),
    status: z.enum(WEBHOOK_STATUSES).describe("dead: every attempt failed; it waits for a person, who may replay it."),
    outcome: z.string().nullable().describe("The code of what taking it came to, or of why it waits."),
    detail: z.string().nullable(),
    contacts: z.array(z.string()).describe("External ids of the contacts that it touched."),
    verification: z.enum(["verified", "sandbox", "polled"]),
    is_late: z.boolean().describe("It came more than five minutes after its provider told of it."),
    attempts: z.int(),
    told_at: moment,
    received_at: moment,
    next_attempt_at: moment.nullable(),
    finished_at: moment.nullable(),
    correlation_id: z.guid(),
  })
  .describe("One delivery of a provider.");

export type WebhookEventShape = z.output<typeof webhookEventShape>;

export const webhookCursor = z.object({ list: z.literal("webhooks"), at: cursorInstant, id: z.guid() });
export const webhookEventsAnswer = z.object({ webhook_events: z.array(webhookEventShape), next_cursor: nextCursor });

export interface WebhookFilters {
  status?: (typeof WEBHOOK_STATUSES)[number] | undefined;
  type?: string | undefined;
  provider?: "ghl" | "stripe" | undefined;
  contact?: string | undefined;
  /** Any id: the event's, its provider's, a contact's, a correlation id. */
  search?: string | undefined;
  from?: Instant | undefined;
  to?: Instant | undefined;
}

const COLUMNS = `id, provider, type, dedupe_key, status, reason_code, detail, contacts, verification, is_late, attempts, told_at,
  received_at, next_attempt_at, finished_at, correlation_id`;

export interface WebhookRow extends Record<string, unknown> {
  id: string;
  provider: "ghl" | "stripe";
  type: string;
  dedupe_key: string;
  status: WebhookEventShape["status"];
  reason_code: string | null;
  detail: string | null;
  contacts: string[];
  verification: WebhookEventShape["verification"];
  is_late: boolean;
  attempts: number;
  told_at: Instant;
  received_at: Instant;
  next_attempt_at: Instant | null;
  finished_at: Instant | null;
  correlation_id: string;
}

/** A page of what was delivered for this location, newest first. Row-level security shows no other location's. */
export async function listWebhookEvents(
  tx: Transaction,
  location_id: string,
  filters: WebhookFilters,
  { limit, cursor }: Page<z.output<typeof webhookCursor>>,
): Promise<z.output<typeof webhookEventsAnswer>> {
  const values: unknown[] = [location_id];
  const given = (value: unknown) => `$${values.push(value)}`;
  const conditions = conditionsOf(filters, given);
  if (cursor)
    conditions.push(`(received_at, id) < (${given(instant(cursor.at))}::timestamptz, ${given(cursor.id)}::uuid)`);
  const text = `
    SELECT ${COLUMNS} FROM webhook_events WHERE location_id = $1 ${conditions.map((one) => `AND ${one}`).join(" ")}
    ORDER BY received_at DESC, id DESC LIMIT ${given(limit + 1)}`;
  const rows = await tx.query<WebhookRow>({ name: "", text }, values);
  const { items, next_cursor } = cutPage(rows, limit, (last) => ({
    list: "webhooks",
    at: last.received_at,
    id: last.id,
  }));
  return { webhook_events: items.map(showEvent), next_cursor };
}

/** Only what is asked for stands in the statement: each question has a plan of its own. */
function conditionsOf(filters: WebhookFilters, given: (value: unknown) => string): string[] {
  const { status, type, provider, contact, search, from, to } = filters;
  const conditions: string[] = [];
  if (status !== undefined) conditions.push(`status = ${given(status)}`);
  if (type !== undefined) conditions.push(`type = ${given(type)}`);
  if (provider !== undefined) conditions.push(`provider = ${given(provider)}`);
  if (contact !== undefined) conditions.push(touches(given(contact)));
  if (from !== undefined) conditions.push(`received_at >= ${given(instant(from))}`);
  if (to !== undefined) conditions.push(`received_at < ${given(instant(to))}`);
  if (search !== undefined) {
    const of_provider = `dedupe_key IN (${given(search)}, ${given(`sandbox:${search}`)})`;
    const own = isUuid(search) ? ` OR id = ${given(search)} OR correlation_id = ${given(search)}` : "";
    conditions.push(`(${of_provider} OR ${touches(given(search))}${own})`);
  }
  return conditions;
}

/** An array, which an index takes beside other conditions. */
function touches(contact: string): string {
  return `id = ANY (ARRAY(SELECT webhook_events_of_contact($1, ${contact})))`;
}

export function showEvent(row: WebhookRow): WebhookEventShape {
  const { dedupe_key, reason_code, told_at, received_at, next_attempt_at, finished_at, ...shown } = row;
  return {
    id: shown.id,
    provider: shown.provider,
    type: shown.type,
    external_event_id: dedupe_key.replace(/^sandbox:/, ""),
    status: shown.status,
    outcome: reason_code,
    detail: shown.detail,
    contacts: shown.contacts,
    verification: shown.verification,
    is_late: shown.is_late,
    attempts: shown.attempts,
    told_at: instant(told_at),
    received_at: instant(received_at),
    next_attempt_at: next_attempt_at === null ? null : instant(next_attempt_at),
    finished_at: finished_at === null ? null : instant(finished_at),
    correlation_id: shown.correlation_id,
  };
}

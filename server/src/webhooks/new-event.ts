import { createHash } from "node:crypto";
import type { NewWebhookEvent } from "../operations/events/webhook-inbox.ts";
import { newId } from "../platform/ids.ts";
import { storable } from "../platform/storable.ts";
import type { EventReason } from "../rules/event-reasons.ts";
import { isCredible } from "../rules/time/credible.ts";
import type { Instant } from "../rules/time/local-days.ts";

/** A delivery that comes later than this after its telling is marked: it was sent again, or held up. It is taken all the same. */
const LATE_AFTER_MS = 5 * 60_000;
const MAX_TYPE = 200;
const MAX_DETAIL = 1000;
const MAX_EVENT_ID = 200;

/** What is the same for every delivery of every provider. */
interface Delivery {
  body: Buffer;
  headers: Record<string, string>;
  correlation_id: string;
  now: Instant;
  verification: NewWebhookEvent["verification"];
}

/** What its provider tells in it. */
export interface ToldDelivery {
  provider: NewWebhookEvent["provider"];
  type: string;
  event_id: string | null;
  told_at: Instant | null;
  connection_id?: string;
  external_location_id?: string | null;
  company_id?: string | null;
  location_id?: string | null;
  needs_location: boolean;
  status: NewWebhookEvent["status"];
  reason_code?: EventReason;
  detail?: string;
}

/** The row of a delivery. */
export function newEvent(delivery: Delivery, told: ToldDelivery): NewWebhookEvent {
  const { body, headers, correlation_id, now, verification } = delivery;
  const { event_id, told_at: said_at, ...facts } = told;
  const told_at = said_at !== null && isCredible(said_at) ? said_at : now;
  return {
    id: newId(),
    connection_id: null,
    external_location_id: null,
    company_id: null,
    location_id: null,
    reason_code: null,
    ...facts,
    type: storable(facts.type, MAX_TYPE),
    detail: facts.detail === undefined ? null : storable(facts.detail, MAX_DETAIL),
    dedupe_key: dedupeKey(event_id, body, verification),
    headers,
    body,
    verification,
    is_late: now - told_at > LATE_AFTER_MS,
    told_at,
    correlation_id,
  };
}

/** The provider's own id of the event, else the hash of its bytes. A sandbox's events never stand in for real ones. */
function dedupeKey(event_id: string | null, body: Buffer, verification: NewWebhookEvent["verification"]): string {
  const prefix = verification === "sandbox" ? "sandbox:" : "";
  const is_usable = event_id !== null && event_id === storable(event_id, MAX_EVENT_ID);
  return `${prefix}${is_usable ? event_id : `sha256:${createHash("sha256").update(body).digest("hex")}`}`;
}

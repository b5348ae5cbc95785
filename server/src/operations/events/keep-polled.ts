import type { Clock } from "../../platform/clock.ts";
import type { Database } from "../../platform/database.ts";
import { newId } from "../../platform/ids.ts";
import type { EventReason } from "../../rules/event-reasons.ts";
import { isCredible } from "../../rules/time/credible.ts";
import type { Instant } from "../../rules/time/local-days.ts";
import { findKnownDeliveries } from "../../store/known-deliveries.ts";
import { insertWebhookEvents, type NewWebhookEvent } from "../../store/webhook-events.ts";
import { ATTEMPTS } from "./attempts.ts";

/** Something that a provider was asked for, to be kept and taken as if it had been delivered. */
export interface PolledFact {
  /** The same fact again is the same row. */
  dedupe_key: string;
  type: string;
  /** JSON. */
  body: string;
  /** Null: the provider does not say when. */
  told_at: Instant | null;
}

/** Whom it was asked, and for which location. */
export interface PolledFrom {
  provider: "ghl" | "stripe";
  /** The Stripe connection. */
  connection_id: string | null;
  location_id: string;
}

const MAX_BATCH = 200;
const MAX_BODY = 1024 * 1024;

/** Those of the facts that are not kept yet. */
export async function newFacts<F extends Pick<PolledFact, "dedupe_key">>(
  db: Database,
  from: PolledFrom,
  facts: readonly F[],
): Promise<F[]> {
  const found: F[] = [];
  for (const batch of batchesOf(facts)) {
    const keys = batch.map(({ dedupe_key }) => dedupe_key);
    const known = await db.transaction("inbox", (tx) => findKnownDeliveries(tx, from, keys), { read_only: true });
    found.push(...batch.filter(({ dedupe_key }) => !known.has(dedupe_key)));
  }
  return found;
}

/**
 * Keeps in the inbox what is not there yet, and answers how many that were. Of one that is too large to be kept it keeps that it
 * was told, as dead: staff see it, and it holds up nothing behind it.
 */
export async function keepPolled(
  db: Database,
  clock: Clock,
  from: PolledFrom,
  facts: readonly PolledFact[],
): Promise<number> {
  let kept = 0;
  for (const batch of batchesOf(facts)) {
    const now = clock.now();
    const rows = batch.map((fact) => rowOf(from, fact, now));
    const insertions = await db.transaction("inbox", (tx) => insertWebhookEvents(tx, rows, now, ATTEMPTS.allowed));
    kept += insertions.filter((insertion) => insertion === "stored").length;
  }
  return kept;
}

function rowOf(from: PolledFrom, { body: text, told_at, ...fact }: PolledFact, now: Instant): NewWebhookEvent {
  const body = Buffer.from(text.replaceAll("\\u0000", ""));
  const is_too_large = body.length > MAX_BODY;
  const reason: EventReason | null = is_too_large ? "EVENT_TOO_LARGE" : null;
  return {
    ...from,
    ...fact,
    id: newId(),
    external_location_id: null,
    company_id: null,
    needs_location: true,
    headers: {},
    body: is_too_large ? Buffer.from(JSON.stringify({ left_out_bytes: body.length })) : body,
    verification: "polled",
    is_late: false,
    told_at: told_at !== null && isCredible(told_at) ? told_at : now,
    status: is_too_large ? "dead" : "received",
    reason_code: reason,
    detail: is_too_large ? `${body.length} bytes; at most ${MAX_BODY} are kept` : null,
    correlation_id: newId(),
  };
}

function batchesOf<T>(items: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(items.length / MAX_BATCH) }, (_, i) =>
    items.slice(i * MAX_BATCH, (i + 1) * MAX_BATCH),
  );
}

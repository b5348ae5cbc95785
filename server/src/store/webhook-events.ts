import type { Transaction } from "../platform/database.ts";
import { booleanArray, instant, instantArray, jsonArray, textArray, uuidArray } from "../platform/sql.ts";
import type { Instant } from "../rules/time/local-days.ts";

/** A delivery that passed its signature check. */
export interface NewWebhookEvent {
  id: string;
  provider: "ghl" | "stripe";
  connection_id: string | null;
  dedupe_key: string;
  type: string;
  external_location_id: string | null;
  company_id: string | null;
  /** Where the door knows it; else it is looked up by the external id. GoHighLevel's own word for a location that is connected is its id there. */
  location_id: string | null;
  /** Whether it can be taken only once its location is known. */
  needs_location: boolean;
  headers: Record<string, string>;
  body: Buffer;
  verification: "verified" | "sandbox" | "polled";
  is_late: boolean;
  told_at: Instant;
  status: "received" | "ignored" | "dead";
  reason_code: string | null;
  detail: string | null;
  correlation_id: string;
}

/** `refused`: it is signed as a sandbox's and names no sandbox location (clarification 37). */
export type Insertion = "stored" | "duplicate" | "refused";

const INSERT = {
  name: "insert_webhook_events",
  text: `
    WITH placed AS (
      SELECT i.*, COALESCE(o.location_id, g.location_id) AS place,
        i.verification = 'sandbox' AND NOT COALESCE(o.sandbox, g.sandbox, false) AS is_refused,
        i.status = 'received' AND i.needs_location AND COALESCE(o.location_id, g.location_id) IS NULL AS is_waiting
      FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::uuid[], $9::boolean[],
          $10::jsonb[], $11::bytea[], $12::text[], $13::boolean[], $14::timestamptz[], $15::text[], $16::text[], $17::text[],
          $18::uuid[])
        AS i (id, provider, connection_id, dedupe_key, type, external_location_id, company_id, location_id, needs_location,
          headers, body, verification, is_late, told_at, status, reason_code, detail, correlation_id)
      LEFT JOIN locations o ON o.location_id = i.location_id
        AND (i.provider <> 'ghl' OR i.verification <> 'verified' OR o.sandbox OR o.ghl_location_id IS NULL)
      LEFT JOIN locations g ON g.ghl_location_id = i.external_location_id
    ), inserted AS (
      INSERT INTO webhook_events (id, provider, connection_id, dedupe_key, type, external_location_id, company_id, location_id,
        headers, body, verification, is_late, told_at, received_at, status, reason_code, detail, attempts_allowed,
        next_attempt_at, finished_at, correlation_id)
      SELECT id, provider, connection_id, dedupe_key, type, external_location_id, company_id, place, headers, body, verification,
        is_late, told_at, $19::timestamptz, CASE WHEN is_waiting THEN 'waiting' ELSE status END,
        CASE WHEN is_waiting THEN 'LOCATION_UNKNOWN' ELSE reason_code END, detail, $20,
        CASE WHEN status = 'received' AND NOT is_waiting THEN $19::timestamptz END,
        CASE WHEN status <> 'received' THEN $19::timestamptz END, correlation_id
      FROM placed WHERE NOT is_refused ORDER BY dedupe_key
      ON CONFLICT (provider, COALESCE(connection_id, '00000000-0000-0000-0000-000000000000'::uuid), dedupe_key) DO NOTHING
      RETURNING id
    )
    SELECT p.id, CASE WHEN p.is_refused THEN 'refused' WHEN n.id IS NULL THEN 'duplicate' ELSE 'stored' END AS insertion
    FROM placed p LEFT JOIN inserted n ON n.id = p.id`,
};

/** Keeps what is new, in one statement; the answer is in the order of the events. */
export async function insertWebhookEvents(
  tx: Transaction,
  events: readonly NewWebhookEvent[],
  received_at: Instant,
  attempts_allowed: number,
): Promise<Insertion[]> {
  const rows = await tx.query<{ id: string; insertion: Insertion }>(INSERT, [
    uuidArray(events.map(({ id }) => id)),
    textArray(events.map(({ provider }) => provider)),
    uuidArray(events.map(({ connection_id }) => connection_id)),
    textArray(events.map(({ dedupe_key }) => dedupe_key)),
    textArray(events.map(({ type }) => type)),
    textArray(events.map(({ external_location_id }) => external_location_id)),
    textArray(events.map(({ company_id }) => company_id)),
    uuidArray(events.map(({ location_id }) => location_id)),
    booleanArray(events.map(({ needs_location }) => needs_location)),
    jsonArray(events.map(({ headers }) => headers)),
    byteaArray(events.map(({ body }) => body)),
    textArray(events.map(({ verification }) => verification)),
    booleanArray(events.map(({ is_late }) => is_late)),
    instantArray(events.map(({ told_at }) => told_at)),
    textArray(events.map(({ status }) => status)),
    textArray(events.map(({ reason_code }) => reason_code)),
    textArray(events.map(({ detail }) => detail)),
    uuidArray(events.map(({ correlation_id }) => correlation_id)),
    instant(received_at),
    attempts_allowed,
  ]);
  const insertions = new Map(rows.map(({ id, insertion }) => [id, insertion]));
  return events.map(({ id }) => insertions.get(id) ?? "duplicate");
}

function byteaArray(values: readonly Buffer[]): string {
  return `{${values.map((bytes) => `"\\\\x${bytes.toString("hex")}"`).join(",")}}`;
}

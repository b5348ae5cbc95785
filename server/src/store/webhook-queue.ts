import type { Transaction } from "../platform/database.ts";
import { instant, instantArray, jsonArray, numberArray, textArray, uuidArray } from "../platform/sql.ts";
import type { BillingStatus } from "../rules/billing/billing-status.ts";
import type { Instant } from "../rules/time/local-days.ts";

/** The lane of what concerns no location of ours. */
export const NO_LANE = "00000000-0000-0000-0000-000000000000";

/** An event that one process has taken for a while. */
export interface LeasedEvent {
  id: string;
  provider: "ghl" | "stripe";
  /** The Stripe connection that it came through. */
  connection_id: string | null;
  type: string;
  external_location_id: string | null;
  company_id: string | null;
  /** Null: it concerns no location of ours, an agency's installation for one. */
  location_id: string | null;
  headers: Record<string, string>;
  /** The bytes as they came; their signature was checked. */
  body: Buffer;
  verification: "verified" | "sandbox" | "polled";
  told_at: Instant;
  received_at: Instant;
  correlation_id: string;
  /** Which attempt this is, from 1. */
  attempt: number;
  attempts_allowed: number;
  /** Null: it has no location. */
  billing_status: BillingStatus | null;
  /** It waited for its workspace's billing. */
  was_suspended: boolean;
}

const LANE = `COALESCE(e.location_id, '${NO_LANE}'::uuid)`;

// The lanes are found by leaping through the index from one to the next: a lane with a hundred thousand events costs one leap.
const LEASE = {
  name: "lease_webhook_events",
  text: `
    WITH RECURSIVE lanes (lane, number) AS (
      (SELECT ${LANE}, 1 FROM webhook_events e WHERE e.next_attempt_at IS NOT NULL AND ${LANE} >= $1::uuid
       ORDER BY ${LANE} LIMIT 1)
      UNION ALL
      SELECT (SELECT ${LANE} FROM webhook_events e WHERE e.next_attempt_at IS NOT NULL AND ${LANE} > l.lane
              ORDER BY ${LANE} LIMIT 1), l.number + 1
      FROM lanes l WHERE l.lane IS NOT NULL AND l.number < $2::integer
    ), due AS (
      SELECT c.id FROM lanes l CROSS JOIN LATERAL (
        SELECT e.id FROM webhook_events e
        WHERE ${LANE} = l.lane AND e.next_attempt_at IS NOT NULL AND e.next_attempt_at <= $3::timestamptz
          AND l.lane <> ALL ($4::uuid[])
        ORDER BY e.told_at, e.id LIMIT $5::integer FOR NO KEY UPDATE SKIP LOCKED
      ) c
      WHERE l.lane IS NOT NULL LIMIT $6::integer
    ), taken AS (
      UPDATE webhook_events e SET attempts = e.attempts + 1, next_attempt_at = $7::timestamptz
      FROM due WHERE e.id = due.id AND e.next_attempt_at <= $3::timestamptz
      RETURNING e.*
    ), begun AS (
      INSERT INTO webhook_attempts (event_id, number, started_at)
      SELECT id, attempts, $3::timestamptz FROM taken ON CONFLICT DO NOTHING
    )
    SELECT t.id, t.provider, t.connection_id, t.type, t.external_location_id, t.company_id, t.location_id, t.headers, t.body,
      t.verification, t.told_at, t.received_at, t.correlation_id, t.attempts AS attempt, t.attempts_allowed, w.billing_status,
      t.reason_code IS NOT DISTINCT FROM 'BILLING_SUSPENDED' AS was_suspended
    FROM taken t LEFT JOIN locations l ON l.location_id = t.location_id LEFT JOIN workspaces w ON w.id = l.workspace_id
    ORDER BY t.told_at, t.id`,
};

export interface Lease {
  /** Lanes from this one on, and how many are looked at. */
  first_lane: string;
  lanes: number;
  now: Instant;
  /** Left out: this process is at work in them. */
  busy: readonly string[];
  per_lane: number;
  at_most: number;
  until: Instant;
}

/** Takes events that are due, a few of each lane, so that no other process takes them before `until`. */
export function leaseWebhookEvents(tx: Transaction, lease: Lease) {
  const { first_lane, lanes, now, busy, per_lane, at_most, until } = lease;
  const values = [first_lane, lanes, instant(now), uuidArray(busy), per_lane, at_most, instant(until)];
  return tx.query<LeasedEvent & Record<string, unknown>>(LEASE, values);
}

// The end of the lease says whose it is: what was finished meanwhile, or taken by another, has another one.
const RENEW = {
  name: "renew_webhook_leases",
  text: `
    UPDATE webhook_events e SET next_attempt_at = $3::timestamptz
    FROM unnest($1::uuid[], $2::timestamptz[]) AS h (id, until)
    WHERE e.id = h.id AND e.next_attempt_at = h.until
    RETURNING e.id`,
};

export interface HeldLease {
  id: string;
  until: Instant;
}

/** Holds events for longer; answers which of them were still held. */
export async function renewWebhookLeases(
  tx: Transaction,
  held: readonly HeldLease[],
  until: Instant,
): Promise<string[]> {
  const values = [uuidArray(held.map(({ id }) => id)), instantArray(held.map((lease) => lease.until)), instant(until)];
  const rows = await tx.query<{ id: string }>(RENEW, values);
  return rows.map(({ id }) => id);
}

/** What an attempt came to, for its event. */
export interface FinishedAttempt {
  id: string;
  attempt: number;
  outcome: "done" | "ignored" | "waiting" | "failed";
  status: "done" | "ignored" | "waiting" | "failed" | "dead";
  reason_code: string;
  detail: string | null;
  next_attempt_at: Instant | null;
  contacts: string[];
  /** 1: the attempt did not count. */
  free_attempts: 0 | 1;
}

// Whoever took the event again after the lease ran out has the last word: its attempt has a higher number.
const FINISH = {
  name: "finish_webhook_events",
  text: `
    WITH finished AS (
      SELECT * FROM unnest($1::uuid[], $2::integer[], $3::text[], $4::text[], $5::text[], $6::text[], $7::timestamptz[],
          $8::jsonb[], $9::integer[])
        AS f (id, attempt, outcome, status, reason_code, detail, next_attempt_at, contacts, free_attempts)
    ), noted AS (
      UPDATE webhook_attempts a SET finished_at = $10::timestamptz, outcome = f.outcome, reason_code = f.reason_code,
        error = CASE WHEN f.outcome = 'failed' THEN f.detail END
      FROM finished f WHERE a.event_id = f.id AND a.number = f.attempt
    )
    UPDATE webhook_events e SET status = f.status, reason_code = f.reason_code, detail = f.detail,
      next_attempt_at = f.next_attempt_at, attempts_allowed = e.attempts_allowed + f.free_attempts,
      finished_at = CASE WHEN f.next_attempt_at IS NULL AND f.status <> 'waiting' THEN $10::timestamptz END,
      contacts = ARRAY(SELECT DISTINCT contact FROM (
        SELECT unnest(e.contacts) AS contact UNION ALL SELECT jsonb_array_elements_text(f.contacts)
      ) touched ORDER BY contact LIMIT 100)
    FROM finished f WHERE e.id = f.id AND e.attempts = f.attempt`,
};

export function finishWebhookEvents(tx: Transaction, finished: readonly FinishedAttempt[], now: Instant) {
  return tx.query(FINISH, [
    uuidArray(finished.map(({ id }) => id)),
    numberArray(finished.map(({ attempt }) => attempt)),
    textArray(finished.map(({ outcome }) => outcome)),
    textArray(finished.map(({ status }) => status)),
    textArray(finished.map(({ reason_code }) => reason_code)),
    textArray(finished.map(({ detail }) => detail)),
    instantArray(finished.map(({ next_attempt_at }) => next_attempt_at)),
    jsonArray(finished.map(({ contacts }) => contacts)),
    numberArray(finished.map(({ free_attempts }) => free_attempts)),
    instant(now),
  ]);
}

const RELEASE_OF_LOCATION = {
  name: "release_webhook_events",
  text: `
    UPDATE webhook_events e SET status = 'received', next_attempt_at = $2, location_id = l.location_id
    FROM locations l
    WHERE l.location_id = $1 AND e.status = 'waiting'
      AND (e.location_id = l.location_id OR e.location_id IS NULL AND e.external_location_id = l.ghl_location_id)
    RETURNING e.id`,
};

/** Makes due all that waits for this location, or waited for it to be known; answers how many. */
export async function releaseEventsOfLocation(tx: Transaction, location_id: string, now: Instant): Promise<number> {
  const rows = await tx.query(RELEASE_OF_LOCATION, [location_id, instant(now)]);
  return rows.length;
}

const RELEASE_KNOWN = {
  name: "release_webhook_events_known",
  text: `
    UPDATE webhook_events e SET status = 'received', next_attempt_at = $1, location_id = l.location_id
    FROM locations l
    WHERE e.status = 'waiting' AND e.next_attempt_at IS NULL AND e.reason_code = 'LOCATION_UNKNOWN' AND e.location_id IS NULL
      AND l.ghl_location_id = e.external_location_id
    RETURNING e.id`,
};

const RELEASE_BILLED = {
  name: "release_webhook_events_billed",
  text: `
    UPDATE webhook_events e SET status = 'received', next_attempt_at = $1
    FROM locations l JOIN workspaces w ON w.id = l.workspace_id
    WHERE e.status = 'waiting' AND e.next_attempt_at IS NULL AND e.reason_code = 'BILLING_SUSPENDED'
      AND l.location_id = e.location_id AND w.billing_status = ANY ($2::text[])
    RETURNING e.id`,
};

/** Makes due what waited for a location that is known by now, or for billing that is back; answers how many. */
export async function releaseWebhookEvents(
  tx: Transaction,
  now: Instant,
  billing_allows: readonly BillingStatus[],
): Promise<number> {
  const released = await Promise.all([
    tx.query(RELEASE_KNOWN, [instant(now)]),
    tx.query(RELEASE_BILLED, [instant(now), textArray(billing_allows)]),
  ]);
  return released.flat().length;
}

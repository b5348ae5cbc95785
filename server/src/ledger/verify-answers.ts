import type { Transaction } from "../platform/database.ts";
import { IS_COMPLETE } from "./verify-ranges.ts";

export const ANSWERS_INVARIANT = "answer_has_its_effect";

/** The remembered answers of a location. */
export interface AnswerTotals {
  location_id: string;
  answers: number;
  /** Movements that they tell of, and the sum of their hashes. */
  effects: number;
  fingerprint: string;
}

/** A movement as its request knows it: the same by the entries and by the answers, or something is wrong. */
export function hashOf(told: string): string {
  return `hashtextextended(request_id || ' ' || correlation_id || ' ' || reason_code || ' ' || ${told}, 0)`;
}

// An answer is compared as the text it was sent as, and no field before these can hold a quotation mark.
const afterKey = (key: string) => `split_part(r.body, '"${key}":', 2)`;

export const CORRELATION_OF_ANSWER = `substr(${afterKey("correlation_id")}, 2, 36)`;

export const REASON_OF_ANSWER = `split_part(substr(${afterKey("reason_code")}, 2, 20), '"', 1)`;

/** What an answer says was moved, in the words of `told`, several parted by `},{`; null where it moved nothing. */
export const TOLD_BY_ANSWER = `
  CASE WHEN starts_with(${afterKey("movements")}, '[]') THEN NULL
    WHEN starts_with(r.body, '{"ok":true,"reason_code":"deducted"') OR starts_with(r.body, '{"ok":true,"reason_code":"restored"')
      THEN split_part(substr(${afterKey("movements")}, 3), '}]', 1)
    WHEN starts_with(r.body, '{"ok":true,"reason_code":"grant_applied"') AND strpos(r.body, '"credits_granted":0,') = 0
      THEN '"entitlement_id":' || substr(${afterKey("entitlement_id")}, 1, 38) || ',"credits_granted":'
        || split_part(${afterKey("credits_granted")}, ',', 1)
  END`;

// Where the correlation id stands in an answer that begins with this reason code.
const CORRELATION = `substr(body, length('{"ok":true,"reason_code":"","correlation_id":"') + length(reason_code) + 1, 36)`;

// Most answers tell of one movement; only the others are taken apart.
const SUM = `
  SELECT location_id, count(*) AS answers, COALESCE(sum(movements), 0)::bigint AS effects,
    (COALESCE(sum(hash_of_one), 0) + COALESCE(sum(hash_of_many), 0))::text AS fingerprint
  FROM (
    SELECT location_id,
      CASE WHEN is_one THEN 1 ELSE (SELECT count(*) FROM string_to_table(told, '},{')) END AS movements,
      CASE WHEN is_one THEN ${hashOf("told")} END AS hash_of_one,
      CASE WHEN NOT is_one THEN (SELECT sum(${hashOf("part")}) FROM string_to_table(told, '},{') AS part) END AS hash_of_many
    FROM (
      SELECT location_id, request_id, reason_code, told, ${CORRELATION} AS correlation_id,
        told <> '' AND strpos(told, '},{') = 0 AS is_one
      FROM (
        SELECT r.location_id, r.request_id, r.body, ${TOLD_BY_ANSWER} AS told, CASE
            WHEN starts_with(r.body, '{"ok":true,"reason_code":"deducted"') THEN 'deducted'
            WHEN starts_with(r.body, '{"ok":true,"reason_code":"restored"') THEN 'restored'
            WHEN starts_with(r.body, '{"ok":true,"reason_code":"grant_applied"') THEN 'grant_applied'
          END AS reason_code
        FROM requests r WHERE ($1::uuid IS NULL OR r.location_id = $1) AND r.${IS_COMPLETE} OFFSET 0
      ) answer OFFSET 0
    ) answer
  ) movement GROUP BY location_id`;

export function sumAnswers(tx: Transaction, location_id: string | null): Promise<AnswerTotals[]> {
  return tx.query<AnswerTotals & Record<string, unknown>>({ name: "", text: SUM }, [location_id]);
}

const LOST = `
  SELECT r.location_id, jsonb_build_object('request_id', r.request_id, 'operation', r.operation, 'effects', 0) AS subject
  FROM requests r WHERE r.location_id = $1 AND ${TOLD_BY_ANSWER} IS NOT NULL
    AND NOT EXISTS (SELECT FROM ledger_entries e WHERE e.location_id = $1 AND e.request_id = r.request_id)
  UNION ALL
  SELECT $1, jsonb_build_object('request_id', e.request_id, 'effects', count(DISTINCT (e.contact_id, e.correlation_id)))
  FROM ledger_entries e WHERE e.location_id = $1 AND e.request_id IS NOT NULL AND e.reason <> 'merged'
  GROUP BY e.request_id HAVING count(DISTINCT (e.contact_id, e.correlation_id)) > 1`;

// An unlimited entitlement has no entry that tells of its grant: it is the effect itself.
const LOST_UNLIMITED = `
  SELECT r.location_id, jsonb_build_object('request_id', r.request_id, 'operation', r.operation, 'effects', 0) AS subject
  FROM requests r
  LEFT JOIN entitlements l ON l.location_id = r.location_id AND l.unlimited
    AND l.id::text = substr(${afterKey("entitlement_id")}, 2, 36)
  WHERE ($1::uuid IS NULL OR r.location_id = $1) AND r.${IS_COMPLETE} AND r.operation = 'grant_credits'
    AND starts_with(r.body, '{"ok":true,"reason_code":"grant_applied"') AND strpos(r.body, '"credits_granted":0,') > 0
    AND l.id IS NULL`;

type Lost = { location_id: string; subject: Record<string, unknown> };

/** Answers of a location that say that credits moved, without an entry that does; and request ids with several effects. */
export function findLostEffects(tx: Transaction, location_id: string) {
  return tx.query<Lost>({ name: "", text: LOST }, [location_id]);
}

/** Grants of something unlimited that were answered and are not there. */
export function findLostUnlimited(tx: Transaction, location_id: string | null) {
  return tx.query<Lost>({ name: "", text: LOST_UNLIMITED }, [location_id]);
}

import type { Transaction } from "../platform/database.ts";
import { uuidArray, type Statement } from "../platform/sql.ts";
import { ANSWER_INVARIANTS, INVARIANTS, type Invariant } from "./invariants.ts";
import { hashOf } from "./verify-answers.ts";

/** Whole small locations, or a range of one large location's contacts: `[from, to)`. */
export interface Chunk {
  location_ids: string[];
  from: string;
  to: string;
}

/** What one chunk adds to the books of one of its locations. */
export interface ChunkTotals {
  entries: number;
  lots: number;
  /** Balances of the location's accounts by the entries, and of its entitlements as they are cached. */
  outside: number;
  inside: number;
  /** Movements that requests asked for, and the sum of their hashes. */
  effects: number;
  fingerprint: string;
}

/** A finding, or under the name `totals` a `ChunkTotals`. */
export interface ChunkRow {
  invariant: string;
  location_id: string;
  subject: Record<string, unknown>;
  /** How many findings of this invariant the chunk has. */
  total: number;
}

// Everything that the invariants look at is read once. An entry without a contact or a lot is read too: it is a finding.
const BOOKS = `
  contact AS MATERIALIZED (
    SELECT c.location_id, c.id, c.entry_count, c.chain_head FROM contacts c
    WHERE c.location_id = ANY ($1::uuid[]) AND c.id >= $2 AND c.id < $3
  ),
  lot AS MATERIALIZED (
    SELECT * FROM entitlements WHERE location_id = ANY ($1::uuid[]) AND contact_id >= $2 AND contact_id < $3
  ),
  payment AS MATERIALIZED (
    SELECT * FROM payment_events WHERE location_id = ANY ($1::uuid[]) AND contact_id >= $2 AND contact_id < $3
  ),
  item AS MATERIALIZED (
    SELECT p.location_id, p.contact_id, p.id AS payment_event_id, i.item, i.entitlement_id, i.product_config_id
    FROM payment p CROSS JOIN LATERAL jsonb_to_recordset(p.items)
      AS i (item integer, entitlement_id uuid, product_config_id text)
  ),
  membership AS MATERIALIZED (
    SELECT * FROM memberships WHERE location_id = ANY ($1::uuid[]) AND contact_id >= $2 AND contact_id < $3
  ),
  config AS MATERIALIZED (SELECT location_id, id FROM product_configs WHERE location_id = ANY ($1::uuid[])),
  entry AS MATERIALIZED (
    SELECT location_id, contact_id, entry_number, type, debit, credit, entitlement_id, to_entitlement_id, amount,
      balance_after, reverses, source, correlation_id, request_id, hash,
      hash = chain_step(lag(hash) OVER chain, '\\x', entry_content(location_id, contact_id, entry_number, occurred_at,
        recorded_at, entitlement_id, to_entitlement_id, type::text, debit::text, credit::text, amount, balance_after,
        reverses, service_on, source::text, actor_id, correlation_id, reason, request_id, external_ref)) AS is_chained
    FROM ledger_entries
    WHERE location_id = ANY ($1::uuid[]) AND contact_id >= $2 AND contact_id < $3
    WINDOW chain AS (PARTITION BY location_id, contact_id ORDER BY entry_number)
  ),
  chain AS MATERIALIZED (
    SELECT location_id, contact_id, count(*) AS entries, min(entry_number) AS first_number, max(entry_number) AS last_number,
      sum(CASE WHEN credit IN ('available', 'held') THEN 0 ELSE amount END
        - CASE WHEN debit IN ('available', 'held') THEN 0 ELSE amount END) AS outside
    FROM entry GROUP BY location_id, contact_id
  ),
  -- Most entries are plain deductions; what is asked of the others is asked of a few.
  other AS MATERIALIZED (
    SELECT * FROM entry WHERE type <> 'deduct' OR reverses IS NOT NULL OR to_entitlement_id IS NOT NULL
  ),
  movement AS (
    SELECT location_id, contact_id, entry_number, type, entitlement_id AS lot_id, balance_after AS told_balance,
      CASE WHEN debit = 'available' THEN -amount WHEN credit = 'available' THEN amount ELSE 0 END AS available,
      CASE WHEN debit = 'held' THEN -amount WHEN credit = 'held' THEN amount ELSE 0 END AS held,
      CASE WHEN type IN ('grant', 'adjust_up') THEN amount ELSE 0 END AS put_in
    FROM entry
    UNION ALL
    SELECT location_id, contact_id, entry_number, type, to_entitlement_id, NULL, amount, 0, amount
    FROM other WHERE to_entitlement_id IS NOT NULL
  ),
  running AS MATERIALIZED (
    SELECT location_id, contact_id, entry_number, type, lot_id, told_balance,
      available AS moved_available, held AS moved_held, put_in AS moved_in,
      sum(available) OVER lot AS available, sum(held) OVER lot AS held, sum(put_in) OVER lot AS put_in
    FROM movement
    WINDOW lot AS (PARTITION BY location_id, lot_id ORDER BY entry_number ROWS UNBOUNDED PRECEDING)
  ),
  lot_by_entries AS MATERIALIZED (
    SELECT location_id, contact_id, lot_id, min(entry_number) AS first_number, sum(moved_available) AS available,
      sum(moved_held) AS held, sum(moved_in) AS put_in, bool_or(type NOT IN ('usage', 'usage_restore')) AS is_finite,
      bool_or(type IN ('usage', 'usage_restore')) AS is_unlimited
    FROM running GROUP BY location_id, contact_id, lot_id
  ),
  -- What each entry of the machine API's three movements adds to its answer. A restore tells of where the credits are now.
  told AS (
    SELECT e.location_id, e.contact_id, e.entry_number, e.correlation_id, e.request_id, CASE
        WHEN e.type = 'grant' THEN '"entitlement_id":"' || e.entitlement_id || '","credits_granted":' || e.amount
        ELSE '"entitlement_id":"' || COALESCE(e.to_entitlement_id, e.entitlement_id) || '","amount":' || e.amount
      END AS told, CASE e.type WHEN 'grant' THEN 'grant_applied' WHEN 'deduct' THEN 'deducted' WHEN 'usage' THEN 'deducted'
        ELSE 'restored' END AS reason_code
    FROM entry e LEFT JOIN (
      SELECT location_id, contact_id, entry_number - 1 AS restore_number, correlation_id
      FROM other WHERE type IN ('make_good', 'refund')
    ) onward ON onward.location_id = e.location_id AND onward.contact_id = e.contact_id
      AND onward.restore_number = e.entry_number AND onward.correlation_id = e.correlation_id
    WHERE e.request_id IS NOT NULL AND e.source = 'api' AND onward.restore_number IS NULL
      AND e.type IN ('grant', 'deduct', 'usage', 'restore', 'usage_restore', 'release', 'make_good')
  )`;

// Only where entries and answers differ in sum: by request.
const EFFECTS = `
  effect AS MATERIALIZED (
    SELECT location_id, contact_id, correlation_id, request_id, min(reason_code) AS reason_code,
      string_agg(told, '},{' ORDER BY entry_number) AS told
    FROM told GROUP BY location_id, contact_id, correlation_id, request_id
  )`;

const TOTALS = `
  SELECT 'totals' AS invariant, location_id, jsonb_build_object(
      'entries', COALESCE(e.entries, 0), 'lots', COALESCE(l.lots, 0), 'outside', COALESCE(e.outside, 0),
      'inside', COALESCE(l.inside, 0), 'effects', COALESCE(f.effects, 0), 'fingerprint', COALESCE(f.fingerprint, 0)::text
    ) AS subject, 1::bigint AS total
  FROM (SELECT location_id, sum(entries) AS entries, sum(outside) AS outside FROM chain GROUP BY location_id) e
  FULL JOIN (SELECT location_id, count(*) AS lots, sum(available + held) AS inside FROM lot GROUP BY location_id) l
    USING (location_id)
  FULL JOIN (
    SELECT location_id, count(*) AS effects, sum(${hashOf("told")}) AS fingerprint FROM told GROUP BY location_id
  ) f USING (location_id)`;

/** Findings of one invariant that are told in full; the rest is counted. */
export const MAX_TOLD = 100;

function statementOf(books: string, selects: readonly string[]): Statement {
  return { name: "", text: `WITH ${books} ${selects.join(" UNION ALL ")}` };
}

function findingsOf([name, { broken }]: [string, Invariant]): string {
  return `(
    SELECT '${name}' AS invariant, location_id, jsonb_strip_nulls(to_jsonb(b) - 'location_id') AS subject,
      count(*) OVER () AS total
    FROM (${broken}) b LIMIT ${MAX_TOLD}
  )`;
}

const VERIFY = statementOf(BOOKS, [TOTALS, ...Object.entries(INVARIANTS).map(findingsOf)]);
const VERIFY_ANSWERS = statementOf(`${BOOKS}, ${EFFECTS}`, Object.entries(ANSWER_INVARIANTS).map(findingsOf));

/** Recomputes the chunk from its entries: what it adds to the totals, and everything in it that is not as it must be. */
export function verifyChunk(tx: Transaction, chunk: Chunk): Promise<ChunkRow[]> {
  return run(tx, VERIFY, chunk);
}

/** Compares the chunk's entries with the remembered answers one by one: slow, and only needed where the sums differ. */
export function verifyAnswersOfChunk(tx: Transaction, chunk: Chunk): Promise<ChunkRow[]> {
  return run(tx, VERIFY_ANSWERS, chunk);
}

function run(tx: Transaction, statement: Statement, { location_ids, from, to }: Chunk): Promise<ChunkRow[]> {
  return tx.query<ChunkRow & Record<string, unknown>>(statement, [uuidArray(location_ids), from, to]);
}

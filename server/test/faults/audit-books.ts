import type { Database } from "../../src/platform/database.ts";
import { sql } from "../support.ts";

/** Questions whose right answer is no row, written apart from the product's own: a second opinion. */
const QUESTIONS: Record<string, string> = {
  "the balance of a lot is not that of its entries": `
    SELECT l.id FROM entitlements l
    LEFT JOIN ledger_entries e ON e.location_id = l.location_id AND e.contact_id = l.contact_id
      AND l.id IN (e.entitlement_id, e.to_entitlement_id)
    GROUP BY l.location_id, l.id
    HAVING l.available IS DISTINCT FROM COALESCE(sum(
      CASE WHEN e.credit = 'available' AND COALESCE(e.to_entitlement_id, e.entitlement_id) = l.id THEN e.amount
        WHEN e.debit = 'available' AND e.entitlement_id = l.id THEN -e.amount ELSE 0 END), 0)`,
  "a balance is negative or above what was put in": `
    SELECT id FROM entitlements WHERE available < 0 OR held < 0 OR available + held > granted`,
  "a lot was granted more than once": `
    SELECT entitlement_id FROM ledger_entries WHERE type = 'grant' GROUP BY location_id, entitlement_id HAVING count(*) > 1`,
  "a payment granted more than once, or to nobody": `
    SELECT p.id FROM payment_events p
    LEFT JOIN entitlements l ON l.location_id = p.location_id AND l.payment_event_id = p.id
    GROUP BY p.location_id, p.id HAVING count(l.id) <> 1`,
  "a payment is known twice": `
    SELECT external_payment_id FROM payment_events
    GROUP BY location_id, provider, external_payment_id HAVING count(*) > 1`,
  "a deduction was given back more than once": `
    SELECT d.entry_number FROM ledger_entries d
    JOIN ledger_entries r ON r.location_id = d.location_id AND r.contact_id = d.contact_id AND r.reverses = d.entry_number
    GROUP BY d.location_id, d.contact_id, d.entry_number, d.amount HAVING sum(r.amount) > d.amount`,
  "a member's entries are not numbered without gaps": `
    SELECT c.id FROM contacts c
    LEFT JOIN ledger_entries e ON e.location_id = c.location_id AND e.contact_id = c.id
    GROUP BY c.location_id, c.id HAVING count(e.entry_number) <> c.entry_count OR COALESCE(max(e.entry_number), 0) <> c.entry_count`,
  "an entry's balance is not the sum of the entries up to it": `
    SELECT entry_number FROM (
      SELECT entry_number, type, balance_after, sum(
        CASE WHEN credit = 'available' THEN amount WHEN debit = 'available' THEN -amount ELSE 0 END
      ) OVER (PARTITION BY location_id, entitlement_id ORDER BY entry_number) AS sum
      FROM ledger_entries
    ) s WHERE balance_after <> sum AND type NOT IN ('rollover', 'transfer', 'make_good')`,
  "a hash chain is broken": `
    SELECT entry_number FROM (
      SELECT e.*, lag(hash, 1, '\\x') OVER (PARTITION BY location_id, contact_id ORDER BY entry_number) AS previous
      FROM ledger_entries e
    ) e WHERE hash <> sha256(previous || entry_content(location_id, contact_id, entry_number, occurred_at, recorded_at,
      entitlement_id, to_entitlement_id, type::text, debit::text, credit::text, amount, balance_after, reverses, service_on,
      source::text, actor_id, correlation_id, reason, request_id, external_ref))`,
  "the head of a chain is not its last hash": `
    SELECT c.id FROM contacts c
    JOIN ledger_entries e ON e.location_id = c.location_id AND e.contact_id = c.id AND e.entry_number = c.entry_count
    WHERE c.chain_head <> e.hash`,
  "an entry belongs to another member's lot": `
    SELECT e.entry_number FROM ledger_entries e
    JOIN entitlements l ON l.id = e.entitlement_id WHERE l.contact_id <> e.contact_id OR l.location_id <> e.location_id`,
  "a reference leads from one location to another": `
    SELECT l.id FROM entitlements l JOIN product_configs p ON p.id = l.product_config_id WHERE p.location_id <> l.location_id
    UNION ALL SELECT l.id FROM entitlements l JOIN payment_events p ON p.id = l.payment_event_id WHERE p.location_id <> l.location_id
    UNION ALL SELECT a.contact_id FROM appointments a JOIN contacts c ON c.id = a.contact_id WHERE c.location_id <> a.location_id`,
  "an answer moved credits that no entry holds": `
    SELECT r.request_id FROM requests r
    WHERE r.body::jsonb ->> 'reason_code' IN ('grant_applied', 'deducted', 'restored') AND NOT EXISTS (
      SELECT FROM ledger_entries e WHERE e.location_id = r.location_id AND e.request_id = r.request_id)`,
};

/** A sentence for each invariant that does not hold in the whole database. */
export async function brokenBooks(db: Database): Promise<string[]> {
  const found: string[] = [];
  for (const [sentence, question] of Object.entries(QUESTIONS)) {
    const rows = await sql(db, question);
    if (rows.length > 0)
      found.push(`${sentence} (${rows.length} times, first ${JSON.stringify(Object.values(rows[0] ?? {})[0])})`);
  }
  return found;
}

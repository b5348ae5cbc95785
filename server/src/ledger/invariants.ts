import { CORRELATION_OF_ANSWER, REASON_OF_ANSWER, TOLD_BY_ANSWER } from "./verify-answers.ts";

/** One thing that must be true of the books after every transaction and after any crash. Rule 6. */
export interface Invariant {
  promise: string;
  /** Selects what breaks it, over the books that `verify-chunk.ts` reads: the location and the ids a person needs. */
  broken: string;
}

const WRONG_BALANCE = "l.location_id, l.contact_id, l.id AS entitlement_id, l.available, l.held, l.granted";

const OF_LOT = `
  FROM lot l LEFT JOIN lot_by_entries m
    ON m.location_id = l.location_id AND m.lot_id = l.id AND m.contact_id = l.contact_id`;

const OF_RUN = "location_id, contact_id, lot_id AS entitlement_id, entry_number, available, held";

/** Which type of entry each kind of reversal names. */
const REVERSALS = [
  ["restore", "deduct"],
  ["usage_restore", "usage"],
  ["release", "hold"],
  ["settle_used", "hold"],
  ["settle_no_show", "hold"],
  ["settle_late_cancel", "hold"],
  ["unsettle_used", "hold"],
  ["unsettle_no_show", "hold"],
  ["unsettle_late_cancel", "hold"],
  ["reinstate", "expire"],
] as const;

/** The invariants that can be told of one contact at a time, once: for tests and for `verify` alike. */
export const INVARIANTS: Readonly<Record<string, Invariant>> = {
  balance_equals_entries: {
    promise: "The available and held credits of every entitlement are what its entries say.",
    broken: `SELECT ${WRONG_BALANCE}, m.available AS available_by_entries, m.held AS held_by_entries ${OF_LOT}
      WHERE l.available <> COALESCE(m.available, 0) OR l.held <> COALESCE(m.held, 0)`,
  },
  granted_equals_entries: {
    promise: "What an entitlement was granted is what its entries put in.",
    broken: `SELECT ${WRONG_BALANCE}, COALESCE(m.put_in, 0) AS granted_by_entries ${OF_LOT}
      WHERE l.granted <> COALESCE(m.put_in, 0)`,
  },
  unlimited_holds_nothing: {
    promise: "An unlimited entitlement holds no credits and has only usage entries; no other has any.",
    broken: `SELECT ${WRONG_BALANCE} ${OF_LOT}
      WHERE (l.unlimited AND (l.available <> 0 OR l.held <> 0 OR l.granted <> 0 OR m.is_finite))
        OR (NOT l.unlimited AND m.is_unlimited)`,
  },
  never_negative: {
    promise: "No entitlement's balance was ever below zero, or above what had been put in.",
    broken: `SELECT ${OF_RUN}, put_in AS granted FROM running
      WHERE available < 0 OR held < 0 OR available + held > put_in`,
  },
  balance_after_is_running: {
    promise: "The balance that an entry tells is the one its entitlement had after it.",
    broken: `SELECT ${OF_RUN}, told_balance AS balance_after FROM running WHERE told_balance <> available`,
  },
  entries_without_gaps: {
    promise: "The entries of a contact are numbered from 1 without gaps, as many as the contact counts.",
    broken: `SELECT location_id, contact_id, c.entry_count, COALESCE(e.entries, 0) AS entries, e.last_number
      FROM chain e
      FULL JOIN (SELECT location_id, id AS contact_id, entry_count FROM contact) c USING (location_id, contact_id)
      WHERE c.entry_count IS DISTINCT FROM COALESCE(e.entries, 0) OR e.last_number <> e.entries OR e.first_number <> 1`,
  },
  hash_chain: {
    promise: "Every entry's hash follows from the entry and the hash before it, up to the head kept with the contact.",
    broken: `SELECT location_id, contact_id, entry_number FROM entry WHERE NOT is_chained
      UNION ALL
      SELECT c.location_id, c.id, c.entry_count
      FROM contact c LEFT JOIN entry e
        ON e.location_id = c.location_id AND e.contact_id = c.id AND e.entry_number = c.entry_count
      WHERE c.chain_head <> COALESCE(e.hash, '\\x')`,
  },
  reversal_names_its_entry: {
    promise:
      "What gives back, settles or reinstates names the entry that it does this to, of the same contact and entitlement.",
    broken: `SELECT r.location_id, r.contact_id, r.entitlement_id, r.entry_number, r.reverses
      FROM other r LEFT JOIN entry d
        ON d.location_id = r.location_id AND d.contact_id = r.contact_id AND d.entry_number = r.reverses
        AND d.entry_number < r.entry_number AND d.entitlement_id = r.entitlement_id
        AND (r.type, d.type) IN (${REVERSALS.map(([reversal, reversed]) => `('${reversal}', '${reversed}')`).join(", ")})
      WHERE (r.reverses IS NOT NULL OR r.type IN (${REVERSALS.map(([reversal]) => `'${reversal}'`).join(", ")}))
        AND d.entry_number IS NULL`,
  },
  restore_within_its_deduction: {
    promise: "No restore exceeds its deduction, no release and settlement their hold, no reinstatement its expiry.",
    broken: `SELECT d.location_id, d.contact_id, d.entitlement_id, d.entry_number, d.amount, r.restored
      FROM (SELECT location_id, contact_id, reverses,
          sum(CASE WHEN type IN ('unsettle_used', 'unsettle_no_show', 'unsettle_late_cancel') THEN -amount ELSE amount END) AS restored
        FROM other WHERE reverses IS NOT NULL GROUP BY location_id, contact_id, reverses) r
      JOIN entry d ON d.location_id = r.location_id AND d.contact_id = r.contact_id AND d.entry_number = r.reverses
      WHERE r.restored > d.amount OR r.restored < 0`,
  },
  expired_once: {
    promise: "An expiry takes all that is left, so nothing is expired twice.",
    broken: `SELECT ${OF_RUN} FROM running
      WHERE type = 'expire' AND available <> 0`,
  },
  payment_grants_once: {
    promise: "Each item of a payment opens one entitlement, under names that no other payment has.",
    broken: `SELECT l.location_id, l.contact_id, l.id AS entitlement_id, l.payment_event_id
      FROM lot l LEFT JOIN item i ON i.location_id = l.location_id AND i.payment_event_id = l.payment_event_id
        AND i.item = l.payment_item AND i.entitlement_id = l.id
        -- A membership on its way to another plan opens that one's period, whichever of the two was paid for (rule 25).
        AND (i.product_config_id = l.product_config_id OR l.membership_id IS NOT NULL)
      WHERE l.payment_event_id IS NOT NULL AND i.payment_event_id IS NULL
      UNION ALL
      SELECT i.location_id, i.contact_id, i.entitlement_id, i.payment_event_id
      FROM item i LEFT JOIN entitlements l ON l.location_id = i.location_id AND l.id = i.entitlement_id
      WHERE i.entitlement_id IS NOT NULL AND (l.payment_event_id, l.payment_item) IS DISTINCT FROM (i.payment_event_id, i.item)
      UNION ALL
      SELECT p.location_id, p.contact_id, NULL, p.id FROM payment p
      WHERE p.id IS DISTINCT FROM (SELECT k.payment_event_id FROM payment_keys k
        WHERE k.location_id = p.location_id AND k.provider = p.provider AND k.key = p.external_payment_id)
      UNION ALL
      SELECT location_id, contact_id, entitlement_id, NULL FROM other WHERE type = 'grant'
      GROUP BY location_id, contact_id, entitlement_id HAVING count(*) > 1`,
  },
  refund_within_its_grant: {
    promise: "No refund or lost dispute takes more of an item than it granted.",
    broken: `SELECT m.location_id, m.contact_id, m.entitlement_id, m.reversed, l.granted
      FROM (SELECT location_id, contact_id, entitlement_id, sum(CASE
          WHEN type IN ('refund', 'shortfall') THEN amount ELSE -amount END) AS reversed
        FROM other WHERE type IN ('refund', 'shortfall', 'refund_undone', 'shortfall_undone')
        GROUP BY location_id, contact_id, entitlement_id) m
      JOIN lot l ON l.location_id = m.location_id AND l.id = m.entitlement_id
      WHERE m.reversed > l.granted OR m.reversed < 0`,
  },
  period_grants_once: {
    promise: "A period of a membership is granted once.",
    broken: `SELECT location_id, min(contact_id::text) AS contact_id, membership_id, period_start_at,
        jsonb_agg(id) AS entitlement_ids
      FROM lot WHERE origin = 'period' GROUP BY location_id, membership_id, period_start_at HAVING count(*) > 1`,
  },
  nothing_leads_elsewhere: {
    promise: "No entry and no entitlement refers to another contact or another location.",
    broken: `SELECT m.location_id, m.contact_id, m.first_number AS entry_number, m.lot_id AS entitlement_id,
        NULL::text AS refers_to
      FROM lot_by_entries m LEFT JOIN lot l
        ON l.location_id = m.location_id AND l.id = m.lot_id AND l.contact_id = m.contact_id
      WHERE l.id IS NULL
      UNION ALL
      SELECT l.location_id, l.contact_id, NULL, l.id, CASE
          WHEN c.id IS NULL THEN 'contact' WHEN g.id IS NULL THEN 'product config'
          WHEN l.parent_id IS NOT NULL AND p.id IS NULL THEN 'parent' ELSE 'membership'
        END
      FROM lot l
      LEFT JOIN contact c ON c.location_id = l.location_id AND c.id = l.contact_id
      LEFT JOIN lot p ON p.location_id = l.location_id AND p.id = l.parent_id AND p.contact_id = l.contact_id
      LEFT JOIN membership m
        ON m.location_id = l.location_id AND m.id = l.membership_id AND m.contact_id = l.contact_id
      LEFT JOIN config g ON g.location_id = l.location_id AND g.id = l.product_config_id
      WHERE c.id IS NULL OR g.id IS NULL OR (l.parent_id IS NOT NULL AND p.id IS NULL)
        OR (l.membership_id IS NOT NULL AND m.id IS NULL)`,
  },
};

/** Told by comparing every remembered answer with the entries that carry its request id. */
export const ANSWER_INVARIANTS: Readonly<Record<string, Invariant>> = {
  request_has_one_effect: {
    promise: "What a request id moved is what its one remembered answer says.",
    broken: `SELECT f.location_id, f.contact_id, f.request_id, f.correlation_id, f.told AS by_entries,
        ${TOLD_BY_ANSWER} AS by_answer
      FROM effect f LEFT JOIN LATERAL (
        SELECT body FROM requests WHERE location_id = f.location_id AND request_id = f.request_id LIMIT 1) r ON true
      WHERE r.body IS NULL OR f.correlation_id::text <> ${CORRELATION_OF_ANSWER}
        OR f.reason_code IS DISTINCT FROM ${REASON_OF_ANSWER} OR f.told IS DISTINCT FROM ${TOLD_BY_ANSWER}`,
  },
};

const TOLD_OF_WHOLE_LOCATIONS: Readonly<Record<string, string>> = {
  accounts_sum_to_zero: "The balances of all accounts of a location sum to zero.",
  answer_has_its_effect: "Every answer that told of a movement has its effect in the books, exactly once.",
};

/** Every invariant with the promise that it keeps. */
export const PROMISES: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    [...Object.entries(INVARIANTS), ...Object.entries(ANSWER_INVARIANTS)].map(([name, { promise }]) => [name, promise]),
  ),
  ...TOLD_OF_WHOLE_LOCATIONS,
};

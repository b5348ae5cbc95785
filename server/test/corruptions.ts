import { randomUUID } from "node:crypto";

/** A way to corrupt the books behind the product's back, and the invariant that tells. */
export interface Corruption {
  invariant: string;
  what: string;
  /** SQL run as the owner with every trigger and foreign key asleep; several statements, parted by semicolons. */
  damage: string;
}

const ONE = (what: string, where: string) => `(SELECT ${what} FROM ${where} LIMIT 1)`;
const SOME_LOT = ONE("id", "entitlements WHERE available BETWEEN 1 AND granted - 1 AND held = 0");
const LAST_OF_ANN = `contact_id = (SELECT id FROM contacts WHERE external_id = 'ann')
  AND entry_number = (SELECT entry_count FROM contacts WHERE external_id = 'ann')`;
const SECOND = `entry_number = 2 AND contact_id = (SELECT id FROM contacts WHERE external_id = 'bob')`;
const RESTORE = "type = 'restore'";
const DEDUCTION = "type = 'deduct'";
const COPY_OF = (where: string, changes: string) => `
  CREATE TEMPORARY TABLE copy ON COMMIT DROP AS SELECT * FROM ledger_entries WHERE ${where} LIMIT 1;
  UPDATE copy SET ${changes};
  INSERT INTO ledger_entries SELECT * FROM copy`;

export const CORRUPTIONS: Corruption[] = [
  {
    invariant: "balance_equals_entries",
    what: "a cached balance is raised",
    damage: `UPDATE entitlements SET available = available + 1 WHERE id = ${SOME_LOT}`,
  },
  {
    invariant: "balance_equals_entries",
    what: "a cached balance is moved to held",
    damage: `UPDATE entitlements SET available = available - 1, held = 1 WHERE id = ${SOME_LOT}`,
  },
  {
    invariant: "granted_equals_entries",
    what: "a lot claims that more was put in",
    damage: `UPDATE entitlements SET granted = granted + 5 WHERE id = ${SOME_LOT}`,
  },
  {
    invariant: "unlimited_holds_nothing",
    what: "an unlimited lot holds credits",
    damage: `ALTER TABLE entitlements DROP CONSTRAINT unlimited_holds_nothing;
      UPDATE entitlements SET granted = 3, available = 3 WHERE id = ${ONE("id", "entitlements WHERE unlimited")}`,
  },
  {
    invariant: "unlimited_holds_nothing",
    what: "usage is written against a finite lot",
    damage: `UPDATE ledger_entries SET type = 'usage', debit = 'issued' WHERE type = 'deduct' AND ${SECOND.replace("2", "4")}`,
  },
  {
    invariant: "never_negative",
    what: "more was taken than was there",
    damage: `UPDATE ledger_entries SET amount = amount + 100 WHERE type = 'deduct' AND ${SECOND.replace("2", "4")}`,
  },
  {
    invariant: "balance_after_is_running",
    what: "an entry tells another balance",
    damage: `UPDATE ledger_entries SET balance_after = balance_after + 1 WHERE ${SECOND}`,
  },
  {
    invariant: "entries_without_gaps",
    what: "an entry in the middle is gone",
    damage: `DELETE FROM ledger_entries WHERE ${SECOND}`,
  },
  {
    invariant: "entries_without_gaps",
    what: "the last entry is gone",
    damage: `DELETE FROM ledger_entries WHERE ${LAST_OF_ANN}`,
  },
  {
    invariant: "entries_without_gaps",
    what: "a contact is gone",
    damage: "DELETE FROM contacts WHERE external_id = 'bob'",
  },
  {
    invariant: "hash_chain",
    what: "a reason is rewritten",
    damage: `UPDATE ledger_entries SET reason = 'goodwill' WHERE ${SECOND}`,
  },
  {
    invariant: "hash_chain",
    what: "the last entry is rewritten together with its hash",
    damage: `UPDATE ledger_entries SET hash = sha256('x') WHERE ${LAST_OF_ANN}`,
  },
  {
    invariant: "hash_chain",
    what: "a head is moved",
    damage: "UPDATE contacts SET chain_head = sha256('x') WHERE external_id = 'bob'",
  },
  {
    invariant: "reversal_names_its_entry",
    what: "a restore names a grant",
    damage: `UPDATE ledger_entries SET reverses = 1 WHERE ${RESTORE}`,
  },
  {
    invariant: "reversal_names_its_entry",
    what: "a restore goes to another lot",
    damage: `UPDATE ledger_entries r SET entitlement_id = l.id FROM entitlements l
      WHERE r.${RESTORE} AND l.contact_id = r.contact_id AND l.id <> r.entitlement_id AND NOT l.unlimited`,
  },
  {
    invariant: "reversal_names_its_entry",
    what: "a reinstatement names a deduction",
    damage: COPY_OF(
      DEDUCTION,
      "type = 'reinstate', debit = 'expired', credit = 'available', reverses = entry_number, entry_number = entry_number + 1000",
    ),
  },
  {
    invariant: "restore_within_its_deduction",
    what: "a hold is settled twice",
    damage: `${COPY_OF(DEDUCTION, "type = 'hold', credit = 'held', entry_number = 1001")};
      UPDATE copy SET type = 'settle_used', debit = 'held', credit = 'used', reverses = 1001, entry_number = 1002;
      INSERT INTO ledger_entries SELECT * FROM copy;
      UPDATE copy SET type = 'release', credit = 'available', entry_number = 1003;
      INSERT INTO ledger_entries SELECT * FROM copy`,
  },
  {
    invariant: "restore_within_its_deduction",
    what: "a restore is larger than its deduction",
    damage: `UPDATE ledger_entries SET amount = amount + 50 WHERE ${RESTORE}`,
  },
  {
    invariant: "expired_once",
    what: "an expiry is booked again",
    damage: COPY_OF("type = 'expire'", "entry_number = entry_number + 1000"),
  },
  {
    invariant: "expired_once",
    what: "an expiry leaves something",
    damage: "UPDATE ledger_entries SET amount = amount - 1 WHERE type = 'expire' AND amount > 1",
  },
  {
    invariant: "request_has_one_effect",
    what: "a request id moved something a second time",
    damage: COPY_OF("type = 'deduct'", "entry_number = entry_number + 1000, correlation_id = gen_random_uuid()"),
  },
  {
    invariant: "request_has_one_effect",
    what: "a request id moved something of another contact",
    damage: `UPDATE ledger_entries SET request_id = ${ONE("request_id", `ledger_entries WHERE type = 'deduct'`)}
      WHERE type = 'deduct' AND ${SECOND.replace("2", "5")}`,
  },
  {
    invariant: "request_has_one_effect",
    what: "a remembered answer is gone",
    damage: `DELETE FROM requests WHERE body LIKE '%"deducted"%'`,
  },
  {
    invariant: "request_has_one_effect",
    what: "a remembered answer tells of another amount",
    damage: `UPDATE requests SET body = replace(body, '"amount":1}', '"amount":2}') WHERE body LIKE '%"restored"%'`,
  },
  {
    invariant: "request_has_one_effect",
    what: "a remembered answer is a refusal",
    damage: `UPDATE requests SET body = replace(body, '"ok":true,"reason_code":"deducted"', '"ok":false,"reason_code":"NO_ENTITLEMENT"')`,
  },
  {
    invariant: "answer_has_its_effect",
    what: "an answered deduction has no entry",
    damage: `INSERT INTO requests SELECT location_id, 'ghost', operation, payload_hash, body, explanation, recorded_at
      FROM requests WHERE body LIKE '%"deducted"%' LIMIT 1`,
  },
  {
    invariant: "answer_has_its_effect",
    what: "an answered grant of something unlimited is gone",
    damage: "DELETE FROM entitlements WHERE unlimited",
  },
  {
    invariant: "payment_grants_once",
    what: "a payment opened two lots",
    damage: `DROP INDEX entitlements_payment;
      UPDATE entitlements SET payment_event_id = ${ONE("payment_event_id", "entitlements WHERE origin = 'purchase'")}
      WHERE origin = 'purchase'`,
  },
  {
    invariant: "payment_grants_once",
    what: "an item of a payment names a lot that is not its own",
    damage: `UPDATE payment_events SET items = jsonb_set(items, '{0,entitlement_id}', to_jsonb(l.id))
      FROM entitlements l WHERE l.payment_event_id <> payment_events.id`,
  },
  {
    invariant: "payment_grants_once",
    what: "a lot is of an item that its payment does not have",
    damage: `UPDATE entitlements SET payment_item = 7 WHERE id = ${SOME_LOT}`,
  },
  {
    invariant: "payment_grants_once",
    what: "an item says that it granted nothing, so that it could grant again",
    damage: `UPDATE payment_events SET items = jsonb_set(items, '{0,entitlement_id}', 'null')`,
  },
  {
    invariant: "refund_within_its_grant",
    what: "more was taken back than was granted",
    damage: COPY_OF(
      "type = 'expire'",
      "type = 'refund', credit = 'refunded', amount = amount + 1000, entry_number = entry_number + 1000",
    ),
  },
  {
    invariant: "refund_within_its_grant",
    what: "what a refund could not take counts too",
    damage: `${COPY_OF("type = 'expire'", "type = 'refund', credit = 'refunded', amount = 5, entry_number = 1001")};
      UPDATE copy SET type = 'shortfall', debit = 'shortfall', amount = 6, entry_number = 1002;
      INSERT INTO ledger_entries SELECT * FROM copy`,
  },
  {
    invariant: "refund_within_its_grant",
    what: "a refund that never was is undone",
    damage: COPY_OF(
      "type = 'expire'",
      "type = 'refund_undone', debit = 'refunded', credit = 'available', entry_number = entry_number + 1000",
    ),
  },
  {
    invariant: "payment_grants_once",
    what: "a lot was granted twice",
    damage: COPY_OF("type = 'grant'", "entry_number = entry_number + 1000"),
  },
  {
    invariant: "payment_grants_once",
    what: "a payment lost its name, so that it could grant again",
    damage: "DELETE FROM payment_keys",
  },
  {
    invariant: "period_grants_once",
    what: "a period is there twice",
    damage: `DROP INDEX entitlements_period;
      UPDATE entitlements SET period_start_at = '2026-01-01Z' WHERE origin = 'period' AND NOT unlimited`,
  },
  {
    invariant: "nothing_leads_elsewhere",
    what: "an entry names a lot that its location does not have",
    damage: `UPDATE ledger_entries SET entitlement_id = '${randomUUID()}' WHERE ${SECOND}`,
  },
  {
    invariant: "nothing_leads_elsewhere",
    what: "a lot belongs to another contact than its entries",
    damage: `UPDATE entitlements SET contact_id = ${ONE("id", "contacts WHERE external_id = 'bob'")}
      WHERE contact_id = ${ONE("id", "contacts WHERE external_id = 'ann'")}`,
  },
  {
    invariant: "nothing_leads_elsewhere",
    what: "a booking names a contact that its location does not have",
    damage: `UPDATE appointments SET contact_id = '${randomUUID()}'
      WHERE ctid = (SELECT min(ctid) FROM appointments)`,
  },
  {
    invariant: "accounts_sum_to_zero",
    what: "a movement reached only one of its accounts",
    damage: `UPDATE entitlements SET available = available - 1 WHERE id = ${SOME_LOT}`,
  },
];

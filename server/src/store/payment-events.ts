import type { Transaction } from "../platform/database.ts";
import { instantArray, jsonArray, numberArray, textArray, uuidArray } from "../platform/sql.ts";
import type { NewPayment, PaymentEvent } from "../rules/payments/payment-event.ts";

export interface PaymentKey {
  location_id: string;
  provider: string;
  external_payment_id: string;
}

const FIND = {
  name: "find_payments",
  text: `
    SELECT n.location_id, n.provider, n.key AS external_payment_id, p.id, p.contact_id, p.product_config_id, p.entitlement_id
    FROM unnest($2::uuid[], $3::text[], $4::text[]) AS k (location_id, provider, key)
    JOIN payment_keys n ON n.location_id = k.location_id AND n.provider = k.provider AND n.key = k.key
    JOIN payment_events p ON p.location_id = n.location_id AND p.id = n.payment_event_id
    WHERE k.location_id = ANY ($1::uuid[])`,
};

/** The payment events that these keys already name. */
export function findPayments(tx: Transaction, tenants: readonly string[], keys: readonly PaymentKey[]) {
  return tx.query<PaymentEvent & PaymentKey & Record<string, unknown>>(FIND, [
    uuidArray(tenants),
    uuidArray(keys.map((key) => key.location_id)),
    textArray(keys.map((key) => key.provider)),
    textArray(keys.map((key) => key.external_payment_id)),
  ]);
}

const INSERT = {
  name: "insert_payments",
  text: `
    WITH incoming AS (
      SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::uuid[], $6::text[], $7::text[], $8::text[],
        $9::bigint[], $10::text[], $11::timestamptz[], $12::text[], $13::text[])
        AS k (location_id, id, contact_id, product_config_id, entitlement_id, provider, external_payment_id, event_type,
          amount_cents, currency, paid_at, external_ref, metadata)
    ), keys AS (
      INSERT INTO payment_keys (location_id, provider, key, payment_event_id)
      SELECT location_id, provider, external_payment_id, id FROM incoming
    )
    INSERT INTO payment_events (location_id, id, contact_id, product_config_id, entitlement_id, provider,
      external_payment_id, event_type, amount_cents, currency, paid_at, external_ref, metadata, recorded_at)
    SELECT location_id, id, contact_id, product_config_id, entitlement_id, provider, external_payment_id, event_type,
      amount_cents, currency, paid_at, external_ref, metadata::jsonb, $14 FROM incoming`,
};

export function insertPayments(
  tx: Transaction,
  payments: readonly (NewPayment & { location_id: string })[],
  recorded_at: string,
) {
  return tx.query(INSERT, [
    uuidArray(payments.map((payment) => payment.location_id)),
    uuidArray(payments.map((payment) => payment.id)),
    uuidArray(payments.map((payment) => payment.contact_id)),
    textArray(payments.map((payment) => payment.product_config_id)),
    uuidArray(payments.map((payment) => payment.entitlement_id)),
    textArray(payments.map((payment) => payment.provider)),
    textArray(payments.map((payment) => payment.external_payment_id)),
    textArray(payments.map((payment) => payment.event_type)),
    numberArray(payments.map((payment) => payment.amount_cents)),
    textArray(payments.map((payment) => payment.currency)),
    instantArray(payments.map((payment) => payment.paid_at)),
    textArray(payments.map((payment) => payment.external_ref)),
    jsonArray(payments.map((payment) => payment.metadata)),
    recorded_at,
  ]);
}

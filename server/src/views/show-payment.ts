import { instant } from "../platform/sql.ts";
import type { Dispute, PaymentItem, Refund } from "../rules/payments/payment-event.ts";
import type { Instant } from "../rules/time/local-days.ts";
import type { PaymentShape } from "./shapes.ts";

/**
 * What every list of payments reads of `payment_events p`; names of product configs are those of now. Under row-level security an
 * expression over JSON enters no index, a column of a subquery does.
 */
export const PAYMENT_COLUMNS = `p.id, o.external_id AS external_contact_id, p.provider, p.external_payment_id, p.event_type, p.status,
  p.flags, p.amount_cents, p.refunded_cents, p.currency, p.items, p.refunds, p.disputes, p.settles_at, p.duplicate_of,
  p.subscription_id, p.external_ref, p.paid_at, p.recorded_at,
  (
    SELECT jsonb_agg(jsonb_build_object('provider', a.provider, 'key', a.key) ORDER BY a.provider, a.key)
    FROM payment_keys a WHERE a.location_id = p.location_id AND a.payment_event_id = p.id
  ) AS keys,
  (
    SELECT jsonb_object_agg(g.id, g.name)
    FROM (SELECT i ->> 'product_config_id' AS id FROM jsonb_array_elements(p.items) i OFFSET 0) i
    JOIN LATERAL (
      SELECT c.id, c.name FROM product_configs c WHERE c.location_id = p.location_id AND c.id = i.id LIMIT 1
    ) g ON true
  ) AS names`;

export const FROM_PAYMENTS =
  "FROM payment_events p JOIN contacts o ON o.location_id = p.location_id AND o.id = p.contact_id";

type Dated = "paid_at" | "recorded_at" | "settles_at";
type Nested = "items" | "refunds" | "disputes" | "keys";
type Derived = "product_config_id" | "product_name" | "entitlement_id";

export interface PaymentRow extends Omit<PaymentShape, Dated | Nested | Derived>, Record<string, unknown> {
  paid_at: Instant;
  recorded_at: Instant;
  settles_at: Instant | null;
  keys: PaymentShape["keys"] | null;
  items: PaymentItem[];
  refunds: Refund[];
  disputes: Dispute[];
  names: Record<string, string> | null;
}

export function showPayment(row: PaymentRow): PaymentShape {
  const { names, keys, paid_at, recorded_at, settles_at, refunds, disputes } = row;
  const items = row.items.map((item) => showItem(item, names ?? {}));
  const main = items.find(({ status }) => status === "granted") ?? items[0];
  return {
    id: row.id,
    external_contact_id: row.external_contact_id,
    provider: row.provider,
    external_payment_id: row.external_payment_id,
    keys: keys ?? [],
    event_type: row.event_type,
    status: row.status,
    flags: row.flags,
    amount_cents: row.amount_cents,
    refunded_cents: row.refunded_cents,
    currency: row.currency,
    product_config_id: main?.product_config_id ?? null,
    product_name: main?.product_name ?? null,
    entitlement_id: main?.entitlement_id ?? null,
    items,
    refunds: refunds.map((refund) => ({ ...refund, refunded_at: instant(refund.refunded_at) })),
    disputes: disputes.map(showDispute),
    settles_at: settles_at === null ? null : instant(settles_at),
    duplicate_of: row.duplicate_of,
    subscription_id: row.subscription_id,
    external_ref: row.external_ref,
    paid_at: instant(paid_at),
    recorded_at: instant(recorded_at),
  };
}

function showItem(item: PaymentItem, names: Record<string, string>): PaymentShape["items"][number] {
  const { granted, taken, shortfall, is_void: _, ...shown } = item;
  return {
    ...shown,
    product_name: names[item.product_config_id ?? ""] ?? null,
    credits_granted: granted,
    credits_taken: taken,
    credits_short: shortfall,
  };
}

function showDispute({
  provider,
  dispute_id,
  status,
  opened_at,
  changed_at,
}: Dispute): PaymentShape["disputes"][number] {
  return { provider, dispute_id, status, opened_at: instant(opened_at), changed_at: instant(changed_at) };
}

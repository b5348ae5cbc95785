import type { Transaction } from "../platform/database.ts";
import { instant, textArray } from "../platform/sql.ts";
import type { Dispute, PaymentItem, Refund } from "../rules/payments/payment-event.ts";
import type { Instant } from "../rules/time/local-days.ts";
import type { PaymentShape } from "./shapes.ts";

/** What every list of payments reads of `payment_events p`. */
export const PAYMENT_COLUMNS = `p.id, o.external_id AS external_contact_id, p.provider, p.external_payment_id, p.event_type, p.status,
  p.flags, p.acknowledged, p.amount_cents, p.refunded_cents, p.currency, p.items, p.refunds, p.disputes, p.settles_at, p.duplicate_of,
  p.subscription_id, p.external_ref, p.paid_at, p.recorded_at,
  (
    SELECT jsonb_agg(jsonb_build_object('provider', a.provider, 'key', a.key))
    FROM payment_keys a WHERE a.location_id = p.location_id AND a.payment_event_id = p.id
  ) AS keys`;

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
}

const NAMES = {
  name: "view_names_of_products",
  text: "SELECT id, name FROM product_configs WHERE location_id = $1 AND id = ANY ($2::text[])",
};

/** As the API tells them, with the names that their product configs have now. */
export async function showPayments(
  tx: Transaction,
  location_id: string,
  rows: readonly PaymentRow[],
): Promise<PaymentShape[]> {
  const ids = rows.flatMap(({ items }) => items.flatMap(({ product_config_id }) => product_config_id ?? []));
  const found =
    ids.length > 0
      ? await tx.query<{ id: string; name: string }>(NAMES, [location_id, textArray([...new Set(ids)])])
      : [];
  const names = new Map(found.map(({ id, name }) => [id, name]));
  return rows.map((row) => showPayment(row, names));
}

function showPayment(row: PaymentRow, names: ReadonlyMap<string, string>): PaymentShape {
  const { keys, paid_at, recorded_at, settles_at, refunds, disputes } = row;
  const items = row.items.map((item) => showItem(item, names));
  const main = items.find(({ status }) => status === "granted") ?? items[0];
  return {
    id: row.id,
    external_contact_id: row.external_contact_id,
    provider: row.provider,
    external_payment_id: row.external_payment_id,
    keys: (keys ?? []).toSorted((a, b) => (`${a.provider} ${a.key}` < `${b.provider} ${b.key}` ? -1 : 1)),
    event_type: row.event_type,
    status: row.status,
    flags: row.flags,
    acknowledged: row.acknowledged,
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

function showItem(item: PaymentItem, names: ReadonlyMap<string, string>): PaymentShape["items"][number] {
  const { granted, taken, shortfall, is_void: _, ...shown } = item;
  return {
    ...shown,
    product_name: names.get(item.product_config_id ?? "") ?? null,
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

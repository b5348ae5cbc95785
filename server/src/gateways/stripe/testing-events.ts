import { readEvent } from "./read-event.ts";
import type { ReadEvent } from "./stripe-event.ts";

export const JANUARY = Date.UTC(2026, 0, 31, 9);
export const FEBRUARY = Date.UTC(2026, 1, 28, 9);
export const HAPPENED = Date.UTC(2026, 0, 31, 9, 0, 7);
export const seconds = (at: number): number => at / 1000;

type Json = Record<string, unknown>;

/** The event of a type about an object, as an account of that API version sends it. */
export function eventOf(type: string, object: unknown, changes: Json = {}): Json {
  return {
    id: "evt_1",
    object: "event",
    type,
    created: seconds(HAPPENED),
    livemode: true,
    api_version: "2026-10-28.endive",
    data: { object },
    ...changes,
  };
}

/** The event read, where it must be of the kind that is asked for. */
export function readAs<Kind extends ReadEvent["kind"]>(kind: Kind, event: Json): Extract<ReadEvent, { kind: Kind }> {
  const read = readEvent(event);
  if (read.kind !== kind) throw new Error(`read as ${read.kind}: ${JSON.stringify(read)}`);
  return read as Extract<ReadEvent, { kind: Kind }>;
}

const period = { start: seconds(JANUARY), end: seconds(FEBRUARY) };

export const new_line = {
  object: "line_item",
  amount: 9900,
  description: "1 × Gold",
  period,
  quantity: 1,
  parent: {
    type: "subscription_item_details",
    subscription_item_details: { proration: false, subscription: "sub_1" },
  },
  pricing: { type: "price_details", price_details: { price: "price_1", product: "prod_1" } },
};

export const old_line = {
  object: "line_item",
  type: "subscription",
  amount: 9900,
  description: "1 × Gold",
  period,
  proration: false,
  quantity: 1,
  subscription: "sub_1",
  price: { id: "price_1", product: "prod_1", nickname: "Gold" },
};

const invoice = {
  id: "in_1",
  object: "invoice",
  amount_due: 9900,
  amount_paid: 9900,
  currency: "usd",
  customer: "cus_1",
  customer_email: "ann@example.com",
  customer_name: "Ann",
  customer_phone: "+15550100",
  status: "paid",
  status_transitions: { paid_at: seconds(HAPPENED) - 5 },
};

export const new_invoice = {
  ...invoice,
  parent: {
    type: "subscription_details",
    subscription_details: { subscription: "sub_1", metadata: { contact_id: "contact-1" } },
  },
  lines: { object: "list", data: [new_line], has_more: false },
};

export const old_invoice = {
  ...invoice,
  subscription: "sub_1",
  subscription_details: { metadata: { contact_id: "contact-1" } },
  payment_intent: "pi_1",
  charge: "ch_1",
  paid_out_of_band: false,
  lines: { object: "list", data: [old_line], has_more: false },
};

export const intent = {
  id: "pi_1",
  object: "payment_intent",
  amount: 5000,
  amount_received: 5000,
  currency: "usd",
  customer: "cus_1",
  latest_charge: "ch_1",
  receipt_email: "ann@example.com",
  metadata: { ghl_contact_id: "contact-1" },
  created: seconds(HAPPENED) - 7,
};

export const charge = {
  id: "ch_1",
  object: "charge",
  amount: 5000,
  amount_captured: 5000,
  amount_refunded: 0,
  captured: true,
  currency: "usd",
  customer: "cus_1",
  payment_intent: "pi_1",
  billing_details: { email: "ann@example.com", name: "Ann", phone: null },
  metadata: { contact_id: "contact-1" },
  created: seconds(HAPPENED) - 7,
};

export const session = {
  id: "cs_1",
  object: "checkout.session",
  mode: "payment",
  payment_status: "paid",
  payment_intent: "pi_1",
  amount_total: 5000,
  currency: "usd",
  customer: null,
  customer_details: { email: "ann@example.com", name: "Ann", phone: null },
  metadata: { contactId: "contact-1" },
};

export const subscription = {
  id: "sub_1",
  object: "subscription",
  status: "active",
  cancel_at_period_end: false,
  cancel_at: null,
  customer: "cus_1",
  metadata: { contact_id: "contact-1" },
  items: { data: [{ id: "si_1", current_period_start: period.start, current_period_end: period.end }] },
};

export const old_subscription = {
  ...subscription,
  current_period_start: period.start,
  current_period_end: period.end,
  items: { data: [{ id: "si_1" }] },
};

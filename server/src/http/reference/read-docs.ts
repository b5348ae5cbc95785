import { membership } from "./membership-docs.ts";

const contact = {
  id: "019aa5b0-8e1f-7a2b-9c3d-4e5f60718293",
  external_contact_id: "maya",
  ghl_contact_id: "maya",
  email: null,
  name: "Maya Lopez",
};

const entitlement = {
  id: "019aa5b1-52c4-7d0e-8b1a-2f3c4d5e6f70",
  product_config_id: "pc_01kajs2mq8f7r9t3v5x7z9b1d3",
  name: "10-class pack",
  origin: "purchase",
  status: "active",
  unlimited: false,
  credits_granted: 10,
  credits_remaining: 9,
  credits_held: 0,
  effective_at: "2026-11-21T14:00:00.000Z",
  expires_at: "2026-12-22T05:00:00.000Z",
  activated_on: null,
  membership_id: null,
  period: null,
  payment_event_id: "019aa5b1-52c4-7d0f-a1b2-c3d4e5f60718",
  parent_id: null,
  created_at: "2026-11-21T14:00:00.000Z",
};

const entry = {
  id: "019aa5b0-8e1f-7a2b-9c3d-4e5f60718293-2",
  entry_number: 2,
  type: "deduct",
  amount: -1,
  quantity: 1,
  balance_after: 9,
  entitlement_id: entitlement.id,
  reason: "deducted",
  source: "api",
  actor_id: "7c9e6679-7425-40de-944b-e07fc1f90ae7",
  external_ref: "booking-77",
  request_id: "booking-77-deduct",
  correlation_id: "3f0c9a52-6f0e-4c3f-9d0b-6c2d6a1e7b10",
  debit_account: "available",
  credit_account: "used",
  reverses: null,
  service_on: "2026-11-24",
  occurred_at: "2026-11-21T14:05:00.000Z",
  recorded_at: "2026-11-21T14:05:00.000Z",
};

const payment = {
  id: entitlement.payment_event_id,
  external_contact_id: "maya",
  provider: "automation",
  external_payment_id: "pay_1001",
  keys: [{ provider: "automation", key: "pay_1001" }],
  event_type: "payment_confirmed",
  status: "recorded",
  flags: [],
  acknowledged: [],
  amount_cents: 12000,
  refunded_cents: 0,
  currency: "USD",
  product_config_id: entitlement.product_config_id,
  product_name: entitlement.name,
  entitlement_id: entitlement.id,
  items: [
    {
      item: 1,
      product_id: null,
      price_id: null,
      name: null,
      quantity: 1,
      amount_cents: 12000,
      status: "granted",
      reason: null,
      product_config_id: entitlement.product_config_id,
      product_name: entitlement.name,
      entitlement_id: entitlement.id,
      credits_granted: 10,
      credits_taken: 0,
      credits_short: 0,
    },
  ],
  refunds: [],
  disputes: [],
  settles_at: null,
  duplicate_of: null,
  subscription_id: null,
  external_ref: null,
  paid_at: "2026-11-21T14:00:00.000Z",
  recorded_at: "2026-11-21T14:00:00.000Z",
};

const appointment = {
  id: "booking-77",
  calendar_id: "cal_yoga",
  status: "confirmed",
  starts_at: "2026-11-24T23:00:00.000Z",
  ends_at: "2026-11-25T00:00:00.000Z",
  booked_at: "2026-11-21T14:05:00.000Z",
  cancelled_at: null,
  cancelled_by: null,
  credits_held: 1,
  credits_used: 0,
  unfunded: null,
  flags: [],
};

const event = {
  kind: "ledger",
  id: entry.id,
  at: entry.occurred_at,
  title: "1 credit used",
  entry,
};

const next_cursor = null;

/** What each read answers beside the envelope, for one member with one pack and one booking. */
export const READ_DOCS: Record<string, { title: string; answer: Record<string, unknown> }> = {
  contact_profile: { title: "Get a contact", answer: { contact } },
  contact_summary: {
    title: "Get a summary",
    answer: {
      contact,
      summary: {
        credits_available: 9,
        unlimited: false,
        last_paid_at: payment.paid_at,
        lifetime_value_cents: 12000,
        currency: "USD",
        payment_events_count: 1,
        entitlements: [entitlement],
        recent_ledger: [entry],
        recent_appointments: [appointment],
        recent_payments: [payment],
      },
    },
  },
  contact_credits: {
    title: "Get the credits",
    answer: { credits: { credits_available: 9, credits_held: 0, unlimited: false, entitlements: [entitlement] } },
  },
  contact_entitlements: { title: "List entitlements", answer: { entitlements: [entitlement], next_cursor } },
  contact_ledger: { title: "List the ledger", answer: { entries: [entry], next_cursor } },
  contact_payments: { title: "List payments", answer: { payments: [payment], next_cursor } },
  contact_appointments_upcoming: {
    title: "List upcoming appointments",
    answer: { appointments: [appointment], next_cursor },
  },
  contact_appointments_past: { title: "List past appointments", answer: { appointments: [], next_cursor } },
  contact_memberships: {
    title: "List memberships",
    answer: {
      memberships: [
        {
          ...membership,
          name: "Eight classes a month",
          periods: [{ ...membership.period, entitlement_id: entitlement.id }],
        },
      ],
    },
  },
  contact_timeline: { title: "Read the timeline", answer: { events: [event], next_cursor } },
};

import { z } from "zod";

// What the reads answer with, each thing described once: the answers' types, OpenAPI and the reference page come from here.

const instant = z.iso.datetime({ precision: 3 });
const count = z.int().min(0);
const config_id = z.string().describe("The product config (pc_…) it belongs to.");

export const contactShape = z
  .object({
    id: z.guid().describe("The contact's own id."),
    external_contact_id: z.string().describe("The id that your system gave."),
    ghl_contact_id: z.string().describe("The same id under its GoHighLevel name."),
    email: z.string().nullable().describe("The first that was ever told."),
    name: z.string().nullable().describe("The first that was ever told."),
  })
  .describe("A member.");

export const entitlementShape = z
  .object({
    id: z.guid().describe("The entitlement's own id."),
    product_config_id: config_id,
    name: z.string().describe("The product config's name as it is now."),
    origin: z.enum(["purchase", "period", "rollover", "make_good", "adjustment"]).describe("What opened it."),
    status: z
      .enum(["active", "paused", "exhausted", "expired", "revoked", "scheduled"])
      .describe("As of now: an expired one is expired from the very instant, whenever its expiry is booked."),
    unlimited: z.boolean().describe("True: bookings are covered without a balance, within fair-use limits."),
    credits_granted: count.nullable().describe("All that was ever put in; null where unlimited."),
    credits_remaining: count.nullable().describe("What is left and not held for a booking; null where unlimited."),
    credits_held: count.describe("Held for bookings that have not taken place yet."),
    effective_at: instant.describe("First instant at which it can be used."),
    expires_at: instant.nullable().describe("First instant at which it can no longer be used; null: never expires."),
    activated_on: z.iso
      .date()
      .nullable()
      .describe("Local date that started its clock; null where it starts at purchase, or has not been used yet."),
    membership_id: z.guid().nullable().describe("The membership whose period it is."),
    period: z
      .object({ start_at: instant.describe("Its first instant."), end_at: instant.describe("The first after it.") })
      .nullable()
      .describe("The membership's period, end not included; null for a package."),
    payment_event_id: z.guid().nullable().describe("The payment that opened it."),
    parent_id: z.guid().nullable().describe("The entitlement that its credits came from, by rollover or make-good."),
    created_at: instant.describe("When it was opened: lists are in this order."),
  })
  .describe("One lot of credits from one purchase or period, with its own expiry; what is spent.");

const accounts = [
  "available",
  "held",
  "issued",
  "used",
  "no_show",
  "late_cancel",
  "expired",
  "refunded",
  "adjusted",
  "shortfall",
] as const;

export const ledgerEntryShape = z
  .object({
    id: z.string().describe("Contact id and entry number; the receiving side of a move between lots ends in -in."),
    entry_number: z.int().min(1).describe("The contact's own 1, 2, 3 … without gaps: the order of the ledger."),
    type: z
      .enum([
        "grant",
        "deduct",
        "restore",
        "hold",
        "release",
        "settle",
        "expire",
        "rollover",
        "transfer",
        "make_good",
        "refund",
        "shortfall",
        "adjust",
        "usage",
      ])
      .describe("What happened."),
    amount: z
      .int()
      .describe("Change of the entitlement's available credits as the member sees it; 0 where it has none."),
    quantity: z.int().min(1).describe("Credits that moved from the debit to the credit account, unsigned."),
    balance_after: count.describe("Available credits of the entitlement after this entry."),
    entitlement_id: z.guid().describe("The entitlement whose line this is."),
    reason: z.string().describe("Why it was booked."),
    source: z.enum(["api", "ghl", "stripe", "console", "import", "system"]).describe("Where it came from."),
    actor_id: z.guid().nullable().describe("The API client or user that caused it."),
    external_ref: z.string().nullable().describe("The booking or other reference that was sent with it."),
    request_id: z.string().nullable().describe("The request that caused it; null for what fell due by time."),
    correlation_id: z.guid().describe("The same as in the answer to that request."),
    debit_account: z.enum(accounts).describe("Where the credits came from."),
    credit_account: z.enum(accounts).describe("Where the credits went."),
    reverses: z.string().nullable().describe("Id of the entry that this one gives back."),
    service_on: z.iso.date().nullable().describe("Local date of the service."),
    occurred_at: instant.describe("When it was true, by the location's clock."),
    recorded_at: instant.describe("When it was written, by the real clock."),
  })
  .describe("One movement of credits, as one of its entitlements sees it.");

export const paymentShape = z
  .object({
    id: z.guid().describe("The payment event's own id."),
    provider: z.string().describe("Who took the payment."),
    external_payment_id: z.string().describe("The payment's id with its provider."),
    event_type: z.string().describe("What was told of it."),
    amount_cents: count.nullable().describe("In the smallest unit of the currency; null where it was not said."),
    currency: z.string().nullable().describe("ISO 4217; null where it was not said: the location's currency."),
    product_config_id: config_id,
    product_name: z.string().describe("The product config's name as it is now."),
    entitlement_id: z.guid().describe("The entitlement that it opened."),
    external_ref: z.string().nullable().describe("Another reference that was sent with it."),
    paid_at: instant.describe("When it was paid."),
    recorded_at: instant.describe("When we learned of it, by the real clock."),
  })
  .describe("One commercial fact, however many deliveries told of it.");

export const appointmentShape = z
  .object({
    id: z.string().describe("The booking's own id: the external_ref of its deduction."),
    calendar_id: z.string().nullable().describe("The calendar that was booked."),
    status: z.enum(["confirmed", "showed", "noshow", "cancelled", "invalid", "deleted"]).describe("A full restore cancels it."),
    starts_at: instant.nullable().describe("Null where nobody said when it takes place."),
    booked_at: instant.describe("When it was made."),
  })
  .describe("A booking, as last known.");

const eventFields = {
  id: z.string().describe("The id of the thing itself."),
  at: instant.describe(
    "Where it stands in time. An entry that was booked late stands where it was booked: its occurred_at says since when it is true.",
  ),
  title: z.string().describe("One line for a person, in English."),
};

export const timelineEventShape = z
  .discriminatedUnion("kind", [
    z.object({ kind: z.literal("ledger"), ...eventFields, entry: ledgerEntryShape }),
    z.object({ kind: z.literal("payment"), ...eventFields, payment: paymentShape }),
    z.object({ kind: z.literal("appointment"), ...eventFields, appointment: appointmentShape }),
  ])
  .describe("One thing that happened to the member, with the facts of its kind.");

const live = z.array(entitlementShape).describe("Live ones, what is usable first; at most 100.");
const available = count.describe("Credits that could be used now, over all products.");
const unlimited = z.boolean().describe("True: an unlimited membership stands beside the finite balance.");

export const creditsShape = z
  .object({
    credits_available: available,
    credits_held: count.describe("Credits held for bookings that have not taken place yet."),
    unlimited,
    entitlements: live,
  })
  .describe("What the member has.");

export const summaryShape = z
  .object({
    credits_available: available,
    unlimited,
    last_paid_at: instant.nullable().describe("When the contact last paid."),
    lifetime_value_cents: z.int().describe("All that was paid in the location's currency, in its smallest unit."),
    currency: z.string().describe("The location's currency."),
    payment_events_count: count.describe("How many payments that were."),
    entitlements: live,
    recent_ledger: z.array(ledgerEntryShape).describe("The latest 20."),
    recent_appointments: z.array(appointmentShape).describe("The latest 20."),
    recent_payments: z.array(paymentShape).describe("The latest 20."),
  })
  .describe("A member at one glance.");

export const nextCursor = z.string().nullable().describe("Send it as cursor for the next page; null at the end.");

export type ContactShape = z.output<typeof contactShape>;
export type EntitlementShape = z.output<typeof entitlementShape>;
export type LedgerEntryShape = z.output<typeof ledgerEntryShape>;
export type PaymentShape = z.output<typeof paymentShape>;
export type AppointmentShape = z.output<typeof appointmentShape>;
export type TimelineEventShape = z.output<typeof timelineEventShape>;

import { z } from "zod";
import { opportunityShape } from "./contact-opportunities.ts";
import { membershipEventShape } from "./membership-shapes.ts";

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

export const entryTypeShape = z.enum([
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
]);

export const ledgerEntryShape = z
  .object({
    id: z.string().describe("Contact id and entry number; the receiving side of a move between lots ends in -in."),
    entry_number: z.int().min(1).describe("The contact's own 1, 2, 3 … without gaps: the order of the ledger."),
    type: entryTypeShape.describe("What happened."),
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

const paymentItemShape = z
  .object({
    item: z.int().min(1).describe("Its number within the payment."),
    product_id: z.string().nullable().describe("The provider's product."),
    price_id: z.string().nullable().describe("The provider's price."),
    name: z.string().nullable().describe("The provider's name of it."),
    quantity: z.int().describe("How many were bought."),
    amount_cents: z.int().nullable().describe("What the line cost, or its share of the payment."),
    status: z
      .enum(["granted", "unmatched", "no_credits", "held", "waiting", "dismissed"])
      .describe("What became of it; unmatched and held wait for a person, waiting for the payment."),
    reason: z.string().nullable().describe("Why it is unmatched or held."),
    product_config_id: z.string().nullable().describe("The product config (pc_…) that it is."),
    product_name: z.string().nullable().describe("That product config's name as it is now."),
    entitlement_id: z.guid().nullable().describe("The entitlement that it opened."),
    credits_granted: count.describe("Credits that it granted; 0 where unlimited."),
    credits_taken: count.describe("Credits that refunds took back of it."),
    credits_short: count.describe("Credits that refunds could not take, because they were spent."),
  })
  .describe("One line of a purchase.");

const refundShape = z
  .object({
    provider: z.string().describe("Who told of it."),
    refund_id: z.string().describe("The refund's own id, or cumulative: the provider's figure of all so far."),
    amount_cents: count.describe("In the smallest unit of the currency."),
    status: z.enum(["succeeded", "pending", "failed"]),
    refunded_at: instant.describe("When it was given back."),
  })
  .describe("Money given back.");

const disputeShape = z
  .object({
    provider: z.string().describe("Who told of it."),
    dispute_id: z.string().describe("The dispute's own id."),
    status: z.enum(["open", "won", "lost"]).describe("While open, the payment's credits are paused."),
    opened_at: instant.describe("When it was opened."),
    changed_at: instant.describe("When its status came about."),
  })
  .describe("The payer's bank questions the payment.");

export const paymentShape = z
  .object({
    id: z.guid().describe("The payment event's own id."),
    external_contact_id: z.string().describe("Whose payment it is."),
    provider: z.string().describe("Who took the payment."),
    external_payment_id: z.string().describe("The payment's id with its provider."),
    keys: z
      .array(z.object({ provider: z.string(), key: z.string() }))
      .describe("All its names; a shared name is the same payment."),
    event_type: z.string().describe("What was told of it."),
    status: z
      .enum(["pending", "settling", "probable_duplicate", "recorded", "failed", "dismissed"])
      .describe("recorded: decided, its items tell how. settling: it waits for GoHighLevel's telling of it."),
    flags: z.array(z.string()).describe("What staff should see of it, such as shortfall or late."),
    acknowledged: z.array(z.string()).describe("Flags that staff have seen: they wait for nobody any more."),
    amount_cents: count.nullable().describe("In the smallest unit of the currency; null where it was not said."),
    refunded_cents: count.describe("All that was given back of it."),
    currency: z.string().nullable().describe("ISO 4217; null where it was not said: the location's currency."),
    product_config_id: z.string().nullable().describe("The product config (pc_…) of its first item that granted."),
    product_name: z.string().nullable().describe("That product config's name as it is now."),
    entitlement_id: z.guid().nullable().describe("The entitlement which that item opened."),
    items: z.array(paymentItemShape).describe("What was bought, line by line."),
    refunds: z.array(refundShape),
    disputes: z.array(disputeShape),
    settles_at: instant.nullable().describe("Until when a settling payment waits."),
    duplicate_of: z.guid().nullable().describe("The payment that it probably repeats, or does."),
    subscription_id: z.string().nullable().describe("The provider's subscription that it pays."),
    external_ref: z.string().nullable().describe("Another reference that was sent with it."),
    paid_at: instant.describe("When it was paid."),
    recorded_at: instant.describe("When we learned of it, by the real clock."),
  })
  .describe("One commercial fact, however many deliveries told of it.");

export const appointmentShape = z
  .object({
    id: z.string().describe("The booking's own id: the provider's, or the external_ref of its deduction."),
    calendar_id: z.string().nullable().describe("The calendar that was booked."),
    status: z
      .enum(["confirmed", "showed", "noshow", "cancelled", "invalid", "deleted"])
      .describe("As its provider says; deleted also where it is another contact's now. A full restore cancels it."),
    starts_at: instant.nullable().describe("Null where nobody said when it takes place."),
    ends_at: instant.nullable().describe("Null where nobody said."),
    booked_at: instant.describe("When it was made."),
    cancelled_at: instant.nullable().describe("When it was first cancelled, since it was last booked."),
    cancelled_by: z.enum(["member", "studio"]).nullable().describe("Unknown means the member; null: nobody did."),
    credits_held: count.describe("Credits that wait for its final status."),
    credits_used: z.int().describe("Credits that it cost for good, a no-show's penalty with them."),
    unfunded: z
      .object({
        reason: z
          .enum(["CONFIG_NOT_FOUND", "NO_ENTITLEMENT", "SERVICE_FAMILY_MISMATCH", "INSUFFICIENT_CREDITS"])
          .describe("Why it could not be charged."),
        detail: z.string().nullable().describe("The finer reason."),
        awaits_period: z.boolean().describe("True: the renewal of its membership will settle it by itself."),
        since: instant.describe("Since when it deserves the charge."),
      })
      .nullable()
      .describe("Null: it was charged, or need not be."),
    flags: z
      .array(z.enum(["funding_refunded", "late", "partly_funded_penalty"]))
      .describe("What staff should see: its credits were refunded, it was told late, a penalty found too few."),
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
    z.object({ kind: z.literal("membership"), ...eventFields, membership: membershipEventShape }),
    z.object({ kind: z.literal("payment"), ...eventFields, payment: paymentShape }),
    z.object({ kind: z.literal("appointment"), ...eventFields, appointment: appointmentShape }),
    z.object({ kind: z.literal("opportunity"), ...eventFields, opportunity: opportunityShape }),
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

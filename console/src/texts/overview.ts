import { formatNumber } from "../ui/format.ts";
import { credits } from "./product-rule.ts";

const many = (count: number, one: string, more: string) => `${formatNumber(count)} ${count === 1 ? one : more}`;

/** Words of a location at one glance. */
export const overviewTexts = {
  title: "Overview",
  as_of: "As of",
  attention: {
    title: "Needs attention",
    nothing: "Nothing waits for a person.",
    more: (count: number) => `and ${formatNumber(count)} more`,
    kinds: {
      disconnected: {
        title: "Connection lost",
        about: "Purchases or bookings may not arrive.",
        go: "Look at connections",
      },
      failed_webhook: {
        title: "Dead webhooks",
        about: "Deliveries that could not be taken: replay them once the cause is gone.",
        go: "Replay",
      },
      unmatched_payment: {
        title: "Unmatched payments",
        about: "Paid for something that no product config knows.",
        go: "Match",
      },
      probable_duplicate: {
        title: "Probable duplicates",
        about: "Two providers told of what looks like one payment.",
        go: "Decide",
      },
      held_payment: { title: "Held payments", about: "Once per person, and bought again.", go: "Decide" },
      unfunded_booking: {
        title: "Unfunded bookings",
        about: "Booked without credits to take.",
        go: "Settle",
      },
      charged_while_frozen: {
        title: "Charged while frozen",
        about: "Paid for a membership that stands still.",
        go: "Look at payments",
      },
      refund_shortfall: {
        title: "Refund shortfalls",
        about: "Refunded after its credits were used.",
        go: "Look at payments",
      },
      refund_unreckoned: {
        title: "Refunds not reckoned",
        about: "Refunds of which nobody said what they are of.",
        go: "Look at payments",
      },
      balance_not_written: {
        title: "Balances not shown",
        about: "GoHighLevel did not take them.",
        go: "Look at connections",
      },
    },
    connections: {
      location: "The location is out of use",
      ghl: "GoHighLevel",
      ghl_transactions: "GoHighLevel's transactions",
      ghl_transactions_sweep: "GoHighLevel's transactions",
      ghl_subscriptions: "GoHighLevel's subscriptions",
      ghl_bookings: "GoHighLevel's bookings",
      stripe: "Stripe",
    },
    reasons: {
      CONFIG_NOT_FOUND: "No product config covers its calendar",
      NO_PRODUCT_CONFIG: "No product config is sold under this name",
      SEVERAL_PRODUCT_CONFIGS: "Several product configs are sold under this name",
      QUANTITY_OUT_OF_RANGE: "An unlikely quantity",
      UNKNOWN_CONTACT: "Nobody said whose it is",
      PERIOD_ALREADY_GRANTED: "This period was granted before",
      ONCE_PER_CONTACT: "Bought again",
      NO_ENTITLEMENT: "Holds nothing that can be used",
      SERVICE_FAMILY_MISMATCH: "Holds credits for other bookings",
      INSUFFICIENT_CREDITS: "Holds too few credits",
      DISCONNECTED: "Disconnected",
      NEEDS_REINSTALL: "Permission has ended: install again",
    },
  },

  figures: {
    outstanding: "Outstanding credits",
    outstanding_hint: (held: number) =>
      held === 0 ? "owed to members" : `${formatNumber(held)} of them held for bookings`,
    today: "Covered today",
    today_of: (covered: number, all: number) => `${formatNumber(covered)} of ${formatNumber(all)}`,
    today_hint: (unfunded: number) => (unfunded === 0 ? "bookings" : `${formatNumber(unfunded)} unfunded`),
    nothing_today: "No bookings",
    expiring: "Expiring in 14 days",
    expiring_hint: (people: number) => many(people, "person", "people"),
    active: "Active members",
    renewing: "Renewals in 7 days",
    renewing_hint: (ending: number) => (ending === 0 ? "none is to end" : `${formatNumber(ending)} to end instead`),
  },

  today: {
    title: "Today's bookings",
    all: "All bookings",
    none: "Nothing is booked today.",
    more: (count: number) => `${formatNumber(count)} more today`,
    cancelled: (count: number) => `${formatNumber(count)} cancelled`,
    no_time: "no time told",
    coverage: {
      held: "Funded",
      used: "Used",
      no_show: "No-show",
      late_cancel: "Cancelled late",
      unfunded: "Unfunded",
      released: "Costs nothing",
    },
  },

  movement: {
    title: "Credits in 30 days",
    chart: (from: string, to: string) => `Outstanding credits day by day, from ${from} to ${to}.`,
    day: (day: string, outstanding: number) => `${day}: ${formatNumber(outstanding)}`,
    rows: {
      opening: "Opening",
      granted: "Granted",
      adjusted: "Adjusted",
      used: "Used",
      no_show: "No-shows",
      late_cancel: "Late cancellations",
      expired: "Expired",
      refunded: "Refunded",
      closing: "Outstanding now",
    },
    due: (count: number) => `${credits(count)} of it have expired and are booked within a minute.`,
    unlimited: (count: number) =>
      `${many(count, "unlimited entitlement counts", "unlimited entitlements count")} nothing.`,
    by_product: "By product",
  },

  expiring: {
    title: "Next to expire",
    none: "Nothing expires in the next 14 days.",
    all: "All who are affected",
    worth: (money: string) => `worth ${money}`,
    worth_of: (money: string, valued: number) => `worth ${money}, as far as known (${formatNumber(valued)} credits)`,
  },

  members: {
    title: "Members by state",
    states: {
      active: "Active",
      frozen: "Frozen",
      past_due: "Past due",
      suspended: "Suspended",
      ending: "Of these to end",
    },
    renewals: "Next renewals",
    no_renewals: "None in the next 7 days.",
    all: "All memberships",
    none: "No memberships yet.",
  },

  health: {
    title: "Whether everything runs",
    sources: { ghl: "GoHighLevel", stripe: "Stripe" },
    last: "last webhook",
    no_source: "No webhook yet",
    no_source_about: "The API needs none.",
    webhooks: "Webhooks",
    queue: "Queue",
    queue_clear: "Nothing waits",
    queue_waiting: (count: number) => many(count, "delivery waits", "deliveries wait"),
    ledger: "Ledger",
    verified: "verified",
    clean: "Clean",
    dirty: (count: number) => many(count, "finding", "findings"),
    never: "Not verified yet",
    verify: "Verify now",
    verified_now: (contacts: number, entries: number) =>
      `Verified: ${many(entries, "entry", "entries")} of ${many(contacts, "contact", "contacts")}, every balance and chain as it must be.`,
    broken: "The books do not agree with themselves. See the findings below, and ask whoever runs the server.",
  },
};

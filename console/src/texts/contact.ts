import { formatNumber } from "../ui/format.ts";

/** Words of one contact's page. */
export const contactTexts = {
  contacts: "Contacts",
  booking: "Booking",
  upcoming: "Upcoming",
  past: "Past",
  unnamed: "No name",
  external_id: "External id",
  own_id: "Kotally id",
  e_mail: "E-mail",
  available: "Available",
  held: "Held for bookings",
  lifetime: "Lifetime value",
  last_paid: "Last paid",
  never_paid: "Never",
  payments: (count: number) => (count === 1 ? "1 payment" : `${formatNumber(count)} payments`),
  balance: "Balance",
  memberships: "Memberships",
  no_credits: "No live credits",
  no_credits_about: "Grant some, or wait for the next payment.",
  tabs: {
    timeline: "Timeline",
    ledger: "Ledger",
    bookings: "Bookings",
    payments: "Payments",
    entitlements: "Entitlements",
  },
  nothing: {
    timeline: "Nothing has happened yet",
    timeline_about: "Payments, bookings, and every credit that moves appear here.",
    ledger: "No entries yet",
    ledger_about: "The first grant writes the first one.",
    bookings: "No bookings yet",
    bookings_about: "They come from the calendar, or with a deduction that names one.",
    payments: "No payments yet",
    payments_about: "A payment through GoHighLevel, Stripe or the API appears here.",
    entitlements: "No entitlements yet",
    entitlements_about: "Every purchase and period opens one.",
  },
};

/** The columns of the contact's lists. */
export const contactColumns = {
  entry: "No.",
  when: "When",
  what: "What",
  entitlement: "Entitlement",
  amount: "Amount",
  balance: "Balance after",
  source: "From",
  starts: "Takes place",
  calendar: "Calendar",
  status: "Status",
  cost: "Credits",
  covered: "Covered",
  paid: "Paid",
  product: "For",
  sum: "Sum",
  refunded: "Refunded",
  id: "Id",
  share: "Share left",
  left: "Left",
  expires: "Expires",
  origin: "From",
  booking: "Booking",
  payment: "Payment",
};

/** How a booking stands with the books. */
export const coverageTexts = {
  unfunded: "Unfunded",
  awaits: "Waits for the renewal",
  held: (count: string) => `${count} held`,
  used: (count: string) => `${count} used`,
  free: "No charge",
  settle: "Settle",
  reasons: {
    CONFIG_NOT_FOUND: "No product covers this calendar.",
    NO_ENTITLEMENT: "The member held nothing that covers it.",
    SERVICE_FAMILY_MISMATCH: "The member's credits are for other calendars.",
    INSUFFICIENT_CREDITS: "The member had too few credits.",
  },
};

/** Words of a membership. */
export const membershipTexts = {
  period: "This period",
  no_period: "No period is paid",
  since: "Member since",
  renews: "Renews",
  renewals: {
    payment: "when the next payment comes",
    schedule: "by itself",
    provider: "with its subscription",
  },
  ends: "Ends",
  grace: "Credits stay usable until",
  next_plan: "From the next period on",
  frozen: "Frozen",
  freeze_planned: "Freeze planned",
  until: (day: string) => `until ${day}`,
  open_end: "without an end date",
  days: (count: string) => `${count} days`,
  progress: (done: string) => `${done} of the period has passed`,
  actions: (name: string) => `Actions for ${name}`,
  past: (count: string) => `${count} ended`,
};

import { formatNumber } from "../ui/format.ts";

const locations = (count: number) => `${formatNumber(count)} active ${count === 1 ? "location" : "locations"}`;

/** What concerns everybody of a workspace, by what the server says of it. `at`: the instant in words, where there is one. */
export const billingBanners = {
  not_subscribed: () =>
    "This workspace has no plan yet: its locations stay pending, and nothing may change until an owner subscribes.",
  trial_ends: (at: string | null) => `The trial ends on ${at ?? "its last day"}; the card is charged then.`,
  subscription_ends: (at: string | null) =>
    `The subscription ends on ${at ?? "its last day"}. After that changes rest, and everything stays readable for 90 days.`,
  payment_failed: (at: string | null) =>
    at === null
      ? "The last payment failed. Everything still works; settle the bill to keep it so."
      : `The last payment failed. Everything still works until ${at}; settle the bill to keep it so.`,
  suspended: () =>
    "Billing is suspended. You can read and export everything; changes wait until the bill is paid, and what arrives is kept and taken in order then.",
  cancelled: (at: string | null) =>
    at === null
      ? "The subscription has ended. Everything can be read and exported; nothing may change."
      : `The subscription has ended. Everything can be read and exported until ${at}, and is deleted then.`,
  go: "Open billing",
};

export const billingTexts = {
  title: "Billing",
  about: "What this workspace pays for Kotally. Cards are kept by Stripe, never here.",
  subscribe: "Subscribe",
  subscribe_again: "Subscribe again",
  manage: "Card, bills, cancellation",
  settle: "Settle the bill",
  states: {
    none: "No plan",
    trialing: "Trial",
    active: "Active",
    past_due: "Past due",
    suspended: "Suspended",
    cancelled: "Ended",
  },
  free: "Nobody is billed here",
  free_about: "This server is run without billing: every location works, and nothing is charged.",
  paid: "Thank you: the subscription is there.",
  not_paid: "The payment page was not completed, so nothing was charged.",
  back: "Up to date with Stripe.",
  trouble: (why: string) =>
    `Stripe could not be asked lately (${why}). What you see is from before; it is asked again every minute.`,
  as_of: "Last asked at Stripe",
};

export const planTexts = {
  title: "Plan",
  month: "A month costs",
  month_hint: locations,
  with_pending: (count: number) => `${locations(count)} once you have subscribed`,
  trial: "Trial until",
  trial_first: "First",
  trial_days: (days: number) => `${formatNumber(days)} days free`,
  trial_hint: "A card is asked for, and nothing is charged until then.",
  renews: "Renews on",
  ends: "Ends on",
  suspends: "Suspended on",
  deleted: "Deleted on",
  next: "Next bill",
  no_next: "None",
};

export const locationPriceTexts = {
  title: "Locations and their price",
  about: "The first active location costs $59 a month, each further one $19. Sandboxes cost nothing.",
  location: "Location",
  status: "Status",
  month: "A month",
  free: "Free",
  later: "once active",
  nothing: "No locations yet",
  nothing_about:
    "A location is billed from the moment it is active; add the first one, or try everything in a sandbox.",
  add: "Go to locations",
};

export const furtherTexts = {
  title: "What more would cost",
  label: "Further locations",
  month: (now: string, then: string) => `${then} a month instead of ${now}`,
  next: (total: string, at: string) =>
    `With the part of this month that is left, the next bill on ${at} comes to ${total}.`,
  trial: "While the trial lasts nothing is charged.",
  error: "A whole number from 1 to 1,000.",
};

export const invoiceTexts = {
  next: "Next bill",
  line: "What",
  period: "For",
  part: "Part of a month",
  whole: "A month",
  title: "Bills",
  number: "Number",
  date: "Date",
  status: "Status",
  total: "Total",
  due: "To pay",
  draft_number: "Draft",
  pay: "Pay",
  open: "Open",
  pdf: "PDF",
  nothing: "No bills yet",
  nothing_about: "The first one comes when the trial is over.",
  statuses: { draft: "Draft", open: "Open", paid: "Paid", uncollectible: "Not collected", void: "Void" },
};

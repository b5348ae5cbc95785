const credits = (count: number) => (count === 1 ? "1 credit" : `${count} credits`);
const hours = (count: number) => (count === 1 ? "1 hour" : `${count} hours`);
const from = (products: string) => (products === "" ? "" : ` of ${products}`);

/** Words of the bookings of a location. */
export const bookingsTexts = {
  title: "Bookings",
  lists: { upcoming: "Upcoming", past: "Past", all: "All" },
  which: "Which bookings",
  search: "Member, or a booking's id",
  filter: "Show only",
  days: "Taking place",
  filters: {
    funded: "Funded",
    unfunded: "Unfunded",
    no_show: "No-show",
    late_cancel: "Late cancellation",
    flagged: "Flagged",
  },
  columns: {
    member: "Member",
    when: "When",
    calendar: "Calendar",
    products: "Paid from",
    credits: "Credits",
    standing: "Stands",
    why: "Why",
  },
  standings: {
    held: "Funded",
    used: "Used",
    no_show: "No-show",
    late_cancel: "Cancelled late",
    unfunded: "Unfunded",
    released: "Costs nothing",
  },
  statuses: {
    confirmed: "Booked",
    showed: "Attended",
    noshow: "Missed",
    cancelled: "Cancelled",
    invalid: "Called invalid",
    deleted: "Deleted",
  },
  flags: {
    funding_refunded: "The credits behind it were refunded.",
    late: "Its calendar told of it late: check what else happened meanwhile.",
    partly_funded_penalty: "The no-show's penalty found fewer credits than it takes.",
  },
  no_time: "No time was told",
  none: {
    titles: {
      upcoming: "Nothing is booked from here on",
      past: "Nothing has taken place yet",
      all: "Nothing was ever booked",
    },
    about: "A booking appears as soon as a connected calendar tells of it, or the API deducts for it.",
    action: "Which calendars take credits",
  },
  none_found: { title: "No booking matches", about: "Look at other days, or clear the filters." },
  panel: {
    facts: {
      starts: "Takes place",
      ends: "Ends",
      booked: "Booked",
      cancelled: "Cancelled",
      by: "Cancelled by",
      id: "Id",
    },
    cancellers: { member: "Member", studio: "Studio" },
    said: "Its calendar says",
    window: "Cancellation window",
    window_value: (count: number) => (count === 0 ? "Any time before the start" : `${hours(count)} before the start`),
    flagged: "Look at this",
    entries: "Ledger entries",
    no_entries: "It moved no credits.",
    versions: "What its calendar said",
    no_versions: "No calendar told of it: the API made it.",
    decisions: "What staff decided",
    heard: "Heard",
  },
  settle: "Settle",
  settle_all: "Settle all…",
  settle_all_title: "Settle all unfunded bookings",
  settle_all_about:
    "Every unfunded booking is charged now, where its member has credits that are usable for it. Those that still cannot be charged stay as they are.",
  settle_all_confirm: (count: number) => (count === 1 ? "Settle 1 booking" : `Settle ${count} bookings`),
  waive: {
    action: "Let go…",
    title: (name: string) => `Let ${name}'s booking go`,
    about: "It costs nothing, and is no longer listed as unfunded.",
    confirm: "Let go",
    done: (name: string) => `${name}'s booking costs nothing.`,
  },
  studio_cancelled: {
    action: "Studio cancelled…",
    title: (name: string) => `The studio cancelled ${name}'s booking`,
    about: "All credits go back, however late it was. What has expired meanwhile comes back for 30 days.",
    confirm: "Give credits back",
    done: (name: string) => `${name} has the credits back.`,
  },
};

/** Why a booking stands as it does, in a sentence. */
export const bookingWhyTexts = {
  held: (count: number, products: string) =>
    `${credits(count)}${from(products)} ${count === 1 ? "waits" : "wait"} for the visit.`,
  used: (count: number, products: string) => `The visit used ${credits(count)}${from(products)}.`,
  attended: (count: number, products: string) => `Attended: it used ${credits(count)}${from(products)}.`,
  no_show: (count: number, products: string) => `The member did not come: it kept ${credits(count)}${from(products)}.`,
  late_cancel: (notice: number | null, window: number, count: number, products: string) =>
    `Cancelled ${notice === null ? "late" : noticeOf(notice)}; the window is ${hours(window)}, so it kept ${credits(count)}${from(products)}.`,
  in_time: (notice: number, window: number) =>
    `Cancelled ${noticeOf(notice)}; the window is ${hours(window)}, so it costs nothing.`,
  cancelled: "It was cancelled, and costs nothing.",
  by_studio: "The studio cancelled: every credit went back.",
  invalid: "Its calendar took it back, so it costs nothing.",
  covered: (products: string) => `Covered by ${products}, which has no balance to draw on.`,
  free: "It costs nothing: nothing was charged for it.",
  awaits_period: "The renewal of its membership will settle it by itself.",
  unfunded: {
    CONFIG_NOT_FOUND: "No active product config covers its calendar.",
    NO_ENTITLEMENT: "The member holds nothing that is usable for it.",
    SERVICE_FAMILY_MISMATCH: "The member has credits, but not for its calendar.",
    INSUFFICIENT_CREDITS: "The member has too few credits left for it.",
  },
};

function noticeOf(notice: number): string {
  return notice < 0 ? `${hours(-notice)} after its start` : `${hours(notice)} before its start`;
}

/** Every word of the staff embed. */
export const embedTexts = {
  title: "Kotally",
  finding_out: "Finding out who is there…",
  loading: "Loading…",
  open_kotally: "Open Kotally",
  open_contact: "Open in Kotally",
  retry: "Try again",
  sandbox: "Sandbox",
  greeting: (name: string) => `Signed in through GoHighLevel as ${name}`,

  not_in: {
    no_context: {
      title: "Open this inside GoHighLevel",
      about: "This page asks GoHighLevel who you are, and nobody answered. Open it from the menu of a location there.",
    },
    refused: {
      title: "You are not let in here",
      about:
        "Kotally is not connected to this location, or the page was opened outside one. Open it again from the location's own menu.",
    },
    expired: {
      title: "This visit is over",
      about: "Launch the sandbox again to go on.",
    },
    unreachable: {
      title: "Kotally does not answer",
      about: "Check the connection, then try again. Nothing is lost: this page only reads.",
    },
  },

  failed: "This could not be loaded.",
  too_often: "That was too often. Wait a moment.",

  search: {
    label: "Find a member",
    placeholder: "Name, e-mail, phone or id",
    none: "Nobody matches. Search looks at the beginning of names, addresses and numbers, and at whole ids.",
    more: "There are more: type a little more of the name.",
    found: (count: number) => (count === 1 ? "1 member" : `${count} members`),
    nothing_left: "No credits",
  },

  today: {
    title: "Today",
    none: "No bookings today.",
    more: "Show more",
    count: (count: string) => `${count} booked`,
    uncovered: (count: string) => `${count} not covered`,
    nameless: "Unnamed member",
  },

  panel: {
    member: "Member",
    back: "Back",
    unknown: {
      title: "Kotally does not know this member yet",
      about: "They appear with their first payment or booking.",
    },
    no_contact: "Find a member to see what they have.",
    balance: "Balance",
    no_products: "Nothing was bought yet.",
    left: (count: string) => `${count} left`,
    of: (left: string, granted: string) => `${left} of ${granted}`,
    held: (count: string) => `${count} held`,
    unlimited: "Unlimited",
    used_up: "Used up",
    last_day: (day: string) => `through ${day}`,
    never: "no expiry",
    from: (day: string) => `from ${day}`,
    memberships: "Membership",
    next: "Next bookings",
    no_next: "Nothing booked.",
    last: "Last bookings",
    no_last: "No visits yet.",
    payments: "Last payments",
    no_payments: "No payments yet.",
    payment: "Payment",
    refunded: (amount: string) => `${amount} refunded`,
    ledger: "Ledger",
    no_entries: "No movements yet.",
    balance_after: (count: string) => `${count} left`,
  },

  membership: {
    renews: (day: string) => `Renews ${day}`,
    ends: (day: string) => `Ends ${day}`,
    frozen: (day: string) => `Frozen through ${day}`,
    past_due: (day: string) => `Renewal unpaid; credits count through ${day}`,
    suspended: "The renewal was not paid",
    ended: "Over",
  },

  standing: {
    held: "Covered",
    used: "Used",
    no_show: "No-show",
    late_cancel: "Late cancel",
    unfunded: "Not covered",
    released: "No charge",
  },

  unfunded: {
    CONFIG_NOT_FOUND: "no product covers it",
    NO_ENTITLEMENT: "no credits",
    SERVICE_FAMILY_MISMATCH: "the credits are for something else",
    INSUFFICIENT_CREDITS: "too few credits",
  },
};

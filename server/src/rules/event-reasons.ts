/** Why a delivered event waits, was left alone, or could not be taken; the outcomes of its business are told by `reasons.ts`. */
export const EVENT_REASONS = {
  LOCATION_UNKNOWN: {
    meaning: "No connected location has this id.",
    remedy: "Connect the location, or claim its installation: the event is taken then.",
  },
  BODY_UNREADABLE: {
    meaning: "The body is signed and is no JSON object.",
    remedy: "Nothing can be taken from it; ask the provider to send it again.",
  },
  EVENT_TOO_LARGE: {
    meaning: "The provider was asked, and its answer is too large to be kept.",
    remedy: "Look the object up at the provider by the event's key, and book by hand what it comes to.",
  },
  CONTACT_KEPT: { meaning: "The CRM deleted the contact; its books are kept.", remedy: "Nothing to do." },
  SHOWN_IN_TIMELINE: { meaning: "It moves no credits; the contact's timeline shows it.", remedy: "Nothing to do." },
  BOOKING_UNREADABLE: {
    meaning: "A deleted booking that does not say whose it was.",
    remedy: "If it was charged, cancel it by hand.",
  },
  TRANSACTION_AWAITED: {
    meaning: "A subscription's order waits for its transaction, which says the period that was paid.",
    remedy: "Nothing to do: it is looked at again by itself.",
  },
  LOOKUP_IMPOSSIBLE: {
    meaning: "Stripe must be asked what the event means, and the connection has no key.",
    remedy: "Connect the Stripe account with a restricted key, then replay the event.",
  },
  PAID_OUT_OF_BAND: {
    meaning: "The invoice was marked as paid by hand; no card money moved.",
    remedy: "Grant the credits by hand if the member paid otherwise.",
  },
  TOLD_BY_INVOICE: { meaning: "The invoice itself tells of this payment.", remedy: "Nothing to do." },
  SUBSCRIPTION_UNKNOWN: { meaning: "The subscription pays no membership here.", remedy: "Nothing to do." },
  EVENT_UNUSED: { meaning: "Kotally has no use for events of this type.", remedy: "Nothing to do." },
  BILLING_SUSPENDED: {
    meaning: "The workspace's billing is suspended; nothing is lost.",
    remedy: "The workspace owner settles the bill: the event is taken then, in the order of time.",
  },
  TAKING_FAILED: {
    meaning: "Something broke while the event was taken; nothing was changed by this attempt.",
    remedy: "It is tried again by itself; when it is dead, replay it.",
  },
  GIVEN_UP: {
    meaning: "A person gave the event up; detail says why.",
    remedy: "Nothing to do; replay it if that was wrong.",
  },
  INSTALLATION_RECORDED: { meaning: "The installation was recorded.", remedy: "Nothing to do." },
  LOCATION_DISCONNECTED: {
    meaning: "The app was uninstalled: tokens are destroyed, data is kept.",
    remedy: "Install the app again to go on.",
  },
} as const satisfies Record<string, { meaning: string; remedy: string }>;

export type EventReason = keyof typeof EVENT_REASONS;

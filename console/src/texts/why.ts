import { providerTexts } from "./entries.ts";

/** Words that answer "why?". */
export const whyTexts = {
  title: "Why?",
  by: "By",
  actors: {
    person: (name: string) => name,
    api_client: (name: string) => `API client ${name}`,
    delivery: deliveryWords,
    command_line: () => "the command line",
    time: () => "the calendar: it fell due",
  },
  in_words: "In their words",
  movement: (from: string, to: string) => `${from} → ${to}`,
  balance: "Balance of the entitlement",
  entitlement: "Entitlement",
  other_entitlement: "Other entitlement",
  membership: "Membership",
  booking: "Booking",
  payment: "Payment",
  rule: "Rule",
  rule_number: (number: string) => `No. ${number} of the rules`,
  true_at: "True since",
  written_at: "Written",
  happened_at: "When",
  entry: "Entry",
  request: "Request",
  answered: "Answered",
  correlation: "Correlation id",
  provider: "Taken by",
  provider_id: "Its payment id",
  status: "Status",
  refunded: "Refunded",
  event: "Told as",
  items: "Items",
  decisions: "What staff decided",
  together: "Booked together with it",
  given_back: "Given back since",
  reverses: "It gives back",
  said: "What the calendar said",
  entries: "What it moved",
  nothing_said: "The API made it; no calendar ever told of it.",
  received: "heard",
  window: "Cancellation window",
  window_hours: (hours: string) => `${hours} hours before the start`,
  cancelled_before: "That was",
  hours_before: (hours: string) => `${hours} hours before the start`,
  charged_to: "Charged to",
  calendar: "Calendar",
  cancelled_at: "Cancelled on",
  from: "From",
  until: "Until before",
  subject: "About",
  action: "What",
  own_words: "Staff decided it.",
  opportunity: "GoHighLevel told of a sales opportunity. It moves no credits.",
  paid: "Somebody paid.",
};

/** How a booking stands with its credits, as a sentence. */
export const standingTexts = {
  held: "Its credits are held until the visit.",
  used: "The visit took its credits.",
  no_show: "The member did not come: the credits are gone.",
  late_cancel: "It was cancelled after its window had closed: the credits are gone.",
  unfunded: "It could not be charged.",
  released: "It costs nothing.",
};

/** Why an item of a payment waits for a person. */
export const paymentStandingTexts = {
  pending: "It is told of, but not paid yet: credits come with the money.",
  settling: "It waits a moment for GoHighLevel to tell of the same payment.",
  probable_duplicate: "It looks like a payment that was told before, so it is held back until a person decides.",
  recorded: "It is recorded; its items say what they became.",
  failed: "The payment failed: nothing was granted.",
  dismissed: "Staff decided that it grants nothing.",
};

/** A delivery's provider and type, of which there may be the provider alone: "ghl AppointmentCreate". */
function deliveryWords(name: string): string {
  const [provider = "", ...type] = name.split(" ");
  const known: Record<string, string | undefined> = providerTexts;
  const teller = known[provider] ?? provider;
  const asked = POLLED[type.join(" ")];
  if (asked !== undefined) return `${teller}, asked for its ${asked}`;
  return type.length === 0 ? teller : `${teller}'s ${type.join(" ")}`;
}

/** What no webhook told: Kotally asked. */
const POLLED: Record<string, string | undefined> = {
  PolledTransaction: "payments",
  PolledSubscription: "subscriptions",
  PolledBooking: "bookings",
};

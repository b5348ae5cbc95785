import type { BookingVersion } from "./bookings/booking-version.ts";
import type { Catalog } from "./catalog/product-config.ts";
import type { Changes } from "./credits/member-books.ts";
import type { Member } from "./credits/member.ts";
import type { Explanation, Outcome } from "./outcome.ts";
import type { Dispute, PaymentEvent, Refund } from "./payments/payment-event.ts";
import type { PaymentKey } from "./payments/told.ts";
import type { Instant } from "./time/local-days.ts";

/** Everything a decision may look at. */
export interface Facts {
  /** Null: the location has no such contact. */
  member: Member | null;
  /** The payment events that the command's payment keys already name: one, unless a key only now joins two. */
  payments: readonly PaymentEvent[];
  /** The member that the first of them was granted to, where it is another one; read, not locked. */
  payer: Member | null;
  /** A second member that the command changes too: the one that another is merged into. */
  related: Member | null;
  /** Refunds and disputes that were told under the command's payment keys before the payment itself. Rule 34. */
  unattached: readonly Unattached[];
  /** Payments of this contact around the time of the command's; only where it asks for them. Rule 32. */
  nearby_payments: readonly PaymentEvent[];
  /** Earlier takers of once-per-contact offers: this contact, or one with its e-mail or phone. Rule 36. */
  offers_taken: readonly { product_config_id: string; contact_id: string }[];
  /** What was told of the command's booking before, in any order. Clarification 23. */
  booking_versions: readonly BookingVersion[];
  /** External ids of contacts that were merged into this one, however many steps ago. Rule 29. */
  aliases: readonly string[];
  catalog: Catalog;
  /** False: the workspace's billing refuses mutations (rule 37). */
  is_billing_live: boolean;
}

/** The facts about a member of whom nothing else was ever told. */
export function factsAbout(member: Member | null, catalog: Catalog): Facts {
  return {
    member,
    payments: [],
    payer: null,
    related: null,
    unattached: [],
    nearby_payments: [],
    offers_taken: [],
    booking_versions: [],
    aliases: [],
    catalog,
    is_billing_live: true,
  };
}

/** A refund or dispute whose payment is not known yet; kept, and applied when it comes. Rule 34. */
export interface Unattached {
  keys: readonly PaymentKey[];
  refund: Refund | null;
  dispute: Dispute | null;
}

/** Time and chance, as arguments. */
export interface Context {
  /** The location's clock. */
  now: Instant;
  correlation_id: string;
  newId(): string;
}

export type Decision =
  | {
      outcome: Outcome;
      changes: Changes | null;
      /** The member after the changes; null where nothing changed. */
      member: Member | null;
      /** Changes of `facts.related`. */
      related?: { changes: Changes; member: Member };
      /** A refund or dispute whose payment nobody knows yet: to be kept until it comes. Rule 34. */
      kept?: Unattached;
      explanation?: Explanation;
    }
  /** The facts do not suffice: load the member's closed lots and ask again. */
  | { needs: "closed_lots" }
  /** The input contradicts the facts in a way that only they could tell: a VALIDATION_ERROR, not remembered. */
  | { invalid: { field: string; message: string } };

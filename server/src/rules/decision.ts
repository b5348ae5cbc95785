import type { Catalog } from "./catalog/product-config.ts";
import type { Changes } from "./credits/member-books.ts";
import type { Member } from "./credits/member.ts";
import type { Explanation, Outcome } from "./outcome.ts";
import type { NewPayment, PaymentEvent } from "./payments/payment-event.ts";
import type { Instant } from "./time/local-days.ts";

/** Everything a decision may look at. */
export interface Facts {
  /** Null: the location has no such contact. */
  member: Member | null;
  /** The payment event that the command's payment key already names. */
  payment: PaymentEvent | null;
  /** The member that payment was granted to, where it is another one. */
  payer: Member | null;
  catalog: Catalog;
  /** False: the workspace's billing refuses mutations (rule 37). */
  is_billing_live: boolean;
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
      payment?: NewPayment;
      explanation?: Explanation;
    }
  /** The facts do not suffice: load the member's closed lots and ask again. */
  | { needs: "closed_lots" }
  /** The input contradicts the facts in a way that only they could tell: a VALIDATION_ERROR, not remembered. */
  | { invalid: { field: string; message: string } };

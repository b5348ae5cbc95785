import type { Stripe } from "stripe";
import { addressAt } from "./read-address.ts";

/** A page on which a workspace subscribes. */
export interface OpenedPage {
  session_id: string;
  /** Null once it can no longer be paid. */
  url: string | null;
  /** Locations that it asks money for. */
  quantity: number;
  customer_id: string | null;
  is_paid: boolean;
}

export function readCheckoutPage(session: Stripe.Checkout.Session): OpenedPage {
  const { id: session_id, customer, status, metadata } = session;
  return {
    session_id,
    url: status === "open" ? addressAt(session, "url") : null,
    quantity: Number(metadata?.["quantity"] ?? 0),
    customer_id: typeof customer === "string" ? customer : (customer?.id ?? null),
    is_paid: status === "complete",
  };
}

import { StripeFailure } from "../../gateways/stripe/failures.ts";
import type { BillingDesk } from "../../operations/billing/billing-desk.ts";
import { reasonOf } from "../../platform/redact.ts";
import type { CallAnswer } from "../location-call.ts";

/** What may come of it beside an answer. */
export const STRIPE_REFUSALS = ["NOT_BILLED", "STRIPE_UNAVAILABLE"] as const;

/** Asks Kotally's own account while somebody waits; or says why there is no answer. */
export async function askStripe(
  desk: BillingDesk | null,
  ask: (desk: BillingDesk) => Promise<CallAnswer>,
): Promise<CallAnswer> {
  if (!desk) return { refused: "NOT_BILLED" };
  try {
    return await ask(desk);
  } catch (error) {
    if (!(error instanceof StripeFailure)) throw error;
    return { refused: "STRIPE_UNAVAILABLE", why: reasonOf(error) };
  }
}

import type { PaymentKey } from "./told.ts";

const UNKNOWN = "unknown:";
const STRIPE_CUSTOMER = "stripe:cus_";

/** The external id under which payments of somebody whom nobody knows are kept until staff say who it is. */
export function placeholderOf({ keys, provider }: { keys: readonly PaymentKey[]; provider: string }): string {
  return `${UNKNOWN}${keys[0] ? `${keys[0].provider}:${keys[0].key}` : provider}`;
}

/** Nothing is granted to it. */
export function isPlaceholder(external_id: string): boolean {
  return external_id.startsWith(UNKNOWN) || external_id.startsWith(STRIPE_CUSTOMER);
}

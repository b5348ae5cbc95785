import type { PaymentKey } from "./told.ts";

const UNKNOWN = "unknown:";
/** No id that a system would give its contacts itself. */
const PLACEHOLDER = /^unknown:(?:stripe|ghl):/;

/** The external id under which payments of somebody whom nobody knows are kept until staff say who it is. */
export function placeholderOf({ keys, provider }: { keys: readonly PaymentKey[]; provider: string }): string {
  return `${UNKNOWN}${keys[0] ? `${keys[0].provider}:${keys[0].key}` : provider}`;
}

/** Nothing is granted to it. */
export function isPlaceholder(external_id: string): boolean {
  return PLACEHOLDER.test(external_id);
}

import type { Instant } from "../rules/time/local-days.ts";
import { findCredits } from "./contact-credits.ts";
import { findLiveEntitlements } from "./contact-entitlements.ts";
import type { ContactView } from "./contact-read.ts";

/** A member's balance as other systems show it. */
export interface ShownBalance {
  contact_id: string;
  external_id: string;
  credits_available: number;
  /** When it may change by time alone; null: it does not. */
  changes_at: Instant | null;
}

/** What `GET /contacts/{id}/credits` says of it, and how long that holds. */
export async function findBalance(view: ContactView): Promise<ShownBalance> {
  const { contact, now } = view;
  const [{ credits_available }, lots] = await Promise.all([findCredits(view), findLiveEntitlements(view)]);
  const changes = lots
    .flatMap(({ effective_at, expires_at, freezes }) => [
      effective_at,
      expires_at ?? 0,
      ...(freezes ?? []).flatMap(({ from_at, to_at }) => [from_at, to_at]),
    ])
    .filter((at) => at > now);
  return {
    contact_id: contact.id,
    external_id: contact.external_contact_id,
    credits_available,
    changes_at: changes.length === 0 ? null : Math.min(...changes),
  };
}

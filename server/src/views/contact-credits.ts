import { z } from "zod";
import { statusOf } from "../rules/credits/lot.ts";
import { findLiveEntitlements, showEntitlement } from "./contact-entitlements.ts";
import type { ContactRead, ContactView } from "./contact-read.ts";
import { creditsShape } from "./shapes.ts";

/** Live entitlements that one answer names at most; the balances count all of them. */
const MAX_LIVE = 100;

const answer = z.object({ credits: creditsShape });

export const contactCredits: ContactRead<typeof answer> = {
  name: "contact_credits",
  reason_code: "credits_loaded",
  summary: "What does the contact have now?",
  answer,
  cursor: null,
  read: async (view) => ({ credits: await findCredits(view) }),
};

/** Balances over all that is usable now, and the live entitlements with the usable ones first. */
export async function findCredits(view: ContactView): Promise<z.output<typeof creditsShape>> {
  const lots = await findLiveEntitlements(view);
  const is_active = (lot: (typeof lots)[number]) => statusOf(lot, view.now) === "active";
  const active = lots.filter(is_active);
  const named = [...active, ...lots.filter((lot) => !is_active(lot))].slice(0, MAX_LIVE);
  return {
    credits_available: active.reduce((sum, lot) => sum + lot.available, 0),
    credits_held: lots.reduce((sum, lot) => sum + lot.held, 0),
    unlimited: active.some((lot) => lot.unlimited),
    entitlements: named.map((lot) => showEntitlement(lot, view.now)),
  };
}

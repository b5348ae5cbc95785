import type { Transaction } from "../../platform/database.ts";
import { resolveTerms } from "../../rules/catalog/product-terms.ts";
import { simulateMember, type SimulatedLine } from "../../rules/catalog/simulate-member.ts";
import { localDate, type Instant } from "../../rules/time/local-days.ts";
import { findLocations } from "../../store/locations.ts";
import { assertSound, familiesOf, type ProductDraft } from "./edit-product.ts";

export interface PreviewAsk {
  months: number;
  visits_per_week: number;
}

/** What a member would live through who buys the draft today, in this location. Throws InputError. */
export async function previewProduct(
  tx: Transaction,
  location_id: string,
  draft: ProductDraft,
  { months, visits_per_week }: PreviewAsk,
  real_now: Instant,
): Promise<SimulatedLine[]> {
  const [[location], families] = await Promise.all([findLocations(tx, [location_id]), familiesOf(tx, location_id)]);
  if (!location) throw new Error(`there is no location ${location_id}`);
  assertSound(draft, families);
  const identity = { id: "draft", key: "draft", name: draft.name, type: draft.type, active: true };
  const { timezone, clock_offset_ms } = location;
  return simulateMember({
    policy: { ...location, stripe_settle_seconds: 0, no_credit_products: new Set() },
    config: resolveTerms(identity, draft.terms, families),
    starts_on: localDate(real_now + clock_offset_ms, timezone),
    months,
    visits_per_week,
  });
}

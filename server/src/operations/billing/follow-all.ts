import { takesQuantity } from "../../rules/billing/subscription.ts";
import { beginDueReadings, findQuantityGaps, keepQuantity, type QuantityGap } from "../../store/billing-accounts.ts";
import type { BillingDesk } from "./billing-desk.ts";
import { finishReading, READING_LEASE_MS } from "./follow-subscription.ts";

/** Workspaces that one round looks at, at most; the next round has the rest. */
const ROUND = 200;
const TAKES_QUANTITY = ["trialing", "active", "past_due"].filter(takesQuantity);

export interface Followed {
  readings: number;
  quantities: number;
}

/**
 * Asks Stripe about every workspace that is due: something was told of it, something falls due by time, or a day has passed. Then gives
 * each subscription the number of its workspace's active locations. A failure of one holds up no other.
 */
export async function followAll(
  desk: BillingDesk,
  onFailure: (workspace_id: string, error: unknown) => void,
  stopping?: AbortSignal,
): Promise<Followed> {
  const { db, clock } = desk;
  const now = clock.now();
  const due = { now, leased_until: now + READING_LEASE_MS, at_most: ROUND };
  const readings = await db.transaction("owner", (tx) => beginDueReadings(tx, due));
  const read = await each(readings, (reading) => finishReading(desk, reading), onFailure, stopping);
  const gaps = await db.transaction("owner", (tx) => findQuantityGaps(tx, TAKES_QUANTITY, ROUND), { read_only: true });
  const changed = await each(gaps, (gap) => followLocations(desk, gap), onFailure, stopping);
  return { readings: read, quantities: changed };
}

/** Rule 38. Stripe prorates by itself. Told twice, it changes the quantity once. */
async function followLocations({ db, ports }: BillingDesk, gap: QuantityGap): Promise<void> {
  const { subscription_id, item_id, active_locations: quantity, quantity_changes } = gap;
  await ports.setQuantity({ subscription_id, item_id, quantity, change: `${quantity_changes}` });
  await db.transaction("owner", (tx) => keepQuantity(tx, gap));
}

/** One after the other, as Stripe counts the calls; answers how many went well. */
async function each<One extends { workspace_id: string }>(
  list: readonly One[],
  act: (one: One) => Promise<void>,
  onFailure: (workspace_id: string, error: unknown) => void,
  stopping: AbortSignal | undefined,
): Promise<number> {
  let done = 0;
  for (const one of list) {
    if (stopping?.aborted) break;
    try {
      await act(one);
      done += 1;
    } catch (error) {
      onFailure(one.workspace_id, error);
    }
  }
  return done;
}

import { monotonicNow } from "../../platform/clock.ts";
import { TAKES_QUANTITY } from "../../rules/billing/subscription.ts";
import {
  beginDueReadings,
  findQuantityGaps,
  keepQuantity,
  type BegunReading,
  type QuantityGap,
} from "../../store/billing-accounts.ts";
import type { BillingDesk } from "./billing-desk.ts";
import { finishReading, READING_LEASE_MS } from "./follow-subscription.ts";

/** Workspaces that are leased at once: they are asked about one after the other, well within a lease. */
const TOGETHER = 5;
/** Quantities that one run tells of at most; the next run has the rest. */
const QUANTITIES = 200;
/** Nothing further is begun after that: the next run goes on. */
const RUN_MS = 45_000;

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
  const { db } = desk;
  const began_at = monotonicNow();
  const mayGoOn = () => !stopping?.aborted && monotonicNow() - began_at < RUN_MS;
  const done: Followed = { readings: 0, quantities: 0 };
  for (let begun = TOGETHER; begun === TOGETHER && mayGoOn();) {
    const readings = await beginDue(desk);
    begun = readings.length;
    done.readings += await each(readings, (reading) => finishReading(desk, reading), onFailure, mayGoOn);
  }
  const find = () =>
    db.transaction("owner", (tx) => findQuantityGaps(tx, TAKES_QUANTITY, QUANTITIES), { read_only: true });
  done.quantities = await each(await find(), (gap) => followLocations(desk, gap), onFailure, mayGoOn);
  return done;
}

function beginDue({ db, clock }: BillingDesk): Promise<BegunReading[]> {
  const now = clock.now();
  const due = { now, leased_until: now + READING_LEASE_MS, at_most: TOGETHER };
  return db.transaction("owner", (tx) => beginDueReadings(tx, due));
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
  mayGoOn: () => boolean,
): Promise<number> {
  let done = 0;
  for (const one of list) {
    if (!mayGoOn()) break;
    try {
      await act(one);
      done += 1;
    } catch (error) {
      onFailure(one.workspace_id, error);
    }
  }
  return done;
}

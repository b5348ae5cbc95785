import type { GhlReach } from "../gateways/ghl/client.ts";
import { concludeTurn, takeTurns, type PollKind, type PollTurn } from "../operations/connections/poll-turns.ts";
import { keepPolled, type PolledFact } from "../operations/events/keep-polled.ts";
import { monotonicNow } from "../platform/clock.ts";
import type { Database } from "../platform/database.ts";
import { reasonOf } from "../platform/redact.ts";
import { readBookings } from "./read-ghl-bookings.ts";
import { ofGhl, readSubscriptions, readTransactions } from "./read-ghl-payments.ts";
import type { JobContext } from "./worker.ts";

type PollContext = Pick<JobContext, "db" | "clock" | "log" | "connections">;

/** Locations that one process reads at once: one that is slow holds up no other. */
const TOGETHER = 4;
/** No reading is begun later in a run; the next run goes on. */
const RUN_MS = 45_000;

const READERS: Record<PollKind, (db: Database, reach: GhlReach, turn: PollTurn) => Promise<PolledFact[]>> = {
  transactions: readTransactions,
  transactions_sweep: readTransactions,
  subscriptions: readSubscriptions,
  bookings: readBookings,
};

/**
 * Reads what GoHighLevel tells nobody of: renewals, refunds, ended subscriptions, deliveries that were lost. It asks what is
 * due, so a missed run, a second process or a crash in the middle changes nothing. Answers how many facts were new.
 */
export async function pollGhl(context: PollContext, stopping?: AbortSignal): Promise<number> {
  const began_at = monotonicNow();
  const waiting: PollTurn[] = [];
  let taking: Promise<void> | null = null;
  let kept = 0;
  const take = async () => {
    if (monotonicNow() - began_at < RUN_MS && !stopping?.aborted)
      waiting.push(...(await takeTurns(context.db, context.clock, TOGETHER)));
    taking = null;
  };
  const work = async () => {
    for (;;) {
      if (waiting.length === 0) await (taking ??= take());
      const turn = waiting.shift();
      if (!turn) return;
      kept += await readOne(context, turn);
    }
  };
  await Promise.all(Array.from({ length: TOGETHER }, work));
  if (kept > 0) context.log.info({ job: "poll_ghl", kept }, "polled facts are kept");
  return kept;
}

/** Whatever happens stays with this location, and is shown to it. */
async function readOne(context: PollContext, turn: PollTurn): Promise<number> {
  const { db, clock, log, connections } = context;
  const { location_id, kind } = turn;
  try {
    const reach = await connections.ghl(location_id);
    if (!reach) throw new Error("GoHighLevel cannot be asked: the app's settings or its permission are missing");
    const facts = await READERS[kind](db, reach, turn);
    const kept = await keepPolled(db, clock, ofGhl(location_id), facts);
    await concludeTurn(db, turn, null);
    return kept;
  } catch (error) {
    const trouble = reasonOf(error);
    log.warn({ job: "poll_ghl", location_id, kind, reason: trouble }, "GoHighLevel could not be read");
    await concludeTurn(db, turn, trouble);
    return 0;
  }
}

import { pollEvents } from "../gateways/stripe/poll-events.ts";
import { readEvent } from "../gateways/stripe/read-event.ts";
import { concludeStripePoll, takeStripePolls, type StripePoll } from "../operations/connections/stripe-polls.ts";
import { keepPolled, type PolledFact } from "../operations/events/keep-polled.ts";
import { monotonicNow } from "../platform/clock.ts";
import { reasonOf } from "../platform/redact.ts";
import type { Instant } from "../rules/time/local-days.ts";
import type { JobContext } from "./worker.ts";

type PollContext = Pick<JobContext, "db" | "clock" | "log" | "connections">;

const TOGETHER = 4;
const RUN_MS = 45_000;
/** Events that are kept at once while an account is read. */
const BATCH = 100;

/** Reads the events of studios' own Stripe accounts that send none, and of the others what never arrived. */
export async function pollStripe(context: PollContext, stopping?: AbortSignal): Promise<number> {
  const began_at = monotonicNow();
  const mayGoOn = () => monotonicNow() - began_at < RUN_MS && !stopping?.aborted;
  let kept = 0;
  while (mayGoOn()) {
    const polls = await takeStripePolls(context.db, context.clock, TOGETHER);
    if (polls.length === 0) break;
    const counts = await Promise.all(polls.map((poll) => readOne(context, poll)));
    kept += counts.reduce((sum, count) => sum + count, 0);
  }
  if (kept > 0) context.log.info({ job: "poll_stripe", kept }, "polled events are kept");
  return kept;
}

async function readOne(context: PollContext, poll: StripePoll): Promise<number> {
  const { db, log, connections } = context;
  const { location_id } = poll;
  try {
    const account = await connections.stripe(location_id);
    if (!account) throw new Error("Stripe cannot be asked: the connection has no key");
    const inbox = new Kept(context, poll);
    const now = context.clock.now();
    const cursor = await pollEvents(account, { since: poll.since, now, take: (event) => inbox.add(event) });
    await inbox.flush();
    await concludeStripePoll(db, poll, { cursor, last_event_at: inbox.last_event_at });
    return inbox.count;
  } catch (error) {
    const trouble = reasonOf(error);
    log.warn({ job: "poll_stripe", location_id, reason: trouble }, "Stripe could not be read");
    await concludeStripePoll(db, poll, { trouble });
    return 0;
  }
}

/** Puts events into the inbox, some at once; one that was delivered as well is the same row. */
class Kept {
  readonly #context: PollContext;
  readonly #poll: StripePoll;
  #facts: PolledFact[] = [];
  count = 0;
  last_event_at: Instant | null = null;

  constructor(context: PollContext, poll: StripePoll) {
    this.#context = context;
    this.#poll = poll;
  }

  async add(event: unknown): Promise<void> {
    const { event_id, type, created } = readEvent(event);
    if (event_id === null || type === null) return;
    this.#facts.push({ dedupe_key: event_id, type, body: JSON.stringify(event), told_at: created });
    this.last_event_at = Math.max(this.last_event_at ?? 0, created ?? 0) || null;
    if (this.#facts.length >= BATCH) await this.flush();
  }

  async flush(): Promise<void> {
    const facts = this.#facts;
    this.#facts = [];
    const { db, clock } = this.#context;
    const { connection_id, location_id } = this.#poll;
    this.count += await keepPolled(db, clock, { provider: "stripe", connection_id, location_id }, facts);
  }
}

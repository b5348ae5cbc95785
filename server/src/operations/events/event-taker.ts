import { setTimeout as pause } from "node:timers/promises";
import type { Clock } from "../../platform/clock.ts";
import type { Database } from "../../platform/database.ts";
import { Gathering } from "../../platform/gather.ts";
import { reasonOf } from "../../platform/redact.ts";
import { allowsMutations } from "../../rules/billing/billing-status.ts";
import type { Instant } from "../../rules/time/local-days.ts";
import {
  finishWebhookEvents,
  leaseWebhookEvents,
  NO_LANE,
  renewWebhookLeases,
  type FinishedAttempt,
  type LeasedEvent,
} from "../../store/webhook-queue.ts";
import { concludeAttempt } from "./conclude-attempt.ts";
import type { EventOutcome, TakeEvent } from "./stored-event.ts";

export interface TakerSettings {
  /** How long a process has an event before another may take it, unless it renews the lease: so long is lost by a kill. */
  lease_ms: number;
  /** A taking that lasts longer has failed. */
  patience_ms: number;
  /** Events in work at once: in all, and of one location. */
  together: number;
  together_of_location: number;
  /** Spreads what is tried again; in [0, 1). */
  chance(): number;
}

const SETTINGS: TakerSettings = {
  lease_ms: 10_000,
  patience_ms: 50_000,
  together: 32,
  together_of_location: 4,
  chance: Math.random,
};
/** Events that one lease takes of one location at most. */
const PER_LANE = 16;
const LANES = 200;
const MAX_FINISHED = 200;

/** Takes stored events out of the queue. Any number of processes share it; each location is a lane of its own. */
export class EventTaker {
  readonly #db: Database;
  readonly #clock: Clock;
  readonly #take: TakeEvent;
  readonly #settings: TakerSettings;
  readonly #finish: Gathering<FinishedAttempt>;
  readonly #lanes = new Map<string, Promise<void>>();
  /** Until when the events in work are this process's own. */
  readonly #held = new Map<string, Instant>();
  #first_lane = NO_LANE;
  #in_work = 0;
  #is_stopped = false;

  constructor(db: Database, clock: Clock, take: TakeEvent, settings: Partial<TakerSettings> = {}) {
    this.#db = db;
    this.#clock = clock;
    this.#take = take;
    this.#settings = { ...SETTINGS, ...settings };
    this.#finish = new Gathering(
      (finished) => db.transaction("inbox", async (tx) => void (await finishWebhookEvents(tx, finished, clock.now()))),
      MAX_FINISHED,
    );
  }

  /** Takes what is due and free, and begins; answers how many events it took. `onIdle` is called as each lane is done. */
  async takeDue(onIdle: () => void = () => {}): Promise<number> {
    const free = this.#settings.together - this.#in_work;
    if (this.#is_stopped || free <= 0) return 0;
    let events = await this.#lease(free);
    // Nothing behind the last lane: the round begins again.
    if (events.length === 0 && this.#first_lane !== NO_LANE) {
      this.#first_lane = NO_LANE;
      events = await this.#lease(free);
    }
    this.#turn(events, free);
    this.#in_work += events.length;
    for (const [lane, of_lane] of Map.groupBy(events, (event) => event.location_id ?? NO_LANE)) {
      const done = this.#takeLane(of_lane).finally(() => {
        this.#lanes.delete(lane);
        this.#in_work -= of_lane.length;
        onIdle();
      });
      this.#lanes.set(lane, done);
    }
    return events.length;
  }

  /** Takes all that is due, and what becomes due by that, until nothing is; answers how many events it took. */
  async drain(): Promise<number> {
    for (let taken = 0; ;) {
      const more = await this.takeDue();
      taken += more;
      await Promise.all(this.#lanes.values());
      // A whole round through the lanes without anything due is the end.
      if (more === 0 && this.#first_lane === NO_LANE) return taken;
      if (more === 0) this.#first_lane = NO_LANE;
    }
  }

  /** To be called every second or so: what takes long in this process stays its own. */
  async renewLeases(): Promise<void> {
    const { lease_ms } = this.#settings;
    const now = this.#clock.now();
    const held = [...this.#held].flatMap(([id, until]) => (until - now < lease_ms / 2 ? { id, until } : []));
    if (held.length === 0) return;
    const renewed = await this.#db.transaction("inbox", (tx) => renewWebhookLeases(tx, held, now + lease_ms));
    for (const { id } of held) {
      if (!renewed.includes(id)) this.#held.delete(id);
      else if (this.#held.has(id)) this.#held.set(id, now + lease_ms);
    }
  }

  /** Takes nothing more, and waits for what is in work. */
  async stop(): Promise<void> {
    this.#is_stopped = true;
    await Promise.all(this.#lanes.values());
  }

  async #lease(at_most: number): Promise<LeasedEvent[]> {
    const now = this.#clock.now();
    const until = now + this.#settings.lease_ms;
    const events = await this.#db.transaction("inbox", (tx) =>
      leaseWebhookEvents(tx, {
        first_lane: this.#first_lane,
        lanes: LANES,
        now,
        busy: [...this.#lanes.keys()],
        per_lane: PER_LANE,
        at_most,
        until,
      }),
    );
    for (const { id } of events) this.#held.set(id, until);
    return events;
  }

  /** The next lease begins behind the last lane of this one, so that every lane has its turn. */
  #turn(events: readonly LeasedEvent[], free: number): void {
    const last = events
      .map(({ location_id }) => location_id ?? NO_LANE)
      .sort()
      .at(-1);
    this.#first_lane = events.length < free || last === undefined ? NO_LANE : laneAfter(last);
  }

  /** In the order of their telling, a few at a time: an event that takes long holds up its own location only. */
  async #takeLane(events: readonly LeasedEvent[]): Promise<void> {
    const waiting = [...events];
    const next = async (): Promise<void> => {
      for (let event = waiting.shift(); event; event = waiting.shift()) await this.#takeOne(event);
    };
    // What waited for billing is taken in one order of time.
    const together = events.some(({ was_suspended }) => was_suspended) ? 1 : this.#settings.together_of_location;
    await Promise.all(Array.from({ length: together }, next));
  }

  async #takeOne(event: LeasedEvent): Promise<void> {
    const outcome = await this.#outcomeOf(event);
    const finished = concludeAttempt(event, outcome, this.#clock.now(), this.#settings.chance());
    // Where even this cannot be written, the lease runs out and the event is taken again.
    await this.#finish.add(finished).catch(() => {});
    this.#held.delete(event.id);
  }

  async #outcomeOf(event: LeasedEvent): Promise<EventOutcome> {
    const { billing_status } = event;
    if (billing_status !== null && !allowsMutations(billing_status)) {
      return { status: "waiting", reason_code: "BILLING_SUSPENDED" };
    }
    const controller = new AbortController();
    const { patience_ms } = this.#settings;
    try {
      const late = pause(patience_ms, null, { signal: controller.signal, ref: false });
      late.catch(() => {});
      const outcome = await Promise.race([
        this.#take({ ...event, as_of: event.was_suspended ? event.told_at : null }),
        late,
      ]);
      return outcome ?? failed(`it took longer than ${patience_ms / 1000} seconds`);
    } catch (error) {
      return failed(error instanceof Error ? `${error.name}: ${reasonOf(error)}` : "something was thrown");
    } finally {
      controller.abort();
    }
  }
}

function failed(detail: string): EventOutcome {
  return { status: "failed", reason_code: "TAKING_FAILED", detail };
}

/** The lane that follows in the order of the index. */
function laneAfter(lane: string): string {
  const next = (BigInt(`0x${lane.replaceAll("-", "")}`) + 1n).toString(16).padStart(32, "0");
  return next.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

import type { Clock } from "../../platform/clock.ts";
import type { Instant } from "../../rules/time/local-days.ts";
import { GhlError } from "./ghl-error.ts";

/** GoHighLevel allows this many requests per app and location within the interval, unless its answers say otherwise. */
export const BURST_REQUESTS = 100;
export const BURST_MS = 10_000;
export const DAILY_REQUESTS = 200_000;
/** Requests do not arrive exactly as far apart as they left. */
const MARGIN_MS = 250;
const DAY_MS = 86_400_000;
/** Who would have to wait longer is told so instead. */
const MAX_WAIT_MS = 60_000;
/** Locations whose budgets are remembered; a forgotten budget is a full one. */
const MAX_BUDGETS = 10_000;

export type Wait = (milliseconds: number) => Promise<void>;

export const waitByTimer: Wait = async (milliseconds) => {
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
};

/** What one location's calls may still take. Callers go in the order in which they asked. */
export class RequestBudget {
  readonly #clock: Clock;
  readonly #wait: Wait;
  /** When the latest requests were sent, oldest first; at most a burst of them. */
  readonly #sent: Instant[] = [];
  #burst = BURST_REQUESTS;
  #day = { number: 0, sent: 0 };
  #blocked_until: Instant = 0;
  #line: Promise<unknown> = Promise.resolve();

  constructor(clock: Clock, wait: Wait = waitByTimer) {
    this.#clock = clock;
    this.#wait = wait;
  }

  /** Returns when one request may be sent. Throws `GhlError` `rate_limited` where that is far off. */
  async take(): Promise<void> {
    const turn = this.#line.then(async () => this.#takeOne());
    this.#line = turn.catch(() => undefined);
    await turn;
  }

  /** Learns from an answer how much is allowed, and what other processes have used of it. */
  observe(headers: Headers): void {
    const now = this.#clock.now();
    this.#burst = Math.max(1, numberOf(headers, "x-ratelimit-max") ?? this.#burst);
    const interval = numberOf(headers, "x-ratelimit-interval-milliseconds") ?? BURST_MS;
    if (numberOf(headers, "x-ratelimit-remaining") === 0) this.pause(interval);
    if (numberOf(headers, "x-ratelimit-daily-remaining") === 0) this.pause(untilNextDay(now));
  }

  /** Nothing is sent for so long. */
  pause(milliseconds: number): void {
    this.#blocked_until = Math.max(this.#blocked_until, this.#clock.now() + milliseconds);
  }

  async #takeOne(): Promise<void> {
    for (;;) {
      const now = this.#clock.now();
      const wait_ms = this.#freeAt(now) - now;
      if (wait_ms <= 0) break;
      if (wait_ms > MAX_WAIT_MS) {
        throw new GhlError("rate_limited", "the location's request budget is used up", { retry_after_ms: wait_ms });
      }
      await this.#wait(wait_ms);
    }
    const now = this.#clock.now();
    this.#sent.push(now);
    const is_over = (at: Instant | undefined) => at !== undefined && at + BURST_MS + MARGIN_MS <= now;
    while (this.#sent.length > this.#burst || is_over(this.#sent[0])) this.#sent.shift();
    const number = Math.floor(now / DAY_MS);
    this.#day = { number, sent: this.#day.number === number ? this.#day.sent + 1 : 1 };
  }

  #freeAt(now: Instant): Instant {
    const first_of_burst = this.#sent.at(-this.#burst);
    const burst_ends = first_of_burst === undefined ? 0 : first_of_burst + BURST_MS + MARGIN_MS;
    const is_day_spent = this.#day.number === Math.floor(now / DAY_MS) && this.#day.sent >= DAILY_REQUESTS;
    return Math.max(burst_ends, this.#blocked_until, is_day_spent ? now + untilNextDay(now) : 0);
  }
}

/** One budget per location or company of this process, whoever calls. */
export class RequestBudgets {
  readonly #clock: Clock;
  readonly #wait: Wait;
  readonly #budgets = new Map<string, RequestBudget>();

  constructor(clock: Clock, wait: Wait = waitByTimer) {
    this.#clock = clock;
    this.#wait = wait;
  }

  /** `resource_id`: the location's id at GoHighLevel, or the company's. */
  of(resource_id: string): RequestBudget {
    const budget = this.#budgets.get(resource_id) ?? new RequestBudget(this.#clock, this.#wait);
    this.#budgets.delete(resource_id);
    this.#budgets.set(resource_id, budget);
    for (const oldest of this.#budgets.keys()) {
      if (this.#budgets.size <= MAX_BUDGETS) break;
      this.#budgets.delete(oldest);
    }
    return budget;
  }
}

function untilNextDay(now: Instant): number {
  return DAY_MS - (now % DAY_MS);
}

function numberOf(headers: Headers, name: string): number | null {
  const value = headers.get(name);
  const figure = value === null || value.trim() === "" ? Number.NaN : Number(value);
  return Number.isFinite(figure) ? figure : null;
}

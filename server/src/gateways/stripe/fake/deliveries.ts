import { Stripe } from "stripe";
import type { Clock } from "../../../platform/clock.ts";
import type { Instant } from "../../../rules/time/local-days.ts";
import { render } from "./render.ts";
import type { Endpoint, StripeEvent } from "./rows.ts";

/** What one attempt carries; `secret` never leaves. */
export interface Delivery {
  url: string;
  headers: Record<string, string>;
  body: string;
}

/** Answers the HTTP status that the receiver gave; throwing is a receiver that cannot be reached. */
export type Deliver = (delivery: Delivery) => Promise<number>;

/** Chances are between 0 and 1. */
export interface Weather {
  /** Chance that an event is delivered twice. */
  double: number;
  /** Longest time that a delivery may take to be made. */
  delay_ms: number;
  /** What is due at one time goes out in any order. */
  reorder: boolean;
  /** Chance that an attempt gets lost; it is made again like any other that failed. */
  lose: number;
  /** Chance that a question to the API is answered with a 500. */
  api_failing: number;
  /** Chance that a question to the API is answered with a 429. */
  api_limited: number;
  /** Chance that a question to the API is answered and the answer is lost. */
  api_losing: number;
}

export const CALM: Weather = {
  double: 0,
  delay_ms: 0,
  reorder: false,
  lose: 0,
  api_failing: 0,
  api_limited: 0,
  api_losing: 0,
};

/** What became of an attempt. Status 0: it was lost, or nobody answered. */
export interface Attempt {
  event_id: string;
  type: string;
  endpoint_id: string;
  attempt: number;
  status: number;
  at: Instant;
}

interface Pending {
  event: StripeEvent;
  endpoint: Endpoint;
  version: string;
  attempt: number;
  due_at: Instant;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** After a failure the same event comes again, for about three days, as in live mode. */
export const RETRY_DELAYS_MS = [5 * MINUTE, 30 * MINUTE, ...[2, 5, 10, 12, 12, 12, 12].map((hours) => hours * HOUR)];
const DELIVERY_TIMEOUT_MS = 10_000;

export interface DeliveryOptions {
  clock: Clock;
  random: () => number;
  retry_delays_ms: readonly number[];
}

/** Sends signed events to endpoints, at least once and in no promised order. */
export class Deliveries {
  weather: Weather = CALM;
  deliver: Deliver = post;
  readonly log: Attempt[] = [];
  readonly #options: DeliveryOptions;
  #pending: Pending[] = [];
  #running: Promise<void> | null = null;

  constructor(options: DeliveryOptions) {
    this.#options = options;
  }

  /** When the next attempt is due; null: nothing is left to send. */
  get next_due_at(): Instant | null {
    return this.#pending.length === 0 ? null : Math.min(...this.#pending.map(({ due_at }) => due_at));
  }

  /** `version`: that of the endpoint, or what the account speaks. */
  enqueue(event: StripeEvent, endpoint: Endpoint, version: string): void {
    const { clock, random } = this.#options;
    const times = random() < this.weather.double ? 2 : 1;
    for (let i = 0; i < times; i += 1) {
      const due_at = clock.now() + Math.floor(random() * this.weather.delay_ms);
      this.#pending.push({ event, endpoint, version, attempt: 1, due_at });
    }
  }

  /** Makes every attempt that is due, and those that become due meanwhile. */
  async drain(): Promise<void> {
    // Looked at and taken in one turn: of two who wait, one sends and the other waits again.
    while (this.#running !== null) await this.#running;
    this.#running = this.#sendDue().finally(() => {
      this.#running = null;
    });
    await this.#running;
  }

  /** Waits for attempts that are being made, and makes none. */
  async settled(): Promise<void> {
    while (this.#running !== null) await this.#running;
  }

  get is_sending(): boolean {
    return this.#running !== null;
  }

  async #sendDue(): Promise<void> {
    for (;;) {
      const now = this.#options.clock.now();
      const due = this.#pending.filter(({ due_at }) => due_at <= now);
      if (due.length === 0) return;
      this.#pending = this.#pending.filter(({ due_at }) => due_at > now);
      for (const one of this.#ordered(due)) await this.#attempt(one);
    }
  }

  #ordered(due: Pending[]): Pending[] {
    if (!this.weather.reorder) return due.toSorted((a, b) => a.due_at - b.due_at);
    const drawn = due.map((one) => ({ one, at: this.#options.random() }));
    return drawn.toSorted((a, b) => a.at - b.at).map(({ one }) => one);
  }

  async #attempt(one: Pending): Promise<void> {
    const { clock, random, retry_delays_ms } = this.#options;
    const { event, endpoint, attempt } = one;
    const is_lost = random() < this.weather.lose;
    const status = is_lost ? 0 : await this.deliver(await this.#sign(one)).catch(() => 0);
    const at = clock.now();
    this.log.push({ event_id: event.id, type: event.type, endpoint_id: endpoint.id, attempt, status, at });
    if (status >= 200 && status < 300) return;
    const delay = retry_delays_ms[attempt - 1];
    if (delay !== undefined) this.#pending.push({ ...one, attempt: attempt + 1, due_at: at + delay });
  }

  async #sign({ event, endpoint, version }: Pending): Promise<Delivery> {
    const body = JSON.stringify(render(event, version), null, 2);
    const timestamp = Math.floor(this.#options.clock.now() / 1000);
    const secret = endpoint._secret;
    const signature = await Stripe.webhooks.generateTestHeaderStringAsync({ payload: body, secret, timestamp });
    const headers = {
      "content-type": "application/json; charset=utf-8",
      "user-agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
      "stripe-signature": signature,
    };
    return { url: endpoint.url, headers, body };
  }
}

async function post({ url, headers, body }: Delivery): Promise<number> {
  const signal = AbortSignal.timeout(DELIVERY_TIMEOUT_MS);
  const response = await fetch(url, { method: "POST", headers, body, redirect: "manual", signal });
  await response.body?.cancel();
  return response.status;
}

import { setTimeout as pause } from "node:timers/promises";
import { monotonicNow, type Clock } from "../../platform/clock.ts";
import { isUnavailable, type Database } from "../../platform/database.ts";
import type { Logger } from "../../platform/log.ts";
import { reasonOf } from "../../platform/redact.ts";
import { insertWebhookEvents, type Insertion, type NewWebhookEvent } from "../../store/webhook-events.ts";
import { ATTEMPTS } from "./attempts.ts";

export type { NewWebhookEvent };

/** `unavailable`: it is not kept, the provider must send it again. */
export type Receipt = Insertion | "unavailable";

interface Waiting {
  event: NewWebhookEvent;
  answer(receipt: Receipt): void;
}

/** Deliveries that wait to be stored at most, and their bytes; more are refused at once. */
const MAX_WAITING = 4000;
const MAX_WAITING_BYTES = 64 * 1024 * 1024;
const MAX_BATCH = 256;
const MAX_BATCH_BYTES = 8 * 1024 * 1024;
const MAX_IN_FLIGHT = 2;
/** How long a batch is tried again while the database is away: shorter than any provider's patience. */
const RETRY_FOR_MS = 1500;
const RETRY_EVERY_MS = 100;

/**
 * Keeps deliveries: those that arrive together are stored together, in one statement and one commit, and each is answered
 * when it is durable. No timer: a lone delivery does not wait.
 */
export class WebhookInbox {
  readonly #db: Database;
  readonly #clock: Clock;
  readonly #log: Logger;
  #waiting: Waiting[] = [];
  #waiting_bytes = 0;
  #in_flight = 0;
  #is_woken = false;
  #is_closed = false;
  #on_idle: (() => void)[] = [];
  #listener: () => void = () => {};

  constructor(db: Database, clock: Clock, log: Logger) {
    this.#db = db;
    this.#clock = clock;
    this.#log = log;
  }

  /** Resolves when the event is durable, or known already. Never rejects. */
  receive(event: NewWebhookEvent): Promise<Receipt> {
    const is_full = this.#waiting.length >= MAX_WAITING || this.#waiting_bytes + event.body.length > MAX_WAITING_BYTES;
    if (this.#is_closed || is_full) return Promise.resolve("unavailable");
    return new Promise((answer) => {
      this.#waiting.push({ event, answer });
      this.#waiting_bytes += event.body.length;
      this.#wake();
    });
  }

  /** Calls `listener` when new events were stored. */
  onStored(listener: () => void): void {
    this.#listener = listener;
  }

  /** Answers what was accepted, then takes no more. */
  async close(): Promise<void> {
    this.#is_closed = true;
    if (this.#in_flight > 0 || this.#waiting.length > 0) {
      await new Promise<void>((resolve) => this.#on_idle.push(resolve));
    }
  }

  #wake(): void {
    if (this.#is_woken || this.#in_flight >= MAX_IN_FLIGHT) return;
    this.#is_woken = true;
    setImmediate(() => {
      this.#is_woken = false;
      if (this.#in_flight >= MAX_IN_FLIGHT || this.#waiting.length === 0) return;
      void this.#run(this.#take());
    });
  }

  #take(): Waiting[] {
    let bytes = 0;
    let count = 0;
    for (const { event } of this.#waiting.slice(0, MAX_BATCH)) {
      if (count > 0 && bytes + event.body.length > MAX_BATCH_BYTES) break;
      bytes += event.body.length;
      count += 1;
    }
    this.#waiting_bytes -= bytes;
    return this.#waiting.splice(0, count);
  }

  async #run(batch: readonly Waiting[]): Promise<void> {
    this.#in_flight += 1;
    if (await this.#store(batch)) this.#listener();
    this.#in_flight -= 1;
    if (this.#waiting.length > 0) this.#wake();
    else if (this.#in_flight === 0) for (const resolve of this.#on_idle.splice(0)) resolve();
  }

  /** Answers whether anything new was stored. What fails is bisected, so that one event fails alone. */
  async #store(batch: readonly Waiting[]): Promise<boolean> {
    const receipts = await this.#attempt(batch.map(({ event }) => event));
    if (receipts !== "failed") {
      for (const [i, { answer }] of batch.entries()) answer(receipts[i] ?? "unavailable");
      return receipts.includes("stored");
    }
    if (batch.length === 1) {
      batch[0]?.answer("unavailable");
      return false;
    }
    const middle = Math.ceil(batch.length / 2);
    const halves = [await this.#store(batch.slice(0, middle)), await this.#store(batch.slice(middle))];
    return halves.includes(true);
  }

  /** Stored twice is stored once, so an unknown commit is safely tried again. */
  async #attempt(events: readonly NewWebhookEvent[]): Promise<Receipt[] | "failed"> {
    const give_up_at = monotonicNow() + RETRY_FOR_MS;
    for (;;) {
      try {
        return await this.#db.transaction("inbox", (tx) =>
          insertWebhookEvents(tx, events, this.#clock.now(), ATTEMPTS.allowed),
        );
      } catch (error) {
        if (!isUnavailable(error)) {
          this.#log.error({ reason: reasonOf(error), deliveries: events.length }, "deliveries could not be stored");
          return "failed";
        }
        if (monotonicNow() >= give_up_at) return events.map(() => "unavailable");
        await pause(RETRY_EVERY_MS);
      }
    }
  }
}

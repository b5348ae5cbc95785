import { readFileSync } from "node:fs";
import { Histogram } from "../statistics.ts";
import { Connection, type ReceivedAnswer } from "./connection.ts";
import type { LoadJob, LoadResult, Target } from "./load-job.ts";
import { RequestTemplate } from "./request-template.ts";

// The process that asks. It shares two cores with what it measures, so it does as little as it can.

const job = JSON.parse(readFileSync(0, "utf8")) as LoadJob;
const REFUSED_FOR_NOW = new Set([409, 429, 503]);

const histogram = new Histogram();
const result: LoadResult = {
  answered: 0,
  seconds: 0,
  latencies: [],
  statuses: {},
  refusals: 0,
  broken: 0,
  cpu_seconds: 0,
  first_unexpected: null,
};
let is_measuring = false;
let is_over = false;

/** One client: a connection that asks, waits for the answer and asks again. */
class Client {
  readonly #template: RequestTemplate;
  readonly #connection: Connection;
  readonly #pause_ms: number;
  #sequence = 0;
  /** When the request was sent, or, at a fixed rate, when it should have been. */
  #asked_at = 0;

  constructor(index: number) {
    this.#template = new RequestTemplate(job, index);
    this.#pause_ms = job.rate === undefined ? 0 : (1000 * job.connections) / job.rate;
    this.#connection = new Connection(job.port, {
      onOpen: () => {
        // At a fixed rate the clients take turns.
        const first = performance.now() + this.#pause_ms * (index / job.connections);
        setTimeout(() => this.#ask(first), Math.max(0, first - performance.now()));
      },
      onAnswer: (answer) => this.#take(answer),
      onClose: () => {
        if (!is_over) result.broken += 1;
      },
    });
  }

  end(): void {
    this.#connection.end();
  }

  #ask(at: number): void {
    const target = job.targets[Math.floor(Math.random() * job.targets.length)] as Target;
    const member = target.first_member + Math.floor(Math.random() * target.members);
    this.#sequence += 1;
    this.#template.aim(target, member, this.#sequence);
    this.#asked_at = at;
    this.#connection.send(this.#template.bytes);
  }

  #take(answer: ReceivedAnswer): void {
    if (is_over) return;
    const now = performance.now();
    if (is_measuring) this.#count(answer, now);
    if (job.retries && REFUSED_FOR_NOW.has(answer.status)) {
      // The request as it is, with its request id; clients that were refused together do not come back together.
      const wait_ms = answer.retry_after_seconds * 1000 * (0.5 + Math.random());
      setTimeout(() => {
        if (!is_over) this.#connection.send(this.#template.bytes);
      }, wait_ms);
      return;
    }
    if (this.#pause_ms === 0) {
      this.#ask(now);
      return;
    }
    const next = Math.max(this.#asked_at + this.#pause_ms, now - 1000);
    if (next <= now) this.#ask(next);
    else setTimeout(() => is_over || this.#ask(next), next - now);
  }

  #count(answer: ReceivedAnswer, now: number): void {
    if (answer.is_ok) {
      result.answered += 1;
      histogram.record((now - this.#asked_at) * 1000);
      return;
    }
    if (answer.status === 200) result.refusals += 1;
    else result.statuses[answer.status] = (result.statuses[answer.status] ?? 0) + 1;
    if (!job.retries || !REFUSED_FOR_NOW.has(answer.status)) result.first_unexpected ??= answer.text();
  }
}

const clients = Array.from({ length: job.connections }, (_, i) => new Client(i));
setTimeout(() => {
  is_measuring = true;
  const began = performance.now();
  const cpu = process.cpuUsage();
  setTimeout(() => {
    is_over = true;
    const used = process.cpuUsage(cpu);
    result.seconds = (performance.now() - began) / 1000;
    result.cpu_seconds = (used.user + used.system) / 1_000_000;
    result.latencies = [...histogram.counts];
    for (const client of clients) client.end();
    process.stdout.write(JSON.stringify(result));
  }, job.seconds * 1000);
}, job.warmup_seconds * 1000);

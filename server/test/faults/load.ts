import { Agent, request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { Chance } from "./chance.ts";
import type { Studio } from "./studio.ts";

export type Kind = "grant" | "deduct" | "restore" | "check";

const PATHS: Record<Kind, string> = {
  grant: "/grants",
  deduct: "/entitlements/deduct",
  restore: "/entitlements/restore",
  check: "/entitlements/check-eligibility",
};

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

/** One request of the load, sent until it is answered with 200. */
export interface LoadRequest {
  studio: Studio;
  kind: Kind;
  /** Empty for a check, which has none. */
  request_id: string;
  contact: string;
  product_config_id: string;
  amount: number;
  payload: string;
  attempts: number;
  /** Places in the driver's one order of events: first sent, answered. */
  sent_at: number;
  acknowledged_at: number | null;
  body: string;
}

/** How long one sending may stay without any answer, and one request without a 200: longer is a fault of the server. */
const ANSWER_PATIENCE_MS = 60_000;
const RETRY_PATIENCE_MS = 120_000;
/** Shorter than a polite client's second, so that there is load at the next kill too. */
const RETRY_PAUSE_MS = 60;

export interface LoadSettings {
  studios: readonly Studio[];
  chance: Chance;
  /** Where servers answer; each sending goes to any of them. */
  base_urls: readonly string[];
  connections?: number;
  members?: number;
}

/** A load from outside the server: it awaits, never blocks, and remembers all that was answered. */
export class Load {
  readonly requests: LoadRequest[] = [];
  /** What no server may do, whatever happens to it: other answers than 200, 409 and 503, or none at all. */
  readonly offences: string[] = [];
  readonly statuses = new Map<string, number>();
  in_flight = 0;
  /** The longest time that a single sending waited for its answer. */
  longest_ms = 0;
  readonly #settings: Required<LoadSettings>;
  readonly #agent: Agent;
  readonly #booked: { studio: Studio; contact: string; ref: string; calendar_id: string }[] = [];
  #clients: Promise<void>[] = [];
  readonly #numbers = new Map<Studio, number>();
  readonly #sendings = new Set<Promise<Answer>>();
  #is_stopping = false;
  #events = 0;

  constructor(settings: LoadSettings) {
    this.#settings = { connections: 32, members: 50, ...settings };
    this.#agent = new Agent({ keepAlive: true, maxSockets: this.#settings.connections });
  }

  /** Starts clients, one per connection, each with one request at a time. */
  start(): void {
    this.#is_stopping = false;
    this.#clients = Array.from({ length: this.#settings.connections }, () => this.#client());
  }

  /** No new requests; returns when every request is acknowledged, or its patience ended. */
  async stop(): Promise<void> {
    this.#is_stopping = true;
    await Promise.all(this.#clients);
    this.#agent.destroy();
  }

  /** Waits until every sending that is out at this moment ended; tells how many of them were answered. */
  async settleInFlight(): Promise<number> {
    const ended = await Promise.allSettled(this.#sendings);
    return ended.filter(({ status }) => status === "fulfilled").length;
  }

  get acknowledged(): LoadRequest[] {
    return this.requests.filter((request) => request.acknowledged_at !== null && request.kind !== "check");
  }

  async #client(): Promise<void> {
    while (!this.#is_stopping) await this.insist(this.compose());
  }

  /** Sends the request, and again with the same id, until it is acknowledged. */
  async insist(request: LoadRequest): Promise<void> {
    this.requests.push(request);
    request.sent_at = ++this.#events;
    const deadline = performance.now() + RETRY_PATIENCE_MS;
    while (performance.now() < deadline) {
      request.attempts += 1;
      const answer = await this.send(request).catch((error: unknown) => error as NodeJS.ErrnoException);
      const status = answer instanceof Error ? "cut" : String(answer.status);
      this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1);
      if (!(answer instanceof Error)) {
        if (answer.status === 200) return this.#acknowledge(request, answer);
        const is_polite = answer.status === 503 || answer.status === 409;
        if (!is_polite) this.offences.push(`${request.kind} ${request.request_id}: ${answer.status} ${answer.text}`);
        else if (!answer.headers["retry-after"]) this.offences.push(`${answer.status} without Retry-After`);
      } else if (answer.message === "silence") this.offences.push(`${request.request_id} was never answered`);
      await sleep(RETRY_PAUSE_MS * (0.5 + Math.random()));
    }
    this.offences.push(`${request.kind} ${request.request_id} was refused for too long`);
  }

  #acknowledge(request: LoadRequest, answer: Answer): void {
    request.acknowledged_at = ++this.#events;
    request.body = answer.text;
    const { reason_code } = JSON.parse(answer.text) as { reason_code: string };
    const { external_ref, calendar_id } = JSON.parse(request.payload) as { external_ref?: string; calendar_id: string };
    if (reason_code !== "deducted" || external_ref === undefined) return;
    this.#booked.push({ studio: request.studio, contact: request.contact, ref: external_ref, calendar_id });
  }

  /** One sending; rejects when the connection breaks before the whole answer came. */
  send(request: LoadRequest, base_url = this.#settings.chance.pick(this.#settings.base_urls)): Promise<Answer> {
    this.in_flight += 1;
    const began = performance.now();
    const url = `${base_url}/api/v2${PATHS[request.kind]}`;
    const sending = post(this.#agent, url, request.studio.token, request.payload).finally(() => {
      this.in_flight -= 1;
      this.longest_ms = Math.max(this.longest_ms, performance.now() - began);
      this.#sendings.delete(sending);
    });
    this.#sendings.add(sending);
    return sending;
  }

  /** The next request that a client thinks of; ids, members, payments and bookings have the same names in all locations. */
  compose(wanted?: Kind, member?: string): LoadRequest {
    const { chance, studios, members } = this.#settings;
    const studio = chance.pick(studios);
    const product = chance.pick(studio.products);
    const number = (this.#numbers.get(studio) ?? 0) + 1;
    this.#numbers.set(studio, number);
    const roll = chance.next();
    const kind: Kind = wanted ?? (roll < 0.25 ? "grant" : roll < 0.65 ? "deduct" : roll < 0.85 ? "restore" : "check");
    let contact = member ?? `member-${chance.between(1, members)}`;
    let { calendar_id } = product;
    const fields: Record<string, unknown> = {};
    let amount = 1;
    if (kind === "grant") {
      amount = product.credits;
      // Now and then a payment is sent again under another request id.
      const payment = chance.next() < 0.1 ? Math.max(1, number - chance.between(1, 40)) : number;
      Object.assign(fields, {
        external_payment_id: `payment-${payment}-${product.calendar_id}`,
        product_config_id: product.id,
      });
    } else {
      amount = chance.between(1, 3);
      const booked = kind === "restore" && chance.next() < 0.6 ? this.#booked.pop() : undefined;
      if (booked?.studio === studio) {
        ({ contact, calendar_id } = booked);
        amount = 1;
        fields["external_ref"] = booked.ref;
      } else if (kind === "deduct" && chance.next() < 0.5) fields["external_ref"] = `booking-${number}`;
      Object.assign(fields, { calendar_id, amount });
    }
    const request_id = kind === "check" ? "" : `request-${number}`;
    const product_config_id = studio.products.find((one) => one.calendar_id === calendar_id)?.id ?? product.id;
    const named = request_id ? { request_id } : {};
    const payload = JSON.stringify({ ...named, external_contact_id: contact, ...fields });
    const unsent = { attempts: 0, sent_at: 0, acknowledged_at: null, body: "" };
    return { studio, kind, request_id, contact, product_config_id, amount, payload, ...unsent };
  }
}

/** POSTs JSON over a connection of the agent; an error with the message "silence" tells that nothing came. */
function post(agent: Agent, url: string, token: string, payload: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
      "content-length": Buffer.byteLength(payload),
    };
    const outgoing = httpRequest(url, { method: "POST", agent, headers }, (incoming) => {
      let text = "";
      incoming.setEncoding("utf8");
      incoming.on("data", (chunk: string) => (text += chunk));
      incoming.on("error", reject);
      incoming.on("close", () => {
        if (incoming.complete) resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, text });
        else reject(new Error("the answer broke off"));
      });
    });
    outgoing.setTimeout(ANSWER_PATIENCE_MS, () => outgoing.destroy(new Error("silence")));
    outgoing.on("error", reject);
    outgoing.end(payload);
  });
}

import { generateKeyPairSync, sign } from "node:crypto";
import type { Instant } from "../../../rules/time/local-days.ts";
import { CLEAR_SKY, OVERTAKEN_BY_MS, type Weather } from "./weather.ts";
import type { Wire, World } from "./world.ts";

export interface OutgoingDelivery {
  url: string;
  headers: Record<string, string>;
  body: string;
}

/** Sends one delivery and brings the status of the answer; a throw is no answer. */
export type SendDelivery = (delivery: OutgoingDelivery) => Promise<number>;

export interface FakeDelivery extends OutgoingDelivery {
  type: string;
  webhook_id: string;
  location_id: string | null;
  due_at: Instant;
  status: "waiting" | "delivered" | "given_up";
  /** The answer to each sending; 0: none. */
  answers: number[];
}

/** After the first sending. */
export const MAX_RETRIES = 12;
const FIRST_RETRY_MS = 10_000;
const POST_TIMEOUT_MS = 10_000;

/** The webhook side: signs, sends, and sends again what was not answered 2xx. */
export class Deliveries {
  /** Everything that was ever told, in the order in which it came about. */
  readonly log: FakeDelivery[] = [];
  /** PEM, for `GHL_WEBHOOK_PUBLIC_KEYS`. */
  readonly public_key: string;
  send: SendDelivery = postDelivery;
  weather: Weather = CLEAR_SKY;
  url = "";
  readonly #world: World;
  readonly #app_id: string;
  readonly #sign: (body: string) => string;
  #waiting: FakeDelivery[] = [];
  #running: Promise<void> | null = null;

  constructor(world: World, app_id: string) {
    const { publicKey, privateKey } = generateKeyPairSync("ed25519");
    this.public_key = publicKey.export({ type: "spki", format: "pem" });
    this.#sign = (body) => sign(null, Buffer.from(body), privateKey).toString("base64");
    this.#world = world;
    this.#app_id = app_id;
  }

  /** Puts an event on its way, in the envelope of real deliveries. */
  tell(type: string, location_id: string | null, facts: Wire): void {
    const webhook_id = this.#world.newUuid();
    const envelope = { type, appId: this.#app_id, ...(location_id === null ? {} : { locationId: location_id }) };
    const body = JSON.stringify({ ...envelope, ...facts, timestamp: this.#world.now(), webhookId: webhook_id });
    this.#enqueue({ type, webhook_id, location_id, body });
    if (this.#world.random() < this.weather.double) this.#enqueue({ type, webhook_id, location_id, body });
  }

  #enqueue(told: Pick<FakeDelivery, "type" | "webhook_id" | "location_id" | "body">): void {
    const { random, clock } = this.#world;
    const overtaken = random() < this.weather.reorder ? random() * OVERTAKEN_BY_MS : 0;
    const delivery: FakeDelivery = {
      ...told,
      url: this.url,
      headers: { "content-type": "application/json", "x-ghl-signature": this.#sign(told.body) },
      due_at: clock.now() + Math.floor(random() * this.weather.delay_ms + overtaken),
      status: "waiting",
      answers: [],
    };
    this.log.push(delivery);
    this.#waiting.push(delivery);
  }

  /** Sends what is due by the clock, once each. */
  async sendDue(): Promise<void> {
    await this.#sendWhile((delivery) => delivery.due_at <= this.#world.clock.now());
  }

  /** Sends all that waits, due or not, with its repetitions, until nothing is left. */
  async drain(): Promise<void> {
    while (this.#waiting.length > 0) await this.#sendWhile(() => true);
  }

  async #sendWhile(is_wanted: (delivery: FakeDelivery) => boolean): Promise<void> {
    while (this.#running) await this.#running;
    this.#running = this.#sendBatch(is_wanted);
    try {
      await this.#running;
    } finally {
      this.#running = null;
    }
  }

  async #sendBatch(is_wanted: (delivery: FakeDelivery) => boolean): Promise<void> {
    const batch = this.#waiting.filter(is_wanted).sort((a, b) => a.due_at - b.due_at);
    this.#waiting = this.#waiting.filter((delivery) => !batch.includes(delivery));
    for (const delivery of batch) await this.#sendOne(delivery);
  }

  async #sendOne(delivery: FakeDelivery): Promise<void> {
    const is_lost = this.#world.random() < this.weather.lose;
    const { url, headers, body } = delivery;
    const status = is_lost ? 0 : await this.send({ url, headers, body }).catch(() => 0);
    delivery.answers.push(status);
    if (status >= 200 && status <= 299) delivery.status = "delivered";
    else if (delivery.answers.length > MAX_RETRIES) delivery.status = "given_up";
    else {
      delivery.due_at = this.#world.clock.now() + FIRST_RETRY_MS * 2 ** (delivery.answers.length - 1);
      this.#waiting.push(delivery);
    }
  }
}

async function postDelivery({ url, headers, body }: OutgoingDelivery): Promise<number> {
  const signal = AbortSignal.timeout(POST_TIMEOUT_MS);
  const answer = await fetch(url, { method: "POST", headers, body, signal, redirect: "manual" });
  await answer.arrayBuffer();
  return answer.status;
}

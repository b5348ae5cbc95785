import type { Clock } from "../../../platform/clock.ts";
import { READ_PERMISSIONS, type Permission } from "../permissions.ts";
import { FakeAccount } from "./account.ts";
import { ApiServer, type KeyRights } from "./api-server.ts";
import { seededChance } from "./chance.ts";
import { CALM, Deliveries, RETRY_DELAYS_MS, type Attempt, type Deliver, type Weather } from "./deliveries.ts";
import { FakeStudio } from "./fake-studio.ts";
import { isToldIn } from "./render.ts";
import type { Endpoint, StripeEvent } from "./rows.ts";

const ALL_PERMISSIONS = [...Object.keys(READ_PERMISSIONS), "webhook_endpoints"] as Permission[];
/** How often a started fake looks for what is due. */
const SENDING_INTERVAL_MS = 50;

export interface FakeStripeOptions {
  clock: Clock;
  is_live?: boolean;
  seed?: number;
  /** Letters and digits that stand in every id. */
  label?: string;
  retry_delays_ms?: readonly number[];
}

/** A studio's Stripe account in memory: answers as Stripe's API does, and sends signed events of what happens on it. */
export class FakeStripe extends FakeStudio {
  readonly #keys: Map<string, KeyRights>;
  readonly #deliveries: Deliveries;
  readonly #api: ApiServer;
  #timer: NodeJS.Timeout | null = null;

  constructor({ clock, is_live = false, seed = 1, label = "Fake", retry_delays_ms }: FakeStripeOptions) {
    const account = new FakeAccount({ clock, is_live, label, onEvent: (event) => this.#send(event) });
    super(account);
    const random = seededChance(seed);
    const deliveries = new Deliveries({ clock, random, retry_delays_ms: retry_delays_ms ?? RETRY_DELAYS_MS });
    this.#deliveries = deliveries;
    this.#keys = new Map();
    this.#api = new ApiServer({
      account,
      clock,
      keys: this.#keys,
      version: () => this.api_version,
      weather: () => deliveries.weather,
      random,
    });
  }

  /** Opens the API and from now on sends what is due by itself. Answers the API's address, for `STRIPE_API_BASE`. */
  async start(port = 0): Promise<string> {
    const api_base = await this.#api.listen(port);
    this.#timer = setInterval(() => {
      if (!this.#deliveries.is_sending) void this.drain();
    }, SENDING_INTERVAL_MS).unref();
    return api_base;
  }

  async stop(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    await this.#deliveries.settled();
    await this.#api.close();
  }

  /** Every attempt to deliver so far. */
  get log(): readonly Attempt[] {
    return this.#deliveries.log;
  }

  /** When the next attempt is due; null: nothing is left to send. */
  get next_due_at(): number | null {
    return this.#deliveries.next_due_at;
  }

  /** Takes the place of HTTP; answers the receiver's status. */
  set onDelivery(deliver: Deliver) {
    this.#deliveries.deliver = deliver;
  }

  /** What is not named is calm. */
  setWeather(weather: Partial<Weather>): void {
    this.#deliveries.weather = { ...CALM, ...weather };
  }

  /** Sends everything that is due by the clock; retries of the future stay. */
  drain(): Promise<void> {
    return this.#deliveries.drain();
  }

  /** A restricted key that may do what is listed; without a list, everything that is ever asked for. */
  addKey(permissions: readonly Permission[] = ALL_PERMISSIONS): string {
    const key = this.account.newId(`rk_${this.account.is_live ? "live" : "test"}`);
    this.#keys.set(key, new Set(permissions));
    return key;
  }

  /** The key of the account's own server: it may do everything. */
  addSecretKey(): string {
    const key = this.account.newId(`sk_${this.account.is_live ? "live" : "test"}`);
    this.#keys.set(key, "everything");
    return key;
  }

  revokeKey(key: string): void {
    this.#keys.delete(key);
  }

  /** An endpoint as the studio makes it by hand: it speaks the account's version, and its secret is copied from the page. */
  addEndpoint(
    url: string,
    { enabled_events = ["*"], secret }: { enabled_events?: string[]; secret?: string } = {},
  ): { endpoint_id: string; secret: string } {
    const endpoint: Endpoint = {
      ...this.account.begin("we", "webhook_endpoint"),
      url,
      api_version: null,
      enabled_events,
      status: "enabled",
      _secret: secret ?? this.account.newId("whsec"),
    };
    this.account.add("webhook_endpoints", endpoint);
    return { endpoint_id: endpoint.id, secret: endpoint._secret };
  }

  #send(event: StripeEvent): void {
    for (const endpoint of this.account.all("webhook_endpoints")) {
      const is_wanted = endpoint.enabled_events.includes("*") || endpoint.enabled_events.includes(event.type);
      const version = endpoint.api_version ?? this.api_version;
      if (is_wanted && isToldIn(version, event)) this.#deliveries.enqueue(event, endpoint, version);
    }
  }
}

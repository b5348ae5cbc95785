import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text as readWhole } from "node:stream/consumers";
import { systemClock, type Clock } from "../../../platform/clock.ts";
import { sealUserContext } from "../user-context.ts";
import { Deliveries, type FakeDelivery, type SendDelivery } from "./deliveries.ts";
import { FrontDesk } from "./front-desk.ts";
import { FrontDoor, type FakeRequest } from "./front-door.ts";
import { SubscriptionDesk } from "./subscription-desk.ts";
import { Till } from "./till.ts";
import { Tokens, type Grant } from "./tokens.ts";
import { CLEAR_SKY, type Weather } from "./weather.ts";
import { known, World } from "./world.ts";

/** A location and all that its studio does. */
export interface FakeStudio {
  location_id: string;
  company_id: string;
  desk: FrontDesk;
  till: Till;
  subscriptions: SubscriptionDesk;
}

export interface FakeGhlOptions {
  clock?: Clock;
  seed?: number;
  /** False: deliveries leave only through `drain` and `sendDue`, as in a simulation whose clock is set by hand. */
  sends_by_itself?: boolean;
}

const SEND_EVERY_MS = 20;

/** A GoHighLevel of one's own: OAuth, the API, webhooks, and the studios behind it. */
export class FakeGhl {
  readonly app = { client_id: "fakeapp-client", client_secret: "fake-secret" };
  readonly app_id = "fakeapp";
  /** Seals what its pages say of a user. */
  readonly shared_secret = "fake-shared-secret";
  readonly world: World;
  readonly #tokens: Tokens;
  readonly #deliveries: Deliveries;
  readonly #door: FrontDoor;
  readonly #sends_by_itself: boolean;
  #server: Server | null = null;
  #timer: NodeJS.Timeout | null = null;

  constructor({ clock = systemClock, seed = 1, sends_by_itself = true }: FakeGhlOptions = {}) {
    this.world = new World(clock, seed);
    this.#tokens = new Tokens(this.world, this.app);
    this.#deliveries = new Deliveries(this.world, this.app_id);
    this.#door = new FrontDoor(this.world, this.#tokens, this.#deliveries, (grant) => {
      this.#uninstall(grant);
    });
    this.#sends_by_itself = sends_by_itself;
  }

  /** Listens on 127.0.0.1 and brings its base URL. */
  async start(port = 0): Promise<string> {
    const server = createServer((request, response) => {
      void this.#serve(request, response);
    });
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
    if (this.#sends_by_itself) {
      this.#timer = setInterval(() => {
        void this.#deliveries.sendDue();
      }, SEND_EVERY_MS).unref();
    }
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    if (this.#timer) clearInterval(this.#timer);
    const server = this.#server;
    if (!server) return;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }

  /** Where events go by HTTP. */
  set webhook_url(url: string) {
    this.#deliveries.url = url;
  }

  /** Takes events in the process, in place of HTTP; brings the status that the receiver answers. */
  set onDelivery(send: SendDelivery) {
    this.#deliveries.send = send;
  }

  /** PEM of the key that signs, for `GHL_WEBHOOK_PUBLIC_KEYS`. */
  get public_key(): string {
    return this.#deliveries.public_key;
  }

  get deliveries(): readonly FakeDelivery[] {
    return this.#deliveries.log;
  }

  /** Every API request that came, oldest first. */
  get requests(): readonly FakeRequest[] {
    return this.#door.requests;
  }

  /** Changes the weather; what is not named clears up. */
  setWeather(weather: Partial<Weather>): void {
    this.#deliveries.weather = { ...CLEAR_SKY, ...weather };
    this.world.transaction_delay_ms = this.#deliveries.weather.transaction_delay_ms;
  }

  async drain(): Promise<void> {
    await this.#deliveries.drain();
  }

  async sendDue(): Promise<void> {
    await this.#deliveries.sendDue();
  }

  expireAccessTokens(): void {
    this.#tokens.expireAccessTokens();
  }

  addCompany({
    name = "Agency",
    whitelabel_domain = null,
  }: { name?: string; whitelabel_domain?: string | null } = {}): string {
    const id = this.world.newId();
    this.world.companies.set(id, { id, name, whitelabel_domain });
    return id;
  }

  addLocation({
    company_id = this.addCompany(),
    name = "Studio",
    timezone = "America/New_York",
    currency = "USD",
  }: { company_id?: string; name?: string; timezone?: string; currency?: string } = {}): FakeStudio {
    const id = this.world.newId();
    this.world.locations.set(id, {
      id,
      company_id,
      name,
      timezone,
      currency,
      is_active: true,
      is_installed: false,
      installed_at: null,
      contacts: new Map(),
      custom_fields: new Map(),
      calendars: new Map(),
      appointments: new Map(),
      products: new Map(),
      prices: new Map(),
      orders: new Map(),
      invoices: new Map(),
      transactions: new Map(),
      subscriptions: new Map(),
    });
    return this.studio(id);
  }

  studio(location_id: string): FakeStudio {
    const location = this.world.location(location_id);
    const till = new Till(this.world, this.#deliveries, location);
    return {
      location_id,
      company_id: location.company_id,
      desk: new FrontDesk(this.world, this.#deliveries, location),
      till,
      subscriptions: new SubscriptionDesk(this.world, till, location),
    };
  }

  addUser({ name, role = "admin", location_ids }: { name: string; role?: string; location_ids: string[] }): string {
    const id = this.world.newId();
    const roles = { type: "account", role, locationIds: location_ids };
    this.world.users.set(id, { id, name, email: `${id}@example.com`, roles });
    return id;
  }

  /** What the page around an embedded one answers to REQUEST_USER_DATA while that user has the location open; null: the agency's view. */
  userContext(user_id: string, company_id: string, location_id: string | null): string {
    const user = this.world.users.get(user_id);
    if (!user) throw new Error(`there is no user ${user_id}`);
    const who = { user_id, user_name: String(user["name"]), email: String(user["email"]) };
    const type = location_id === null ? "agency" : "location";
    const context = { ...who, company_id, ghl_location_id: location_id, role: "user", type } as const;
    return sealUserContext(context, this.shared_secret);
  }

  /** A user of the location installs the app: INSTALL is told, and the code comes back that the redirect would bring. */
  install(location_id: string): string {
    this.#markInstalled(location_id);
    const { company_id } = this.world.location(location_id);
    return this.#tokens.newCode({ user_type: "Location", company_id, location_id });
  }

  /** An agency installs it for these locations: one INSTALL for each, and a code for the agency's own token. */
  installForAgency(company_id: string, location_ids: string[]): string {
    this.#tellInstall(company_id, null);
    for (const location_id of location_ids) this.#markInstalled(location_id);
    return this.#tokens.newCode({ user_type: "Company", company_id, location_id: null });
  }

  uninstall(location_id: string): void {
    const { company_id } = this.world.location(location_id);
    this.#uninstall({ user_type: "Location", company_id, location_id });
  }

  uninstallForAgency(company_id: string): void {
    this.#uninstall({ user_type: "Company", company_id, location_id: null });
  }

  /** Paused by its agency: `Location is not active`, until it is again. */
  setActive(location_id: string, is_active: boolean): void {
    this.world.location(location_id).is_active = is_active;
  }

  #markInstalled(location_id: string): void {
    const location = this.world.location(location_id);
    location.is_installed = true;
    location.installed_at = this.world.clock.now();
    this.#tellInstall(location.company_id, location_id);
  }

  #tellInstall(company_id: string, location_id: string | null): void {
    const { name, whitelabel_domain } = known(this.world.companies.get(company_id), `company ${company_id}`);
    this.#deliveries.tell("INSTALL", location_id, {
      installType: location_id === null ? "Company" : "Location",
      companyId: company_id,
      userId: "fakeUser",
      companyName: name,
      isWhitelabelCompany: whitelabel_domain !== null,
      whitelabelDetails: whitelabel_domain === null ? {} : { domain: whitelabel_domain },
    });
  }

  #uninstall({ company_id, location_id }: Grant): void {
    this.#tokens.revoke({ company_id, location_id });
    for (const location of this.world.locations.values()) {
      const is_concerned = location_id === null ? location.company_id === company_id : location.id === location_id;
      if (is_concerned) location.is_installed = false;
    }
    this.#deliveries.tell("UNINSTALL", location_id, location_id === null ? { companyId: company_id } : {});
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readWhole(request);
    const { slow_ms } = this.#deliveries.weather;
    if (slow_ms > 0) await new Promise((resolve) => setTimeout(resolve, slow_ms));
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
    const url = new URL(request.url ?? "/", "http://fake");
    const answer = this.#door.answer(request.method ?? "GET", url, headers, body);
    response.writeHead(answer.status, { "content-type": "application/json", ...answer.headers });
    response.end(JSON.stringify(answer.body));
  }
}

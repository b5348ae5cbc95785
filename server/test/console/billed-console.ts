import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect } from "vitest";
import { KotallyAccount } from "../../src/gateways/stripe/billing/kotally-account.ts";
import { FakeKotally } from "../../src/gateways/stripe/fake/fake-kotally.ts";
import type { Subscription } from "../../src/gateways/stripe/fake/rows.ts";
import type { ServiceConfig } from "../../src/listening.ts";
import type { BillingDesk } from "../../src/operations/billing/billing-desk.ts";
import { followAll, type Followed } from "../../src/operations/billing/follow-all.ts";
import { applyFile, parseApplyFile } from "../../src/operations/catalog/apply-file.ts";
import { systemClock } from "../../src/platform/clock.ts";
import { callerOf, sql } from "../support.ts";
import { PASSWORD, PUBLIC_URL, useConsole, type ConsoleServer } from "./console-server.ts";
import type { Visitor } from "./visitor.ts";

export const WEBHOOK_SECRET = "whsec_of_kotallys_own_account";

export interface Billed {
  fake: FakeKotally;
  /** What the jobs work with; `later`: as if so many milliseconds had passed. */
  desk(later?: number): BillingDesk;
  /** One run of the timer; a failure ends the test. */
  follow(later?: number): Promise<Followed>;
  /** Lets Stripe deliver what happened, and waits until all of it was followed. */
  told(): Promise<void>;
}

export type BilledConsole = ConsoleServer & Billed;

/** A console of a server that bills through a Stripe account of its own, which delivers to it. */
export function useBilledConsole(listens: Parameters<typeof useConsole>[1] = {}): BilledConsole {
  return billed((settings) => useConsole(settings, listens));
}

/** The same of whatever `open` opens with these settings. */
export function billed<Server extends ConsoleServer>(
  open: (settings: Partial<ServiceConfig>) => Server,
): Server & Billed {
  const fake = new FakeKotally({ clock: systemClock, label: "Own", retry_delays_ms: [] });
  const stripe = { webhook_secret: WEBHOOK_SECRET, price_id: null, settle_seconds: 0 };
  const settings: Partial<ServiceConfig> = {};
  let api: { secret_key: string; api_base: string };
  beforeAll(async () => {
    api = { api_base: await fake.start(), secret_key: fake.addSecretKey() };
    settings.stripe = { ...stripe, ...api };
  });
  afterAll(() => fake.stop());
  const server = open(settings) as Server & Billed;
  beforeAll(() => {
    fake.addEndpoint(`${server.base_url}/webhooks/stripe/billing`, { secret: WEBHOOK_SECRET });
  });
  server.fake = fake;
  server.desk = (later = 0) => ({
    db: server.db,
    clock: { now: () => systemClock.now() + later },
    ports: new KotallyAccount({ ...api, price_id: null }),
    public_url: settings.public_url ?? PUBLIC_URL,
  });
  server.follow = (later = 0) =>
    followAll(server.desk(later), (workspace_id, error) => {
      throw new Error(`${workspace_id} was not followed`, { cause: error });
    });
  server.told = async () => {
    await fake.drain();
    expect(fake.log.filter(({ status }) => status !== 200)).toEqual([]);
    const waiting = {
      name: "",
      text: "SELECT FROM billing_accounts WHERE readings_begun > reading_written OR next_reading_at <= now()",
    };
    const isFollowed = async () => {
      const { readings } = await server.follow();
      return readings === 0 && (await server.db.transaction("owner", (tx) => tx.query(waiting))).length === 0;
    };
    await expect.poll(isFollowed, { timeout: 5000 }).toBe(true);
  };
  return server;
}

const SCOPES = ["grant", "check", "deduct", "restore", "summary", "manage"];
const PACK = { key: "pack", name: "Pack", type: "package", credits_total: 10, calendars: ["cal"] };

/** A new workspace that is to pay, with so many locations beside its sandbox, and its owner signed in. */
export async function newPayer(server: BilledConsole, { locations = 1 } = {}) {
  const key = `w-${randomUUID()}`;
  const email = `owner-${randomUUID()}@studio.test`;
  const described = (name: string, more: object = {}) => ({ key: name, timezone: "America/New_York", ...more });
  const main = described("l1", { products: [PACK], api_clients: [{ key: "bot", scopes: SCOPES }] });
  const further = Array.from({ length: locations - 1 }, (_, i) => described(`l${i + 2}`));
  const workspace = { key, name: "A studio", owner: { email, password: PASSWORD } };
  const file = { workspace, locations: [main, ...further, described("try", { sandbox: true })] };
  const { workspace_id, locations: made } = await applyFile(server.db, parseApplyFile(file), { is_billed: true });
  const owner = server.visitor();
  await owner.signIn(email, PASSWORD);
  return new Payer(server, { workspace_id, key, email, owner, main: made["l1"] });
}

type Main = Awaited<ReturnType<typeof applyFile>>["locations"][string];

export class Payer {
  readonly #server: BilledConsole;
  readonly #main: Main;
  readonly workspace_id: string;
  readonly key: string;
  readonly email: string;
  readonly owner: Visitor;

  constructor(
    server: BilledConsole,
    made: { workspace_id: string; key: string; email: string; owner: Visitor; main: Main | undefined },
  ) {
    if (!made.main) throw new Error("the workspace has no location");
    this.#server = server;
    this.#main = made.main;
    ({ workspace_id: this.workspace_id, key: this.key, email: this.email, owner: this.owner } = made);
  }

  get location_id(): string {
    return this.#main.location_id;
  }

  /** Calls of the workspace's billing. */
  get = async (path = "") => (await this.owner.console("GET", `/workspaces/${this.workspace_id}/billing${path}`)).body;
  post = async (path: string, body: object = {}) =>
    (await this.owner.console("POST", `/workspaces/${this.workspace_id}/billing${path}`, body)).body;

  /** Opens the payment page and pays on it; nobody comes back yet. Answers the page's id. */
  async pay(): Promise<string> {
    const { url } = (await this.post("/checkout")) as unknown as { url: string };
    const paid = await fetch(url, { method: "POST", body: new URLSearchParams({ act: "pay" }), redirect: "manual" });
    const session_id = new URL(paid.headers.get("location") ?? "").searchParams.get("checkout");
    if (session_id === null) throw new Error("the payment page did not lead back");
    return session_id;
  }

  /** Pays and comes back, and all that Stripe told of it has come. */
  async subscribe(): Promise<Subscription> {
    await this.post("/finish", { session_id: await this.pay() });
    await this.#server.told();
    return this.subscription;
  }

  /** As Stripe has it. */
  get subscription(): Subscription {
    const customers = this.#server.fake.account.all("customers");
    const mine = customers.find(({ metadata }) => metadata["workspace_id"] === this.workspace_id);
    const subscription = mine && this.#server.fake.subscriptionOf(mine.id);
    if (!subscription) throw new Error("the workspace has no subscription");
    return subscription;
  }

  /** One purchase through the machine API; answers its reason code. */
  async grant(member = "maya"): Promise<string> {
    const { body } = await callerOf(this.#server.base_url, this.token).post("/grants", {
      request_id: randomUUID(),
      external_contact_id: member,
      product_config_id: this.#main.products["pack"],
      external_payment_id: randomUUID(),
    });
    return body.reason_code;
  }

  get token(): string {
    const token = this.#main.api_clients["bot"]?.token;
    if (!token) throw new Error("the API client has no token");
    return token;
  }

  /** What the audit trail says of billing, in order. */
  async trail(): Promise<{ actor: string; action: string; subject: string; ip: string | null; after: unknown }[]> {
    return sql(
      this.#server.db,
      `SELECT actor, action, subject, ip, after FROM audit_events
       WHERE workspace_id = $1 AND action NOT IN ('apply', 'create', 'update') ORDER BY recorded_at, id`,
      [this.workspace_id],
    );
  }

  statuses = async () =>
    Object.fromEntries(
      (
        await sql<{ key: string; status: string }>(
          this.#server.db,
          "SELECT key, status FROM locations WHERE workspace_id = $1 ORDER BY key",
          [this.workspace_id],
        )
      ).map(({ key, status }) => [key, status]),
    );
}

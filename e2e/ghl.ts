import { createPublicKey } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll } from "vitest";
import { FakeGhl } from "../server/src/gateways/ghl/fake/fake-ghl.ts";
import { html } from "../server/src/http/reference/html.ts";
import { ProviderConnections } from "../server/src/jobs/events/connections.ts";
import { GhlAccounts } from "../server/src/jobs/ghl-accounts.ts";
import { pollGhl } from "../server/src/jobs/poll-ghl.ts";
import { createTakeEvent } from "../server/src/jobs/take-event.ts";
import type { Listening } from "../server/src/listening.ts";
import { settleEverywhere } from "../server/src/operations/due/settle-dues.ts";
import { EventTaker } from "../server/src/operations/events/event-taker.ts";
import { systemClock, type Clock } from "../server/src/platform/clock.ts";
import { createLogger } from "../server/src/platform/log.ts";
import { sql } from "../server/test/support.ts";
import { useConsoleInBrowser, type ConsoleInBrowser } from "./console.ts";

/** GoHighLevel's own page, on which somebody chooses the sub-account to install for: all that the fake has. */
class ChoosePage {
  readonly #server: Server;

  constructor(fake: FakeGhl, originOf: () => string) {
    this.#server = createServer((request, response) => {
      const state = new URL(request.url ?? "/", "http://choose.test").searchParams.get("state") ?? "";
      const choices = [...fake.world.locations.values()].map(({ id, name }) => {
        const back = new URLSearchParams({ code: fake.install(id), state });
        return html`<a href="${originOf()}/oauth/ghl/callback?${back.toString()}">${name}</a>`;
      });
      response.setHeader("content-type", "text/html; charset=utf-8").end(html`<!doctype html>${choices}`.text);
    });
  }

  /** Listens, and brings its address. */
  async start(): Promise<string> {
    await once(this.#server.listen(0, "127.0.0.1"), "listening");
    return `http://choose.test:${(this.#server.address() as AddressInfo).port}/v2/oauth/chooselocation`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }
}

export interface ConsoleWithGhl extends ConsoleInBrowser {
  fake: FakeGhl;
  /** Takes what was delivered and is due, by this clock. */
  take(clock?: Clock): Promise<void>;
  /** Lets GoHighLevel deliver what happened, asks for what it tells nobody, and takes all of it. */
  told(): Promise<void>;
}

/** The console of a server whose GoHighLevel is the fake one. */
export function useConsoleWithGhl(): ConsoleWithGhl {
  const fake = new FakeGhl({ sends_by_itself: false });
  const choose_page = new ChoosePage(fake, () => server.origin);
  const listens: Partial<Listening> = { ghl_public_keys: [createPublicKey(fake.public_key)] };
  let app: { client_id: string; client_secret: string; api_base: string };
  beforeAll(async () => {
    app = { ...fake.app, api_base: await fake.start() };
    listens.ghl_app = app;
    listens.ghl_install_url = await choose_page.start();
  });
  afterAll(() => Promise.all([fake.stop(), choose_page.stop()]));
  const server = useConsoleInBrowser({}, listens) as ConsoleWithGhl;
  beforeAll(() => {
    fake.webhook_url = `${server.base_url}/webhooks/ghl`;
  });
  const contextAt = (clock: Clock) => {
    const { db, secrets, service } = server;
    const installations = new GhlAccounts(db, secrets, clock, app);
    const connections = new ProviderConnections(db, { secrets, accounts: installations, stripe_api_base: null });
    return { db, clock, ledger: service.ledger, log: createLogger("silent"), installations, connections };
  };
  server.fake = fake;
  server.take = async (clock = systemClock) => {
    await new EventTaker(server.db, clock, createTakeEvent(contextAt(clock))).drain();
    await settleEverywhere(server.db, server.service.ledger, systemClock);
  };
  server.told = async () => {
    await fake.drain();
    await server.take();
    await sql(server.db, "UPDATE ghl_polls SET next_at = now() - interval '1 s'", []);
    await pollGhl(contextAt(systemClock));
    await server.take();
  };
  return server;
}

import { setTimeout as sleep } from "node:timers/promises";
import type { FastifyInstance } from "fastify";
import { registerBilling, registerInbox, registerInstalling, registerPeople, registerStaff } from "./doors.ts";
import { AskGhl } from "./http/ask-ghl.ts";
import { consoleFiles } from "./http/console-files.ts";
import { endConnectionsOn, GRACE_MS } from "./http/end-connections.ts";
import type { MachineApi } from "./http/machine-api.ts";
import { RateLimiter } from "./http/rate-limit.ts";
import { registerRoutes } from "./http/routes.ts";
import { createHttp } from "./http/server.ts";
import { ledgerSettings, openBilling, openConnections, type Listening, type ServiceConfig } from "./listening.ts";
import { Authenticator } from "./operations/access/authenticate-client.ts";
import { RequestLog } from "./operations/access/request-log.ts";
import { BulkWork } from "./operations/bulk/bulk-work.ts";
import type { WebhookInbox } from "./operations/events/webhook-inbox.ts";
import { Gate } from "./operations/gate.ts";
import { openLedger, type Ledger } from "./operations/ledger.ts";
import { systemClock } from "./platform/clock.ts";
import type { Database } from "./platform/database.ts";
import type { Logger } from "./platform/log.ts";

export interface Service {
  app: FastifyInstance;
  ledger: Ledger;
  /** Null: nothing is listened to. */
  inbox: WebhookInbox | null;
  /** Where mail is read that does not leave; null: nowhere. */
  mailbox: string | null;
  /** Answers what was accepted, then stops; the database stays open. */
  close(): Promise<void>;
}

/** Everything that answers requests, wired on one database. */
export async function createService(
  db: Database,
  config: ServiceConfig,
  log: Logger,
  listening: Listening | null = null,
): Promise<Service> {
  const clock = systemClock;
  const ledger = openLedger(db, clock, ledgerSettings(config));
  const authenticator = new Authenticator(db, clock);
  const request_log = new RequestLog(db, clock);
  // The server itself speaks no TLS: where it is reached by it, a proxy stands before it.
  const app = await createHttp(log, { trusts_proxy: config.public_url.startsWith("https:") });
  const ending = endConnectionsOn(app);
  const connections = listening && openConnections(db, listening);
  const api: MachineApi = {
    gate: new Gate(ledger),
    ledger,
    authenticator,
    rate_limiter: new RateLimiter(config.api_rate_limit, clock),
    request_log,
    db,
    clock,
    ghl: new AskGhl(clock, (location_id) => connections?.ghl(location_id) ?? Promise.resolve(null)),
    public_url: config.public_url,
    is_draining: ending.hasBegun,
  };
  registerRoutes(app, api);
  await app.register(consoleFiles);
  const billing = openBilling(db, config);
  const follow_soon = billing && registerBilling(app, billing, config, log);
  const bulk = new BulkWork({ db, ledger, clock }, log);
  const people = listening && registerPeople(app, { ...api, bulk, billing }, config, log, listening);
  if (listening) await registerStaff(app, api, listening);
  if (listening && people) registerInstalling(app, api, listening, people.find_person);
  const inbox = listening && registerInbox(app, api, listening, log);
  return {
    app,
    ledger,
    inbox,
    mailbox: people?.mailbox ?? null,
    close: async () => {
      await ending.begin();
      await app.close();
      await follow_soon?.settled();
      await inbox?.close();
      // A courtesy waits for nothing that hangs.
      await Promise.race([request_log.write(), sleep(GRACE_MS)]);
      await bulk.stop();
      await ledger.close();
    },
  };
}

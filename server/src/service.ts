import type { FastifyInstance } from "fastify";
import type { Config } from "./config.ts";
import { RateLimiter } from "./http/rate-limit.ts";
import { registerRoutes } from "./http/routes.ts";
import { createHttp } from "./http/server.ts";
import { Authenticator } from "./operations/access/authenticate-client.ts";
import { Gate } from "./operations/gate.ts";
import { openLedger, type Ledger } from "./operations/ledger.ts";
import { systemClock } from "./platform/clock.ts";
import type { Database } from "./platform/database.ts";
import type { Logger } from "./platform/log.ts";

export interface Service {
  app: FastifyInstance;
  ledger: Ledger;
  /** Answers what was accepted, then stops; the database stays open. */
  close(): Promise<void>;
}

/** Everything that answers requests, wired on one database. */
export async function createService(
  db: Database,
  config: Pick<Config, "api_rate_limit" | "ledger_batch" | "public_url">,
  log: Logger,
): Promise<Service> {
  const clock = systemClock;
  const ledger = openLedger(db, clock, { batch: config.ledger_batch });
  const authenticator = new Authenticator(db, clock);
  const app = await createHttp(log);
  registerRoutes(app, {
    gate: new Gate(ledger, authenticator),
    authenticator,
    rate_limiter: new RateLimiter(config.api_rate_limit, clock),
    db,
    clock,
    public_url: config.public_url,
  });
  return {
    app,
    ledger,
    close: async () => {
      await app.close();
      await ledger.close();
    },
  };
}

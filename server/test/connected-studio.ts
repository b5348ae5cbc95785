import { randomUUID } from "node:crypto";
import type { FakeGhl, FakeStudio } from "../src/gateways/ghl/fake/fake-ghl.ts";
import { exchangeCode } from "../src/gateways/ghl/oauth.ts";
import { ProviderConnections } from "../src/jobs/events/connections.ts";
import { GhlAccounts } from "../src/jobs/ghl-accounts.ts";
import { stripeSealOf } from "../src/operations/connections/stripe-listeners.ts";
import { openLedger } from "../src/operations/ledger.ts";
import { systemClock, type Clock } from "../src/platform/clock.ts";
import type { Database } from "../src/platform/database.ts";
import { locationUuid } from "../src/platform/ids.ts";
import { createLogger } from "../src/platform/log.ts";
import { Secrets } from "../src/platform/secrets.ts";
import { findGhlConnectionOfLocation } from "../src/store/ghl-connections.ts";
import { createLocation, sql, type TestLocation } from "./support.ts";

/** The providers' accounts of the locations of one database, behind fakes. */
export interface TestProviders {
  db: Database;
  clock: Clock;
  secrets: Secrets;
  accounts: GhlAccounts;
  connections: ProviderConnections;
  /** What a job is given. */
  context: {
    db: Database;
    clock: Clock;
    log: ReturnType<typeof createLogger>;
    connections: ProviderConnections;
    ledger: ReturnType<typeof openLedger>;
  };
}

/** `api_base`: where the fake GoHighLevel listens. A second call is a second process. */
export function openProviders(
  db: Database,
  fake: FakeGhl,
  api_base: string,
  { clock = systemClock, stripe_api_base = null }: { clock?: Clock; stripe_api_base?: string | null } = {},
): TestProviders {
  const secrets = new Secrets("the-secret-of-these-tests");
  const accounts = new GhlAccounts(db, secrets, clock, { ...fake.app, api_base });
  const connections = new ProviderConnections(db, { secrets, accounts, stripe_api_base });
  const ledger = openLedger(db, clock, { batch: "mixed" });
  const context = { db, clock, log: createLogger("silent"), connections, ledger };
  return { db, clock, secrets, accounts, connections, context };
}

export interface ConnectedStudio extends TestLocation {
  workspace: string;
  uuid: string;
  studio: FakeStudio;
}

/** A location that a studio of the fake has installed the app for. */
export async function connectStudio(
  { db, clock, accounts }: TestProviders,
  fake: FakeGhl,
  settings: { products?: object[]; [field: string]: unknown } = {},
): Promise<ConnectedStudio> {
  const location = await createLocation(db, { products: [], ...settings });
  const uuid = locationUuid(location.location_id) ?? "";
  const studio = fake.addLocation();
  await sql(db, "UPDATE locations SET ghl_location_id = $2, version = version + 1 WHERE location_id = $1", [
    uuid,
    studio.location_id,
  ]);
  await sql(
    db,
    `INSERT INTO ghl_connections (id, company_id, ghl_location_id, workspace_id, location_id, user_type, status, installed_at,
       updated_at)
     SELECT $1, $2, $3, workspace_id, location_id, 'Location', 'connected', $5::timestamptz - interval '1 minute', $5
     FROM locations WHERE location_id = $4`,
    [randomUUID(), studio.company_id, studio.location_id, uuid, new Date(clock.now()).toISOString()],
  );
  const connection = await db.transaction("inbox", (tx) => findGhlConnectionOfLocation(tx, uuid));
  if (!connection) throw new Error("the studio was not connected");
  const code = fake.install(studio.location_id);
  const pair = await exchangeCode(accounts.app, clock, { code });
  await accounts.tokens.keep(connection, pair);
  return { ...location, uuid, studio };
}

/** A studio's own Stripe account, asked with this key. */
export async function connectStripe(
  { db, secrets, clock }: TestProviders,
  location_id: string,
  key: string,
  mode: "poll" | "webhook",
): Promise<string> {
  const id = randomUUID();
  const created_at = new Date(clock.now() - 60_000).toISOString();
  await sql(
    db,
    `INSERT INTO stripe_connections (location_id, id, url_key, mode, is_live, status, restricted_key, created_at)
     VALUES ($1, $2, $3, $4, false, 'connected', $5, $6)`,
    [
      location_id,
      id,
      `k${randomUUID().replaceAll("-", "")}`,
      mode,
      secrets.seal(key, stripeSealOf({ location_id, id }, "restricted_key")),
      created_at,
    ],
  );
  return id;
}

import { connectStripe, newStripeConnection } from "../../server/src/operations/connections/connect-stripe.ts";
import { newConnectToken } from "../../server/src/operations/connections/oauth-state.ts";
import { findLocation } from "../../server/src/operations/locations/find-location.ts";
import { systemClock } from "../../server/src/platform/clock.ts";
import { Secrets } from "../../server/src/platform/secrets.ts";
import { newServer, type ServerProcess } from "../../server/test/faults/spawned-server.ts";
import { createLocation, sql, type TestDatabase } from "../../server/test/support.ts";
import { productsFile } from "./catalog.ts";
import { ZONE } from "./diary.ts";
import type { Providers } from "./providers.ts";

/** Later than any year that is lived. */
export const NEVER = "2099-12-31T00:00:00Z";

const SECRET = "the-secret-of-the-simulated-year";

export interface OpenStudio {
  database: TestDatabase;
  server: ServerProcess;
  secrets: Secrets;
  /** The location's uuid, and as the command line names it. */
  location_id: string;
  reference: string;
  token: string;
  product_ids: Record<string, string>;
  /** Where each provider delivers. */
  paths: { ghl: string; stripe: string };
}

/** A sandbox location on a server process of its own, connected to both fakes as a studio's owner would connect it. */
export async function openYearStudio(providers: Providers, database: TestDatabase): Promise<OpenStudio> {
  const { db } = database;
  const { studio, calendars, products } = providers;
  const server = await newServer({
    DATABASE_URL: database.url,
    KOTALLY_SECRET: SECRET,
    GHL_CLIENT_ID: providers.ghl.app.client_id,
    GHL_CLIENT_SECRET: providers.ghl.app.client_secret,
    GHL_INSTALL_URL: "https://marketplace.test/v2/oauth/chooselocation?client_id=fakeapp-client",
    GHL_API_BASE: providers.api_bases.ghl,
    GHL_WEBHOOK_PUBLIC_KEYS: providers.ghl.public_key,
    STRIPE_API_BASE: providers.api_bases.stripe,
  });
  const made = await createLocation(db, {
    timezone: ZONE,
    sandbox: true,
    auto_settle: true,
    ghl_location_id: studio.location_id,
    scopes: ["grant", "check", "deduct", "restore", "summary", "manage"],
    products: productsFile(calendars, products),
  });
  const { location_id, workspace_id } = await findLocation(db, made.location_id);
  await holdPolls(database, location_id);
  await server.start();
  const secrets = new Secrets(SECRET);
  await connectGhl(providers, server, newConnectToken(secrets, systemClock, workspace_id));
  const stripe_path = await connectStripeAccount(providers, database, secrets, made.location_id);
  return {
    database,
    server,
    secrets,
    location_id,
    reference: made.location_id,
    token: made.token,
    product_ids: made.products,
    paths: { ghl: "/webhooks/ghl", stripe: stripe_path },
  };
}

/** A minute of the server's timers is half a day here: the simulation says when GoHighLevel is read. */
function holdPolls({ db }: TestDatabase, location_id: string): Promise<unknown> {
  return sql(
    db,
    `INSERT INTO ghl_polls (location_id, kind, began_at, next_at)
     SELECT $1, kind, now(), $2 FROM unnest(ARRAY['transactions', 'transactions_sweep', 'subscriptions', 'bookings']) AS kind`,
    [location_id, NEVER],
  );
}

/** Through the link that staff would open, and GoHighLevel's redirect back. */
async function connectGhl(providers: Providers, server: ServerProcess, start: string): Promise<void> {
  const link = `${server.base_url}/connect/ghl?start=${encodeURIComponent(start)}`;
  const redirect = await fetch(link, { redirect: "manual" });
  const state = new URL(redirect.headers.get("location") ?? "").searchParams.get("state") ?? "";
  const cookie = redirect.headers.get("set-cookie")?.split(";")[0] ?? "";
  const code = providers.ghl.install(providers.studio.location_id);
  const back = new URLSearchParams({ code, state }).toString();
  const answer = await fetch(`${server.base_url}/oauth/ghl/callback?${back}`, { headers: { cookie } });
  const page = await answer.text();
  if (!page.includes("is connected to GoHighLevel")) throw new Error(`GoHighLevel was not connected: ${page}`);
}

async function connectStripeAccount(
  providers: Providers,
  { db }: TestDatabase,
  secrets: Secrets,
  reference: string,
): Promise<string> {
  const connection = newStripeConnection();
  const path = `/webhooks/stripe/${connection.url_key}`;
  const { secret, endpoint_id } = providers.stripe.addEndpoint(`http://kotally.test${path}`);
  providers.webhook_secret = secret;
  await connectStripe(db, secrets, systemClock, await findLocation(db, reference), connection, {
    mode: "webhook",
    is_live: false,
    restricted_key: providers.stripe.addKey(),
    webhook_secret: secret,
    webhook_endpoint_id: endpoint_id,
  });
  await sql(db, "UPDATE stripe_connections SET polled_at = $1", [NEVER]);
  return path;
}

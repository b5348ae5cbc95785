import { randomBytes } from "node:crypto";
import type { Clock } from "../../platform/clock.ts";
import type { Database, Transaction } from "../../platform/database.ts";
import { newId } from "../../platform/ids.ts";
import type { Secrets } from "../../platform/secrets.ts";
import type { Instant } from "../../rules/time/local-days.ts";
import { insertAuditEvent } from "../../store/audit-events.ts";
import type { Location } from "../../store/locations.ts";
import {
  disconnectStripe as endStripe,
  findStripeConnection,
  insertStripeConnection,
  type StripeConnection,
} from "../../store/stripe-connections.ts";
import { stripeSealOf } from "./stripe-listeners.ts";

export { endStripe };

/** A connection before it is kept: its address is known, so that an endpoint can be made for it. */
export interface NewStripeConnection {
  id: string;
  url_key: string;
}

/** A connection that was agreed upon with Stripe, and is to be kept. */
export interface PreparedStripe extends NewStripeConnection {
  credentials: StripeCredentials;
  webhook_url: string;
}

export interface StripeCredentials {
  mode: StripeConnection["mode"];
  is_live: boolean;
  restricted_key: string | null;
  webhook_secret: string | null;
  webhook_endpoint_id: string | null;
}

const URL_KEY_BYTES = 24;

export function newStripeConnection(): NewStripeConnection {
  return { id: newId(), url_key: randomBytes(URL_KEY_BYTES).toString("base64url") };
}

/** Where Stripe delivers for this connection. */
export function stripeWebhookUrl(public_url: string, { url_key }: { url_key: string }): string {
  return `${public_url.replace(/\/+$/, "")}/webhooks/stripe/${url_key}`;
}

/** What was opened of a connection that is live. */
export interface OpenStripeConnection extends Pick<
  StripeConnection,
  "id" | "url_key" | "mode" | "is_live" | "webhook_endpoint_id"
> {
  restricted_key: string | null;
  webhook_secret: string | null;
}

/** The live connection of a location with its credentials; null: it listens to no account. */
export async function openStripeConnection(
  db: Database,
  secrets: Secrets,
  location_id: string,
): Promise<OpenStripeConnection | null> {
  const found = await db.transaction("inbox", (tx) => findStripeConnection(tx, location_id), { read_only: true });
  if (!found) return null;
  const open = (field: "restricted_key" | "webhook_secret") => {
    const sealed = found[field];
    return sealed === null ? null : secrets.open(sealed, stripeSealOf(found, field));
  };
  const { id, url_key, mode, is_live, webhook_endpoint_id } = found;
  const credentials = { restricted_key: open("restricted_key"), webhook_secret: open("webhook_secret") };
  return { id, url_key, mode, is_live, webhook_endpoint_id, ...credentials };
}

/** Keeps a connection, sealed, in place of the one that the location had. */
export async function keepStripe(
  tx: Transaction,
  secrets: Secrets,
  location_id: string,
  { id, url_key }: NewStripeConnection,
  credentials: StripeCredentials,
  at: Instant,
): Promise<void> {
  const seal = (field: "restricted_key" | "webhook_secret") => {
    const text = credentials[field];
    return text === null ? null : secrets.seal(text, stripeSealOf({ location_id, id }, field));
  };
  const sealed = { restricted_key: seal("restricted_key"), webhook_secret: seal("webhook_secret") };
  const { mode, is_live, webhook_endpoint_id } = credentials;
  await endStripe(tx, location_id, at);
  const nothing_yet = { poll_cursor: null, polled_at: null, last_event_at: null, trouble: null };
  const connection = { location_id, id, url_key, mode, is_live, webhook_endpoint_id, ...sealed, ...nothing_yet };
  await insertStripeConnection(tx, { ...connection, status: "connected", created_at: at });
}

/** The same for whoever runs the server, with its line in the audit trail. */
export async function connectStripe(
  db: Database,
  secrets: Secrets,
  clock: Clock,
  location: Location,
  connection: NewStripeConnection,
  credentials: StripeCredentials,
): Promise<void> {
  await db.transaction("owner", async (tx) => {
    await keepStripe(tx, secrets, location.location_id, connection, credentials, clock.now());
    await note(tx, location, "connect_stripe", toldStripe(connection, credentials));
  });
}

/** What the audit trail says of a connection: nothing of its credentials. */
export function toldStripe({ id }: NewStripeConnection, { mode, is_live }: StripeCredentials) {
  return { id, mode, is_live };
}

/** Destroys the credentials; what is delivered afterwards is refused. False: there was no connection. */
export function disconnectStripe(db: Database, clock: Clock, location: Location): Promise<boolean> {
  return db.transaction("owner", async (tx) => {
    const was_connected = await endStripe(tx, location.location_id, clock.now());
    if (was_connected) await note(tx, location, "disconnect_stripe", null);
    return was_connected;
  });
}

function note(tx: Transaction, { workspace_id, location_id, key }: Location, action: string, after: object | null) {
  return insertAuditEvent(tx, {
    workspace_id,
    location_id,
    actor: "command line",
    action,
    subject: `location ${key}`,
    before: null,
    after,
  });
}

import {
  connectStripe,
  disconnectStripe,
  newStripeConnection,
  openStripeConnection,
  stripeWebhookUrl,
  type OpenStripeConnection,
  type StripeCredentials,
} from "../operations/connections/connect-stripe.ts";
import { findWorkspaceByKey } from "../operations/connections/list-installations.ts";
import { newConnectToken } from "../operations/connections/oauth-state.ts";
import { findLocation } from "../operations/locations/find-location.ts";
import type { Clock } from "../platform/clock.ts";
import type { Database } from "../platform/database.ts";
import { locationPublicId } from "../platform/ids.ts";
import type { Secrets } from "../platform/secrets.ts";
import { CommandError, type CommandResult } from "./result.ts";

export interface ConnectContext {
  db: Database;
  clock: Clock;
  secrets: Secrets;
  public_url: string;
}

/** The calls to Stripe that connecting makes; main hands them in. */
export interface StripePorts {
  check(
    key: string,
  ): Promise<{ ok: true; is_live: boolean } | { ok: false; reason: string; missing: readonly string[] }>;
  createEndpoint(key: string, url: string): Promise<{ endpoint_id: string; secret: string }>;
  deleteEndpoint(key: string, endpoint_id: string): Promise<void>;
}

export interface StripeOptions {
  key?: string;
  webhookSecret?: string;
  poll?: boolean;
  disconnect?: boolean;
}

/** `kotally connect ghl WORKSPACE`: the link that starts an installation. */
export async function connectGhl(
  { db, clock, secrets, public_url }: ConnectContext,
  workspace_key: string,
  is_ready: boolean,
): Promise<CommandResult> {
  if (!is_ready)
    throw new CommandError("GoHighLevel is off: set GHL_CLIENT_ID, GHL_CLIENT_SECRET and GHL_INSTALL_URL.");
  const workspace = await findWorkspaceByKey(db, workspace_key);
  if (!workspace) throw new CommandError(`There is no workspace with the key ${workspace_key}.`);
  const token = newConnectToken(secrets, clock, workspace.id);
  const url = `${public_url}/connect/ghl?start=${encodeURIComponent(token)}`;
  const lines = ["Open this link in the browser that installs the app; it works for a day:", "", url, ""];
  return { document: { workspace_id: workspace.id, url }, lines };
}

const REFUSALS: Record<string, string> = {
  secret_key: "That is a secret key (sk_), which could move money: make a restricted key (rk_) that only reads.",
  publishable_key: "That is a publishable key (pk_): make a restricted key (rk_) that only reads.",
  not_a_key: "That is no restricted key: one is rk_live_ or rk_test_ and at least 8 letters or digits.",
  unauthorised: "Stripe does not know that key.",
};

/** `kotally connect stripe LOCATION --key rk_… [--webhook-secret whsec_… | --poll] | --disconnect`. */
export async function connectStripeAccount(
  context: ConnectContext,
  stripe: StripePorts,
  reference: string,
  options: StripeOptions,
): Promise<CommandResult> {
  const { db, clock, secrets, public_url } = context;
  const location = await findLocation(db, reference);
  const location_id = locationPublicId(location.location_id);
  const before = await openStripeConnection(db, secrets, location.location_id);
  if (options.disconnect) {
    const was_connected = await disconnectStripe(db, clock, location);
    await removeEndpoint(stripe, before);
    const line = was_connected
      ? `${location.key} is disconnected from Stripe.`
      : `${location.key} was not connected to Stripe.`;
    return { document: { location_id, disconnected: was_connected }, lines: [line] };
  }
  const connection = newStripeConnection();
  const webhook_url = stripeWebhookUrl(public_url, connection);
  const credentials = await credentialsOf(stripe, options, webhook_url);
  if (credentials.is_live && location.sandbox)
    throw new CommandError("A sandbox listens to no live account: use an rk_test_ key.");
  await connectStripe(db, secrets, clock, location, connection, credentials);
  await removeEndpoint(stripe, before);
  const { mode, is_live } = credentials;
  const lines = [`${location.key} listens to a ${is_live ? "live" : "test"} Stripe account (${mode}).`];
  if (mode === "webhook") lines.push(`Deliveries come to ${webhook_url}`);
  return { document: { location_id, mode, is_live, webhook_url }, lines };
}

async function credentialsOf(stripe: StripePorts, options: StripeOptions, url: string): Promise<StripeCredentials> {
  const { key, webhookSecret: webhook_secret = null, poll = false } = options;
  if (key === undefined) throw new CommandError("Give --key rk_…, a restricted key that reads.");
  if (poll && webhook_secret !== null) throw new CommandError("Give either --webhook-secret or --poll.");
  if (webhook_secret !== null && !webhook_secret.startsWith("whsec_"))
    throw new CommandError("--webhook-secret begins with whsec_.");
  const check = await stripe.check(key).catch((error: Error) => {
    throw new CommandError(`The key could not be checked (${error.message}): try again when Stripe answers.`);
  });
  if (!check.ok) {
    throw new CommandError(REFUSALS[check.reason] ?? `The key may not read: ${check.missing.join(", ")}.`);
  }
  const facts = { is_live: check.is_live, restricted_key: key };
  if (poll) return { ...facts, mode: "poll", webhook_secret: null, webhook_endpoint_id: null };
  if (webhook_secret !== null) return { ...facts, mode: "webhook", webhook_secret, webhook_endpoint_id: null };
  const { endpoint_id, secret } = await stripe.createEndpoint(key, url).catch(() => {
    throw new CommandError(
      `Stripe made no endpoint for ${url}: allow the key to write webhook endpoints, or give --webhook-secret of one made by hand, or --poll.`,
    );
  });
  return { ...facts, mode: "webhook", webhook_secret: secret, webhook_endpoint_id: endpoint_id };
}

/** An endpoint that cannot be removed delivers to an address that answers 404; Stripe gives up. */
async function removeEndpoint(stripe: StripePorts, before: OpenStripeConnection | null): Promise<void> {
  if (!before?.restricted_key || before.webhook_endpoint_id === null) return;
  await stripe.deleteEndpoint(before.restricted_key, before.webhook_endpoint_id).catch(() => {});
}

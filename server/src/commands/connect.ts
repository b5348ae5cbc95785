import {
  connectStripe,
  disconnectStripe,
  openStripeConnection,
  type PreparedStripe,
} from "../operations/connections/connect-stripe.ts";
import { findWorkspaceByKey } from "../operations/connections/list-installations.ts";
import { newConnectToken } from "../operations/connections/oauth-state.ts";
import {
  prepareStripe,
  removeEndpoint,
  StripeConnectError,
  type StripePorts,
} from "../operations/connections/prepare-stripe.ts";
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
  const prepared = await agreeWith(stripe, public_url, location, options);
  await connectStripe(db, secrets, clock, location, prepared, prepared.credentials);
  await removeEndpoint(stripe, before);
  const { webhook_url } = prepared;
  const { mode, is_live } = prepared.credentials;
  const lines = [`${location.key} listens to a ${is_live ? "live" : "test"} Stripe account (${mode}).`];
  if (mode === "webhook") lines.push(`Deliveries come to ${webhook_url}`);
  return { document: { location_id, mode, is_live, webhook_url }, lines };
}

async function agreeWith(
  stripe: StripePorts,
  public_url: string,
  location: { sandbox: boolean },
  options: StripeOptions,
): Promise<PreparedStripe> {
  const { key: restricted_key, webhookSecret: webhook_secret = null, poll = false } = options;
  if (restricted_key === undefined) throw new CommandError("Give --key rk_…, a restricted key that reads.");
  if (poll && webhook_secret !== null) throw new CommandError("Give either --webhook-secret or --poll.");
  const listen = webhook_secret === null ? "endpoint" : "secret";
  try {
    const ask = { restricted_key, listen: poll ? "poll" : listen, webhook_secret } as const;
    return await prepareStripe(stripe, public_url, location, ask);
  } catch (error) {
    if (!(error instanceof StripeConnectError)) throw error;
    const option = error.field === null ? undefined : OPTIONS[error.field];
    throw new CommandError(option === undefined ? error.message : `${error.message} (${option})`);
  }
}

/** What a field is called here. */
const OPTIONS: Record<string, string> = { webhook_secret: "--webhook-secret", listen: "--webhook-secret or --poll" };

import { sign, type KeyObject } from "node:crypto";
import {
  connectStripe,
  newStripeConnection,
  openStripeConnection,
  stripeWebhookUrl,
} from "../operations/connections/connect-stripe.ts";
import { findLocation } from "../operations/locations/find-location.ts";
import { findOnlySandbox } from "../operations/locations/find-sandbox.ts";
import { locationPublicId } from "../platform/ids.ts";
import type { ConnectContext } from "./connect.ts";
import { CommandError, type CommandResult } from "./result.ts";

export interface SendOptions {
  location?: string;
  contact?: string;
  /** `path=value`; a value that is JSON is taken as such. */
  set?: string[];
  /** Where the server answers; else PUBLIC_URL. */
  url?: string;
}

interface Wishes {
  contact_id: string | null;
  now: number;
  set: { path: string; value: unknown }[];
}

/** The samples of the gateways; main hands them in. */
export interface Samples {
  ghl(event: string, wishes: Wishes & { location_id: string }): string | null;
  ghl_names(): readonly string[];
  stripe(event: string, wishes: Wishes): string | null;
  stripe_names(): readonly string[];
  signStripe(body: string, secret: string, now: number): Record<string, string>;
}

const PATIENCE_MS = 10_000;
const SECRET_LENGTH = 32;

/** `kotally send ghl EVENT` and `kotally send stripe EVENT`: a correctly signed sample webhook to a running sandbox. */
export async function sendSample(
  context: ConnectContext & { sandbox_key: KeyObject | null },
  samples: Samples,
  provider: string,
  event: string,
  options: SendOptions,
): Promise<CommandResult> {
  const { db, clock, public_url, sandbox_key } = context;
  const location =
    options.location === undefined ? await onlySandbox(context) : await findLocation(db, options.location);
  if (!location.sandbox)
    throw new CommandError(`${location.key} is not a sandbox: sample webhooks go to sandboxes only.`);
  const wishes = {
    contact_id: options.contact ?? null,
    now: clock.now() + location.clock_offset_ms,
    set: (options.set ?? []).map(readSetting),
  };
  const base_url = options.url ?? public_url;
  if (provider === "ghl") {
    const location_id = location.ghl_location_id ?? locationPublicId(location.location_id);
    const body = samples.ghl(event, { ...wishes, location_id });
    if (body === null) throw unknownEvent(event, samples.ghl_names());
    if (sandbox_key === null) throw new CommandError("The data directory holds no sandbox key and cannot be written.");
    const signature = sign(null, Buffer.from(body), sandbox_key).toString("base64");
    return deliver(`${base_url}/webhooks/ghl`, body, { "x-ghl-signature": signature });
  }
  if (provider !== "stripe") throw new CommandError("Send what: kotally send ghl EVENT, or kotally send stripe EVENT.");
  const body = samples.stripe(event, wishes);
  if (body === null) throw unknownEvent(event, samples.stripe_names());
  const { url_key, secret } = await stripeSandbox(context, location);
  // A signature is of now, by the clock that checks it; the event may be of the sandbox's own time.
  return deliver(stripeWebhookUrl(base_url, { url_key }), body, samples.signStripe(body, secret, clock.now()));
}

async function onlySandbox({ db }: ConnectContext) {
  const sandbox = await findOnlySandbox(db);
  if (!sandbox) throw new CommandError("Name the sandbox: --location workspace-key/location-key.");
  return sandbox;
}

/** The connection of a sandbox; one that listens to nobody but this command is made where there is none. */
async function stripeSandbox(
  { db, secrets, clock }: ConnectContext,
  location: Awaited<ReturnType<typeof findLocation>>,
): Promise<{ url_key: string; secret: string }> {
  const known = await openStripeConnection(db, secrets, location.location_id);
  if (known?.webhook_secret) return { url_key: known.url_key, secret: known.webhook_secret };
  if (known) throw new CommandError(`${location.key} polls its Stripe account: nothing can be delivered to it.`);
  const connection = newStripeConnection();
  const secret = `whsec_${connection.url_key.slice(0, SECRET_LENGTH)}${newStripeConnection().url_key}`;
  const credentials = { mode: "webhook", is_live: false, restricted_key: null, webhook_secret: secret } as const;
  await connectStripe(db, secrets, clock, location, connection, { ...credentials, webhook_endpoint_id: null });
  return { url_key: connection.url_key, secret };
}

function readSetting(text: string): { path: string; value: unknown } {
  const at = text.indexOf("=");
  if (at < 1) throw new CommandError(`--set ${text}: write path=value, such as appointment.status=cancelled.`);
  const value = text.slice(at + 1);
  try {
    return { path: text.slice(0, at), value: JSON.parse(value) as unknown };
  } catch {
    return { path: text.slice(0, at), value };
  }
}

function unknownEvent(event: string, names: readonly string[]): CommandError {
  return new CommandError(`There is no sample of ${event}; there are: ${names.join(", ")}.`);
}

async function deliver(url: string, body: string, headers: Record<string, string>): Promise<CommandResult> {
  const sent = { "content-type": "application/json", ...headers };
  const response = await fetch(url, {
    method: "POST",
    body,
    headers: sent,
    signal: AbortSignal.timeout(PATIENCE_MS),
  }).catch(() => {
    throw new CommandError(`No server answers at ${url}: start one, or name it with --url.`);
  });
  const answer = await response.text();
  const lines = [`POST ${url} → ${response.status}`, answer, "", body];
  const document = { url, status: response.status, answer: parsed(answer), sent: parsed(body) };
  return { document, lines, exit_code: response.ok ? 0 : 1 };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

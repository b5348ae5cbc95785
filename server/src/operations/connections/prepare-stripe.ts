import type { Location } from "../../store/locations.ts";
import {
  newStripeConnection,
  stripeWebhookUrl,
  type OpenStripeConnection,
  type PreparedStripe,
  type StripeCredentials,
} from "./connect-stripe.ts";

/** The calls to Stripe that connecting makes; they are made outside of every transaction. */
export interface StripePorts {
  check(
    key: string,
  ): Promise<{ ok: true; is_live: boolean } | { ok: false; reason: string; missing: readonly string[] }>;
  createEndpoint(key: string, url: string): Promise<{ endpoint_id: string; secret: string }>;
  deleteEndpoint(key: string, endpoint_id: string): Promise<void>;
}

/** How a location's own account is listened to. */
export interface StripeAsk {
  restricted_key: string;
  /** `endpoint`: we make it; `secret`: it was made by hand; `poll`: we ask. */
  listen: "endpoint" | "secret" | "poll";
  webhook_secret: string | null;
}

/** Why an account cannot be connected: what to mend, or null where Stripe did not answer. Nothing was kept. */
export class StripeConnectError extends Error {
  readonly field: "restricted_key" | "webhook_secret" | "listen" | null;
  /** What the key may not read, as Stripe's page for keys calls it. */
  readonly missing: readonly string[];

  constructor(field: StripeConnectError["field"], message: string, missing: readonly string[] = []) {
    super(message);
    this.field = field;
    this.missing = missing;
  }
}

const REFUSALS: Record<string, string> = {
  secret_key: "That is a secret key (sk_), which could move money: make a restricted key (rk_) that only reads.",
  publishable_key: "That is a publishable key (pk_): make a restricted key (rk_) that only reads.",
  not_a_key: "That is no restricted key: one is rk_live_ or rk_test_ and at least 8 letters or digits.",
  unauthorised: "Stripe does not know that key.",
};

/** Whether a key may be kept: restricted, known to Stripe, and allowed to read all that is needed. Throws StripeConnectError. */
export async function checkStripeKey(
  stripe: StripePorts,
  key: string,
  { sandbox }: Pick<Location, "sandbox">,
): Promise<{ is_live: boolean }> {
  const check = await stripe.check(key).catch((error: Error) => {
    throw new StripeConnectError(
      null,
      `The key could not be checked (${error.message}): try again when Stripe answers.`,
    );
  });
  if (!check.ok) {
    const message = REFUSALS[check.reason] ?? `The key may not read: ${check.missing.join(", ")}.`;
    throw new StripeConnectError("restricted_key", message, check.missing);
  }
  if (check.is_live && sandbox) {
    throw new StripeConnectError("restricted_key", "A sandbox listens to no live account: use an rk_test_ key.");
  }
  return { is_live: check.is_live };
}

/** Agrees with Stripe on how the location listens. Throws StripeConnectError. */
export async function prepareStripe(
  stripe: StripePorts,
  public_url: string,
  location: Pick<Location, "sandbox">,
  ask: StripeAsk,
): Promise<PreparedStripe> {
  const { restricted_key, listen, webhook_secret } = ask;
  if (listen === "secret" && !webhook_secret?.startsWith("whsec_")) {
    throw new StripeConnectError("webhook_secret", "The secret of an endpoint begins with whsec_.");
  }
  const { is_live } = await checkStripeKey(stripe, restricted_key, location);
  const connection = newStripeConnection();
  const webhook_url = stripeWebhookUrl(public_url, connection);
  const facts = { is_live, restricted_key, mode: listen === "poll" ? "poll" : "webhook" } as const;
  const prepared = (credentials: StripeCredentials) => ({ ...connection, webhook_url, credentials });
  if (listen !== "endpoint") {
    return prepared({ ...facts, webhook_secret: listen === "poll" ? null : webhook_secret, webhook_endpoint_id: null });
  }
  const { endpoint_id, secret } = await stripe.createEndpoint(restricted_key, webhook_url).catch(() => {
    throw new StripeConnectError(
      "listen",
      `Stripe made no endpoint for ${webhook_url}: allow the key to write webhook endpoints, or give the secret of one made by hand, or let Kotally ask.`,
    );
  });
  return prepared({ ...facts, webhook_secret: secret, webhook_endpoint_id: endpoint_id });
}

/** Ends the sending of a connection that is no more. One that cannot be removed delivers to an address that answers 404. */
export async function removeEndpoint(stripe: StripePorts, before: OpenStripeConnection | null): Promise<void> {
  if (!before?.restricted_key || before.webhook_endpoint_id === null) return;
  await stripe.deleteEndpoint(before.restricted_key, before.webhook_endpoint_id).catch(() => {});
}

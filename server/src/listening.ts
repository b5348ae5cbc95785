import type { KeyObject } from "node:crypto";
import { billsByStripe, ConfigError, type Config, type MailSettings } from "./config.ts";
import type { GhlApp } from "./gateways/ghl/oauth.ts";
import { GHL_PUBLIC_KEY, parsePublicKeys } from "./gateways/ghl/verify-signature.ts";
import { smtpSender } from "./gateways/mail/smtp.ts";
import { KotallyAccount } from "./gateways/stripe/billing/kotally-account.ts";
import { ProviderConnections } from "./jobs/events/connections.ts";
import { GhlAccounts } from "./jobs/ghl-accounts.ts";
import { MailPost } from "./operations/access/mail-post.ts";
import type { BillingDesk } from "./operations/billing/billing-desk.ts";
import type { LedgerSettings } from "./operations/ledger.ts";
import { systemClock } from "./platform/clock.ts";
import type { Database } from "./platform/database.ts";
import type { Logger } from "./platform/log.ts";
import { openSandboxKey, openSecrets } from "./platform/open-secrets.ts";
import type { Secrets } from "./platform/secrets.ts";

export type ServiceConfig = Pick<Config, "api_rate_limit" | "ledger_batch" | "public_url"> &
  Partial<Pick<Config, "stripe" | "mail">>;

/** What listening to providers takes. */
export interface Listening {
  secrets: Secrets;
  ghl_public_keys: readonly KeyObject[];
  /** Signs the sandboxes' sample webhooks; null: they are not accepted. */
  sandbox_key: KeyObject | null;
  /** Null: GoHighLevel is off. */
  ghl_app: GhlApp | null;
  ghl_install_url: string | null;
  /** Null or not there: Stripe's own address. */
  stripe_api_base?: string | null;
  /** Not there: nobody is let into the embed. */
  embed?: EmbedSettings;
}

/** Who is let into the embed, and who may frame it. */
export interface EmbedSettings {
  shared_secret: string | null;
  launch_token: string | null;
  frame_origins: readonly string[];
  /** Requests per second at its door from one address, and of one visitor inside; not there: as many as a studio needs. */
  door_per_second?: number;
  visitor_per_second?: number;
}

const accounts_of = new WeakMap<Listening, GhlAccounts>();

/** The installations as accounts at GoHighLevel, one set for all who ask: they share its request limits; null: it is off. */
export function openGhlAccounts(db: Database, listening: Listening): GhlAccounts | null {
  const { ghl_app, secrets } = listening;
  if (!ghl_app) return null;
  const accounts = accounts_of.get(listening) ?? new GhlAccounts(db, secrets, systemClock, ghl_app);
  accounts_of.set(listening, accounts);
  return accounts;
}

/** Whom the providers' accounts of locations may be asked through. */
export function openConnections(db: Database, listening: Listening): ProviderConnections {
  const { secrets, stripe_api_base = null } = listening;
  return new ProviderConnections(db, { secrets, accounts: openGhlAccounts(db, listening), stripe_api_base });
}

/**
 * The secrets, keys and settings that listening takes, from the data directory where the settings say nothing. Throws
 * ConfigError for keys that are none.
 */
export async function openListening(
  { secret, data_dir, ghl, stripe, embed_origins }: Config,
  log: Logger,
): Promise<Listening> {
  return {
    secrets: await openSecrets(secret, data_dir),
    ghl_public_keys: readPublicKeys(ghl.webhook_public_keys),
    ghl_app:
      ghl.client_id !== null && ghl.client_secret !== null
        ? { client_id: ghl.client_id, client_secret: ghl.client_secret, api_base: ghl.api_base }
        : null,
    ghl_install_url: ghl.install_url,
    stripe_api_base: stripe.api_base,
    embed: {
      shared_secret: ghl.shared_secret,
      launch_token: ghl.sandbox_launch_token,
      frame_origins: embed_origins,
    },
    sandbox_key: await openSandboxKey(data_dir).catch((error: unknown) => {
      log.warn(
        { reason: (error as Error).message },
        "sandboxes sign no webhooks: the data directory cannot be written",
      );
      return null;
    }),
  };
}

function readPublicKeys(given: string | null): KeyObject[] {
  try {
    return parsePublicKeys(given ?? GHL_PUBLIC_KEY);
  } catch (error) {
    throw new ConfigError(`GHL_WEBHOOK_PUBLIC_KEYS must be Ed25519 public keys in PEM: ${(error as Error).message}.`, {
      cause: error,
    });
  }
}

/** What the settings say about the ledger. */
export function ledgerSettings({
  ledger_batch: batch,
  stripe,
}: Pick<Config, "ledger_batch"> & Partial<Pick<Config, "stripe">>): LedgerSettings {
  return stripe ? { batch, stripe_settle_seconds: stripe.settle_seconds } : { batch };
}

/** Where mail is left to be sent. */
export function openPost(db: Database, { secrets }: Listening, { smtp_url, from }: MailSettings): MailPost {
  return new MailPost(db, secrets, systemClock, smtp_url === null ? null : smtpSender(smtp_url, from));
}

/** Kotally's own billing through Stripe; null: this server bills nobody. */
export function openBilling(
  db: Database,
  { stripe, public_url }: Pick<ServiceConfig, "stripe" | "public_url">,
): BillingDesk | null {
  const settings = stripe && billsByStripe(stripe);
  if (!settings) return null;
  const ports = new KotallyAccount({ ...settings, api_base: stripe.api_base });
  return { db, clock: systemClock, ports, public_url };
}

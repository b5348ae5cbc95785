import { createPublicKey, type KeyObject } from "node:crypto";
import { setImmediate, setTimeout as sleep } from "node:timers/promises";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { billsByStripe, ConfigError, type Config, type MailSettings } from "./config.ts";
import type { GhlApp } from "./gateways/ghl/oauth.ts";
import { GHL_PUBLIC_KEY, parsePublicKeys } from "./gateways/ghl/verify-signature.ts";
import { smtpSender } from "./gateways/mail/smtp.ts";
import { KotallyAccount } from "./gateways/stripe/billing/kotally-account.ts";
import { stripePorts } from "./gateways/stripe/connecting.ts";
import { AskGhl } from "./http/ask-ghl.ts";
import { authRoutes } from "./http/auth/auth-routes.ts";
import { connectRoutes } from "./http/connect-ghl.ts";
import { SESSION_PER_SECOND } from "./http/console/console-door.ts";
import { registerConsole } from "./http/console/console-routes.ts";
import type { MachineApi } from "./http/machine-api.ts";
import { hasMailbox, MAILBOX, mailboxRoute } from "./http/mailbox/mailbox.ts";
import { RateLimiter } from "./http/rate-limit.ts";
import { registerRoutes } from "./http/routes.ts";
import { createHttp } from "./http/server.ts";
import { ProviderConnections } from "./jobs/events/connections.ts";
import { GhlAccounts } from "./jobs/ghl-accounts.ts";
import { Authenticator } from "./operations/access/authenticate-client.ts";
import { MailPost } from "./operations/access/mail-post.ts";
import { isRole, memberOf, type FindPerson } from "./operations/access/person.ts";
import { RequestLog } from "./operations/access/request-log.ts";
import { openSignIn } from "./operations/access/sign-in.ts";
import type { BillingDesk } from "./operations/billing/billing-desk.ts";
import { FollowSoon } from "./operations/billing/follow-soon.ts";
import { BulkWork } from "./operations/bulk/bulk-work.ts";
import { StripeListeners } from "./operations/connections/stripe-listeners.ts";
import { WebhookInbox } from "./operations/events/webhook-inbox.ts";
import { Gate } from "./operations/gate.ts";
import { openLedger, type Ledger, type LedgerSettings } from "./operations/ledger.ts";
import { systemClock } from "./platform/clock.ts";
import type { Database } from "./platform/database.ts";
import type { Logger } from "./platform/log.ts";
import { openSandboxKey, openSecrets } from "./platform/open-secrets.ts";
import { reasonOf } from "./platform/redact.ts";
import type { Secrets } from "./platform/secrets.ts";
import { registerWebhooks } from "./webhooks/routes.ts";
import { billingWebhook } from "./webhooks/stripe/receive-billing.ts";

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
export async function openListening({ secret, data_dir, ghl, stripe }: Config, log: Logger): Promise<Listening> {
  return {
    secrets: await openSecrets(secret, data_dir),
    ghl_public_keys: readPublicKeys(ghl.webhook_public_keys),
    ghl_app:
      ghl.client_id !== null && ghl.client_secret !== null
        ? { client_id: ghl.client_id, client_secret: ghl.client_secret, api_base: ghl.api_base }
        : null,
    ghl_install_url: ghl.install_url,
    stripe_api_base: stripe.api_base,
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

const NO_MAIL: MailSettings = { smtp_url: null, from: "" };

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

/** How long a server that stops still takes what clients send at this very moment over the connections they have. */
const GRACE_MS = 100;

export type ServiceConfig = Pick<Config, "api_rate_limit" | "ledger_batch" | "public_url"> &
  Partial<Pick<Config, "stripe" | "mail">>;

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
  const billing = openBilling(db, config);
  const follow_soon = billing && registerBilling(app, billing, config, log);
  const bulk = new BulkWork({ db, ledger, clock }, log);
  const people = listening && registerPeople(app, { ...api, bulk, billing }, config, log, listening);
  const inbox = listening && new WebhookInbox(db, clock, log);
  if (inbox) {
    registerWebhooks(app, {
      inbox,
      clock,
      public_keys: listening.ghl_public_keys,
      sandbox_keys: listening.sandbox_key ? [createPublicKey(listening.sandbox_key)] : [],
      listeners: new StripeListeners(db, listening.secrets, clock),
    });
  }
  const accounts = listening && openGhlAccounts(db, listening);
  if (accounts) {
    const { secrets, ghl_install_url: install_url } = listening;
    const { public_url } = config;
    const mayInstall = async ({ headers, ip }: FastifyRequest, workspace_id: string) => {
      const found = await people?.find_person(headers, ip);
      const member = found && (await memberOf(db, found.person, workspace_id));
      return Boolean(member && isRole(member.role, "admin"));
    };
    const door = { db, clock, secrets, public_url, app: accounts.app, install_url, installations: accounts };
    connectRoutes(app, { ...door, mayInstall });
  }
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

/** What people with a session reach, and how they come by one; answers who is signed in, and where their mail is read, if it is here. */
function registerPeople(
  app: FastifyInstance,
  api: MachineApi & { bulk: BulkWork; billing: BillingDesk | null },
  { public_url, mail = NO_MAIL }: ServiceConfig,
  log: Logger,
  listening: Listening,
): { find_person: FindPerson; mailbox: string | null } {
  const { db, clock, billing } = api;
  const is_billed = billing !== null;
  const { secrets, ghl_app, ghl_install_url, stripe_api_base = null } = listening;
  const installations = openGhlAccounts(db, listening);
  const post = openPost(db, listening, mail);
  const sign_in = openSignIn({ db, secrets, clock, post, public_url, is_billed, log });
  const has_mailbox = hasMailbox(post, public_url);
  authRoutes(app, sign_in, public_url);
  if (has_mailbox) mailboxRoute(app, post);
  else if (!post.leaves) log.warn("no mail leaves: set SMTP_URL, else nobody can sign up or be invited");
  registerConsole(app, {
    ...api,
    find_person: sign_in.findPerson,
    session_limiter: new RateLimiter(SESSION_PER_SECOND, clock),
    post,
    connecting: { secrets, installations, ghl_install_url, stripe: stripePorts(stripe_api_base) },
    features: {
      ghl: ghl_app !== null && ghl_install_url !== null,
      stripe_billing: is_billed,
      mailbox: has_mailbox,
    },
  });
  return { find_person: sign_in.findPerson, mailbox: has_mailbox ? MAILBOX : null };
}

/** Where Kotally's own account delivers. */
function registerBilling(app: FastifyInstance, desk: BillingDesk, { stripe }: ServiceConfig, log: Logger): FollowSoon {
  const follow_soon = new FollowSoon(desk, (workspace_id, error) => {
    const reason = reasonOf(error);
    log.warn({ workspace_id, reason }, "Stripe told of a workspace, and could not be asked; it is asked again");
  });
  const { webhook_secret } = stripe ?? {};
  if (webhook_secret) billingWebhook(app, { desk, follow_soon, webhook_secret });
  return follow_soon;
}

/** Once drained, every answer ends its connection: kept alive, it would hold the server up until the client lets go. */
function endConnectionsOn(app: FastifyInstance): { hasBegun: () => boolean; begin: () => Promise<void> } {
  let is_draining = false;
  app.addHook("onSend", (_, reply, payload, done) => {
    if (is_draining) void reply.header("Connection", "close");
    done(null, payload);
  });
  return {
    hasBegun: () => is_draining,
    begin: async () => {
      is_draining = true;
      if (!app.server.listening) return;
      await sleep(GRACE_MS);
      // On a busy machine the time may be up before what has arrived meanwhile was read.
      for (let turn = 0; turn < 3; turn += 1) await setImmediate();
    },
  };
}

import { createPublicKey } from "node:crypto";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { MailSettings } from "./config.ts";
import { stripePorts } from "./gateways/stripe/connecting.ts";
import { authRoutes } from "./http/auth/auth-routes.ts";
import { connectRoutes } from "./http/connect-ghl.ts";
import { SESSION_PER_SECOND } from "./http/console/console-door.ts";
import { registerConsole } from "./http/console/console-routes.ts";
import { AT_DOOR_PER_SECOND, VISITOR_PER_SECOND } from "./http/embed/embed-api.ts";
import { registerEmbed } from "./http/embed/embed-routes.ts";
import type { MachineApi } from "./http/machine-api.ts";
import { hasMailbox, MAILBOX, mailboxRoute } from "./http/mailbox/mailbox.ts";
import { RateLimiter } from "./http/rate-limit.ts";
import { openGhlAccounts, openPost, type EmbedSettings, type Listening, type ServiceConfig } from "./listening.ts";
import { isRole, memberOf, type FindPerson } from "./operations/access/person.ts";
import { openSignIn } from "./operations/access/sign-in.ts";
import type { BillingDesk } from "./operations/billing/billing-desk.ts";
import { FollowSoon } from "./operations/billing/follow-soon.ts";
import type { BulkWork } from "./operations/bulk/bulk-work.ts";
import { StripeListeners } from "./operations/connections/stripe-listeners.ts";
import { WebhookInbox } from "./operations/events/webhook-inbox.ts";
import type { Logger } from "./platform/log.ts";
import { reasonOf } from "./platform/redact.ts";
import { registerWebhooks } from "./webhooks/routes.ts";
import { billingWebhook } from "./webhooks/stripe/receive-billing.ts";

const NO_MAIL: MailSettings = { smtp_url: null, from: "" };

const NO_EMBED: EmbedSettings = { shared_secret: null, launch_token: null, frame_origins: [] };

/** What people with a session reach, and how they come by one; answers who is signed in, and where their mail is read, if it is here. */
export function registerPeople(
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
export function registerBilling(
  app: FastifyInstance,
  desk: BillingDesk,
  { stripe }: ServiceConfig,
  log: Logger,
): FollowSoon {
  const follow_soon = new FollowSoon(desk, (workspace_id, error) => {
    const reason = reasonOf(error);
    log.warn({ workspace_id, reason }, "Stripe told of a workspace, and could not be asked; it is asked again");
  });
  const { webhook_secret } = stripe ?? {};
  if (webhook_secret) billingWebhook(app, { desk, follow_soon, webhook_secret });
  return follow_soon;
}

/** What staff see inside GoHighLevel. */
export async function registerStaff(
  app: FastifyInstance,
  api: MachineApi,
  { secrets, embed = NO_EMBED }: Listening,
): Promise<void> {
  const { door_per_second = AT_DOOR_PER_SECOND, visitor_per_second = VISITOR_PER_SECOND, ...settings } = embed;
  await registerEmbed(app, {
    ...api,
    ...settings,
    secrets,
    door_limiter: new RateLimiter(door_per_second, api.clock),
    visitor_limiter: new RateLimiter(visitor_per_second, api.clock),
  });
}

/** How GoHighLevel's app is installed; a person does it for a workspace they administer. */
export function registerInstalling(
  app: FastifyInstance,
  { db, clock, public_url }: MachineApi,
  listening: Listening,
  find_person: FindPerson,
): void {
  const accounts = openGhlAccounts(db, listening);
  if (!accounts) return;
  const { secrets, ghl_install_url: install_url } = listening;
  const mayInstall = async ({ headers, ip }: FastifyRequest, workspace_id: string) => {
    const found = await find_person(headers, ip);
    const member = found && (await memberOf(db, found.person, workspace_id));
    return Boolean(member && isRole(member.role, "admin"));
  };
  const door = { db, clock, secrets, public_url, app: accounts.app, install_url, installations: accounts };
  connectRoutes(app, { ...door, mayInstall });
}

/** Where GoHighLevel and the studios' Stripe accounts deliver. */
export function registerInbox(app: FastifyInstance, { db, clock }: MachineApi, listening: Listening, log: Logger) {
  const inbox = new WebhookInbox(db, clock, log);
  registerWebhooks(app, {
    inbox,
    clock,
    public_keys: listening.ghl_public_keys,
    sandbox_keys: listening.sandbox_key ? [createPublicKey(listening.sandbox_key)] : [],
    listeners: new StripeListeners(db, listening.secrets, clock),
  });
  return inbox;
}

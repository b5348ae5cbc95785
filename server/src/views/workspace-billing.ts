import { z } from "zod";
import type { Database, Transaction } from "../platform/database.ts";
import { locationPublicId } from "../platform/ids.ts";
import { instant } from "../platform/sql.ts";
import { bannerOf, BANNERS, type BillingStanding } from "../rules/billing/banner.ts";
import { allowsMutations, BILLING_STATUSES } from "../rules/billing/billing-status.ts";
import { monthlyPrice, priceLines, priceOfLocation } from "../rules/billing/price.ts";
import { deletionDue } from "../rules/billing/retention.ts";
import { graceEnd, isOver, TRIAL_DAYS } from "../rules/billing/subscription.ts";
import type { Instant } from "../rules/time/local-days.ts";

const moment = z.iso.datetime({ precision: 3 });
const cents = z.int().describe("In cents of a dollar.");

export const billingStanding = z.object({
  billing_status: z.enum(BILLING_STATUSES),
  allows_changes: z.boolean().describe("False: nothing may be changed; reads, exports and what providers tell go on."),
  banner: z
    .object({ code: z.enum(BANNERS), at: moment.nullable().describe("When it happens; null: no instant is known.") })
    .nullable()
    .describe("What everybody of the workspace should know; null: nothing."),
});

const locationPrice = z.object({
  location_id: z.string().describe("loc_…"),
  key: z.string(),
  name: z.string(),
  status: z.enum(["pending", "active", "disconnected"]),
  sandbox: z.boolean(),
  monthly_cents: cents.describe("What it costs a month; while pending, what it will. Sandboxes cost nothing."),
});

const monthlyShape = z.object({
  locations: z.int().min(0).describe("Active ones, without sandboxes."),
  lines: z.array(z.object({ locations: z.int(), unit_cents: cents, total_cents: cents })),
  monthly_cents: cents,
});

const subscriptionShape = z.object({
  status: z.string().describe("In Stripe's own word."),
  is_live: z.boolean().describe("False: it has ended."),
  quantity: z.int().describe("Locations that Stripe counts; it follows within a minute."),
  trial_ends_at: moment.nullable(),
  period_ends_at: moment.nullable().describe("When it is renewed."),
  cancels_at: moment.nullable().describe("When it ends; null: it goes on."),
  suspends_at: moment.nullable().describe("After a failed payment, when changes rest."),
});

export const workspaceBilling = billingStanding.extend({
  is_billed: z.boolean().describe("False: this server bills nobody."),
  deleted_at: moment.nullable().describe("When everything of a cancelled workspace is deleted."),
  trial_days: z.int().min(0).describe("Days that a subscription which is begun now costs nothing."),
  subscription: subscriptionShape.nullable().describe("Null: there never was one."),
  price: monthlyShape.describe("What is active now costs so much a month; nothing where nobody is billed."),
  price_with_pending: monthlyShape.describe("Were all that is pending active too."),
  locations: z.array(locationPrice),
  read_at: moment.nullable().describe("When Stripe was asked last."),
  trouble: z.string().nullable().describe("Why Stripe could not be asked since."),
});

interface AccountRow extends BillingStanding, Record<string, unknown> {
  subscription_status: string | null;
  quantity: number | null;
  had_trial: boolean | null;
  period_ends_at: Instant | null;
  read_at: Instant | null;
  trouble: string | null;
}

const ACCOUNT = {
  name: "",
  text: `
    SELECT w.billing_status, w.cancelled_at, a.subscription_status, a.quantity, a.had_trial, a.trial_ends_at, a.period_ends_at, a.cancels_at,
      a.past_due_since, a.read_at, a.trouble
    FROM workspaces w LEFT JOIN billing_accounts a ON a.workspace_id = w.id WHERE w.id = $1`,
};

type LocationRow = Omit<z.output<typeof locationPrice>, "monthly_cents"> & { location_id: string };

const LOCATIONS = {
  name: "",
  text: `
    SELECT location_id, key, name, status, sandbox FROM locations WHERE workspace_id = $1
    ORDER BY sandbox, CASE status WHEN 'active' THEN 1 WHEN 'pending' THEN 2 ELSE 3 END, location_id`,
};

/** How a workspace stands, for everybody who may look at it; null: there is none. */
export async function findBillingStanding(db: Database, workspace_id: string, now: Instant) {
  const [account] = await inWorkspace(db, workspace_id, (tx) => tx.query<AccountRow>(ACCOUNT, [workspace_id]));
  return account ? showStanding(account, now) : null;
}

/** All about a workspace's billing that is known without asking Stripe, for those who pay; null: there is no such workspace. */
export async function findWorkspaceBilling(
  db: Database,
  { workspace_id, is_billed, now }: { workspace_id: string; is_billed: boolean; now: Instant },
): Promise<z.output<typeof workspaceBilling> | null> {
  const [[account], locations] = await inWorkspace(db, workspace_id, (tx) =>
    Promise.all([
      tx.query<AccountRow>(ACCOUNT, [workspace_id]),
      tx.query<LocationRow & Record<string, unknown>>(LOCATIONS, [workspace_id]),
    ]),
  );
  if (!account) return null;
  const billed = locations.filter(({ sandbox, status }) => !sandbox && status !== "disconnected");
  const active = billed.filter(({ status }) => status === "active").length;
  return {
    ...showStanding(account, now),
    is_billed,
    deleted_at: iso(account.cancelled_at && deletionDue(account.cancelled_at)),
    trial_days: is_billed && !account.had_trial ? TRIAL_DAYS : 0,
    subscription: showSubscription(account),
    price: showPrice(active, is_billed),
    price_with_pending: showPrice(billed.length, is_billed),
    locations: locations.map((location) => ({
      ...location,
      location_id: locationPublicId(location.location_id),
      monthly_cents: is_billed && billed.includes(location) ? priceOfLocation(billed.indexOf(location) + 1) : 0,
    })),
    read_at: iso(account.read_at),
    trouble: account.trouble,
  };
}

function inWorkspace<T>(db: Database, workspace_id: string, ask: (tx: Transaction) => Promise<T>): Promise<T> {
  return db.transaction({ workspace_id }, ask, { read_only: true });
}

function showStanding(account: AccountRow, now: Instant): z.output<typeof billingStanding> {
  const { billing_status } = account;
  const banner = bannerOf(account, now);
  return {
    billing_status,
    allows_changes: allowsMutations(billing_status),
    banner: banner && { code: banner.code, at: iso(banner.at) },
  };
}

function showSubscription(account: AccountRow): z.output<typeof subscriptionShape> | null {
  const { subscription_status: status, quantity, past_due_since } = account;
  if (status === null || quantity === null) return null;
  return {
    status,
    is_live: !isOver({ status }),
    quantity,
    trial_ends_at: iso(account.trial_ends_at),
    period_ends_at: iso(account.period_ends_at),
    cancels_at: iso(account.cancels_at),
    suspends_at: iso(past_due_since && graceEnd(past_due_since)),
  };
}

function showPrice(locations: number, is_billed: boolean): z.output<typeof monthlyShape> {
  if (!is_billed) return { locations, lines: [], monthly_cents: 0 };
  return { locations, lines: priceLines(locations), monthly_cents: monthlyPrice(locations) };
}

function iso(at: Instant | null): string | null {
  return at === null ? null : instant(at);
}

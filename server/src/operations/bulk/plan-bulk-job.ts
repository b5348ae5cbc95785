import { z } from "zod";
import type { Transaction } from "../../platform/database.ts";
import { newId } from "../../platform/ids.ts";
import { isOutdated } from "../../rules/preview-age.ts";
import { addDays, startOfDay, type Instant } from "../../rules/time/local-days.ts";
import {
  findBulkJob,
  findDoneItems,
  findFollower,
  finishBulkJob,
  insertBulkJob,
  type BulkItem,
  type BulkJob,
  type NewItem,
} from "../../store/bulk-jobs.ts";
import { selectEntitlements, selectMemberships, selectUnfunded, selectUnmatched } from "../../store/bulk-selections.ts";
import { findLocations, type Location } from "../../store/locations.ts";
import type { Person } from "../access/person.ts";
import { refused, type Edited } from "../catalog/edit-conflict.ts";
import { extendFields, extendRule, saysHowLong } from "../credits/extend-expiry.ts";
import { date, reason, text } from "../fields.ts";

/** Members that one piece of work reaches at most. */
const MAX_BULK = 10_000;
/** The most that are named one by one. */
const MAX_NAMED = 1000;

const product_config_id = text.optional().describe("Only of this product config (pc_…).");
const { entitlement_ids: _, ...how_long } = extendFields;

/** What work on many can be asked for. */
export const bulkAsk = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("freeze"),
    from_on: date
      .optional()
      .describe("First frozen local date. Omitted: today, or tomorrow where something was used today."),
    to_on: date.optional().describe("First local date after it. Omitted: each ends itself after its plan's max_days."),
    reason: text.describe("Why, in words: staff and the timeline read it."),
    membership_ids: z.array(z.guid()).min(1).max(MAX_NAMED).optional().describe("Omitted: all that are active."),
    product_config_id,
  }),
  z
    .object({
      kind: z.literal("extend"),
      ...how_long,
      contacts: z.array(text).min(1).max(MAX_NAMED).optional().describe("External ids. Omitted: every member."),
      product_config_id,
      expires_by: date.optional().describe("Only what is usable until this local date at the latest."),
    })
    .refine(saysHowLong, extendRule),
  z.object({
    kind: z.literal("settle"),
    contact: text.optional().describe("Only bookings of this contact (its external id)."),
    booking_ids: z.array(text).min(1).max(MAX_NAMED).optional().describe("Omitted: every unfunded booking."),
    reason: reason.optional(),
  }),
  z.object({
    kind: z.literal("backfill"),
    provider: z.enum(["ghl", "stripe"]),
    product_id: text.describe("What was bought, as its provider calls it."),
    price_id: text.optional().describe("Only bought at this price."),
    product_config_id: text.describe(
      "What it is from now on (pc_…): payments that wait for it are granted with their dates.",
    ),
    reason: reason.optional(),
  }),
]);

export type BulkWish = z.output<typeof bulkAsk>;

/** Who asks for work, where, and when in real time. */
export interface BulkBy {
  location_id: string;
  person: Person;
  real_now: Instant;
}

/** Plans the preview of a wish: the members that are meant are fixed here. */
export async function planPreview(tx: Transaction, by: BulkBy, wish: BulkWish): Promise<Edited> {
  const [location] = await findLocations(tx, [by.location_id]);
  if (!location) throw new Error(`there is no location ${by.location_id}`);
  const { ask, items } = await selectFor(tx, location, wish, by.real_now + location.clock_offset_ms);
  if (items.length === 0) return refused("NOTHING_TO_DO");
  if (items.length > MAX_BULK) return refused("LIMIT_REACHED", { limit: MAX_BULK });
  return plan(tx, by, { kind: wish.kind, is_preview: true, ask, of_job: null }, items);
}

/** Plans to do what a preview told, for those whom it did not refuse, unless that is long ago. Asked twice it is planned once. */
export async function planRun(tx: Transaction, by: BulkBy, preview_id: string): Promise<Edited> {
  const preview = await findBulkJob(tx, by.location_id, preview_id);
  if (!preview?.is_preview) return refused("NOT_FOUND");
  if (preview.status !== "done") return refused("NOT_READY", { status: preview.status });
  const follower = await findFollower(tx, by.location_id, preview_id);
  if (follower) return { answer: { id: follower.id, total: follower.total }, audit: null };
  if (isOutdated(preview, by.real_now)) return refused("NOT_READY", { status: preview.status });
  const items = await findDoneItems(tx, by.location_id, preview_id);
  if (items.length === 0) return refused("NOTHING_TO_DO");
  const { kind, ask } = preview;
  return plan(tx, by, { kind, is_preview: false, ask, of_job: preview_id }, items);
}

/** Plans the preview that ends the freezes which a run made; what else was done cannot be undone. */
export async function planUndo(tx: Transaction, by: BulkBy, run_id: string): Promise<Edited> {
  const run = await findBulkJob(tx, by.location_id, run_id);
  if (!run || run.is_preview) return refused("NOT_FOUND");
  if (run.kind !== "freeze" || run.status === "running") return refused("NOT_READY", { status: run.status });
  const follower = await findFollower(tx, by.location_id, run_id);
  if (follower) return { answer: { id: follower.id, total: follower.total }, audit: null };
  const items = (await findDoneItems(tx, by.location_id, run_id)).map(freezeOf);
  if (items.length === 0) return refused("NOTHING_TO_DO");
  return plan(tx, by, { kind: "unfreeze", is_preview: true, ask: {}, of_job: run_id }, items);
}

/** Stops work before it is done; what was done stays done. */
export async function cancelBulkJob(tx: Transaction, { location_id, real_now }: BulkBy, id: string): Promise<Edited> {
  const job = await findBulkJob(tx, location_id, id);
  if (!job) return refused("NOT_FOUND");
  const cancelled = await finishBulkJob(tx, { location_id, id }, "cancelled", real_now);
  if (!cancelled) return refused("ALREADY_SO", { status: job.status });
  const { done, total } = cancelled;
  return {
    answer: { id, done, total },
    audit: { subject: `bulk ${job.kind} ${id}`, before: null, after: { done, total } },
  };
}

function freezeOf({ contact_external_id, subject_id, answer }: BulkItem): NewItem {
  const { freeze } = answer as { freeze: { id: string } };
  return { contact_external_id, subject_id: `${subject_id ?? ""} ${freeze.id}` };
}

type Planned = Pick<BulkJob, "kind" | "is_preview" | "ask" | "of_job">;

async function plan(tx: Transaction, by: BulkBy, planned: Planned, items: readonly NewItem[]): Promise<Edited> {
  const { location_id, real_now, person } = by;
  const id = newId();
  const requested_by = { id: person.user_id, email: person.email, ip: person.ip };
  await insertBulkJob(tx, { location_id, id, ...planned, requested_by, created_at: real_now }, items);
  const { kind, ask } = planned;
  const audit = { subject: `bulk ${kind} ${id}`, before: null, after: { ...ask, members: items.length } };
  return { answer: { id, total: items.length }, audit: planned.is_preview ? null : audit };
}

/** What is asked of each, and of whom. One more than there may be tells that it is too many. */
async function selectFor(
  tx: Transaction,
  { location_id, timezone }: Location,
  wish: BulkWish,
  now: Instant,
): Promise<{ ask: Record<string, unknown>; items: NewItem[] }> {
  const most = MAX_BULK + 1;
  if (wish.kind === "freeze") {
    const { kind: _kind, membership_ids = null, product_config_id: product = null, ...ask } = wish;
    const meant = { membership_ids, product_config_id: product };
    return { ask, items: await selectMemberships(tx, location_id, meant, most) };
  }
  if (wish.kind === "extend") {
    const { kind: _kind, contacts = null, product_config_id: product = null, expires_by, ...ask } = wish;
    // Usable through that day: it ends at the midnight after it.
    const expires_before = expires_by === undefined ? null : startOfDay(addDays(expires_by, 1), timezone) + 1;
    const meant = { contacts, product_config_id: product, expires_before, now };
    return { ask, items: await selectEntitlements(tx, location_id, meant, most) };
  }
  if (wish.kind === "backfill") {
    const { provider, product_id, price_id = null, product_config_id: product, reason: why } = wish;
    const items = await selectUnmatched(tx, location_id, { provider, product_id, price_id }, most);
    return { ask: { product_config_id: product, ...(why !== undefined && { reason: why }) }, items };
  }
  const { contact = null, booking_ids = null, reason: why } = wish;
  const ask = { ...(booking_ids !== null && { booking_ids }), ...(why !== undefined && { reason: why }) };
  return { ask, items: await selectUnfunded(tx, location_id, { contact, booking_ids }, most) };
}

import { z } from "zod";
import type { LocationMember } from "../../operations/access/person.ts";
import { bulkAsk, cancelBulkJob, planPreview, planRun, planUndo } from "../../operations/bulk/plan-bulk-job.ts";
import {
  bulkItemsCursor,
  bulkItemShape,
  bulkJobShape,
  findShownBulkJob,
  listBulkItems,
  listBulkJobs,
} from "../../views/bulk-jobs.ts";
import { readLocation, viewLocation } from "../../views/location-read.ts";
import { decodeCursor, DEFAULT_LIMIT, MAX_LIMIT } from "../../views/page.ts";
import { consoleCall, type CallContext, type ConsoleCall } from "./console-call.ts";

const REALM = { realm: "location", role: "admin" } as const;
const id = z.guid().describe("The work's own id.");
const begun = z.object({ id: z.guid(), total: z.int().describe("Members that are meant.") });
/** Pieces of work that are listed. */
const LATEST = 50;

const askedBy = ({ clock }: CallContext, { location_id, person }: LocationMember) => ({
  location_id,
  person,
  real_now: clock.now(),
});

/** What was planned begins at once. */
function beginWork({ bulk }: CallContext, { location_id }: LocationMember, answer: Record<string, unknown>) {
  if (typeof answer["id"] === "string" && answer["refused"] === undefined)
    bulk.begin({ location_id, id: answer["id"] });
  return answer;
}

const list = consoleCall({
  ...REALM,
  method: "get",
  path: "/bulk-work",
  name: "bulk_work",
  title: "List work on many",
  about: `The latest ${LATEST} previews and runs of this location, and how far each is.`,
  role: "viewer",
  input: z.object({}),
  answer: z.object({ bulk_work: z.array(bulkJobShape) }),
  run: (context, by) => viewLocation(context, by, async (view) => ({ bulk_work: await listBulkJobs(view, LATEST) })),
});

const one = consoleCall({
  ...REALM,
  method: "get",
  path: "/bulk-work/{id}",
  name: "bulk_job",
  title: "Get how far work is",
  about: "Its counts, what it comes to so far, and whether it can be run or undone.",
  role: "viewer",
  input: z.object({ id }),
  answer: z.object({ bulk_job: bulkJobShape }),
  run: (context, by, input) =>
    viewLocation(context, by, async (view) => {
      const bulk_job = await findShownBulkJob(view, input.id);
      return bulk_job ? { bulk_job } : "unknown";
    }),
});

const items = consoleCall({
  ...REALM,
  method: "get",
  path: "/bulk-work/{id}/items",
  name: "bulk_items",
  title: "List work member by member",
  about: "What would become, or became, of each: entries and balances, or why not.",
  role: "viewer",
  input: z.object({
    id,
    status: z.enum(["waiting", "done", "refused"]).optional(),
    limit: z.coerce.number().int().min(1).max(MAX_LIMIT).default(DEFAULT_LIMIT).describe("Items on the page."),
    cursor: z
      .string()
      .refine((given) => decodeCursor(bulkItemsCursor, given) !== null, "is not a next_cursor of this list")
      .optional(),
  }),
  answer: z.object({ items: z.array(bulkItemShape), next_cursor: z.string().nullable() }),
  run: ({ db }, by, { id: of, status = null, limit, cursor }) =>
    readLocation(db, by, (tx) => {
      const page = { limit, cursor: cursor === undefined ? null : decodeCursor(bulkItemsCursor, cursor) };
      return listBulkItems(tx, by.location_id, { id: of, status }, page);
    }),
});

const preview = consoleCall({
  ...REALM,
  method: "post",
  path: "/bulk-work/preview",
  name: "preview_bulk_work",
  title: "Preview work on many",
  about:
    "Freezes memberships, gives entitlements more time or charges unfunded bookings: first told for each member that is meant, by the decision that would change it.",
  asks: true,
  input: z.object({ work: bulkAsk }),
  refusals: ["NOTHING_TO_DO", "LIMIT_REACHED"],
  answer: begun,
  run: async (context, by, { work }) =>
    beginWork(context, by, await context.change(by, (tx) => planPreview(tx, askedBy(context, by), work))),
});

const run = consoleCall({
  ...REALM,
  method: "post",
  path: "/bulk-work/{id}/run",
  name: "run_bulk_work",
  title: "Do what a preview told",
  about: "For the members that it did not refuse, within half an hour; asked twice it is done once.",
  audits_itself: true,
  input: z.object({ id }),
  refusals: ["NOT_READY", "NOTHING_TO_DO"],
  answer: begun,
  run: async (context, by, input) =>
    beginWork(context, by, await context.change(by, (tx) => planRun(tx, askedBy(context, by), input.id))),
});

const undo = consoleCall({
  ...REALM,
  method: "post",
  path: "/bulk-work/{id}/undo",
  name: "undo_bulk_work",
  title: "Preview the end of what was frozen",
  about: "Of a run of freezes only: each that is not over ends today, counting the days really frozen.",
  asks: true,
  input: z.object({ id }),
  refusals: ["NOT_READY", "NOTHING_TO_DO"],
  answer: begun,
  run: async (context, by, input) =>
    beginWork(context, by, await context.change(by, (tx) => planUndo(tx, askedBy(context, by), input.id))),
});

const cancel = consoleCall({
  ...REALM,
  method: "post",
  path: "/bulk-work/{id}/cancel",
  name: "cancel_bulk_work",
  title: "Stop work before it is done",
  about: "What was done stays done; what was not is left alone.",
  input: z.object({ id }),
  refusals: ["ALREADY_SO"],
  answer: z.object({ id: z.guid(), done: z.int(), total: z.int() }),
  run: (context, by, input) => context.change(by, (tx) => cancelBulkJob(tx, askedBy(context, by), input.id)),
});

/** Work on many members: told first, then done, with its progress. */
export const BULK_CALLS: readonly ConsoleCall[] = [list, preview, one, items, run, undo, cancel];

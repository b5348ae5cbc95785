import { z } from "zod";
import type { Transaction } from "../platform/database.ts";
import { instant } from "../platform/sql.ts";
import { isOutdated } from "../rules/preview-age.ts";
import type { Instant } from "../rules/time/local-days.ts";
import type { LocationView } from "./location-read.ts";
import { cursorNumber, cutPage, type Page } from "./page.ts";

const count = z.int().min(0);

export const bulkJobShape = z.object({
  id: z.guid(),
  kind: z.enum(["freeze", "unfreeze", "extend", "settle", "backfill"]),
  is_preview: z.boolean().describe("True: each member is only told what would change."),
  ask: z.record(z.string(), z.unknown()).describe("What is asked of each."),
  status: z.enum(["running", "done", "cancelled"]),
  total: count,
  done: count,
  refused: count.describe("Members for whom it cannot be; each says why."),
  summary: z
    .record(z.string(), z.number())
    .describe(
      "What those that are done come to, added up: entries.grant is how many entries, credits.grant what they move.",
    ),
  requested_by: z.string(),
  of_job: z.guid().nullable().describe("The preview that it runs, or the run that it undoes."),
  followed_by: z.guid().nullable().describe("What runs or undoes it; null: nothing does."),
  can_run: z.boolean().describe("Of a preview that is done, for half an hour after it was asked for."),
  can_undo: z.boolean(),
  created_at: z.iso.datetime(),
  finished_at: z.iso.datetime().nullable(),
});

export const bulkItemShape = z.object({
  number: z.int(),
  external_contact_id: z.string(),
  name: z.string().nullable(),
  subject_id: z.string().nullable().describe("The membership, the booking, or the entitlements that are meant."),
  status: z.enum(["waiting", "done", "refused"]),
  reason_code: z.string().nullable(),
  answer: z.record(z.string(), z.unknown()).nullable().describe("Entries and balances, or why not."),
});

type Shown = z.output<typeof bulkJobShape>;
type Row = Omit<Shown, "requested_by" | "created_at" | "finished_at" | "can_run" | "can_undo"> & {
  requested_by: { email: string };
  created_at: Instant;
  finished_at: Instant | null;
};

const JOBS = (where: string) => `
  SELECT j.id, j.kind, j.is_preview, j.ask, j.status, j.total, j.done, j.refused, j.summary, j.requested_by, j.of_job,
    j.created_at, j.finished_at, f.id AS followed_by
  FROM bulk_jobs j LEFT JOIN bulk_jobs f ON f.location_id = j.location_id AND f.of_job = j.id AND f.status <> 'cancelled'
  WHERE j.location_id = $1 ${where}`;
const LATEST = { name: "view_bulk_jobs", text: `${JOBS("")} ORDER BY j.created_at DESC, j.id DESC LIMIT $2` };
const ONE = { name: "view_bulk_job", text: JOBS("AND j.id = $2") };

type Now = Pick<LocationView, "tx" | "location_id" | "real_now">;

/** The latest work on many, whoever asked for it. */
export async function listBulkJobs({ tx, location_id, real_now }: Now, at_most: number): Promise<Shown[]> {
  return (await tx.query<Row>(LATEST, [location_id, at_most])).map((row) => shown(row, real_now));
}

export async function findShownBulkJob({ tx, location_id, real_now }: Now, id: string): Promise<Shown | null> {
  const [row] = await tx.query<Row>(ONE, [location_id, id]);
  return row ? shown(row, real_now) : null;
}

function shown({ requested_by, created_at, finished_at, ...job }: Row, real_now: Instant): Shown {
  const is_free = job.followed_by === null && job.done > 0;
  return {
    ...job,
    requested_by: requested_by.email,
    can_run: is_free && job.is_preview && job.status === "done" && !isOutdated({ created_at }, real_now),
    can_undo: is_free && !job.is_preview && job.kind === "freeze" && job.status !== "running",
    created_at: instant(created_at),
    finished_at: finished_at === null ? null : instant(finished_at),
  };
}

export const bulkItemsCursor = z.object({ number: cursorNumber });

const ITEMS = {
  name: "view_bulk_items",
  text: `
    SELECT i.number, i.contact_external_id AS external_contact_id, c.name, i.subject_id, i.status, i.reason_code, i.answer
    FROM bulk_items i LEFT JOIN contacts c ON c.location_id = i.location_id AND c.external_id = i.contact_external_id
    WHERE i.location_id = $1 AND i.job_id = $2 AND i.number > $3 AND ($4::text IS NULL OR i.status = $4)
    ORDER BY i.number LIMIT $5`,
};

/** Member by member, in the order of the work. */
export async function listBulkItems(
  tx: Transaction,
  location_id: string,
  { id, status }: { id: string; status: "waiting" | "done" | "refused" | null },
  { limit, cursor }: Page<z.output<typeof bulkItemsCursor>>,
) {
  type Item = z.output<typeof bulkItemShape>;
  const found = await tx.query<Item>(ITEMS, [location_id, id, cursor?.number ?? 0, status, limit + 1]);
  const { items, next_cursor } = cutPage(found, limit, ({ number }) => ({ number }));
  return { items, next_cursor };
}

import type { Transaction } from "../platform/database.ts";
import { instant, jsonArray, numberArray, textArray } from "../platform/sql.ts";
import type { Instant } from "../rules/time/local-days.ts";

export type BulkKind = "freeze" | "unfreeze" | "extend" | "settle" | "backfill";

/** Work on many members that somebody asked for. */
export interface BulkJob {
  location_id: string;
  id: string;
  kind: BulkKind;
  is_preview: boolean;
  ask: Record<string, unknown>;
  status: "running" | "done" | "cancelled";
  total: number;
  done: number;
  refused: number;
  /** What the items that are done came to, added up. */
  summary: Record<string, number>;
  requested_by: { id: string; email: string; ip: string };
  of_job: string | null;
  created_at: Instant;
  finished_at: Instant | null;
}

/** One member's part of it. */
export interface BulkItem {
  number: number;
  contact_external_id: string;
  subject_id: string | null;
  status: "waiting" | "done" | "refused";
  reason_code: string | null;
  answer: Record<string, unknown> | null;
}

const COLUMNS = `location_id, id, kind, is_preview, ask, status, total, done, refused, summary, requested_by, of_job,
  created_at, finished_at`;
type Found = BulkJob & Record<string, unknown>;

const FIND = { name: "", text: `SELECT ${COLUMNS} FROM bulk_jobs WHERE location_id = $1 AND id = $2` };

export async function findBulkJob(tx: Transaction, location_id: string, id: string): Promise<BulkJob | null> {
  return (await tx.query<Found>(FIND, [location_id, id]))[0] ?? null;
}

const FOLLOWER = {
  name: "",
  text: `SELECT ${COLUMNS} FROM bulk_jobs WHERE location_id = $1 AND of_job = $2 AND status <> 'cancelled'`,
};

/** What runs a preview, or undoes a run; null: nothing does. */
export async function findFollower(tx: Transaction, location_id: string, of_job: string): Promise<BulkJob | null> {
  return (await tx.query<Found>(FOLLOWER, [location_id, of_job]))[0] ?? null;
}

const INSERT = {
  name: "",
  text: `
    INSERT INTO bulk_jobs (location_id, id, kind, is_preview, ask, status, total, requested_by, of_job, created_at)
    VALUES ($1, $2, $3, $4, $5, 'running', $6, $7, $8, $9)`,
};
const INSERT_ITEMS = {
  name: "",
  text: `
    INSERT INTO bulk_items (location_id, job_id, number, contact_external_id, subject_id)
    SELECT $1, $2, k.number, k.contact, k.subject
    FROM unnest($3::integer[], $4::text[], $5::text[]) AS k (number, contact, subject)`,
};

type NewJob = Pick<
  BulkJob,
  "location_id" | "id" | "kind" | "is_preview" | "ask" | "requested_by" | "of_job" | "created_at"
>;
export type NewItem = Pick<BulkItem, "contact_external_id" | "subject_id">;

export async function insertBulkJob(tx: Transaction, job: NewJob, items: readonly NewItem[]): Promise<void> {
  const { location_id, id, kind, is_preview, ask, requested_by, of_job, created_at } = job;
  const said = [JSON.stringify(ask), items.length, JSON.stringify(requested_by), of_job, instant(created_at)];
  await Promise.all([
    tx.query(INSERT, [location_id, id, kind, is_preview, ...said]),
    tx.query(INSERT_ITEMS, [
      location_id,
      id,
      numberArray(items.map((_, i) => i + 1)),
      textArray(items.map((item) => item.contact_external_id)),
      textArray(items.map((item) => item.subject_id)),
    ]),
  ]);
}

const TO_RUN = { name: "", text: "SELECT location_id, id FROM bulk_jobs_to_run($1, $2)" };

/** Running work of any location that nobody is at. */
export function findBulkJobsToRun(tx: Transaction, now: Instant, at_most: number) {
  return tx.query<{ location_id: string; id: string }>(TO_RUN, [instant(now), at_most]);
}

const LEASE = {
  name: "",
  text: `
    UPDATE bulk_jobs SET leased_by = $3, leased_until = $5
    WHERE location_id = $1 AND id = $2 AND status = 'running'
      AND (leased_by = $3 OR COALESCE(leased_until, '-infinity') <= $4)
    RETURNING ${COLUMNS}`,
};

/** Takes running work, or keeps it; null: it runs no more, or somebody else is at it. */
export async function leaseBulkJob(
  tx: Transaction,
  { location_id, id }: Pick<BulkJob, "location_id" | "id">,
  { by, now, until }: { by: string; now: Instant; until: Instant },
): Promise<BulkJob | null> {
  return (await tx.query<Found>(LEASE, [location_id, id, by, instant(now), instant(until)]))[0] ?? null;
}

const LET_GO = {
  name: "",
  text: "UPDATE bulk_jobs SET leased_by = NULL, leased_until = NULL WHERE location_id = $1 AND id = $2 AND leased_by = $3",
};

/** Lets it go before it is done: whoever comes next takes it at once. */
export function letBulkJobGo(tx: Transaction, { location_id, id }: Pick<BulkJob, "location_id" | "id">, by: string) {
  return tx.query(LET_GO, [location_id, id, by]);
}

const FINISH = {
  name: "",
  text: `
    UPDATE bulk_jobs SET status = $3, finished_at = $4, leased_by = NULL, leased_until = NULL
    WHERE location_id = $1 AND id = $2 AND status = 'running' RETURNING ${COLUMNS}`,
};

/** Null: it runs no more. */
export async function finishBulkJob(
  tx: Transaction,
  { location_id, id }: Pick<BulkJob, "location_id" | "id">,
  status: "done" | "cancelled",
  now: Instant,
): Promise<BulkJob | null> {
  return (await tx.query<Found>(FINISH, [location_id, id, status, instant(now)]))[0] ?? null;
}

const ITEM_COLUMNS = "number, contact_external_id, subject_id, status, reason_code, answer";
const WAITING = {
  name: "",
  text: `
    SELECT ${ITEM_COLUMNS} FROM bulk_items
    WHERE location_id = $1 AND job_id = $2 AND status = 'waiting' ORDER BY number LIMIT $3`,
};

export function findWaitingItems(tx: Transaction, { location_id, id }: Pick<BulkJob, "location_id" | "id">, n: number) {
  return tx.query<BulkItem & Record<string, unknown>>(WAITING, [location_id, id, n]);
}

const DONE = {
  name: "",
  text: `
    SELECT ${ITEM_COLUMNS} FROM bulk_items
    WHERE location_id = $1 AND job_id = $2 AND status = 'done' ORDER BY number`,
};

export function findDoneItems(tx: Transaction, location_id: string, job_id: string) {
  return tx.query<BulkItem & Record<string, unknown>>(DONE, [location_id, job_id]);
}

export type ConcludedItem = Pick<BulkItem, "number" | "answer"> & { status: "done" | "refused"; reason_code: string };

const CONCLUDE = {
  name: "",
  text: `
    UPDATE bulk_items i SET status = k.status, reason_code = k.reason_code, answer = k.answer::jsonb
    FROM unnest($3::integer[], $4::text[], $5::text[], $6::text[]) AS k (number, status, reason_code, answer)
    WHERE i.location_id = $1 AND i.job_id = $2 AND i.number = k.number AND i.status = 'waiting'
    RETURNING i.number`,
};
const COUNT = {
  name: "",
  text: `
    UPDATE bulk_jobs SET done = done + $3, refused = refused + $4, summary = $5
    WHERE location_id = $1 AND id = $2`,
};

/** What became of some items, with the sums that they lead to. */
export async function concludeItems(
  tx: Transaction,
  { location_id, id }: Pick<BulkJob, "location_id" | "id">,
  items: readonly ConcludedItem[],
  summary: Record<string, number>,
): Promise<void> {
  const done = items.filter(({ status }) => status === "done").length;
  await Promise.all([
    tx.query(CONCLUDE, [
      location_id,
      id,
      numberArray(items.map(({ number }) => number)),
      textArray(items.map(({ status }) => status)),
      textArray(items.map(({ reason_code }) => reason_code)),
      jsonArray(items.map(({ answer }) => answer)),
    ]),
    tx.query(COUNT, [location_id, id, done, items.length - done, JSON.stringify(summary)]),
  ]);
}

import { randomUUID } from "node:crypto";
import type { Clock } from "../../platform/clock.ts";
import type { Database } from "../../platform/database.ts";
import {
  concludeItems,
  findWaitingItems,
  finishBulkJob,
  leaseBulkJob,
  letBulkJobGo,
  type BulkItem,
  type BulkJob,
  type ConcludedItem,
} from "../../store/bulk-jobs.ts";
import { submitOwn } from "../credits/submit-own.ts";
import type { Ledger } from "../ledger.ts";
import { BULK_KINDS, isDone, toldRefusal } from "./bulk-kinds.ts";

/** Items that are submitted together: they make a batch, and a stop waits for no more. */
const ROUND = 50;
/** How long a process has the work before another may take it; a round lasts much shorter. */
const LEASE_MS = 60_000;

export type BulkJobId = Pick<BulkJob, "location_id" | "id">;

export interface BulkPorts {
  db: Database;
  ledger: Ledger;
  clock: Clock;
}

/**
 * Does what is left of the work, round by round, until it is done, cancelled, or `stopping`; a round that a process was killed in is
 * asked again under the same request ids, so that no item has its effect twice. False: somebody else is at it, or it runs no more.
 */
export async function runBulkJob(
  { db, ledger, clock }: BulkPorts,
  id: BulkJobId,
  stopping: AbortSignal,
): Promise<boolean> {
  const by = randomUUID();
  const at = [id.location_id];
  let has_run = false;
  while (!stopping.aborted) {
    const now = clock.now();
    // Each round is taken anew: whoever cancelled meanwhile is obeyed.
    const [job, items] = await db.transaction(at, (tx) =>
      Promise.all([leaseBulkJob(tx, id, { by, now, until: now + LEASE_MS }), findWaitingItems(tx, id, ROUND)]),
    );
    if (!job) return has_run;
    has_run = true;
    if (items.length === 0) {
      await db.transaction(at, (tx) => finishBulkJob(tx, id, "done", clock.now()));
      return true;
    }
    const answered = await Promise.all(items.map((item) => doItem(ledger, job, item)));
    const concluded = answered.flatMap((one) => one?.concluded ?? []);
    const sums = answered.map((one) => one?.sums ?? {});
    if (concluded.length > 0) {
      await db.transaction(at, (tx) => concludeItems(tx, id, concluded, addedUp([job.summary, ...sums])));
    }
    // What could not be asked now is asked by whoever takes the work next.
    if (concluded.length < items.length) break;
  }
  await db.transaction(at, (tx) => letBulkJobGo(tx, id, by));
  return has_run;
}

interface Done {
  concluded: ConcludedItem;
  sums: Record<string, number>;
}

/** Null: it has no answer yet. */
async function doItem(ledger: Ledger, job: BulkJob, item: BulkItem): Promise<Done | null> {
  const kind = BULK_KINDS[job.kind];
  const { operation, input } = kind.ask(job, item);
  const request_id = `bulk:${job.id}:${String(item.number)}`;
  const parsed = operation.input.safeParse({ ...input, request_id });
  const refused = (reason_code: string, answer: Record<string, unknown>): Done => ({
    concluded: { number: item.number, status: "refused", reason_code, answer },
    sums: {},
  });
  if (!parsed.success) return refused("VALIDATION_ERROR", { message: parsed.error.issues[0]?.message });
  const answer = await submitOwn(ledger, operation as never, job.location_id, parsed.data, {
    source: "console",
    urgency: "bulk",
    is_level: job.is_preview,
    person: job.requested_by,
    request_id,
  });
  if (answer.kind === "invalid") return refused("VALIDATION_ERROR", { field: answer.field, message: answer.message });
  if (answer.kind === "failed") return refused("INTERNAL_ERROR", {});
  if (answer.kind !== "answered") return null;
  const body = JSON.parse(answer.body) as { reason_code: string };
  if (!isDone(body)) return refused(body.reason_code, toldRefusal(body));
  const { reason_code } = body;
  return {
    concluded: { number: item.number, status: "done", reason_code, answer: kind.told(body) },
    sums: kind.sums(body),
  };
}

function addedUp(all: readonly Record<string, number>[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const one of all) for (const [name, value] of Object.entries(one)) sums[name] = (sums[name] ?? 0) + value;
  return sums;
}

import { reasonOf } from "../../platform/redact.ts";
import { findBulkJobsToRun } from "../../store/bulk-jobs.ts";
import { runBulkJob, type BulkJobId, type BulkPorts } from "./run-bulk-job.ts";

/** Pieces of work that one round of the timer takes. */
const ROUND = 20;

/** Work on many members that this process is at. */
export class BulkWork {
  readonly #ports: BulkPorts;
  readonly #log: { error(facts: object, message: string): void };
  readonly #stopping = new AbortController();
  readonly #running = new Set<Promise<unknown>>();

  constructor(ports: BulkPorts, log: { error(facts: object, message: string): void }) {
    this.#ports = ports;
    this.#log = log;
  }

  /** Begins at once, and answers nobody: how far it is stands with the work itself. */
  begin(id: BulkJobId): void {
    const run = runBulkJob(this.#ports, id, this.#stopping.signal).catch((error: unknown) => {
      // The timer takes it up again.
      this.#log.error({ reason: reasonOf(error), bulk_job: id.id }, "work on many stopped");
    });
    this.#running.add(run);
    void run.finally(() => this.#running.delete(run));
  }

  /** Ends with the round that is under way; the timer, or the next start, goes on from there. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#running);
  }
}

/** Takes up work of any location that nobody is at: its process was stopped, or killed. Answers how many pieces it was at. */
export async function resumeBulkWork(ports: BulkPorts, stopping: AbortSignal): Promise<number> {
  const { db, clock } = ports;
  const waiting = await db.transaction([], (tx) => findBulkJobsToRun(tx, clock.now(), ROUND), { read_only: true });
  let taken = 0;
  for (const id of waiting) {
    // One after the other: they share the lane that is for bulk.
    if (await runBulkJob(ports, id, stopping)) taken += 1;
  }
  return taken;
}

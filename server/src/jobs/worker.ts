import { Logger as WorkerLogger, parseCronItems, run, type Job } from "graphile-worker";
import pg from "pg";
import type { MailPost } from "../operations/access/mail-post.ts";
import type { BillingDesk } from "../operations/billing/billing-desk.ts";
import type { InstallationPorts } from "../operations/connections/finish-installation.ts";
import type { Ledger } from "../operations/ledger.ts";
import type { Clock } from "../platform/clock.ts";
import type { Database } from "../platform/database.ts";
import type { Logger } from "../platform/log.ts";
import { redact } from "../platform/redact.ts";
import type { Instant } from "../rules/time/local-days.ts";
import type { Connections } from "./events/taking.ts";
import { schedule, tasks } from "./schedule.ts";

export interface JobContext {
  db: Database;
  ledger: Ledger;
  clock: Clock;
  log: Logger;
  /** Null: GoHighLevel is off. */
  installations: InstallationPorts | null;
  connections: Connections;
  /** Null or not there: this server bills nobody. */
  billing?: BillingDesk | null;
}

/** What the timers need beside it. */
export interface TimerContext extends JobContext {
  post: Pick<MailPost, "post" | "sendDue" | "forgetOld">;
  public_url: string;
}

/** Jobs of one process that run at the same time: those that wait for providers hold up no other. */
const CONCURRENCY = 6;

export interface RunningJobs {
  /** Settles what is due at `at`, before the timer does. Asked for once or often, by whichever process, it is done once. */
  settleAt(at: Instant): Promise<void>;
  stop(): Promise<void>;
}

/** Runs the scheduled jobs; with several processes each job runs once. */
export async function startJobs(context: TimerContext): Promise<RunningJobs> {
  const pool = new pg.Pool({
    connectionString: context.db.url,
    max: CONCURRENCY + 2,
    application_name: "kotally jobs",
  });
  // The worker stops listening to its pool before the last connection is gone, and an unheard error ends the process.
  pool.on("error", () => {});
  pool.on("connect", (client) => client.on("error", () => {}));
  const stopping = new AbortController();
  const runner = await run({
    pgPool: pool,
    concurrency: CONCURRENCY,
    noHandleSignals: true,
    taskList: tasks(context, stopping.signal),
    parsedCronItems: parseCronItems([...schedule].map((item) => ({ ...item, options: { backfillPeriod: 0 } }))),
    logger: new WorkerLogger((scope) => (level, message, meta) => {
      // The message of a job that failed repeats its error's, which may hold what our log may not.
      if (meta?.["error"] !== undefined) context.log.error({ job: taskOf(meta), err: meta["error"] }, "a job failed");
      else if (level === "error") context.log.error({ job: scope.taskIdentifier }, redact(message));
      else if (level === "warning") context.log.warn({ job: scope.taskIdentifier }, redact(message));
    }),
  });
  return {
    settleAt: async (at) => {
      await runner.addJob("settle_due", {}, { runAt: new Date(at), jobKey: `settle_due@${at}`, maxAttempts: 1 });
    },
    stop: async () => {
      stopping.abort();
      await runner.stop();
      await pool.end();
    },
  };
}

function taskOf({ job }: Record<string, unknown>): string | undefined {
  return (job as Job | undefined)?.task_identifier;
}

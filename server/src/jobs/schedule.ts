import type { TaskList } from "graphile-worker";
import { settleDue } from "./settle-due.ts";
import { finishInstallationsJob } from "./finish-installations.ts";
import type { JobContext } from "./worker.ts";

/** Every timer of the server, on one page: minute hour day month weekday, in UTC. */
export const schedule = [
  { task: "settle_due", match: "* * * * *" },
  { task: "finish_installations", match: "* * * * *" },
] as const;

/** What runs when a timer fires. */
export function tasks(context: JobContext): TaskList {
  return {
    settle_due: () => settleDue(context),
    finish_installations: () => finishInstallationsJob(context),
  };
}

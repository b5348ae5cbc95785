import type { TaskList } from "graphile-worker";
import { expireLots } from "./expire-lots.ts";
import type { JobContext } from "./worker.ts";

/** Every timer of the server, on one page: minute hour day month weekday, in UTC. */
export const schedule = [{ task: "expire_lots", match: "* * * * *" }] as const;

/** What runs when a timer fires. */
export function tasks(context: JobContext): TaskList {
  return {
    expire_lots: () => expireLots(context),
  };
}

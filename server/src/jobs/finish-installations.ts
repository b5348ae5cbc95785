import { finishInstallations } from "../operations/connections/finish-installation.ts";
import { reasonOf } from "../platform/redact.ts";
import type { JobContext } from "./worker.ts";

/** Makes locations of installations whose location GoHighLevel could not describe when they were made. */
export async function finishInstallationsJob({ db, clock, log, installations }: JobContext): Promise<void> {
  if (installations === null) return;
  const job = "finish_installations";
  const finished = await finishInstallations(db, clock, installations, (error) => {
    log.warn({ job, reason: reasonOf(error) }, "an installation is finished later");
  });
  if (finished > 0) log.info({ job, finished }, "installations finished");
}

import { keepVerification } from "../operations/credits/keep-verification.ts";
import type { JobContext } from "./worker.ts";

/** Verifies all books once a day, so that what is off is known before somebody asks. */
export async function verifyBooksJob({ db, clock, log }: Pick<JobContext, "db" | "clock" | "log">): Promise<void> {
  const { broken, entries } = await keepVerification(db, clock);
  if (Object.keys(broken).length > 0) log.error({ job: "verify_books", broken }, "the books are off");
  else log.info({ job: "verify_books", entries }, "the books are clean");
}

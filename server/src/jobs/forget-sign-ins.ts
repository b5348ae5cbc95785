import { forgetSpent } from "../operations/access/forget-spent.ts";
import type { TimerContext } from "./worker.ts";

/** What signing in leaves behind that is of no use any more: sessions, links and counts that ran out, and old mail. */
export async function forgetSignIns({ db, post }: TimerContext): Promise<void> {
  await forgetSpent(db);
  await post.forgetOld();
}

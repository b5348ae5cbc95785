import type { TaskList } from "graphile-worker";
import { resumeBulkWork } from "../operations/bulk/bulk-work.ts";
import { oneAtATime } from "../platform/one-at-a-time.ts";
import { finishInstallationsJob } from "./finish-installations.ts";
import { followBilling } from "./follow-billing.ts";
import { forgetSignIns } from "./forget-sign-ins.ts";
import { keepRetentionJob } from "./keep-retention.ts";
import { pollGhl } from "./poll-ghl.ts";
import { pollStripe } from "./poll-stripe.ts";
import { sendMails } from "./send-mails.ts";
import { settleDue } from "./settle-due.ts";
import { verifyBooksJob } from "./verify-books.ts";
import type { TimerContext } from "./worker.ts";
import { writeBackBalances } from "./write-back-balances.ts";

/** Every timer of the server, on one page: minute hour day month weekday, in UTC. */
export const schedule = [
  { task: "settle_due", match: "* * * * *" },
  { task: "finish_installations", match: "* * * * *" },
  { task: "poll_ghl", match: "* * * * *" },
  { task: "poll_stripe", match: "* * * * *" },
  { task: "follow_billing", match: "* * * * *" },
  { task: "keep_retention", match: "23 * * * *" },
  { task: "write_back_balances", match: "* * * * *" },
  { task: "resume_bulk_work", match: "* * * * *" },
  { task: "verify_books", match: "23 3 * * *" },
  { task: "send_mails", match: "* * * * *" },
  { task: "forget_sign_ins", match: "17 4 * * *" },
] as const;

/** What runs when a timer fires. `stopping`: nothing further is begun, what was begun is taken up by the next run. */
export function tasks(context: TimerContext, stopping: AbortSignal): TaskList {
  return {
    settle_due: oneAtATime(() => settleDue(context, stopping)),
    finish_installations: () => finishInstallationsJob(context),
    poll_ghl: oneAtATime(() => pollGhl(context, stopping)),
    poll_stripe: oneAtATime(() => pollStripe(context, stopping)),
    follow_billing: oneAtATime(() => followBilling(context, stopping)),
    keep_retention: oneAtATime(() => keepRetentionJob(context, stopping)),
    verify_books: oneAtATime(() => verifyBooksJob(context)),
    write_back_balances: oneAtATime(() => writeBackBalances(context, stopping)),
    resume_bulk_work: oneAtATime(() => resumeBulkWork(context, stopping)),
    send_mails: oneAtATime(() => sendMails(context)),
    forget_sign_ins: () => forgetSignIns(context),
  };
}

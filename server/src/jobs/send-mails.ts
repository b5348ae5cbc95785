import type { TimerContext } from "./worker.ts";

/** Sends what is due: what failed before, and what was left while nobody hurried. */
export async function sendMails({ post, log }: TimerContext): Promise<void> {
  const { sent, failed } = await post.sendDue();
  if (sent > 0) log.info({ job: "send_mails", sent }, "mails sent");
  if (failed > 0) log.warn({ job: "send_mails", failed }, "mails were not taken: check SMTP_URL and the mail server");
}

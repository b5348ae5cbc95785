import type { Instant } from "../../rules/time/local-days.ts";
import type { Mail } from "../access/mail-post.ts";
import { billingPage } from "./return-addresses.ts";

const DATE = new Intl.DateTimeFormat("en", { dateStyle: "long", timeZone: "UTC" });
const TIME = new Intl.DateTimeFormat("en", { dateStyle: "long", timeStyle: "short", timeZone: "UTC" });

/** Rule 39. What an owner is told before everything of a cancelled workspace is deleted. */
export function deletionNotice(
  to: string,
  { workspace_id, name }: { workspace_id: string; name: string },
  at: Instant,
  public_url: string,
): Mail {
  return {
    to,
    subject: `${name} will be deleted on ${DATE.format(at)}`,
    paragraphs: [
      `The subscription of ${name} has ended. On ${TIME.format(at)} UTC everything in it is deleted for good: members, credits, ledger, payments and bookings.`,
      "Until then all of it can be exported. To keep it, subscribe again:",
      billingPage(public_url, workspace_id),
    ],
  };
}

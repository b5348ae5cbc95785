import type { MailPost } from "../../operations/access/mail-post.ts";
import type { FindPerson } from "../../operations/access/person.ts";
import type { MachineApi } from "../machine-api.ts";
import type { RateLimiter } from "../rate-limit.ts";

/** What the console's routes are made of. */
export interface ConsoleApi extends Pick<MachineApi, "gate" | "ledger" | "db" | "clock" | "ghl" | "public_url"> {
  find_person: FindPerson;
  /** Per session. */
  session_limiter: RateLimiter;
  /** Takes invitations to those who are invited. */
  post: MailPost;
  /** What is switched on here. */
  features: {
    ghl: boolean;
    stripe_billing: boolean;
    /** Mail is read on this machine. */
    mailbox: boolean;
  };
}

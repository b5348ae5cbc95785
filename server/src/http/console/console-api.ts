import type { MailPost } from "../../operations/access/mail-post.ts";
import type { FindPerson } from "../../operations/access/person.ts";
import type { BillingDesk } from "../../operations/billing/billing-desk.ts";
import type { BulkWork } from "../../operations/bulk/bulk-work.ts";
import type { InstallationPorts } from "../../operations/connections/finish-installation.ts";
import type { StripePorts } from "../../operations/connections/prepare-stripe.ts";
import type { Secrets } from "../../platform/secrets.ts";
import type { MachineApi } from "../machine-api.ts";
import type { RateLimiter } from "../rate-limit.ts";

export interface Connecting {
  secrets: Secrets;
  /** Null: GoHighLevel is off. */
  installations: InstallationPorts | null;
  /** The app's install link; null: an installation starts in GoHighLevel's marketplace only. */
  ghl_install_url: string | null;
  stripe: StripePorts;
}

/** What the console's routes are made of. */
export interface ConsoleApi extends Pick<MachineApi, "gate" | "ledger" | "db" | "clock" | "ghl" | "public_url"> {
  find_person: FindPerson;
  /** Per session. */
  session_limiter: RateLimiter;
  /** Takes invitations to those who are invited. */
  post: MailPost;
  /** Does work on many members while others ask. */
  bulk: BulkWork;
  /** What connecting locations to their providers takes. */
  connecting: Connecting;
  /** Kotally's own billing; null: this server bills nobody. */
  billing: BillingDesk | null;
  /** What is switched on here. */
  features: {
    ghl: boolean;
    stripe_billing: boolean;
    /** Mail is read on this machine. */
    mailbox: boolean;
  };
}

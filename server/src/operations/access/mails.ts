import type { Mail } from "./mail-post.ts";

const NOT_YOU = "If you did not ask for this, ignore this mail: nothing happens.";

/** The words of every mail that is sent to people who sign in. `link`s lead to the console's own pages. */
export const MAILS = {
  confirmAddress: (to: string, link: string): Mail => ({
    to,
    subject: "Confirm your e-mail address",
    paragraphs: [
      "Welcome to Kotally. Confirm that this address is yours, and your workspace opens:",
      link,
      "The link works for a day.",
      NOT_YOU,
    ],
  }),
  accountExists: (to: string, sign_in: string): Mail => ({
    to,
    subject: "You have a Kotally account already",
    paragraphs: [
      "Somebody, probably you, wanted to sign up with this address. It has an account already: sign in, or ask for a new password there.",
      sign_in,
      NOT_YOU,
    ],
  }),
  resetPassword: (to: string, link: string): Mail => ({
    to,
    subject: "Choose a new password",
    paragraphs: ["Choose a new password for Kotally here:", link, "The link works once, within an hour.", NOT_YOU],
  }),
  passwordChanged: (to: string, sign_in: string): Mail => ({
    to,
    subject: "Your password was changed",
    paragraphs: [
      "The password of your Kotally account was changed, and every session was ended.",
      "If that was not you, ask for a new password at once:",
      sign_in,
    ],
  }),
  invitation: (to: string, by: string, workspace: string, role: string, link: string): Mail => ({
    to,
    subject: `${workspace}: you are invited to Kotally`,
    paragraphs: [
      `${by} invites you to ${workspace} as ${role}. Accept here:`,
      link,
      "The link works for seven days.",
      "If you do not know them, ignore this mail: nothing happens.",
    ],
  }),
} as const;

import { z } from "zod";
import { listPersonWorkspaces, personWorkspace } from "../../views/person-workspaces.ts";
import { MAILBOX } from "../mailbox/mailbox.ts";
import { consoleCall, type ConsoleCall } from "./console-call.ts";

const session = consoleCall({
  realm: "person",
  method: "get",
  path: "/session",
  name: "session",
  title: "Who is signed in",
  about: "The person with the workspaces and locations they may enter, and what is switched on here.",
  role: "viewer",
  input: z.object({}),
  answer: z.object({
    user: z.object({
      id: z.guid(),
      email: z.string(),
      name: z.string().nullable(),
      two_factor: z.boolean().describe("Whether a second factor is asked for."),
    }),
    workspaces: z.array(personWorkspace),
    ghl: z.boolean().describe("Whether locations can be connected to GoHighLevel."),
    stripe_billing: z.boolean().describe("Whether workspaces pay through Stripe."),
  }),
  run: async ({ db, features: { ghl, stripe_billing } }, { user_id, email, name, two_factor }) => ({
    user: { id: user_id, email, name, two_factor },
    workspaces: await listPersonWorkspaces(db, user_id),
    ghl,
    stripe_billing,
  }),
});

const here = consoleCall({
  realm: "anyone",
  method: "get",
  path: "/here",
  name: "here",
  title: "What there is here",
  about: "What a page needs to know before anybody is signed in.",
  role: "viewer",
  input: z.object({}),
  answer: z.object({
    mailbox: z.string().nullable().describe("Where mail is read that does not leave this machine."),
  }),
  run: async ({ features }) => ({ mailbox: features.mailbox ? MAILBOX : null }),
});

export const SESSION_CALLS: readonly ConsoleCall[] = [here, session];

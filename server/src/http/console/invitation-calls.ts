import { z } from "zod";
import { acceptAs, showInvitation, signUpInvited } from "../../operations/access/accept-invitation.ts";
import { MAX_PASSWORD, MIN_PASSWORD } from "../../operations/access/passwords.ts";
import { ROLES } from "../../operations/access/person.ts";
import { text } from "../../operations/fields.ts";
import { consoleCall, type ConsoleCall } from "./console-call.ts";

const token = z.string().max(200).describe("What the link in the mail carries.");

const show = consoleCall({
  realm: "anyone",
  role: "viewer",
  method: "post",
  asks: true,
  path: "/invitations/show",
  name: "show_invitation",
  title: "Look at an invitation",
  about: "What its link leads to, and whether the address signs in or signs up.",
  input: z.object({ token }),
  refusals: ["INVITATION_CLOSED"],
  answer: z.object({
    workspace_id: z.guid(),
    workspace_name: z.string(),
    email: z.string(),
    role: z.enum(ROLES),
    expires_at: z.string(),
    has_account: z.boolean(),
  }),
  run: async (context, _, input) => {
    const shown = await showInvitation(context, input.token);
    return shown ? { ...shown } : { refused: "INVITATION_CLOSED" };
  },
});

const accept = consoleCall({
  realm: "person",
  role: "viewer",
  method: "post",
  path: "/invitations/accept",
  name: "accept_invitation",
  title: "Accept an invitation",
  about: "As who is signed in, by the address that was invited.",
  input: z.object({ token }),
  refusals: ["INVITATION_CLOSED", "INVITED_ELSEWHERE"],
  answer: z.object({ workspace_id: z.guid() }),
  run: async (context, person, input) => {
    const accepted = await acceptAs(context, person, input.token);
    if (accepted === "closed") return { refused: "INVITATION_CLOSED" };
    return accepted === "other_address" ? { refused: "INVITED_ELSEWHERE" } : accepted;
  },
});

const signUp = consoleCall({
  realm: "anyone",
  role: "viewer",
  method: "post",
  path: "/invitations/sign-up",
  name: "sign_up_invited",
  title: "Sign up with an invitation",
  about: "The address is the one that was invited; then sign in with it and the password.",
  input: z.object({ token, name: text, password: z.string().min(MIN_PASSWORD).max(MAX_PASSWORD) }),
  refusals: ["INVITATION_CLOSED", "HAS_ACCOUNT"],
  answer: z.object({ email: z.string() }),
  run: async (context, { ip }, input) => {
    const signed_up = await signUpInvited(context, { ...input, ip });
    if (signed_up === "closed") return { refused: "INVITATION_CLOSED" };
    return signed_up === "has_account" ? { refused: "HAS_ACCOUNT" } : signed_up;
  },
});

/** What the link of an invitation leads to. */
export const INVITATION_CALLS: readonly ConsoleCall[] = [show, accept, signUp];

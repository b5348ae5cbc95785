import { setSupport } from "../operations/access/set-support.ts";
import type { Database } from "../platform/database.ts";
import { CommandError, type CommandResult } from "./result.ts";

/** `kotally support EMAIL`: whether workspaces' owners may let this user look as Kotally's support. */
export async function support(db: Database, email: string, { remove = false }): Promise<CommandResult> {
  const user_id = await setSupport(db, email, !remove);
  if (user_id === null) throw new CommandError(`No user has the address ${email}: they sign up first.`);
  const what = remove ? "is no support any more, and looks at nothing." : "is support: owners may let them look.";
  return { document: { user_id, email, is_support: !remove }, lines: [`${email} ${what}`] };
}

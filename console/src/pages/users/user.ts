import type { WorkspaceAnswer } from "../../api/workspace-api.ts";

export type User = WorkspaceAnswer<"/users">["users"][number];
export type Invitation = WorkspaceAnswer<"/users">["invitations"][number];

/** What a user is called by. */
export function nameOf({ name, email }: Pick<User, "name" | "email">): string {
  return name ?? email;
}

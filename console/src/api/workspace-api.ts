import type { AnswerOf } from "./call-types.ts";
import { callsOf } from "./calls.ts";
import { useWorkspaceHere } from "./place.ts";
import type { paths } from "./workspace-api.generated.ts";

/** What a read of the workspace answers. */
export type WorkspaceAnswer<P extends keyof paths> = AnswerOf<paths, P>;

/** Reads, lists and changes of the workspace that the page is in: all below `/api/console/workspaces/{workspace_id}`. */
export const {
  useRead: useWorkspaceRead,
  usePages: useWorkspacePages,
  useChange: useWorkspaceChange,
} = callsOf<paths>(() => `/workspaces/${useWorkspaceHere().workspace_id}`);

import { queryOptions, useQuery } from "@tanstack/react-query";
import type { ApiError } from "./api-error.ts";
import { SESSION_KEY } from "./calls.ts";
import { ask } from "./client.ts";
import type { OwnAnswer } from "./own-api.ts";
import { sessionKept } from "./session-state.ts";

/** Who is signed in, where they may look, and what is switched on here. */
export type Session = OwnAnswer<"/session">;
export type SessionWorkspace = Session["workspaces"][number];
export type SessionLocation = SessionWorkspace["locations"][number];
export type Role = SessionWorkspace["role"];

export const sessionQuery = queryOptions<Session, ApiError>({
  queryKey: [...SESSION_KEY, {}],
  queryFn: async ({ signal }) => {
    const answer = await ask("", { method: "get", path: "/session", signal });
    sessionKept();
    return answer as unknown as Session;
  },
  staleTime: 60_000,
});

/** The session; only below the gate that has loaded it. */
export function useSession(): Session {
  const { data } = useQuery(sessionQuery);
  if (!data) throw new Error("a page without a session stands outside the gate");
  return data;
}

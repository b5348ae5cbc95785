import { QueryClient, queryOptions } from "@tanstack/react-query";
import { askParent } from "./ask-parent.ts";
import type { Opened } from "./shapes.ts";

/** Why nobody is let in. */
export type WhyNot = "no_context" | "refused" | "expired" | "unreachable";

export class NotLetIn extends Error {
  readonly why: WhyNot;

  constructor(why: WhyNot) {
    super(why);
    this.why = why;
  }
}

/** Who is there, where, and the token to ask with: kept in this page's memory and nowhere else. */
export type Pass = Opened & {
  /** By how much the location's clock is ahead of this machine's, in milliseconds. */
  clock_offset_ms: number;
};

export const queryClient = new QueryClient({
  defaultOptions: { queries: { retry: 1, staleTime: 10_000, networkMode: "always" } },
});

export const passQuery = queryOptions<Pass, NotLetIn>({
  queryKey: ["pass"],
  queryFn: comeIn,
  retry: false,
  staleTime: Number.POSITIVE_INFINITY,
  gcTime: Number.POSITIVE_INFINITY,
});

let was_launched = false;

async function comeIn(): Promise<Pass> {
  const launch = takeLaunch();
  const payload = launch ?? (await askParent());
  if (payload === null) throw new NotLetIn(was_launched ? "expired" : "no_context");
  const response = await fetch("/embed/auth", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ payload }),
    credentials: "omit",
  }).catch(() => null);
  if (response?.status === 401) throw new NotLetIn("refused");
  if (!response?.ok) throw new NotLetIn("unreachable");
  const opened = (await response.json()) as Opened;
  return { ...opened, clock_offset_ms: Date.parse(opened.location.now) - Date.now() };
}

/** What the sandbox launcher put behind the #; read once, and taken out of the address. */
function takeLaunch(): string | null {
  const launch = new URLSearchParams(window.location.hash.slice(1)).get("launch");
  if (launch === null) return null;
  was_launched = true;
  window.history.replaceState(null, "", window.location.pathname + window.location.search);
  return launch;
}

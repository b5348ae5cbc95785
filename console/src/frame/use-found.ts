import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { ApiError } from "../api/api-error.ts";
import { ask } from "../api/client.ts";
import type { Answer } from "../api/location-api.ts";

/** Something of the location that a name or id led to. */
export type Hit = Answer<"/find">["hits"][number];

/** Fewer characters than this begin too many things. */
export const MIN_SEARCH = 2;

/** Whatever of the location has this id or begins with this text; null: nothing is asked, for there is no location or too little text. */
export function useFound(
  location_id: string | null,
  search: string,
): { hits: readonly Hit[] | null; is_asking: boolean } {
  const enabled = location_id !== null && search.length >= MIN_SEARCH;
  const base = `/locations/${location_id ?? ""}`;
  const { data, isFetching } = useQuery<Answer<"/find">, ApiError>({
    queryKey: [base, "/find", { query: { search } }],
    queryFn: async ({ signal }) =>
      (await ask(base, {
        method: "get",
        path: "/find",
        params: { query: { search } },
        signal,
      })) as unknown as Answer<"/find">,
    placeholderData: keepPreviousData,
    enabled,
  });
  return { hits: enabled ? (data?.hits ?? null) : null, is_asking: enabled && isFetching };
}

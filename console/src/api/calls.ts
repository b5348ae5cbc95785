import {
  keepPreviousData,
  queryOptions,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
  type UseInfiniteQueryResult,
  type UseMutationResult,
  type UseQueryResult,
} from "@tanstack/react-query";
import type { ApiError } from "./api-error.ts";
import type { AnswerOf, DoneOf, InputOf, Method, ParamsOf, PathsWith } from "./call-types.ts";
import { ask } from "./client.ts";

interface ReadOptions<A = unknown> {
  enabled?: boolean;
  /** Shows what stood there while other parameters load. */
  keep_previous?: boolean;
  /** How often it is read again; as the answer is, where that decides. False: no more. */
  refetch_ms?: number | ((answer: A) => number | false);
}

interface PagesOptions {
  enabled?: boolean;
  /** Is read again by each page or dialog that opens, however lately it was. */
  is_always_fresh?: boolean;
}

/** Who is signed in, and where they may look. */
export const SESSION_KEY = ["", "/session"] as const;

/** Every key says whose it is, what was asked and with what: `[base, path, params]`. */
export function keyOf(base: string, path?: string, params?: unknown): readonly unknown[] {
  return [base, path, params].filter((part) => part !== undefined);
}

/** Where a part of the door stands: a hook, as it depends on the page's place. */
type UseBase = () => string;

/** The hooks of one part of the door: reads, lists page by page, and changes. */
export function callsOf<Paths extends object>(useBase: UseBase) {
  return { ...readsOf<Paths>(useBase), ...pagesOf<Paths>(useBase), ...changesOf<Paths>(useBase) };
}

function readsOf<Paths extends object>(useBase: UseBase) {
  function useRead<P extends PathsWith<Paths, "get">>(
    path: P,
    params: ParamsOf<Paths, P>,
    { enabled = true, keep_previous = false, refetch_ms }: ReadOptions<AnswerOf<Paths, P>> = {},
  ): UseQueryResult<AnswerOf<Paths, P>, ApiError> {
    const base = useBase();
    return useQuery<AnswerOf<Paths, P>, ApiError>({
      ...queryOptions({
        queryKey: keyOf(base, path, params),
        queryFn: async ({ signal }) => (await ask(base, { method: "get", path, params, signal })) as AnswerOf<Paths, P>,
      }),
      enabled,
      ...(keep_previous && { placeholderData: keepPreviousData }),
      ...(refetch_ms !== undefined && {
        refetchInterval: ({ state }: { state: { data: AnswerOf<Paths, P> | undefined } }) => {
          if (typeof refetch_ms === "number") return refetch_ms;
          return state.data === undefined ? false : refetch_ms(state.data);
        },
      }),
    });
  }

  /** What is asked with a body and changes nothing: a preview, a token to look up. */
  function useAsk<P extends PathsWith<Paths, "post">>(
    path: P,
    input: InputOf<Paths, P>,
    { enabled = true, keep_previous = false }: ReadOptions = {},
  ): UseQueryResult<DoneOf<Paths, P>, ApiError> {
    const base = useBase();
    const { path: in_path, body } = input as { path?: Record<string, unknown>; body?: unknown };
    return useQuery<DoneOf<Paths, P>, ApiError>({
      queryKey: keyOf(base, path, input),
      queryFn: async ({ signal }) =>
        (await ask(base, {
          method: "post",
          path,
          params: { path: { ...in_path } },
          body: body ?? {},
          signal,
        })) as DoneOf<Paths, P>,
      enabled,
      ...(keep_previous && { placeholderData: keepPreviousData }),
    });
  }

  return { useRead, useAsk };
}

function pagesOf<Paths extends object>(useBase: UseBase) {
  function usePages<P extends PathsWith<Paths, "get">, Item>(
    path: P,
    params: ParamsOf<Paths, P>,
    itemsOf: (page: AnswerOf<Paths, P>) => readonly Item[],
    { enabled = true, is_always_fresh = false }: PagesOptions = {},
  ): Pages<Item> {
    const base = useBase();
    const result = useInfiniteQuery<AnswerOf<Paths, P>, ApiError, Item[], readonly unknown[], string | undefined>({
      queryKey: keyOf(base, path, { ...params, is_paged: true }),
      queryFn: async ({ signal, pageParam }) => {
        const { path: in_path, query } = params as { path?: object; query?: object };
        const paged = { path: { ...in_path }, query: { ...query, cursor: pageParam } };
        return (await ask(base, { method: "get", path, params: paged, signal })) as AnswerOf<Paths, P>;
      },
      initialPageParam: undefined,
      getNextPageParam: (page) => (page as { next_cursor?: string | null }).next_cursor ?? undefined,
      select: ({ pages }) => pages.flatMap((page) => [...itemsOf(page)]),
      placeholderData: keepPreviousData,
      enabled,
      ...(is_always_fresh && { staleTime: 0 }),
    });
    return result;
  }

  return { usePages };
}

function changesOf<Paths extends object>(useBase: UseBase) {
  function useChange<P extends PathsWith<Paths, M>, M extends Method = "post">(
    path: P,
    method: M = "post" as M,
  ): UseMutationResult<DoneOf<Paths, P, M>, ApiError, InputOf<Paths, P, M>> {
    const base = useBase();
    const queries = useQueryClient();
    return useMutation<DoneOf<Paths, P, M>, ApiError, InputOf<Paths, P, M>>({
      // Offline it fails at once and says so; it does not wait unseen for the connection.
      networkMode: "always",
      mutationFn: async (input) => {
        const { path: in_path, body } = input as { path?: Record<string, unknown>; body?: unknown };
        const params = { path: { ...in_path } };
        return (await ask(base, { method, path, params, body: body ?? {} })) as DoneOf<Paths, P, M>;
      },
      onSuccess: (_, input) => {
        const is_dry = (input as { body?: { dry_run?: boolean } }).body?.dry_run === true;
        if (is_dry) return undefined;
        // What the session tells of places and people may have changed with it.
        void queries.invalidateQueries({ queryKey: SESSION_KEY });
        return queries.invalidateQueries({ queryKey: keyOf(base) });
      },
    });
  }

  return { useChange };
}

/** A list that is read page by page, all that was read so far as one. */
export type Pages<Item> = UseInfiniteQueryResult<Item[], ApiError>;

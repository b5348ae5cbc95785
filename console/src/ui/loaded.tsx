import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { ApiError } from "../api/api-error.ts";
import { ErrorState, LoadingLines } from "./states.tsx";

interface LoadedProps<Data> {
  query: UseQueryResult<Data, ApiError>;
  /** What stands there meanwhile; else lines. */
  loading?: ReactNode;
  children: (data: Data) => ReactNode;
}

/** What was read, once it is there; until then that it loads, or why it cannot be. What was shown before stays. */
export function Loaded<Data>({ query, loading, children }: LoadedProps<Data>) {
  if (query.data !== undefined) return children(query.data);
  if (query.error) return <ErrorState error={query.error} retry={() => void query.refetch()} />;
  return loading ?? <LoadingLines />;
}

import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { asApiError, UNREACHABLE } from "./api-error.ts";
import { connectionLost, connectionKept } from "./connection.ts";

/** Codes after which the same question may find another answer. */
const PASSING = new Set([UNREACHABLE, "INTERNAL_ERROR", "UNAVAILABLE", "RATE_LIMITED"]);
const MAX_RETRIES = 2;
const FRESH_MS = 15_000;

function noteConnection(error: unknown): void {
  if (asApiError(error).reason_code === UNREACHABLE) connectionLost();
}

export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError: noteConnection, onSuccess: connectionKept }),
  mutationCache: new MutationCache({ onError: noteConnection, onSuccess: connectionKept }),
  defaultOptions: {
    queries: {
      staleTime: FRESH_MS,
      retry: (count, error) => count < MAX_RETRIES && PASSING.has(asApiError(error).reason_code),
      networkMode: "always",
    },
  },
});

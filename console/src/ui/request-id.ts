import { useRef } from "react";
import { UNREACHABLE, type ApiError } from "../api/api-error.ts";

/** No answer, or none that is remembered: the same request may be sent again, and happens once. */
const UNANSWERED = new Set([UNREACHABLE, "INTERNAL_ERROR", "UNAVAILABLE", "REQUEST_IN_PROGRESS", "RATE_LIMITED"]);

/** One id for one intent: kept over retries, new when the intent changes or was answered with a no. */
export function useRequestId(): { of: (intent: unknown) => string; refused: (error: ApiError) => void } {
  const kept = useRef<{ intent: string; id: string } | null>(null);
  return {
    of: (intent) => {
      const text = JSON.stringify(intent);
      if (kept.current?.intent !== text) kept.current = { intent: text, id: crypto.randomUUID() };
      return kept.current.id;
    },
    refused: (error) => {
      if (!UNANSWERED.has(error.reason_code)) kept.current = null;
    },
  };
}

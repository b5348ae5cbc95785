import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect } from "react";
import { keyOf } from "./calls.ts";
import { useLocationHere } from "./place.ts";

/** Reads again what the location's pages show, after work that was not one change of theirs. */
export function useRefreshLocation(): () => void {
  const { location_id } = useLocationHere();
  const queries = useQueryClient();
  return useCallback(
    () => void queries.invalidateQueries({ queryKey: keyOf(`/locations/${location_id}`) }),
    [queries, location_id],
  );
}

const AGAIN_MS = 15_000;

/** Reads what is shown of contacts again, now and then while somebody looks: of what happens outside nobody is told. */
export function useFreshContacts(): void {
  const { location_id } = useLocationHere();
  const queries = useQueryClient();
  useEffect(() => {
    const base = `/locations/${location_id}`;
    const isOfContacts = ({ queryKey: [of, path] }: { queryKey: readonly unknown[] }) =>
      of === base && String(path).startsWith("/contacts/");
    const timer = setInterval(() => {
      if (document.visibilityState === "visible") void queries.invalidateQueries({ predicate: isOfContacts });
    }, AGAIN_MS);
    return () => clearInterval(timer);
  }, [queries, location_id]);
}

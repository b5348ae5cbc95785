import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
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

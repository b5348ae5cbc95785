import type { Place } from "../api/place.ts";
import type { SessionWorkspace } from "../api/session.ts";
import { paths } from "../paths.ts";

const KEY = "kotally-last-place";

/** Where this browser was last, to come back to. */
export function rememberPlace({ workspace, location }: Place): void {
  localStorage.setItem(KEY, location?.location_id ?? workspace.workspace_id);
}

/** Where this browser was last, else the first location, else the first workspace; null: there is none. */
export function lastPlace(workspaces: readonly SessionWorkspace[]): Place | null {
  const last = localStorage.getItem(KEY);
  const places = workspaces.flatMap((workspace): Place[] => [
    ...workspace.locations.map((location) => ({ workspace, location })),
    { workspace, location: null },
  ]);
  const is_last = ({ workspace, location }: Place) => (location?.location_id ?? workspace.workspace_id) === last;
  return places.find(is_last) ?? places.find(({ location }) => location !== null) ?? places[0] ?? null;
}

/** The page that a place begins with. */
export function firstPageOf({ workspace, location }: Place): string {
  return location ? paths.overview(location.location_id) : paths.start(workspace.workspace_id);
}

import type { Place } from "../api/place.ts";
import type { SessionWorkspace } from "../api/session.ts";
import { paths } from "../paths.ts";

const PLACE = "kotally-last-place";
const LOCATION = "kotally-last-location";

/** Where this browser was last, to come back to. */
export function rememberPlace({ workspace, location }: Place): void {
  localStorage.setItem(PLACE, location?.location_id ?? workspace.workspace_id);
  if (location) localStorage.setItem(LOCATION, location.location_id);
}

/** Where this browser was last, else the first location, else the first workspace; null: there is none. */
export function lastPlace(workspaces: readonly SessionWorkspace[]): Place | null {
  const last = localStorage.getItem(PLACE);
  const places = workspaces.flatMap((workspace): Place[] => [
    ...workspace.locations.map((location) => ({ workspace, location })),
    { workspace, location: null },
  ]);
  const is_last = ({ workspace, location }: Place) => (location?.location_id ?? workspace.workspace_id) === last;
  return places.find(is_last) ?? places.find(({ location }) => location !== null) ?? places[0] ?? null;
}

/** The workspace with the location of it that this browser was in last: what the side shows beside pages of a whole workspace. */
export function withLastLocation(workspace: SessionWorkspace): Place {
  const last = localStorage.getItem(LOCATION);
  return { workspace, location: workspace.locations.find(({ location_id }) => location_id === last) ?? null };
}

/** The page that a place begins with. */
export function firstPageOf({ workspace, location }: Place): string {
  return location ? paths.overview(location.location_id) : paths.start(workspace.workspace_id);
}

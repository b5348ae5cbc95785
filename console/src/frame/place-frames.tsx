import { useMemo } from "react";
import { Outlet, useParams } from "react-router";
import { ApiError } from "../api/api-error.ts";
import { PlaceContext, type Place } from "../api/place.ts";
import { useSession, type SessionWorkspace } from "../api/session.ts";
import { ErrorState } from "../ui/states.tsx";
import { AppFrame } from "./app-frame.tsx";
import { lastPlace, rememberPlace, withLastLocation } from "./last-place.ts";

/** Pages of a location, which the address names. */
export function LocationFrame() {
  const { location_id } = useParams();
  const { workspaces } = useSession();
  const place = useMemo(() => placeAt(workspaces, location_id ?? ""), [workspaces, location_id]);
  return <Placed place={place} />;
}

/** Pages of a whole workspace, which the address names. */
export function WorkspaceFrame() {
  const { workspace_id } = useParams();
  const { workspaces } = useSession();
  const place = useMemo(() => {
    const workspace = workspaces.find((one) => one.workspace_id === workspace_id);
    return workspace ? { workspace, location: null } : null;
  }, [workspaces, workspace_id]);
  return <Placed place={place} />;
}

/** Pages of the person: the side leads back to where they were; times are told in their own zone. */
export function PersonFrame() {
  const { workspaces } = useSession();
  const last = lastPlace(workspaces);
  return (
    <AppFrame place={last && sideOf(last)}>
      <Outlet />
    </AppFrame>
  );
}

/** The side keeps a location's pages in sight where the page is of the whole workspace. */
function sideOf(place: Place): Place {
  return place.location ? place : withLastLocation(place.workspace);
}

function placeAt(workspaces: readonly SessionWorkspace[], location_id: string): Place | null {
  for (const workspace of workspaces) {
    const location = workspace.locations.find((one) => one.location_id === location_id);
    if (location) return { workspace, location };
  }
  return null;
}

function Placed({ place }: { place: Place | null }) {
  if (place) rememberPlace(place);
  return (
    <PlaceContext value={place}>
      <AppFrame place={place && sideOf(place)}>
        {place ? (
          <Outlet key={place.location?.location_id ?? place.workspace.workspace_id} />
        ) : (
          <ErrorState error={new ApiError({}, "NOT_FOUND")} />
        )}
      </AppFrame>
    </PlaceContext>
  );
}

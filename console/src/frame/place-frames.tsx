import { useMemo } from "react";
import { Outlet, useParams } from "react-router";
import { ApiError } from "../api/api-error.ts";
import { PlaceContext, type Place } from "../api/place.ts";
import { useSession, type SessionWorkspace } from "../api/session.ts";
import { ErrorState } from "../ui/states.tsx";
import { AppFrame } from "./app-frame.tsx";
import { lastPlace, rememberPlace } from "./last-place.ts";

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
  return (
    <AppFrame place={lastPlace(workspaces)}>
      <Outlet />
    </AppFrame>
  );
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
      <AppFrame place={place}>
        {place ? (
          <Outlet key={place.location?.location_id ?? place.workspace.workspace_id} />
        ) : (
          <ErrorState error={new ApiError({}, "NOT_FOUND")} />
        )}
      </AppFrame>
    </PlaceContext>
  );
}

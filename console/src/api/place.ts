import { createContext, use } from "react";
import type { SessionLocation, SessionWorkspace } from "./session.ts";

/** Where the page is: every address below a location or a workspace says so itself. */
export interface Place {
  workspace: SessionWorkspace;
  /** Null on a page of the whole workspace. */
  location: SessionLocation | null;
}

/** Null on a page that is of no workspace: the account. */
export const PlaceContext = createContext<Place | null>(null);

function usePlace(): Place {
  const place = use(PlaceContext);
  if (!place) throw new Error("a page that stands nowhere");
  return place;
}

export function useWorkspaceHere(): SessionWorkspace {
  return usePlace().workspace;
}

export function useLocationHere(): SessionLocation {
  const { location } = usePlace();
  if (!location) throw new Error("a page of a location that stands in none");
  return location;
}

/** Whether the signed-in person may change anything here; a viewer only reads. */
export function useMayChange(): boolean {
  return useWorkspaceHere().role !== "viewer";
}

/** Whether the signed-in person owns the workspace: billing, users and everything. */
export function useIsOwner(): boolean {
  return useWorkspaceHere().role === "owner";
}

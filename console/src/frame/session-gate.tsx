import { useQuery } from "@tanstack/react-query";
import { Navigate, Outlet, useLocation } from "react-router";
import { sessionQuery } from "../api/session.ts";
import { paths } from "../paths.ts";
import { ErrorState } from "../ui/states.tsx";
import { AppLoading } from "./app-loading.tsx";
import { SessionLostDialog } from "./session-lost-dialog.tsx";

/** Lets in who is signed in, and asks for the rest to sign in first; whoever was in keeps the page when the session is lost. */
export function SessionGate() {
  const { data, error, refetch } = useQuery(sessionQuery);
  const { pathname, search, hash } = useLocation();
  if (data) {
    return (
      <>
        <Outlet />
        <SessionLostDialog email={data.user.email} />
      </>
    );
  }
  if (!error) return <AppLoading />;
  if (error.reason_code !== "UNAUTHORIZED") {
    return <main children={<ErrorState error={error} retry={() => void refetch()} />} />;
  }
  const next =
    pathname === paths.home() ? "" : `?${new URLSearchParams({ next: pathname + search + hash }).toString()}`;
  return <Navigate to={paths.signIn() + next} replace />;
}

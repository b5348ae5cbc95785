import { useQueryClient } from "@tanstack/react-query";
import { useLocation, useNavigate } from "react-router";
import { nextPage } from "../../ui/next-page.ts";

/** Goes on after signing in, to where one wanted to; nothing of somebody else's is left in memory. */
export function useGoOn(): () => void {
  const { search } = useLocation();
  const navigate = useNavigate();
  const queries = useQueryClient();
  return () => {
    queries.clear();
    void navigate(nextPage(search), { replace: true });
  };
}

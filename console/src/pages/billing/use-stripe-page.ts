import { useState } from "react";
import { asApiError } from "../../api/api-error.ts";
import { useWorkspaceChange } from "../../api/workspace-api.ts";
import { toastFailed } from "../../ui/toast.ts";

/** Opens one of Stripe's pages in place of this one; it leads back here. */
export function useStripePage(path: "/billing/checkout" | "/billing/portal"): { open: () => void; is_busy: boolean } {
  const change = useWorkspaceChange(path);
  const [is_leaving, setLeaving] = useState(false);
  const open = () => {
    setLeaving(true);
    change.mutateAsync({}).then(
      ({ url }) => window.location.assign(url),
      (error: unknown) => {
        setLeaving(false);
        toastFailed(asApiError(error).message);
      },
    );
  };
  return { open, is_busy: is_leaving };
}

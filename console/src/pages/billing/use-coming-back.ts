import { useEffect, useRef } from "react";
import { useSearchParams } from "react-router";
import { asApiError } from "../../api/api-error.ts";
import { useWorkspaceChange } from "../../api/workspace-api.ts";
import { billingTexts } from "../../texts/billing.ts";
import { toastDone, toastFailed } from "../../ui/toast.ts";

/**
 * Whoever comes back from Stripe's pages sees at once what holds there; the address then says no more of it. Reloading, or coming back
 * twice, asks once more and changes nothing.
 */
export function useComingBack(): void {
  const [params, setParams] = useSearchParams();
  const { mutateAsync: finish } = useWorkspaceChange("/billing/finish");
  const is_begun = useRef(false);
  const [checkout, portal] = [params.get("checkout"), params.get("portal")];
  useEffect(() => {
    if ((checkout === null && portal === null) || is_begun.current) return;
    is_begun.current = true;
    setParams({}, { replace: true });
    if (checkout === "left") {
      toastDone(billingTexts.not_paid);
      return;
    }
    finish({ body: checkout === null ? {} : { session_id: checkout } }).then(
      ({ is_paid }) => toastDone(is_paid ? billingTexts.paid : billingTexts.back),
      (error: unknown) => toastFailed(asApiError(error).message),
    );
  }, [checkout, portal, setParams, finish]);
}

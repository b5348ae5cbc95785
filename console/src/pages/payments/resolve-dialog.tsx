import { useChange } from "../../api/location-api.ts";
import { resolveTexts } from "../../texts/payments.ts";
import { ChangeDialog } from "../../ui/change-dialog.tsx";
import { useEntitlementNames } from "../contacts/use-entitlement-names.ts";
import type { Payment } from "./payment.ts";

/** Decisions that take nothing but a reason. */
export type PlainResolution = "grant" | "dismiss" | "no_credits" | "acknowledge" | "take_back";

interface ResolveDialogProps {
  payment: Payment;
  action: PlainResolution;
  onClose: () => void;
}

/** One decision about a payment: what it comes to, why, and only then its button. */
export function ResolveDialog({ payment, action, onClose }: ResolveDialogProps) {
  const resolve = useChange("/payments/{payment_id}/resolve");
  const names = useEntitlementNames(payment.external_contact_id);
  const texts = resolveTexts[action];
  return (
    <ChangeDialog
      title={texts.title}
      about={texts.about}
      confirm={texts.confirm}
      is_dangerous={action === "take_back"}
      initial={{}}
      reason="required"
      names={names}
      ask={(_, asked) =>
        resolve.mutateAsync({
          path: { payment_id: payment.id },
          body: { external_contact_id: payment.external_contact_id, action, ...asked },
        })
      }
      done={() => texts.done}
      onClose={onClose}
    />
  );
}

import { AssignDialog } from "./assign-dialog.tsx";
import { MapDialog } from "./map-dialog.tsx";
import { isUnknownPayer, openItems, type Payment } from "./payment.ts";
import { ResolveDialog, type PlainResolution } from "./resolve-dialog.tsx";

export type Resolution = PlainResolution | "map" | "assign_contact";

interface PaymentDialogProps {
  payment: Payment;
  action: Resolution;
  onClose: () => void;
}

/** The dialog of a decision about a payment. */
export function PaymentDialog({ payment, action, onClose }: PaymentDialogProps) {
  if (action === "map") return <MapDialog payment={payment} onClose={onClose} />;
  if (action === "assign_contact") return <AssignDialog payment={payment} onClose={onClose} />;
  return <ResolveDialog payment={payment} action={action} onClose={onClose} />;
}

/** What can be decided of a payment now, the likeliest first. */
export function resolutionsOf(payment: Payment): Resolution[] {
  const { status, states, flags, acknowledged, external_contact_id, amount_cents, refunded_cents } = payment;
  if (status === "probable_duplicate" || status === "settling") return ["grant", "dismiss"];
  if (isUnknownPayer(external_contact_id)) return ["assign_contact", "dismiss"];
  const open = openItems(payment);
  const found: Resolution[] = [];
  if (open.some(({ status: of_item }) => of_item === "unmatched")) found.push("map");
  if (open.some(({ reason }) => reason === "ONCE_PER_CONTACT")) found.push("grant");
  if (open.some(({ reason }) => reason === "PERIOD_ALREADY_GRANTED") && !found.includes("map")) found.push("map");
  if (open.length > 0) found.push("dismiss");
  if (open.some(({ status: of_item, product_id }) => of_item === "unmatched" && product_id !== null)) {
    found.push("no_credits");
  }
  if (flags.some((flag) => !acknowledged.includes(flag))) found.push("acknowledge");
  const is_granted = states.includes("granted");
  if (is_granted && amount_cents !== null && amount_cents > 0 && refunded_cents < amount_cents) found.push("take_back");
  return found;
}

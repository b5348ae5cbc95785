import { useChange } from "../../api/location-api.ts";
import { bookingsTexts } from "../../texts/bookings.ts";
import { ChangeDialog } from "../../ui/change-dialog.tsx";
import { SettleDialog } from "../contacts/actions/settle-dialog.tsx";
import { useEntitlementNames } from "../contacts/use-entitlement-names.ts";
import { memberName } from "./booking-columns.tsx";
import type { Booking } from "./booking-why.ts";

/** What staff may decide of a booking. */
export type BookingDecision = "settle" | "waive" | "studio_cancelled";

interface BookingDialogProps {
  booking: Booking;
  onClose: () => void;
}

/** The dialog of a decision. */
export function BookingDialog({ decision, ...props }: BookingDialogProps & { decision: BookingDecision }) {
  const names = useEntitlementNames(props.booking.external_contact_id);
  if (decision === "settle") {
    return <SettleDialog contact_id={props.booking.external_contact_id} names={names} {...props} />;
  }
  return decision === "waive" ? <WaiveDialog {...props} /> : <StudioCancelledDialog {...props} names={names} />;
}

/** The studio cancelled, not the member: everything goes back. */
function StudioCancelledDialog({
  booking,
  names,
  onClose,
}: BookingDialogProps & { names: ReadonlyMap<string, string> }) {
  const { id, external_contact_id } = booking;
  const { studio_cancelled: texts } = bookingsTexts;
  const cancel = useChange("/bookings/{booking_id}/studio-cancelled");
  return (
    <ChangeDialog
      title={texts.title(memberName(booking))}
      about={texts.about}
      confirm={texts.confirm}
      initial={{}}
      reason="required"
      names={names}
      ask={(_, asked) => cancel.mutateAsync({ path: { booking_id: id }, body: { external_contact_id, ...asked } })}
      done={() => texts.done(memberName(booking))}
      onClose={onClose}
    />
  );
}

/** It costs nothing, and waits for nobody any more. */
function WaiveDialog({ booking, onClose }: BookingDialogProps) {
  const { id, external_contact_id } = booking;
  const { waive: texts } = bookingsTexts;
  const waive = useChange("/bookings/{booking_id}/waive");
  return (
    <ChangeDialog
      title={texts.title(memberName(booking))}
      about={texts.about}
      confirm={texts.confirm}
      initial={{}}
      reason="required"
      ask={(_, { reason = "", ...asked }) =>
        waive.mutateAsync({ path: { booking_id: id }, body: { external_contact_id, reason, ...asked } })
      }
      done={() => texts.done(memberName(booking))}
      onClose={onClose}
    />
  );
}

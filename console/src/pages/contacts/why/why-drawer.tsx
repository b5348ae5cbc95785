import { SideDialog } from "../../../ui/dialog.tsx";
import { BookingWhy } from "./booking-why.tsx";
import { EntryWhy } from "./entry-why.tsx";
import { ActWhy, MembershipWhy, OpportunityWhy, PaymentWhy, type HistoryEvent } from "./event-why.tsx";

/** What is asked about: a line of the history, an entry or a booking from its own list. */
export type Asked =
  | { title: string; event: HistoryEvent }
  | { title: string; entry_id: string }
  | { title: string; booking_id: string };

interface WhyDrawerProps {
  contact_id: string;
  of: Asked;
  onClose: () => void;
}

/** The answer to "why?", beside the list in which it was asked. */
export function WhyDrawer({ contact_id, of, onClose }: WhyDrawerProps) {
  return (
    <SideDialog title={of.title} onClose={onClose}>
      {"event" in of && <EventWhy contact_id={contact_id} event={of.event} />}
      {"entry_id" in of && <EntryWhy entry_id={of.entry_id} />}
      {"booking_id" in of && <BookingWhy contact_id={contact_id} booking_id={of.booking_id} />}
    </SideDialog>
  );
}

function EventWhy({ contact_id, event }: { contact_id: string; event: HistoryEvent }) {
  switch (event.kind) {
    case "ledger":
      return <EntryWhy entry_id={event.entry.id} />;
    case "appointment":
      return <BookingWhy contact_id={contact_id} booking_id={event.appointment.id} />;
    case "payment":
      return <PaymentWhy {...event} />;
    case "membership":
      return <MembershipWhy {...event} />;
    case "act":
      return <ActWhy {...event} />;
    case "opportunity":
      return <OpportunityWhy {...event} />;
    default:
      return event satisfies never;
  }
}

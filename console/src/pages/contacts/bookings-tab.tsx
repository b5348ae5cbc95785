import { Button, Text } from "@mantine/core";
import { IconCalendarEvent } from "@tabler/icons-react";
import { usePages, type Shape } from "../../api/location-api.ts";
import { contactColumns as titles, contactTexts, coverageTexts } from "../../texts/contact.ts";
import { CalendarName } from "../../ui/calendar-name.tsx";
import type { Column } from "../../ui/data-table.tsx";
import { formatNumber } from "../../ui/format.ts";
import { PagedTable } from "../../ui/paged-table.tsx";
import { EmptyState } from "../../ui/states.tsx";
import { Badge, StatusBadge } from "../../ui/status-badge.tsx";
import { When } from "../../ui/when.tsx";

type Appointment = Shape<"Appointment">;

interface BookingsTabProps {
  contact_id: string;
  onWhy: (booking: Appointment) => void;
  /** Undefined: whoever looks may change nothing. */
  onSettle: ((booking: Appointment) => void) | undefined;
}

/** Upcoming bookings first, then past ones; each with what it cost, or why it could not be charged. */
export function BookingsTab({ contact_id, onWhy, onSettle }: BookingsTabProps) {
  const params = { path: { id: contact_id } };
  const upcoming = usePages("/contacts/{id}/appointments/upcoming", params, ({ appointments }) => appointments);
  const past = usePages("/contacts/{id}/appointments/past", params, ({ appointments }) => appointments);
  const table = { columns: COLUMNS, keyOf: ({ id }: Appointment) => id, onOpen: onWhy, toneOf };
  const actions = onSettle && ((booking: Appointment) => <Settle booking={booking} onSettle={onSettle} />);
  const { bookings, bookings_about } = contactTexts.nothing;
  const has_upcoming = (upcoming.data?.length ?? 0) > 0;
  return (
    <>
      {has_upcoming && (
        <>
          <Text size="xs" fw={600} c="dimmed" mb={2}>
            {contactTexts.upcoming}
          </Text>
          <PagedTable
            label={contactTexts.upcoming}
            pages={upcoming}
            {...table}
            {...(actions && { actions })}
            empty={null}
          />
          <Text size="xs" fw={600} c="dimmed" mt="md" mb={2}>
            {contactTexts.past}
          </Text>
        </>
      )}
      <PagedTable
        label={contactTexts.past}
        pages={past}
        {...table}
        {...(actions && { actions })}
        empty={has_upcoming ? null : <EmptyState icon={IconCalendarEvent} title={bookings} about={bookings_about} />}
      />
    </>
  );
}

const COLUMNS: readonly Column<Appointment>[] = [
  {
    key: "starts",
    title: titles.starts,
    is_name: true,
    cell: ({ starts_at, booked_at }) => <When at={starts_at ?? booked_at} style="short" />,
  },
  { key: "calendar", title: titles.calendar, cell: ({ calendar_id }) => <CalendarName id={calendar_id} /> },
  { key: "booking", title: titles.booking, from: "laptop", cell: ({ id }) => id },
  { key: "status", title: titles.status, cell: ({ status }) => <StatusBadge status={status} /> },
  { key: "covered", title: titles.covered, cell: (booking) => <Coverage booking={booking} /> },
];

function toneOf({ unfunded }: Appointment): "bad" | undefined {
  return unfunded && !unfunded.awaits_period ? "bad" : undefined;
}

/** Whether the books cover a booking, in a word and a dot. */
export function Coverage({ booking }: { booking: Pick<Appointment, "unfunded" | "credits_held" | "credits_used"> }) {
  const { unfunded, credits_held, credits_used } = booking;
  if (unfunded?.awaits_period) return <Badge tone="warn">{coverageTexts.awaits}</Badge>;
  if (unfunded) return <Badge tone="bad">{coverageTexts.unfunded}</Badge>;
  if (credits_held > 0) return <Badge tone="good">{coverageTexts.held(formatNumber(credits_held))}</Badge>;
  if (credits_used > 0) return <Badge tone="good">{coverageTexts.used(formatNumber(credits_used))}</Badge>;
  return <Badge tone="quiet">{coverageTexts.free}</Badge>;
}

function Settle({ booking, onSettle }: { booking: Appointment; onSettle: (booking: Appointment) => void }) {
  if (!booking.unfunded) return null;
  return (
    <Button variant="default" size="compact-xs" onClick={() => onSettle(booking)}>
      {coverageTexts.settle}
    </Button>
  );
}

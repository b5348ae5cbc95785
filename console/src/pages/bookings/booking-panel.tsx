import { Button, Group, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useRead, type Answer } from "../../api/location-api.ts";
import { useMayChange } from "../../api/place.ts";
import { bookingsTexts } from "../../texts/bookings.ts";
import { BookedEntries } from "../../ui/booked-entries.tsx";
import { CalendarName } from "../../ui/calendar-name.tsx";
import { Decisions } from "../../ui/decisions.tsx";
import { SideDialog } from "../../ui/dialog.tsx";
import { formatInstant } from "../../ui/format.ts";
import { Identity } from "../../ui/identity.tsx";
import { Loaded } from "../../ui/loaded.tsx";
import { MemberLink } from "../../ui/member-link.tsx";
import { Note } from "../../ui/note.tsx";
import { Section } from "../../ui/page.tsx";
import { useTimezone, When } from "../../ui/when.tsx";
import { Facts, type Fact } from "../../ui/why.tsx";
import { memberName } from "./booking-columns.tsx";
import { BookingDialog, type BookingDecision } from "./booking-dialogs.tsx";
import { whyOf, type Booking } from "./booking-why.ts";
import { Standing } from "./standing.tsx";

const { panel: texts } = bookingsTexts;

type Explained = Answer<"/contacts/{id}/bookings/{booking_id}/why">["why"];

/** One booking with everything that explains how it stands, and what can be done about it. */
export function BookingPanel({ contact, id, onClose }: { contact: string; id: string; onClose: () => void }) {
  const query = useRead("/contacts/{id}/bookings/{booking_id}/why", { path: { id: contact, booking_id: id } });
  return (
    <SideDialog title={query.data ? memberName(query.data.why.booking) : bookingsTexts.title} onClose={onClose}>
      <Loaded query={query}>{({ why }) => <Explanation why={why} />}</Loaded>
    </SideDialog>
  );
}

function Explanation({ why: { booking, entries, versions, decisions } }: { why: Explained }) {
  const timezone = useTimezone();
  return (
    <Stack gap="lg">
      <Stack gap="xs">
        <Standing of={booking.standing} />
        <Text size="sm">{whyOf(booking)}</Text>
        <BookingActions booking={booking} />
      </Stack>
      {booking.flags.map((flag) => (
        <Note key={flag} tone="warn">
          {bookingsTexts.flags[flag]}
        </Note>
      ))}
      <Facts facts={factsOf(booking)} />
      <Section title={texts.entries}>
        {entries.length > 0 ? (
          <BookedEntries label={texts.entries} entries={entries} />
        ) : (
          <Text size="sm" c="dimmed" children={texts.no_entries} />
        )}
      </Section>
      <Section title={texts.versions}>
        {versions.length > 0 ? (
          <Facts facts={versions.map((version) => versionFact(version, timezone))} />
        ) : (
          <Text size="sm" c="dimmed" children={texts.no_versions} />
        )}
      </Section>
      {decisions.length > 0 && (
        <Section title={texts.decisions}>
          <Decisions of={decisions} />
        </Section>
      )}
    </Stack>
  );
}

function factsOf(booking: Booking): Fact[] {
  const { starts_at, ends_at, booked_at, cancelled_at, cancelled_by, calendar_id, products, window_hours } = booking;
  const facts: Fact[] = [
    {
      label: bookingsTexts.columns.member,
      value: <MemberLink id={booking.external_contact_id} name={booking.contact_name} />,
    },
    { label: texts.facts.starts, value: starts_at === null ? bookingsTexts.no_time : <When at={starts_at} /> },
    ...(ends_at === null ? [] : [{ label: texts.facts.ends, value: <When at={ends_at} /> }]),
    ...(calendar_id === null
      ? []
      : [{ label: bookingsTexts.columns.calendar, value: <CalendarName id={calendar_id} /> }]),
    ...(products.length === 0 ? [] : [{ label: bookingsTexts.columns.products, value: products.join(", ") }]),
    { label: texts.facts.booked, value: <When at={booked_at} /> },
  ];
  if (cancelled_at !== null) facts.push({ label: texts.facts.cancelled, value: <When at={cancelled_at} /> });
  if (cancelled_by !== null) facts.push({ label: texts.facts.by, value: texts.cancellers[cancelled_by] });
  facts.push({ label: texts.window, value: texts.window_value(window_hours) });
  return [...facts, { label: texts.facts.id, value: <Identity id={booking.id} short /> }];
}

function versionFact(
  { updated_at, status, starts_at, calendar_id }: Explained["versions"][number],
  timezone: string | undefined,
): Fact {
  return {
    label: formatInstant(updated_at, "short", timezone),
    value: (
      <>
        {bookingsTexts.statuses[status]} · <CalendarName id={calendar_id} /> · <When at={starts_at} style="short" />
      </>
    ),
  };
}

function BookingActions({ booking }: { booking: Booking }) {
  const may_change = useMayChange();
  const [decision, setDecision] = useState<BookingDecision | null>(null);
  if (!may_change) return null;
  const is_unfunded = booking.standing === "unfunded";
  const costs = booking.credits_held + booking.credits_used > 0;
  return (
    <Group gap="xs">
      {is_unfunded && <Button onClick={() => setDecision("settle")}>{bookingsTexts.settle}</Button>}
      {is_unfunded && (
        <Button variant="default" onClick={() => setDecision("waive")}>
          {bookingsTexts.waive.action}
        </Button>
      )}
      {costs && booking.cancelled_by !== "studio" && (
        <Button variant="default" onClick={() => setDecision("studio_cancelled")}>
          {bookingsTexts.studio_cancelled.action}
        </Button>
      )}
      {decision && <BookingDialog decision={decision} booking={booking} onClose={() => setDecision(null)} />}
    </Group>
  );
}

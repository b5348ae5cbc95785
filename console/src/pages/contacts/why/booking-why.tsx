import { Text } from "@mantine/core";
import { useRead, type Answer } from "../../../api/location-api.ts";
import { coverageTexts } from "../../../texts/contact.ts";
import { standingTexts, whyTexts } from "../../../texts/why.ts";
import { CalendarName } from "../../../ui/calendar-name.tsx";
import { formatNumber } from "../../../ui/format.ts";
import { Identity } from "../../../ui/identity.tsx";
import { Loaded } from "../../../ui/loaded.tsx";
import { StatusBadge } from "../../../ui/status-badge.tsx";
import { When } from "../../../ui/when.tsx";
import { Facts, type Fact } from "../../../ui/why.tsx";
import { Decisions, EntryLines, Part, Sentence } from "./parts.tsx";
import classes from "./why.module.css";

type BookingAnswer = Answer<"/contacts/{id}/bookings/{booking_id}/why">["why"];

/** Why a booking stands with its credits as it does, and all that was ever said of it. */
export function BookingWhy({ contact_id, booking_id }: { contact_id: string; booking_id: string }) {
  const query = useRead("/contacts/{id}/bookings/{booking_id}/why", { path: { id: contact_id, booking_id } });
  return <Loaded query={query}>{({ why }) => <Answered why={why} />}</Loaded>;
}

function Answered({ why: { booking, versions, entries, decisions } }: { why: BookingAnswer }) {
  const { standing, unfunded } = booking;
  return (
    <>
      <Sentence>
        {standingTexts[standing]} {unfunded && coverageTexts.reasons[unfunded.reason]}
      </Sentence>
      <Facts facts={factsOf(booking)} />
      <Decisions decisions={decisions} />
      {entries.length > 0 && <Part title={whyTexts.entries} children={<EntryLines entries={entries} />} />}
      <Part title={whyTexts.said}>
        {versions.length === 0 ? (
          <Text size="sm" c="dimmed" children={whyTexts.nothing_said} />
        ) : (
          <Versions versions={versions} />
        )}
      </Part>
    </>
  );
}

function Versions({ versions }: { versions: BookingAnswer["versions"] }) {
  return (
    <ul className={classes.lines}>
      {versions.map(({ updated_at, received_at, status, starts_at }) => (
        <li key={`${updated_at} ${received_at}`} className={classes.version}>
          <StatusBadge status={status} />
          <span>
            <When at={starts_at} style="short" />
          </span>
          <Text size="xs" c="dimmed" component="span">
            {whyTexts.received} <When at={updated_at} style="short" />
          </Text>
        </li>
      ))}
    </ul>
  );
}

function factsOf(booking: BookingAnswer["booking"]): Fact[] {
  const { id, status, starts_at, cancelled_at, products, window_hours, hours_before_start, calendar_id } = booking;
  const facts: (Fact | null)[] = [
    { label: whyTexts.status, value: <StatusBadge status={status} /> },
    starts_at === null ? null : { label: whyTexts.happened_at, value: <When at={starts_at} /> },
    calendar_id === null ? null : { label: whyTexts.calendar, value: <CalendarName id={calendar_id} /> },
    products.length === 0 ? null : { label: whyTexts.charged_to, value: products.join(", ") },
    { label: whyTexts.window, value: whyTexts.window_hours(formatNumber(window_hours)) },
    cancelled_at === null ? null : { label: whyTexts.cancelled_at, value: <When at={cancelled_at} /> },
    hours_before_start === null
      ? null
      : { label: whyTexts.cancelled_before, value: whyTexts.hours_before(formatNumber(hours_before_start)) },
    { label: whyTexts.booking, value: <Identity id={id} short /> },
  ];
  return facts.filter((fact) => fact !== null);
}

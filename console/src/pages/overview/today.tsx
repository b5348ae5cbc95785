import { Anchor, Text } from "@mantine/core";
import { Link } from "react-router";
import { useLocationHere } from "../../api/place.ts";
import { useCalendarNames } from "../../api/use-calendars.ts";
import { paths } from "../../paths.ts";
import { overviewTexts } from "../../texts/overview.ts";
import { Section } from "../../ui/page.tsx";
import { Badge } from "../../ui/status-badge.tsx";
import { When } from "../../ui/when.tsx";
import type { Overview } from "./overview-page.tsx";
import classes from "./overview.module.css";

const { today: texts } = overviewTexts;
const MAX_SHOWN = 10;

type Booking = Overview["today"]["bookings"][number];

const TONES = {
  held: "good",
  used: "good",
  no_show: "warn",
  late_cancel: "warn",
  unfunded: "bad",
  released: "quiet",
} as const satisfies Record<Booking["standing"], string>;

/** Today's bookings in order of their time, each with a dot that says whether it is covered. */
export function Today({ today }: { today: Overview["today"] }) {
  const { location_id } = useLocationHere();
  const kept = today.bookings.filter(({ status }) => status !== "cancelled" && status !== "invalid");
  const shown = kept.slice(0, MAX_SHOWN);
  const rest = kept.length - shown.length;
  const notes = [
    rest > 0 ? texts.more(rest) : null,
    today.cancelled > 0 ? texts.cancelled(today.cancelled) : null,
  ].filter((note) => note !== null);
  return (
    <Section
      title={texts.title}
      actions={
        <Anchor component={Link} to={paths.bookings(location_id)} size="sm">
          {texts.all}
        </Anchor>
      }
    >
      {shown.length === 0 ? (
        <Text size="sm" c="dimmed">
          {texts.none}
        </Text>
      ) : (
        <ul className={classes.lines}>
          {shown.map((booking) => (
            <li key={`${booking.id} ${booking.external_contact_id}`}>
              <BookingLine booking={booking} location_id={location_id} />
            </li>
          ))}
        </ul>
      )}
      {notes.length > 0 && (
        <Text size="xs" c="dimmed">
          {notes.join(" · ")}
        </Text>
      )}
    </Section>
  );
}

function BookingLine({ booking, location_id }: { booking: Booking; location_id: string }) {
  const { starts_at, booked_at, external_contact_id, contact_name, calendar_id, products, standing } = booking;
  const nameOf = useCalendarNames();
  return (
    <>
      <span className={classes.time} title={starts_at === null ? texts.no_time : undefined}>
        <When at={starts_at ?? booked_at} style="time" />
      </span>
      <span className={classes.who}>
        <Anchor component={Link} to={paths.contact(location_id, external_contact_id)} inherit>
          {contact_name ?? external_contact_id}
        </Anchor>
        <Text span size="xs" c="dimmed">
          {[calendar_id && nameOf(calendar_id), ...products].filter(Boolean).join(" · ")}
        </Text>
      </span>
      <Badge tone={TONES[standing]}>{texts.coverage[standing]}</Badge>
    </>
  );
}

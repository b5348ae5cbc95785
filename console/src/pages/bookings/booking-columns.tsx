import { Tooltip } from "@mantine/core";
import { IconFlag } from "@tabler/icons-react";
import { bookingsTexts } from "../../texts/bookings.ts";
import { Credits } from "../../ui/amounts.tsx";
import { CalendarName } from "../../ui/calendar-name.tsx";
import type { Column } from "../../ui/data-table.tsx";
import { When } from "../../ui/when.tsx";
import { Why, type Fact } from "../../ui/why.tsx";
import { whyOf, type Booking } from "./booking-why.ts";
import { Standing } from "./standing.tsx";
import classes from "./bookings.module.css";

const { columns: titles, panel } = bookingsTexts;

/** What one booking is called by. */
export function memberName({ contact_name, external_contact_id }: Booking): string {
  return contact_name ?? external_contact_id;
}

export const BOOKING_COLUMNS: readonly Column<Booking>[] = [
  {
    key: "when",
    title: titles.when,
    width: 190,
    cell: ({ starts_at }) => (starts_at === null ? bookingsTexts.no_time : <When at={starts_at} style="short" />),
  },
  { key: "member", title: titles.member, is_name: true, cell: memberName },
  {
    key: "calendar",
    title: titles.calendar,
    from: "tablet",
    cell: ({ calendar_id }) => <CalendarName id={calendar_id} />,
  },
  {
    key: "products",
    title: titles.products,
    from: "laptop",
    cell: ({ products }) => products.join(", ") || null,
  },
  {
    key: "credits",
    title: titles.credits,
    is_figure: true,
    from: "tablet",
    cell: ({ credits_held, credits_used }) => <Credits value={credits_held + credits_used} />,
  },
  {
    key: "standing",
    title: titles.standing,
    width: 160,
    cell: ({ standing, flags }) => (
      <span>
        <Standing of={standing} />
        {flags.length > 0 && <Flag why={flags.map((flag) => bookingsTexts.flags[flag]).join(" ")} />}
      </span>
    ),
  },
  {
    key: "why",
    title: titles.why,
    is_bare: true,
    width: 70,
    cell: (booking) => <Why of={memberName(booking)} sentence={whyOf(booking)} facts={factsOf(booking)} />,
  },
];

function Flag({ why }: { why: string }) {
  return (
    <Tooltip label={why} multiline maw={280}>
      <IconFlag size={13} role="img" aria-label={why} className={classes.flag ?? ""} />
    </Tooltip>
  );
}

function factsOf({ window_hours, cancelled_at, flags, status }: Booking): Fact[] {
  const facts: Fact[] = [
    { label: panel.window, value: panel.window_value(window_hours) },
    { label: panel.said, value: bookingsTexts.statuses[status] },
  ];
  if (cancelled_at !== null) facts.push({ label: panel.facts.cancelled, value: <When at={cancelled_at} /> });
  return [...facts, ...flags.map((flag) => ({ label: panel.flagged, value: bookingsTexts.flags[flag] }))];
}

import { embedTexts } from "../texts/embed.ts";
import { formatDay, formatNumber } from "../ui/format.ts";
import { Answered } from "./answered.tsx";
import { Standing } from "./booking-line.tsx";
import { usePlace } from "./place.ts";
import { useCalendarName, useToday } from "./questions.ts";
import type { TodayBooking } from "./shapes.ts";
import classes from "./embed.module.css";

const texts = embedTexts.today;

/** Who comes today, and whether it is paid for. */
export function TodayList({ open }: { open: (contact_id: string) => void }) {
  const query = useToday();
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  const pages = query.data?.pages;
  const bookings = pages?.flatMap((page) => page.bookings) ?? [];
  const uncovered = bookings.filter(({ standing }) => standing === "unfunded").length;
  return (
    <section className={classes.part} aria-labelledby="today">
      <div className={classes.heading_line}>
        <h2 id="today" className={classes.heading}>
          {texts.title}
        </h2>
        {pages?.[0] !== undefined && <span className={classes.soft}>{formatDay(pages[0].date)}</span>}
        {bookings.length > 0 && !hasNextPage && (
          <span className={classes.counts}>
            {texts.count(formatNumber(bookings.length))}
            {uncovered > 0 && <span className={classes.bad}>{texts.uncovered(formatNumber(uncovered))}</span>}
          </span>
        )}
      </div>
      <Answered query={query} lines={5}>
        {() =>
          bookings.length === 0 ? <p className={classes.empty}>{texts.none}</p> : <Bookings of={bookings} open={open} />
        }
      </Answered>
      {hasNextPage && (
        <button
          type="button"
          className={classes.quiet_button}
          disabled={isFetchingNextPage}
          onClick={() => void fetchNextPage()}
        >
          {texts.more}
        </button>
      )}
    </section>
  );
}

function Bookings({ of: bookings, open }: { of: readonly TodayBooking[]; open: (contact_id: string) => void }) {
  const { tell, now } = usePlace();
  const nameOf = useCalendarName();
  return (
    <ul className={classes.list}>
      {bookings.map((one) => (
        <li key={`${one.id} ${one.external_contact_id}`}>
          <button
            type="button"
            className={classes.row}
            data-past={one.ends_at !== null && Date.parse(one.ends_at) < now() ? true : undefined}
            onClick={() => open(one.external_contact_id)}
          >
            <time className={classes.time} dateTime={one.starts_at ?? one.booked_at}>
              {one.starts_at === null ? "—" : tell(one.starts_at, "time")}
            </time>
            <span className={classes.who}>
              <span className={classes.name}>{one.contact_name ?? texts.nameless}</span>
              <span className={classes.soft}>
                {nameOf(one.calendar_id) ?? (one.products.length > 0 ? one.products.join(", ") : one.calendar_id)}
              </span>
            </span>
            <Standing of={one} />
          </button>
        </li>
      ))}
    </ul>
  );
}

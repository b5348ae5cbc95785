import { embedTexts } from "../texts/embed.ts";
import { statusTexts } from "../texts/statuses.ts";
import { Badge } from "../ui/status-badge.tsx";
import { usePlace } from "./place.ts";
import { useCalendarName } from "./questions.ts";
import type { PanelBooking } from "./shapes.ts";
import classes from "./embed.module.css";

const TONES = {
  held: "good",
  used: "good",
  no_show: "bad",
  late_cancel: "warn",
  unfunded: "bad",
  released: "quiet",
} as const satisfies Record<PanelBooking["standing"], string>;

/** Whether a booking is paid for, or what became of it. */
export function Standing({ of: { standing, status } }: { of: Pick<PanelBooking, "standing" | "status"> }) {
  const is_cancelled = standing === "released" && status === "cancelled";
  return <Badge tone={TONES[standing]}>{is_cancelled ? statusTexts.cancelled : embedTexts.standing[standing]}</Badge>;
}

/** When, what, and how it stands; of one that is not covered, why. */
export function BookingLine({ booking }: { booking: PanelBooking }) {
  const { tell } = usePlace();
  const nameOf = useCalendarName();
  const { starts_at, booked_at, calendar_id, products, unfunded } = booking;
  const what = nameOf(calendar_id) ?? (products.length > 0 ? products.join(", ") : calendar_id);
  const about = unfunded === null ? what : [what, embedTexts.unfunded[unfunded.reason]].filter(Boolean).join(": ");
  return (
    <li className={classes.line}>
      <span className={classes.who}>
        <time dateTime={starts_at ?? booked_at}>{tell(starts_at ?? booked_at, "short")}</time>
        {about !== null && <span className={classes.soft}>{about}</span>}
      </span>
      <Standing of={booking} />
    </li>
  );
}

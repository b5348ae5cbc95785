import { embedTexts } from "../texts/embed.ts";
import { formatDay } from "../ui/format.ts";
import { StatusBadge } from "../ui/status-badge.tsx";
import { usePlace, type Place } from "./place.ts";
import type { Membership } from "./shapes.ts";
import classes from "./embed.module.css";

const texts = embedTexts.membership;

/** How a membership stands, and what comes next. */
export function MembershipLine({ membership }: { membership: Membership }) {
  const { name, status, is_frozen } = membership;
  const next = nextOf(membership, usePlace());
  return (
    <li className={classes.line}>
      <span className={classes.who}>
        <span className={classes.name}>{name}</span>
        {next !== null && <span className={classes.soft}>{next}</span>}
      </span>
      <StatusBadge status={is_frozen ? "frozen" : status} />
    </li>
  );
}

function nextOf({ status, is_frozen, freezes, ends_at, grace_until, next_boundary_at }: Membership, place: Place) {
  if (status === "ended") return texts.ended;
  if (is_frozen) {
    const freeze = freezes.find((one) => one.status === "active");
    return freeze ? texts.frozen(dayBefore(freeze.to_on)) : null;
  }
  if (status === "suspended") return texts.suspended;
  if (status === "past_due") return grace_until === null ? null : texts.past_due(place.tellLastDay(grace_until));
  if (ends_at !== null) return texts.ends(place.tell(ends_at, "day"));
  return next_boundary_at === null ? null : texts.renews(place.tell(next_boundary_at, "day"));
}

/** Of two local days in a row the first. */
function dayBefore(day: string): string {
  const at = new Date(`${day}T00:00:00Z`);
  at.setUTCDate(at.getUTCDate() - 1);
  return formatDay(at.toISOString().slice(0, 10));
}

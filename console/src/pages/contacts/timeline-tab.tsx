import { Text, UnstyledButton } from "@mantine/core";
import {
  IconArrowDown,
  IconArrowsLeftRight,
  IconArrowUp,
  IconCalendarEvent,
  IconHistory,
  IconReceipt2,
  IconRepeat,
  IconTargetArrow,
  IconUser,
  type Icon,
} from "@tabler/icons-react";
import type { ReactNode } from "react";
import { usePages } from "../../api/location-api.ts";
import { contactTexts } from "../../texts/contact.ts";
import { uiTexts } from "../../texts/ui.ts";
import { Change } from "../../ui/amounts.tsx";
import { formatInstant } from "../../ui/format.ts";
import { LoadMore } from "../../ui/paged-table.tsx";
import { EmptyState, ErrorState, LoadingLines } from "../../ui/states.tsx";
import { useTimezone, When } from "../../ui/when.tsx";
import { Coverage } from "./bookings-tab.tsx";
import { useEntitlementNames } from "./use-entitlement-names.ts";
import type { HistoryEvent } from "./why/event-why.tsx";
import { actorName } from "./why/parts.tsx";
import classes from "./timeline-tab.module.css";

interface TimelineTabProps {
  contact_id: string;
  onWhy: (event: HistoryEvent) => void;
}

/** Everything that ever happened, newest first, day by day; each line answers why. */
export function TimelineTab({ contact_id, onWhy }: TimelineTabProps) {
  const timezone = useTimezone();
  const pages = usePages("/contacts/{id}/history", { path: { id: contact_id } }, ({ events, actors }) =>
    events.map((event): HistoryEvent => ({ ...event, by: actors[event.id] ?? null })),
  );
  const { data: events, error } = pages;
  if (!events) return error ? <ErrorState error={error} retry={() => void pages.refetch()} /> : <LoadingLines />;
  const { timeline, timeline_about } = contactTexts.nothing;
  if (events.length === 0) return <EmptyState icon={IconHistory} title={timeline} about={timeline_about} />;
  const days = Map.groupBy(events, ({ at }) => formatInstant(at, "day", timezone));
  return (
    <div>
      {[...days].map(([day, of_day]) => (
        <section key={day} aria-label={day}>
          <h3 className={classes.day}>{day}</h3>
          <ol className={classes.lines}>
            {of_day.map((event) => (
              <Line key={`${event.kind} ${event.id}`} contact_id={contact_id} event={event} onWhy={onWhy} />
            ))}
          </ol>
        </section>
      ))}
      <LoadMore pages={pages} count={events.length} />
    </div>
  );
}

type LineProps = TimelineTabProps & { event: HistoryEvent };

function Line({ contact_id, event, onWhy }: LineProps) {
  const names = useEntitlementNames(contact_id);
  const Glyph = glyphOf(event);
  return (
    <li className={classes.line}>
      <Text size="xs" c="dimmed" component="span" className={classes.time}>
        <When at={event.at} style="time" />
      </Text>
      <span className={classes.glyph} data-kind={event.kind}>
        <Glyph size={14} stroke={1.8} aria-hidden />
      </span>
      <span className={classes.what}>
        <span>{event.title}</span>
        <Text size="xs" c="dimmed" component="span" className={classes.beside}>
          {besides(event, names).map((part, i) => (
            <span key={i}>{part}</span>
          ))}
        </Text>
      </span>
      <span className={classes.amount}>
        {event.kind === "ledger" && <Change value={event.entry.amount} />}
        {event.kind === "appointment" && <Coverage booking={event.appointment} />}
      </span>
      <UnstyledButton className={classes.why} onClick={() => onWhy(event)} aria-label={uiTexts.why_about(event.title)}>
        {uiTexts.why}
      </UnstyledButton>
    </li>
  );
}

const GLYPHS: Record<Exclude<HistoryEvent["kind"], "ledger">, Icon> = {
  appointment: IconCalendarEvent,
  payment: IconReceipt2,
  membership: IconRepeat,
  opportunity: IconTargetArrow,
  act: IconUser,
};

function glyphOf(event: HistoryEvent): Icon {
  if (event.kind !== "ledger") return GLYPHS[event.kind];
  const { amount } = event.entry;
  if (amount === 0) return IconArrowsLeftRight;
  return amount > 0 ? IconArrowDown : IconArrowUp;
}

/** What stands below the title: what tells this line from its like, and who did it. */
function besides(event: HistoryEvent, names: ReadonlyMap<string, string>): ReactNode[] {
  const by = event.by && actorName(event.by);
  const parts: (ReactNode | null)[] = [];
  if (event.kind === "ledger") parts.push(names.get(event.entry.entitlement_id), event.entry.external_ref);
  if (event.kind === "appointment") {
    const { starts_at, id } = event.appointment;
    parts.push(starts_at !== null && starts_at !== event.at && <When at={starts_at} style="short" />, id);
  }
  if (event.kind === "membership") parts.push(event.membership.reason);
  if (event.kind === "act") parts.push(event.act.reason, actorName(event.act.actor));
  return [...parts, by].filter((part) => part !== null && part !== undefined && part !== false);
}

import { useCalendarNames } from "../api/use-calendars.ts";

/** A calendar by its name, with its id at hand. */
export function CalendarName({ id }: { id: string | null }) {
  const nameOf = useCalendarNames();
  return id === null ? null : <span title={id}>{nameOf(id)}</span>;
}

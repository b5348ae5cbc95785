import { useRead, type Answer } from "./location-api.ts";
import { useLocationHere } from "./place.ts";

type Calendars = Answer<"/ghl/calendars">["calendars"];

/** GoHighLevel's calendars of the location; none without a connection. */
export function useCalendars() {
  const { connected } = useLocationHere();
  return useRead("/ghl/calendars", {}, { enabled: connected });
}

/** What calendars are called; one that nobody named, or whose name has not come yet, by its id. */
export function useCalendarNames(): (calendar_id: string) => string {
  const { data } = useCalendars();
  return namesOf(data?.calendars ?? []);
}

export function namesOf(calendars: Calendars): (calendar_id: string) => string {
  return (calendar_id) => calendars.find((one) => one.calendar_id === calendar_id)?.name ?? calendar_id;
}

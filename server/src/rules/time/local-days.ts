/** An instant: whole milliseconds since the Unix epoch, UTC. */
export type Instant = number;
/** A calendar date in a location's time zone, `YYYY-MM-DD`. */
export type LocalDate = string;

export const HOUR: Instant = 3_600_000;
export const DAY: Instant = 24 * HOUR;

const cached_days = new Map<string, { from: Instant; to: Instant; date: LocalDate }>();

/** The local date on which `at` falls in `zone` (IANA name). */
export function localDate(at: Instant, zone: string): LocalDate {
  const cached = cached_days.get(zone);
  if (cached && cached.from <= at && at < cached.to) return cached.date;
  let date: LocalDate = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDate().toString();
  // Where clocks fell back over midnight, the evening comes twice; a day that has begun stays begun.
  if (startOfDay(addDays(date, 1), zone) <= at) date = addDays(date, 1);
  // Most calls of a moment ask about the same day of the same zone: one entry per zone is enough.
  cached_days.set(zone, { from: startOfDay(date, zone), to: startOfDay(addDays(date, 1), zone), date });
  return date;
}

/** Local midnight of `date`: a missing local time is the first instant after the gap, an ambiguous one the earlier. Rule 14. */
export function startOfDay(date: LocalDate, zone: string): Instant {
  return Temporal.PlainDate.from(date).toZonedDateTime(zone).epochMilliseconds;
}

export function addDays(date: LocalDate, days: number): LocalDate {
  return Temporal.PlainDate.from(date).add({ days }).toString();
}

/** Whole days from one date to another; negative where the other is earlier. */
export function daysBetween(from: LocalDate, to: LocalDate): number {
  return Temporal.PlainDate.from(from).until(to, { largestUnit: "day" }).days;
}

/** `date` plus whole months, clamped to the last day of the month. Rule 19: always call it with the original anchor. */
export function addMonths(date: LocalDate, months: number): LocalDate {
  return Temporal.PlainDate.from(date).add({ months }, { overflow: "constrain" }).toString();
}

export function firstOfMonth(date: LocalDate): LocalDate {
  return `${date.slice(0, 8)}01`;
}

/** The Monday of the week of `date`. Rule 12. */
export function startOfWeek(date: LocalDate): LocalDate {
  const day = Temporal.PlainDate.from(date);
  return day.subtract({ days: day.dayOfWeek - 1 }).toString();
}

/** The local midnight after the local day of `at` plus `days`: good through the whole last day. Rule 14. */
export function endOfDayAfter(at: Instant, days: number, zone: string): Instant {
  return startOfDay(addDays(localDate(at, zone), days + 1), zone);
}

/** The same local time `days` later, or earlier; a local midnight stays one. */
export function shiftDays(at: Instant, days: number, zone: string): Instant {
  if (days === 0) return at;
  const date = localDate(at, zone);
  if (startOfDay(date, zone) === at) return startOfDay(addDays(date, days), zone);
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).add({ days }).epochMilliseconds;
}

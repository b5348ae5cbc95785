/** Local days of the model, spelled out with Temporal; nothing here is shared with the server's own rules. */

/** The first instant of a local date; one that the clocks skip begins where they land. */
export function midnight(date: string, zone: string): number {
  return Temporal.PlainDateTime.from(`${date}T00:00`).toZonedDateTime(zone).epochMilliseconds;
}

/** A day that has begun stays begun, also where the clocks fall back over midnight. */
export function dateOf(at: number, zone: string): string {
  const date = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDate().toString();
  const next = plusDays(date, 1);
  return midnight(next, zone) <= at ? next : date;
}

export function plusDays(date: string, days: number): string {
  return Temporal.PlainDate.from(date).add({ days }).toString();
}

export function plusMonths(date: string, months: number): string {
  return Temporal.PlainDate.from(date).add({ months }).toString();
}

export function mondayOf(date: string): string {
  let day = date;
  while (Temporal.PlainDate.from(day).dayOfWeek !== 1) day = plusDays(day, -1);
  return day;
}

/** The midnight that ends the local day of `at` plus `days`. */
export function endOfDay(at: number, days: number, zone: string): number {
  return midnight(plusDays(dateOf(at, zone), days + 1), zone);
}

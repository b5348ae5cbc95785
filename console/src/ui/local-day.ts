const formats = new Map<string, Intl.DateTimeFormat>();

/** By how much a zone is ahead of UTC at an instant. */
function offsetAt(at: number, timezone: string): number {
  const format =
    formats.get(timezone) ??
    new Intl.DateTimeFormat("en-US", {
      timeZone: timezone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
  formats.set(timezone, format);
  const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second) - at;
}

const HOUR = 3_600_000;

/** The first instant of a calendar day in a zone, as the API takes it; where midnight is skipped, the first that there is. */
export function startOfLocalDay(day: string, timezone: string): string {
  const midnight = Date.parse(`${day}T00:00:00Z`);
  const guess = midnight - offsetAt(midnight, timezone);
  const settled = midnight - offsetAt(guess, timezone);
  const is_skipped = settled + offsetAt(settled, timezone) < midnight;
  return new Date(is_skipped ? settled + HOUR : settled).toISOString();
}

const DAY_MS = 86_400_000;

/** The calendar day, `2026-03-01`, on which an instant falls in a zone. */
export function dayOf(ms: number, timezone: string): string {
  // Sweden writes dates as ISO does.
  return new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", timeZone: timezone }).format(ms);
}

/** So many days after a calendar day. */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/** The zone of whoever looks. */
export function ownTimezone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

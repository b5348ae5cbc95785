/** The console speaks English, in the reader's own form of it where they have one. */
const LOCALE = navigator.languages.find((tag) => /^en(-[A-Za-z0-9]{2,8})*$/.test(tag)) ?? "en";

const number = new Intl.NumberFormat(LOCALE);
const signed = new Intl.NumberFormat(LOCALE, { signDisplay: "exceptZero" });

export function formatNumber(value: number): string {
  return number.format(value);
}

/** With its sign in front, a true minus. */
export function formatSigned(value: number): string {
  return signed.format(value).replace("-", "−");
}

/** Cents as money; the smallest unit is the currency's own. */
export function formatMoney(cents: number, currency: string): string {
  const format = new Intl.NumberFormat(LOCALE, { style: "currency", currency });
  const { maximumFractionDigits: digits = 2 } = format.resolvedOptions();
  return format.format(cents / 10 ** digits);
}

const list = new Intl.ListFormat(LOCALE, { type: "conjunction" });

/** `Yoga, Pilates and Barre`. */
export function formatList(items: readonly string[]): string {
  return list.format(items);
}

const OPTIONS = {
  instant: { dateStyle: "medium", timeStyle: "short" },
  day: { dateStyle: "medium" },
  time: { timeStyle: "short" },
  short: { month: "short", day: "numeric", hour: "numeric", minute: "2-digit" },
  exact: { dateStyle: "full", timeStyle: "long" },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>;

export type TimeStyle = keyof typeof OPTIONS;

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(style: TimeStyle, timezone: string | undefined): Intl.DateTimeFormat {
  const key = `${style} ${timezone ?? ""}`;
  const format = formats.get(key) ?? new Intl.DateTimeFormat(LOCALE, { ...OPTIONS[style], timeZone: timezone });
  formats.set(key, format);
  return format;
}

/** An instant in the words of a zone; undefined: the reader's own. */
export function formatInstant(instant: string, style: TimeStyle, timezone?: string): string {
  return formatOf(style, timezone).format(new Date(instant));
}

/** A calendar day, `2026-03-01`, whatever the zone. */
export function formatDay(day: string): string {
  return formatOf("day", "UTC").format(new Date(`${day}T00:00:00Z`));
}

/** The last whole moment before an end that does not count. */
export function justBefore(instant: string): string {
  return new Date(Date.parse(instant) - 1).toISOString();
}

const relative = new Intl.RelativeTimeFormat(LOCALE, { numeric: "auto" });
const STEPS = [
  ["second", 60],
  ["minute", 60],
  ["hour", 24],
  ["day", 30],
  ["month", 12],
] as const;

/** `3 hours ago`, `in 2 days`. */
export function formatRelative(instant: string, now_ms: number): string {
  let value = (Date.parse(instant) - now_ms) / 1000;
  for (const [unit, count] of STEPS) {
    if (Math.abs(value) < count) return relative.format(Math.trunc(value), unit);
    value /= count;
  }
  return relative.format(Math.trunc(value), "year");
}

/** An id with its middle left out, for narrow places. */
export function shortId(id: string, ends = 6): string {
  return id.length <= ends * 2 + 3 ? id : `${id.slice(0, ends + 2)}…${id.slice(-ends)}`;
}

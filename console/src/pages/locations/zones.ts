/** Every time zone that the browser knows, as IANA calls it. */
export const TIME_ZONES: readonly string[] = [
  ...Intl.supportedValuesOf("timeZone").filter((zone) => zone.includes("/")),
  "UTC",
];

/** Every currency, by its code and its name. */
export function currencies(): { value: string; label: string }[] {
  const names = new Intl.DisplayNames("en", { type: "currency" });
  return Intl.supportedValuesOf("currency").map((value) => ({ value, label: `${value}, ${names.of(value)}` }));
}

/** Where the reader is. */
export function ownTimeZone(): string | null {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return TIME_ZONES.includes(zone) ? zone : null;
}

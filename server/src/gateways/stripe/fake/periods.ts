/** The k-th monthly boundary, in seconds: the anchor plus k months, clamped to the month's last day, as Stripe reckons. */
export function boundaryOf(anchor: number, k: number): number {
  const start = Temporal.Instant.fromEpochMilliseconds(anchor * 1000).toZonedDateTimeISO("UTC");
  return Math.floor(start.add({ months: k }).epochMilliseconds / 1000);
}

/** The only place that reads the system's time; everything else takes an instant as an argument. */
export interface Clock {
  /** Whole milliseconds since the Unix epoch. */
  now(): number;
}

export const systemClock: Clock = { now: () => Date.now() };

/** Milliseconds that only ever grow, for measuring how long something took. */
export function monotonicNow(): number {
  return performance.now();
}

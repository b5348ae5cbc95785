/** Buckets per doubling: a value is known to about one part in sixty-four. */
const STEPS = 64;
const STEP_BITS = 6;
/** Longest time that is told apart, as a power of two microseconds: about four minutes. */
const MAX_BITS = 28;

/** Counts durations in buckets that widen with the value: recording allocates nothing, and histograms can be added up. */
export class Histogram {
  readonly counts: Uint32Array;
  total = 0;

  constructor(counts: readonly number[] = []) {
    this.counts = new Uint32Array((MAX_BITS - STEP_BITS + 1) * STEPS);
    this.counts.set(counts);
    for (const count of counts) this.total += count;
  }

  record(microseconds: number): void {
    const bucket = bucketOf(microseconds);
    this.counts[bucket] = (this.counts[bucket] ?? 0) + 1;
    this.total += 1;
  }

  /** The value, in milliseconds, that this share of all recorded ones does not exceed; NaN where nothing was recorded. */
  percentile(share: number): number {
    let left = Math.max(1, Math.ceil(this.total * share));
    for (const [bucket, count] of this.counts.entries()) {
      left -= count;
      if (left <= 0 && this.total > 0) return upperBound(bucket) / 1000;
    }
    return Number.NaN;
  }
}

function bucketOf(microseconds: number): number {
  const value = Math.min(Math.max(0, Math.floor(microseconds)), 2 ** MAX_BITS - 1);
  if (value < STEPS) return value;
  const shift = 31 - Math.clz32(value) - STEP_BITS;
  return (shift + 1) * STEPS + (value >>> shift) - STEPS;
}

function upperBound(bucket: number): number {
  if (bucket < STEPS) return bucket + 1;
  const shift = Math.floor(bucket / STEPS) - 1;
  return ((bucket % STEPS) + STEPS + 1) * 2 ** shift;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** Each round's own quotient: what ran side by side is compared with its neighbour, not with another minute's. */
export function ratios(over: readonly number[], under: readonly number[]): number[] {
  return over.map((value, i) => value / (under[i] ?? Number.NaN));
}

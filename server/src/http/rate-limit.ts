import type { Clock } from "../platform/clock.ts";

/** What one request leaves of a client's allowance. */
export interface Allowance {
  is_allowed: boolean;
  remaining: number;
  /** Seconds until the bucket is full again, or, when refused, until the next request is allowed. */
  reset_seconds: number;
}

interface Bucket {
  tokens: number;
  filled_at: number;
}

/** Clients whose buckets are kept; a forgotten bucket is a full one. */
const MAX_BUCKETS = 10_000;
/** Seconds' worth of requests that may come at once. */
const BURST_SECONDS = 2;

/** A token bucket per API client. Each process has its own: with several, a client is held back less sharply. */
export class RateLimiter {
  readonly per_second: number;
  readonly burst: number;
  readonly #clock: Clock;
  readonly #buckets = new Map<string, Bucket>();

  /** `per_second` 0 turns it off. */
  constructor(per_second: number, clock: Clock) {
    this.per_second = per_second;
    this.burst = per_second * BURST_SECONDS;
    this.#clock = clock;
  }

  /** The `RateLimit-Policy` header. */
  get policy(): string {
    return `"default";q=${this.burst};w=${BURST_SECONDS}`;
  }

  take(client_id: string): Allowance {
    const now = this.#clock.now();
    const bucket = this.#buckets.get(client_id) ?? { tokens: this.burst, filled_at: now };
    const elapsed = Math.max(0, now - bucket.filled_at);
    const tokens = Math.min(this.burst, bucket.tokens + (elapsed / 1000) * this.per_second);
    const is_allowed = tokens >= 1;
    const left = is_allowed ? tokens - 1 : tokens;
    this.#buckets.delete(client_id);
    this.#buckets.set(client_id, { tokens: left, filled_at: now });
    for (const oldest of this.#buckets.keys()) {
      if (this.#buckets.size <= MAX_BUCKETS) break;
      this.#buckets.delete(oldest);
    }
    const missing = is_allowed ? this.burst - left : 1 - left;
    return { is_allowed, remaining: Math.floor(left), reset_seconds: Math.ceil(missing / this.per_second) };
  }
}

import { Stripe } from "stripe";
import type { Permission } from "./permissions.ts";

/** Waited after a 429 that does not say how long. */
const DEFAULT_RETRY_AFTER_MS = 2000;
const MAX_RETRY_AFTER_MS = 3_600_000;

/**
 * `unauthorised`: the key is no longer good. `unavailable`: try later. `rejected`: Stripe understood and refused. `wrong_price`: what
 * STRIPE_PRICE_ID names, or carries our lookup key, is not the price of rule 38.
 */
export type StripeFailureReason =
  | "unauthorised"
  | "missing_permission"
  | "rate_limited"
  | "unavailable"
  | "rejected"
  | "wrong_price";

/** A question to an account that got no answer. Never contains the key, nor Stripe's text, which quotes part of it. */
export class StripeFailure extends Error {
  readonly reason: StripeFailureReason;
  /** What the key may not do. */
  readonly permission: Permission | null;
  /** When a further try makes sense, in milliseconds; null where time alone does not help. */
  readonly retry_after_ms: number | null;

  constructor(reason: StripeFailureReason, more: { permission?: Permission; retry_after_ms?: number } = {}) {
    super(`Stripe: ${reason}${more.permission ? ` (${more.permission})` : ""}`);
    this.name = "StripeFailure";
    this.reason = reason;
    this.permission = more.permission ?? null;
    this.retry_after_ms = more.retry_after_ms ?? null;
  }
}

/** The failure behind an error of the library; an error that is not the library's is thrown on. */
export function failureOf(error: unknown, permission: Permission): StripeFailure {
  if (error instanceof StripeFailure) return error;
  if (!(error instanceof Stripe.errors.StripeError)) throw error;
  const status = error.statusCode ?? 0;
  if (status === 401) return new StripeFailure("unauthorised");
  if (status === 403) return new StripeFailure("missing_permission", { permission });
  if (error instanceof Stripe.errors.StripeRateLimitError) {
    return new StripeFailure("rate_limited", { retry_after_ms: retryAfter(error.headers) });
  }
  if (status >= 400 && status < 500) return new StripeFailure("rejected", { permission });
  return new StripeFailure("unavailable", { retry_after_ms: DEFAULT_RETRY_AFTER_MS });
}

export function isMissing(error: unknown): boolean {
  return error instanceof Stripe.errors.StripeError && error.statusCode === 404;
}

function retryAfter(headers: Record<string, string> | undefined): number {
  const seconds = Number(headers?.["retry-after"]);
  if (!(seconds > 0)) return DEFAULT_RETRY_AFTER_MS;
  return Math.min(Math.ceil(seconds * 1000), MAX_RETRY_AFTER_MS);
}

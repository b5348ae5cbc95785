/**
 * Why GoHighLevel did not do what was asked:
 * `reinstall_needed` the refresh token is void, only a new install brings another;
 * `location_inactive` the location is paused, its tokens work again later and must be kept;
 * `unauthorised` the access token is refused even after a refresh; `forbidden` the app lacks the scope;
 * `rate_limited` too many calls, `retry_after_ms` says when; `unavailable` no answer, or 5xx;
 * `not_found`; `refused` any other 4xx; `unreadable` an answer that is not what was asked for.
 */
export type GhlFailure =
  | "reinstall_needed"
  | "location_inactive"
  | "unauthorised"
  | "forbidden"
  | "rate_limited"
  | "unavailable"
  | "not_found"
  | "refused"
  | "unreadable";

/** A call to GoHighLevel that failed. Its message holds no token and no personal data of ours. */
export class GhlError extends Error {
  override name = "GhlError";
  readonly kind: GhlFailure;
  /** The HTTP status; null where no answer came. */
  readonly status: number | null;
  /** How long to wait before another try; null where nothing is known. */
  readonly retry_after_ms: number | null;

  constructor(
    kind: GhlFailure,
    message: string,
    { status = null, retry_after_ms = null }: { status?: number | null; retry_after_ms?: number | null } = {},
  ) {
    super(message);
    this.kind = kind;
    this.status = status;
    this.retry_after_ms = retry_after_ms;
  }
}

/** What `call` brings, or null where GoHighLevel knows nothing of the kind. */
export async function orNull<T>(call: Promise<T>): Promise<T | null> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof GhlError && error.kind === "not_found") return null;
    throw error;
  }
}

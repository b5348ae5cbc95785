import { StripeAccount } from "./client.ts";
import { StripeFailure } from "./failures.ts";
import { READ_PERMISSIONS, type ReadPermission } from "./permissions.ts";

const RESTRICTED_KEY = /^rk_(live|test)_[A-Za-z0-9_]{8,240}$/u;

/** `secret_key`: refused unseen, it could move money. */
export type KeyRefusal = "secret_key" | "publishable_key" | "not_a_key" | "unauthorised";

export type KeyCheck =
  | { ok: true; is_live: boolean }
  | { ok: false; reason: KeyRefusal; missing: [] }
  | { ok: false; reason: "missing_permissions"; missing: ReadPermission[] };

/**
 * Whether a key may be kept: restricted, accepted by Stripe, and allowed to read all that is needed. A key that Stripe was never
 * asked about has no answer here: `StripeFailure` says whether to try later.
 */
export async function checkRestrictedKey(key: string, api_base: string | null): Promise<KeyCheck> {
  if (key.startsWith("sk_")) return refuse("secret_key");
  if (key.startsWith("pk_")) return refuse("publishable_key");
  const mode = RESTRICTED_KEY.exec(key)?.[1];
  if (mode === undefined) return refuse("not_a_key");
  const account = new StripeAccount({ key, api_base });
  const missing: ReadPermission[] = [];
  for (const permission of Object.keys(READ_PERMISSIONS) as ReadPermission[]) {
    try {
      // One after the other: a burst at save time would meet the account's own rate limit.
      await account.ask<unknown>(permission, READ_PERMISSIONS[permission]);
    } catch (error) {
      if (!(error instanceof StripeFailure)) throw error;
      if (error.reason === "unauthorised") return refuse("unauthorised");
      if (error.reason !== "missing_permission") throw error;
      missing.push(permission);
    }
  }
  if (missing.length > 0) return { ok: false, reason: "missing_permissions", missing };
  return { ok: true, is_live: mode === "live" };
}

function refuse(reason: KeyRefusal): KeyCheck {
  return { ok: false, reason, missing: [] };
}

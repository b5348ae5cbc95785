import type { Scope } from "./client-row.ts";

/** Scopes of which a first request can be shown, the one that makes something to see first. */
export const TRIED_SCOPES = ["grant", "check", "deduct", "restore", "summary"] as const satisfies readonly Scope[];

interface Tried {
  token: string;
  /** What is granted and asked for; null: nothing is sold yet. */
  product_config_id: string | null;
  /** Where the API answers. */
  base: string;
}

const CONTACT = "first-member";

/** A request that works as it is pasted; null where it needs a product that is not there yet. */
export function curlOf(scope: Scope, { token, product_config_id, base }: Tried): string | null {
  const authorization = `  -H 'Authorization: Bearer ${token}'`;
  if (scope === "summary") return [`curl -s '${base}/api/v2/contacts/${CONTACT}/summary' \\`, authorization].join("\n");
  if (product_config_id === null) return null;
  const body = JSON.stringify(bodyOf(scope, product_config_id), null, 2).replaceAll("'", "'\\''");
  return [
    `curl -s '${base}/api/v2/${PATHS[scope]}' \\`,
    `${authorization} \\`,
    `  -H 'Content-Type: application/json' \\`,
    `  -d '${body}'`,
  ].join("\n");
}

const PATHS: Partial<Record<Scope, string>> = {
  grant: "grants",
  check: "entitlements/check-eligibility",
  deduct: "entitlements/deduct",
  restore: "entitlements/restore",
};

function bodyOf(scope: Scope, product_config_id: string): object {
  const who = { external_contact_id: CONTACT, product_config_id };
  if (scope === "grant") return { request_id: "first-grant", external_payment_id: "first-payment", ...who };
  if (scope === "check") return who;
  return { request_id: `first-${scope}`, external_ref: "first-booking", ...who };
}

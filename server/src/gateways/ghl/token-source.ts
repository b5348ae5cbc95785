import type { Clock } from "../../platform/clock.ts";
import { GhlError } from "./ghl-error.ts";
import { locationToken, refreshToken, type GhlApp, type GhlTokens, type GhlUserType } from "./oauth.ts";

/** What asking for the next pair came to, as a value: the one who keeps tokens knows nothing of this gateway. */
export type AskedPair =
  | { kind: "pair"; pair: GhlTokens }
  | { kind: "reinstall_needed" | "inactive" }
  | { kind: "failed"; error: unknown };

/** Where pairs of tokens come from, once an installation has its first. */
export function tokenSource(app: GhlApp, clock: Clock) {
  return {
    refresh: (refresh_token: string, user_type: GhlUserType) =>
      asValue(refreshToken(app, clock, { refresh_token, user_type })),
    ofLocation: ({
      access_token,
      company_id,
      ghl_location_id,
    }: {
      access_token: string;
      company_id: string;
      ghl_location_id: string;
    }) => asValue(locationToken(app, clock, { access_token, company_id, location_id: ghl_location_id })),
  };
}

async function asValue(asked: Promise<GhlTokens>): Promise<AskedPair> {
  try {
    return { kind: "pair", pair: await asked };
  } catch (error) {
    if (!(error instanceof GhlError)) throw error;
    if (error.kind === "reinstall_needed") return { kind: "reinstall_needed" };
    return error.kind === "location_inactive" ? { kind: "inactive" } : { kind: "failed", error };
  }
}

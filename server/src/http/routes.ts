import type { FastifyInstance } from "fastify";
import { checkEligibility } from "../operations/credits/check-eligibility.ts";
import { deductCredits } from "../operations/credits/deduct-credits.ts";
import { grantCredits } from "../operations/credits/grant-credits.ts";
import { restoreCredits } from "../operations/credits/restore-credits.ts";
import { guard, operationRoute, type MachineApi } from "./machine-api.ts";

/** The whole API on one page. */
export function registerRoutes(app: FastifyInstance, api: MachineApi): void {
  guard(app, api);
  operationRoute(app, "/api/v2/grants", grantCredits, api);
  operationRoute(app, "/api/v2/entitlements/check-eligibility", checkEligibility, api);
  operationRoute(app, "/api/v2/entitlements/deduct", deductCredits, api);
  operationRoute(app, "/api/v2/entitlements/restore", restoreCredits, api);
}

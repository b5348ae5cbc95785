import { z } from "zod";
import type { LedgerOperation } from "../../ledger/operation.ts";
import { decideExtend } from "../../rules/credits/extend-expiry.ts";
import { contactFields, contactRule, date, isObject, locationField, namesContact, reason, whole } from "../fields.ts";
import { namesRequest, previewable, requestFields, requestRule, withoutDryRequest } from "../preview.ts";
import { withContact } from "./wire-fields.ts";

/** The most days that are added at once. */
const MAX_EXTENSION_DAYS = 3650;
/** The most entitlements that are named at once. */
const MAX_NAMED = 100;

/** What more time means: until when, or how much longer. */
export const extendFields = {
  entitlement_ids: z.array(z.guid()).min(1).max(MAX_NAMED).optional().describe("Omitted: all that expire earlier."),
  until_on: date.optional().describe("The new last usable local date."),
  days: whole(1, MAX_EXTENSION_DAYS).optional().describe("Or so many local days longer than each would live."),
  reason,
};

export const extendRule = {
  path: ["until_on"],
  message: "is required (or days, and not both)",
  when: isObject,
};

export function saysHowLong({ until_on, days }: { until_on?: unknown; days?: unknown }): boolean {
  return (until_on === undefined) !== (days === undefined);
}

const input = z
  .object({ ...requestFields, ...locationField, ...contactFields, ...extendFields })
  .refine(namesContact, contactRule)
  .refine(namesRequest, requestRule)
  .refine(saysHowLong, extendRule)
  .transform(withContact)
  .transform(withoutDryRequest);

export type ExtendExpiry = z.output<typeof input>;

/** Gives a member's entitlements more time, with a preview. Rule 17. */
export const extendExpiry: LedgerOperation<ExtendExpiry> = {
  name: "extend_expiry",
  scope: "manage",
  is_read: false,
  summary: "Give entitlements more time.",
  input,
  refusals: ["BILLING_SUSPENDED", "NO_ENTITLEMENT", "PREVIEW_OUTDATED"],
  keys: ({ contact_external_id }) => ({ contact_external_id }),
  decide: previewable<ExtendExpiry>(decideExtend),
};

import { z } from "zod";
import type { LedgerOperation } from "../../ledger/operation.ts";
import { decideGrantByHand } from "../../rules/credits/by-hand.ts";
import { contactFields, contactRule, locationField, namesContact, reason } from "../fields.ts";
import { namesRequest, previewable, requestFields, requestRule, withoutDryRequest } from "../preview.ts";
import { paidFields } from "./grant-credits.ts";
import { withContact } from "./wire-fields.ts";

/** Whose payments those are that staff took themselves; each is named by the request that told of it. */
const PROVIDER = "console";
/** What a dry run's payment is called; nothing is kept under that name. */
const NOT_YET = "dry run";

const input = z
  .object({
    ...requestFields,
    ...locationField,
    ...contactFields,
    ...paidFields,
    reason,
  })
  .refine(namesContact, contactRule)
  .refine(namesRequest, requestRule)
  .transform(withContact)
  .transform(withoutDryRequest);

export type GrantByHand = z.output<typeof input>;

/** Sells something at the desk: a payment of the console's own, and its credits. */
export const grantByHand: LedgerOperation<GrantByHand> = {
  name: "grant_by_hand",
  scope: "manage",
  is_read: false,
  summary: "Sell something by hand, and grant its credits.",
  input,
  refusals: ["BILLING_SUSPENDED", "CONFIG_NOT_FOUND", "PREVIEW_OUTDATED"],
  keys: ({ contact_external_id, dry_run, request_id, paid_at, email }) => ({
    contact_external_id,
    creates_contact: !dry_run,
    payment_keys: [{ provider: PROVIDER, key: request_id ?? NOT_YET }],
    offers_of: { email: email ?? null, phone: null },
    memberships: true,
    granted_at: paid_at ?? "now",
  }),
  decide: previewable<GrantByHand>((facts, ask, context) =>
    decideGrantByHand(
      facts,
      { ...ask, provider: PROVIDER, external_payment_id: ask.request_id ?? NOT_YET, event_type: "sold_by_hand" },
      context,
    ),
  ),
};

import { z } from "zod";
import type { LedgerOperation } from "../../ledger/operation.ts";
import { PAYMENT_FLAGS } from "../../rules/payments/payment-flags.ts";
import { decideResolvePayment } from "../../rules/payments/resolve-payment.ts";
import { withContact } from "../credits/wire-fields.ts";
import { contactFields, contactRule, isObject, locationField, namesContact, reason, text, whole } from "../fields.ts";
import { namesRequest, previewable, requestFields, requestRule, withoutDryRequest } from "../preview.ts";

/** The most lines of one purchase that a decision names. */
const MAX_ITEMS = 100;

const item = z.object({
  item: whole(1, MAX_ITEMS).describe("The item's number within the payment."),
  product_config_id: text.optional().describe("With map: the product config (pc_…) that the item is."),
});

/** Asked together with the fields themselves, so the items may still be anything. */
function nameConfigs(items: unknown): boolean {
  type Item = { product_config_id?: unknown } | null | undefined;
  return Array.isArray(items) && (items as Item[]).every((one) => Boolean(one?.product_config_id));
}

const input = z
  .object({
    ...requestFields,
    ...locationField,
    ...contactFields,
    payment_id: z.guid().describe("The payment event's own id."),
    action: z
      .enum(["grant", "dismiss", "map", "no_credits", "assign_contact", "acknowledge", "take_back"])
      .describe(
        "grant: what was held back. dismiss: it grants nothing. map: its items are these product configs. no_credits: its products never grant. assign_contact: it is the named contact's. acknowledge: its flags were seen. take_back: the money was given back by hand.",
      ),
    flags: z
      .array(z.enum(PAYMENT_FLAGS))
      .min(1)
      .max(PAYMENT_FLAGS.length)
      .optional()
      .describe("With acknowledge: the flags that are meant; omitted: all."),
    reason: reason.optional(),
    items: z.array(item).min(1).max(MAX_ITEMS).optional().describe("The items that are meant; omitted: all that wait."),
  })
  .refine(namesContact, contactRule)
  .refine(namesRequest, requestRule)
  .refine(({ action, items }) => action !== "map" || nameConfigs(items), {
    path: ["items"],
    message: "is required with map, each with its product_config_id",
    when: isObject,
  })
  .transform(withContact)
  .transform(withoutDryRequest);

export type ResolvePayment = z.output<typeof input>;

/** What staff decide of a payment that waits for them. Rules 32, 33, 36. */
export const resolvePayment: LedgerOperation<ResolvePayment> = {
  name: "resolve_payment",
  scope: "manage",
  is_read: false,
  summary: "Decide a payment that waits for a person.",
  input,
  refusals: [
    "BILLING_SUSPENDED",
    "CONFIG_NOT_FOUND",
    "NOT_FOUND",
    "PAYMENT_ELSEWHERE",
    "NOTHING_TO_RESOLVE",
    "PREVIEW_OUTDATED",
  ],
  keys: ({ contact_external_id, payment_id, action }) => ({
    contact_external_id,
    creates_contact: action === "assign_contact",
    payment_id,
    granted_at: "now",
    memberships: true,
    history: true,
    aliases: true,
    offers_of: { email: null, phone: null },
  }),
  decide: previewable<ResolvePayment>(decideResolvePayment),
};

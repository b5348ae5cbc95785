import { z } from "zod";
import type { LedgerOperation } from "../../ledger/operation.ts";
import { decideMergeContacts } from "../../rules/contacts/merge-contacts.ts";
import { isObject, locationField, text } from "../fields.ts";
import { namesRequest, previewable, requestFields, requestRule, withoutDryRequest } from "../preview.ts";

const input = z
  .object({
    ...requestFields,
    ...locationField,
    external_contact_id: text.describe("The contact that becomes another name of the other one."),
    into_external_contact_id: text.describe("The contact that stays, by its external id."),
  })
  .refine(namesRequest, requestRule)
  .refine(({ external_contact_id, into_external_contact_id: into }) => external_contact_id !== into, {
    path: ["into_external_contact_id"],
    message: "must be another contact",
    when: isObject,
  })
  .transform(({ external_contact_id, into_external_contact_id, request_id, dry_run, previewed }) => ({
    request_id,
    dry_run,
    previewed,
    contact_external_id: external_contact_id,
    into_contact_external_id: into_external_contact_id,
  }))
  .transform(withoutDryRequest);

/** Providers tell of merges too, and never as a dry run; `is_told`: whoever stays may be new here. */
export type MergeContacts = Pick<z.output<typeof input>, "contact_external_id" | "into_contact_external_id"> &
  Partial<z.output<typeof input>> & { is_told?: true };

/** Merges two contacts that are one person. Rule 29. */
export const mergeContacts: LedgerOperation<MergeContacts> = {
  name: "merge_contacts",
  scope: "manage",
  is_read: false,
  summary: "Merge two contacts that are one person.",
  input,
  refusals: ["BILLING_SUSPENDED", "PREVIEW_OUTDATED", "NOT_FOUND"],
  keys: ({ contact_external_id, into_contact_external_id, is_told = false }) => ({
    contact_external_id,
    related_contact: into_contact_external_id,
    creates_related_contact: is_told,
    memberships: true,
    history: true,
  }),
  decide: (facts, asked, context) => previewable(decideMergeContacts)(facts, { dry_run: false, ...asked }, context),
};

import { z } from "zod";
import type { LedgerOperation } from "../../ledger/operation.ts";
import { decideMergeContacts } from "../../rules/contacts/merge-contacts.ts";

const input = z.object({
  /** Who is only another name from then on. */
  contact_external_id: z.string(),
  into_contact_external_id: z.string(),
});

export type MergeContacts = z.output<typeof input>;

/** Merges a contact into another as its CRM did. Rule 29; said twice it is done once. */
export const mergeContacts: LedgerOperation<MergeContacts> = {
  name: "merge_contacts",
  scope: null,
  is_read: false,
  summary: "Merge a contact into another.",
  input,
  refusals: ["BILLING_SUSPENDED", "NOT_FOUND"],
  keys: ({ contact_external_id, into_contact_external_id: related_contact }) => ({
    contact_external_id,
    related_contact,
    memberships: true,
    history: true,
  }),
  decide: decideMergeContacts,
};

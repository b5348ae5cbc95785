import { z } from "zod";
import type { LedgerOperation } from "../../ledger/operation.ts";
import { decideUpdateContact } from "../../rules/contacts/update-contact.ts";

const input = z.object({
  contact_external_id: z.string(),
  email: z.string().nullable(),
  name: z.string().nullable(),
  phone: z.string().nullable(),
  told_at: z.number(),
});

export type UpdateContact = z.output<typeof input>;

/** Takes over what a provider knows of a contact. Clarification 26. */
export const updateContact: LedgerOperation<UpdateContact> = {
  name: "update_contact",
  scope: null,
  is_read: false,
  summary: "Take over what the CRM knows of a contact.",
  input,
  refusals: [],
  keys: ({ contact_external_id }) => ({ contact_external_id }),
  decide: decideUpdateContact,
};

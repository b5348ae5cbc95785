import { MemberBooks } from "../credits/member-books.ts";
import type { Context, Decision, Facts } from "../decision.ts";
import type { Instant } from "../time/local-days.ts";

export interface ContactTold {
  email: string | null;
  name: string | null;
  phone: string | null;
  /** When the provider said so: a later word stands, whatever arrives first. */
  told_at: Instant;
}

/** Clarification 26. A provider's word replaces what was known of a contact; what it does not say stays, and so do the books. */
export function decideUpdateContact({ member }: Facts, told: ContactTold, _context: Context): Decision {
  if (!member) return { outcome: { reason_code: "contact_unused" }, changes: null, member: null };
  const { contact } = member;
  const { email, name, phone } = contact;
  const fields = { email: told.email ?? email, name: told.name ?? name, phone: told.phone ?? phone };
  const is_news = fields.email !== email || fields.name !== name || fields.phone !== phone;
  if (!is_news || (contact.told_at !== null && contact.told_at >= told.told_at)) {
    return { outcome: { reason_code: "duplicate_event" }, changes: null, member: null };
  }
  const books = new MemberBooks(member);
  books.contact = { ...contact, ...fields, told_at: told.told_at };
  return { outcome: { reason_code: "contact_updated" }, changes: books.changes(), member: books.member() };
}

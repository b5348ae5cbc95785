import type { Transaction } from "../platform/database.ts";
import type { Appointment } from "../rules/bookings/appointment.ts";
import type { Audit, Changes } from "../rules/credits/member-books.ts";
import type { Explanation } from "../rules/outcome.ts";
import type { NewPayment } from "../rules/payments/payment-event.ts";
import { putAppointments, type AppointmentRow } from "../store/appointments.ts";
import { insertLocationAudits, type LocationAudit } from "../store/audit-events.ts";
import { deleteUnusedContacts, fillContactHints } from "../store/contacts.ts";
import { insertLots, updateLots, type LotRow } from "../store/entitlements.ts";
import { insertEntries, type EntryRow } from "../store/ledger-entries.ts";
import { putMemberships, type MembershipRow } from "../store/memberships.ts";
import { insertPayments } from "../store/payment-events.ts";
import { insertRequests, type RememberedRequest } from "../store/requests.ts";
import { joinKey } from "./keys.ts";
import type { Command } from "./operation.ts";

type Hint = { location_id: string; id: string; email: string | null; name: string | null };

/** What a batch changes, gathered command by command and written with a few statements over arrays. */
export class BatchEffects {
  readonly #entries: EntryRow[] = [];
  readonly #opened = new Map<string, LotRow>();
  readonly #touched = new Map<string, LotRow>();
  readonly #memberships = new Map<string, MembershipRow>();
  readonly #payments: (NewPayment & { location_id: string })[] = [];
  readonly #appointments = new Map<string, AppointmentRow>();
  readonly #hints = new Map<string, Hint>();
  readonly #requests: (RememberedRequest & { explanation: Explanation | null })[] = [];
  readonly #audits: LocationAudit[] = [];
  readonly #used_contacts = new Set<string>();

  remember(request: RememberedRequest & { explanation: Explanation | null }): void {
    this.#requests.push(request);
  }

  add(command: Command, contact_id: string, changes: Changes, payment: NewPayment | undefined): void {
    const { location_id, correlation_id, source, actor_id, request } = command;
    if (changesAnything(changes)) this.#used_contacts.add(contact_id);
    for (const entry of changes.entries) {
      // What fell due by time was nobody's request.
      const cause = entry.is_due
        ? { source: "system" as const, actor_id: null, request_id: null }
        : { source, actor_id, request_id: request?.id ?? null };
      this.#entries.push({ ...entry, ...cause, location_id, contact_id, correlation_id });
    }
    for (const lot of changes.lots) {
      const is_new = changes.opened_lot_ids.has(lot.id) || this.#opened.has(lot.id);
      (is_new ? this.#opened : this.#touched).set(lot.id, { ...lot, location_id });
    }
    for (const membership of changes.memberships) {
      this.#memberships.set(membership.id, { ...membership, location_id, contact_id });
    }
    for (const audit of changes.audits) this.#audit(command, audit);
    for (const appointment of changes.appointments) this.#book(location_id, contact_id, appointment);
    if (changes.hints) this.#hints.set(contact_id, { location_id, id: contact_id, ...changes.hints });
    if (payment) this.#payments.push({ ...payment, location_id });
  }

  #audit({ location_id, actor_id, source }: Command, audit: Audit): void {
    this.#audits.push({ ...audit, location_id, actor: actor_id ?? source });
  }

  #book(location_id: string, contact_id: string, appointment: Appointment): void {
    this.#appointments.set(joinKey(contact_id, appointment.external_id), { ...appointment, location_id, contact_id });
  }

  /** Sends everything without waiting, parents before what refers to them. The caller awaits all, with the commit. */
  write(
    tx: Transaction,
    tenants: readonly string[],
    created_contact_ids: readonly string[],
    recorded_at: string,
  ): Promise<unknown>[] {
    const sent: Promise<unknown>[] = [];
    const unused = created_contact_ids.filter((id) => !this.#used_contacts.has(id));
    if (unused.length > 0) sent.push(deleteUnusedContacts(tx, tenants, unused));
    if (this.#hints.size > 0) sent.push(fillContactHints(tx, tenants, [...this.#hints.values()]));
    if (this.#memberships.size > 0) sent.push(putMemberships(tx, [...this.#memberships.values()], recorded_at));
    if (this.#payments.length > 0) sent.push(insertPayments(tx, this.#payments, recorded_at));
    if (this.#opened.size > 0) sent.push(insertLots(tx, [...this.#opened.values()]));
    if (this.#touched.size > 0) sent.push(updateLots(tx, tenants, [...this.#touched.values()]));
    if (this.#entries.length > 0) sent.push(insertEntries(tx, tenants, this.#entries, recorded_at));
    if (this.#appointments.size > 0) sent.push(putAppointments(tx, [...this.#appointments.values()]));
    if (this.#audits.length > 0) sent.push(insertLocationAudits(tx, tenants, this.#audits, recorded_at));
    if (this.#requests.length > 0) sent.push(insertRequests(tx, this.#requests, recorded_at));
    return sent;
  }
}

/** A refusal that settled nothing either leaves no trace, not even the contact that was made for it. */
function changesAnything({ entries, lots, memberships, appointments, audits, hints }: Changes): boolean {
  return entries.length + lots.length + memberships.length + appointments.length + audits.length > 0 || hints !== null;
}

import type { Transaction } from "../platform/database.ts";
import type { Appointment } from "../rules/bookings/appointment.ts";
import type { Audit, Changes } from "../rules/credits/member-books.ts";
import type { Unattached } from "../rules/decision.ts";
import type { Explanation } from "../rules/outcome.ts";
import type { PaymentEvent } from "../rules/payments/payment-event.ts";
import { insertVersions, type VersionRow } from "../store/appointment-versions.ts";
import { putAppointments, type AppointmentRow } from "../store/appointments.ts";
import { insertLocationAudits, type LocationAudit } from "../store/audit-events.ts";
import { deleteUnusedContacts, updateContacts, type ContactUpdate } from "../store/contacts.ts";
import { insertLots, reshapeLots, updateLots, type LotRow } from "../store/entitlements.ts";
import { insertEntries, type EntryRow } from "../store/ledger-entries.ts";
import { putMemberships, type MembershipRow } from "../store/memberships.ts";
import { insertPaymentKeys, putPayments, type PaymentRow, type TenantKey } from "../store/payment-events.ts";
import { putNoCreditProduct, type NoCreditProduct } from "../store/product-configs.ts";
import { insertRequests, type RememberedRequest } from "../store/requests.ts";
import {
  attachReversals,
  putUnattached,
  type KeptReversal,
  type UnattachedRow,
} from "../store/unattached-reversals.ts";
import { queueWriteBacks, type BalanceOwner } from "../store/write-backs.ts";
import { joinKey } from "./keys.ts";
import type { BatchFacts } from "./load-facts.ts";
import type { Command } from "./operation.ts";

type KeyOfPayment = TenantKey & { payment_event_id: string };

/** What a batch changes, gathered command by command and written with a few statements over arrays. */
export class BatchEffects {
  readonly #entries: EntryRow[] = [];
  readonly #opened = new Map<string, LotRow>();
  readonly #touched = new Map<string, LotRow>();
  readonly #reshaped = new Map<string, LotRow>();
  readonly #memberships = new Map<string, MembershipRow>();
  readonly #payments = new Map<string, PaymentRow>();
  readonly #payment_keys: KeyOfPayment[] = [];
  readonly #attached: KeyOfPayment[] = [];
  readonly #appointments = new Map<string, AppointmentRow>();
  readonly #versions: VersionRow[] = [];
  readonly #contacts = new Map<string, ContactUpdate>();
  readonly #requests: (RememberedRequest & { explanation: Explanation | null })[] = [];
  readonly #audits: LocationAudit[] = [];
  readonly #kept: KeptReversal[] = [];
  readonly #no_credits: NoCreditProduct[] = [];
  readonly #used_contacts = new Set<string>();
  readonly #balances = new Map<string, BalanceOwner>();

  remember(request: RememberedRequest & { explanation: Explanation | null }): void {
    this.#requests.push(request);
  }

  /** A refund or dispute whose payment is not known yet. */
  keep({ location_id }: Command, kept: Unattached): void {
    const row = unattachedRow(location_id, kept);
    for (const { provider, key } of kept.keys) this.#kept.push({ ...row, provider, key });
  }

  /** `facts`: as they were before these changes. */
  add(command: Command, contact_id: string, changes: Changes, facts: BatchFacts): void {
    const { location_id, correlation_id, source, actor_id, request } = command;
    if (changesAnything(changes)) this.#used_contacts.add(contact_id);
    if (changes.entries.length > 0 && facts.catalogs.get(location_id)?.shows_balances) {
      this.#balances.set(joinKey(location_id, contact_id), { location_id, contact_id });
    }
    for (const entry of changes.entries) {
      // What fell due by time, or followed of itself, was nobody's request.
      const cause = entry.is_due
        ? { source: entry.told_by ?? ("system" as const), actor_id: null, request_id: null }
        : { source, actor_id, request_id: request?.id ?? null };
      this.#entries.push({ ...entry, ...cause, location_id, contact_id, correlation_id });
    }
    for (const lot of changes.lots) {
      const is_new = changes.opened_lot_ids.has(lot.id) || this.#opened.has(lot.id);
      (is_new ? this.#opened : this.#touched).set(lot.id, { ...lot, location_id });
      if (!is_new && (changes.reshaped_lot_ids.has(lot.id) || this.#reshaped.has(lot.id))) {
        this.#reshaped.set(lot.id, { ...lot, location_id });
      }
    }
    for (const membership of changes.memberships) {
      this.#memberships.set(membership.id, { ...membership, location_id, contact_id });
    }
    for (const payment of changes.payments) this.#pay(location_id, payment, facts);
    for (const audit of changes.audits) this.#audit(command, audit);
    for (const product of changes.no_credit_products) this.#no_credits.push(noCreditProduct(location_id, product));
    for (const appointment of changes.appointments) this.#book(location_id, contact_id, appointment);
    for (const version of changes.booking_versions) this.#versions.push({ ...version, location_id });
    if (changes.contact) this.#contacts.set(contact_id, { ...changes.contact, location_id, id: contact_id });
  }

  #pay(location_id: string, payment: PaymentEvent, { payment_ids, unattached }: BatchFacts): void {
    this.#payments.set(payment.id, { ...payment, location_id });
    for (const { provider, key } of payment.keys) {
      const row = { location_id, provider, key, payment_event_id: payment.id };
      if (!payment_ids.has(joinKey(location_id, provider, key))) this.#payment_keys.push(row);
      if (unattached.length > 0) this.#attached.push(row);
    }
  }

  /** What a person did to the books is told, where the operation itself tells no more than its entries do. */
  tell(command: Command, made: readonly (Changes | null | undefined)[]): void {
    if (!command.person) return;
    const changes = made.filter((each) => each !== null && each !== undefined);
    if (changes.some(({ audits }) => audits.length > 0) || !changes.some(isOwnChange)) return;
    this.#audit(command, auditOf(command));
  }

  #audit({ location_id, correlation_id, actor_id, source, person }: Command, audit: Audit): void {
    const who = person
      ? { actor: person.email, user_id: actor_id, ip: person.ip }
      : { actor: actor_id ?? source, user_id: null, ip: null };
    this.#audits.push({ ...audit, ...who, location_id, correlation_id });
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
    if (this.#contacts.size > 0) sent.push(updateContacts(tx, tenants, [...this.#contacts.values()]));
    if (this.#memberships.size > 0) sent.push(putMemberships(tx, [...this.#memberships.values()], recorded_at));
    if (this.#payments.size > 0) sent.push(putPayments(tx, [...this.#payments.values()], recorded_at));
    if (this.#payment_keys.length > 0) sent.push(insertPaymentKeys(tx, this.#payment_keys));
    if (this.#opened.size > 0) sent.push(insertLots(tx, [...this.#opened.values()]));
    if (this.#touched.size > 0) sent.push(updateLots(tx, tenants, [...this.#touched.values()]));
    if (this.#reshaped.size > 0) sent.push(reshapeLots(tx, tenants, [...this.#reshaped.values()]));
    if (this.#entries.length > 0) sent.push(insertEntries(tx, tenants, this.#entries, recorded_at));
    if (this.#appointments.size > 0) sent.push(putAppointments(tx, [...this.#appointments.values()]));
    if (this.#versions.length > 0) sent.push(insertVersions(tx, this.#versions, recorded_at));
    if (this.#kept.length > 0) sent.push(putUnattached(tx, this.#kept, recorded_at));
    // After what this batch keeps: its payment may have come with it.
    if (this.#attached.length > 0) sent.push(attachReversals(tx, tenants, this.#attached));
    if (this.#no_credits.length > 0) sent.push(...this.#no_credits.map((product) => putNoCreditProduct(tx, product)));
    if (this.#audits.length > 0) sent.push(insertLocationAudits(tx, tenants, this.#audits, recorded_at));
    if (this.#requests.length > 0) sent.push(insertRequests(tx, this.#requests, recorded_at));
    if (this.#balances.size > 0) sent.push(queueWriteBacks(tx, [...this.#balances.values()], recorded_at));
    return sent;
  }
}

/** Each word of a reversal is kept: they come in any order, and are merged when the payment comes. */
export function unattachedRow(location_id: string, { keys, refund, dispute }: Unattached): UnattachedRow {
  const word = refund ? [refund.refund_id, refund.status, refund.amount_cents] : [dispute?.dispute_id, dispute?.status];
  const kind = refund ? "refund" : "dispute";
  return { location_id, kind, reversal_id: word.join(":"), document: { keys, refund, dispute } };
}

/** From `provider:product_id`. */
function noCreditProduct(location_id: string, product: string): NoCreditProduct {
  const [provider = "", ...rest] = product.split(":");
  return { location_id, provider, product_id: rest.join(":") };
}

/** Whether it is more than what fell due by time. */
function isOwnChange({ entries, memberships, payments, appointments }: Changes): boolean {
  return entries.some(({ is_due }) => !is_due) || [memberships, payments, appointments].some((list) => list.length > 0);
}

function auditOf({ operation, input, keys }: Command): Audit {
  const { request_id: _, ...after } = input as { request_id?: string };
  return { action: operation.name, subject: `contact ${keys.contact_external_id}`, before: null, after };
}

/** A refusal that settled nothing either leaves no trace, not even the contact that was made for it. */
function changesAnything(changes: Changes): boolean {
  const { entries, lots, memberships, payments, appointments, booking_versions, audits, contact } = changes;
  const lists = [entries, lots, memberships, payments, appointments, booking_versions, audits];
  return contact !== null || lists.some((list) => list.length > 0);
}

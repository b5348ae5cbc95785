import { z } from "zod";
import type { PaymentKey, ToldItem, ToldPayment } from "../../rules/payments/told.ts";
import type { Instant } from "../../rules/time/local-days.ts";
import { periodKey } from "../stripe/payment-keys.ts";
import { paymentStatus } from "./read-order.ts";
import { flag, list, number, readInstant, readRecord, record, text } from "./tolerant.ts";
import type { GhlTransaction } from "./transactions.ts";

/** What the transaction itself does not say. */
export interface TransactionContext {
  /** The lines of its order or invoice, where they are known. */
  items?: readonly ToldItem[];
  /**
   * True: the first payment of its order, so it is the payment that the order's delivery told of. Renewals name the same
   * order and are payments of their own. Where nobody says, Stripe's `billing_reason` tells.
   */
  is_first_of_entity?: boolean;
  /** Dates what has no time of its own. */
  seen_at: Instant;
}

/** A transaction as a payment, with all the names by which either provider knows it. Rule 32. */
export function readTransaction(
  told: GhlTransaction,
  { items, is_first_of_entity, seen_at }: TransactionContext,
): ToldPayment {
  const period = readPeriod(told.charge);
  const is_first = is_first_of_entity ?? (told.subscription_id === null || isFirstInvoice(told.charge));
  const ghl_ids = [told.transaction_id, is_first ? told.entity_id : null, told.invoice_id];
  if (is_first && told.source_type === "invoice") ghl_ids.push(told.source_id);
  return {
    provider: "ghl",
    keys: distinct([
      ...ghl_ids.flatMap((key) => (key === null ? [] : [{ provider: "ghl", key }])),
      ...stripeKeys(told, period),
    ]),
    status: paymentStatus(told.status, told.amount_cents),
    is_live: told.is_live,
    contact: { external_id: told.contact_id, email: told.contact_email, phone: null, name: told.contact_name },
    items: [...(items ?? [])],
    amount_cents: told.amount_cents,
    currency: told.currency,
    paid_at: told.fulfilled_at ?? told.created_at ?? told.updated_at ?? seen_at,
    period,
    subscription_id: told.subscription_id,
    refunded_cents: told.status === "refunded" ? (told.refunded_cents ?? told.amount_cents) : told.refunded_cents,
  };
}

/** The first payment of each order or invoice: what `is_first_of_entity` is for a list of all its transactions. */
export function firstTransactions(transactions: readonly GhlTransaction[]): Set<string> {
  const first = new Map<string, GhlTransaction>();
  for (const told of transactions) {
    if (told.entity_id === null || paymentStatus(told.status, told.amount_cents) !== "paid") continue;
    const known = first.get(told.entity_id);
    if (!known || isBefore(told, known)) first.set(told.entity_id, told);
  }
  return new Set([...first.values()].map((told) => told.transaction_id));
}

function isBefore(a: GhlTransaction, b: GhlTransaction): boolean {
  const [from, to] = [a.created_at ?? Infinity, b.created_at ?? Infinity];
  return from === to ? a.transaction_id < b.transaction_id : from < to;
}

const STRIPE_PAYMENT_ID = /^(in|pi|ch|py)_[A-Za-z0-9_]+$/;

function stripeKeys(told: GhlTransaction, period: ToldPayment["period"]): PaymentKey[] {
  const { id, payment_intent, charge, invoice, latest_charge } = told.charge;
  const ids = [told.charge_id, ...[id, payment_intent, charge, invoice, latest_charge].map(idOf)];
  const keys = ids.filter((each) => each !== null && STRIPE_PAYMENT_ID.test(each)).map((key) => key ?? "");
  if (period && told.subscription_id?.startsWith("sub_")) {
    // A renewal that both providers tell of meets itself though they name its charge differently.
    keys.push(periodKey(told.subscription_id, period.start_at));
  }
  return keys.map((key) => ({ provider: "stripe", key }));
}

/** Stripe gives the id, or the object itself. */
function idOf(value: unknown): string | null {
  return text.parse(readRecord(value)["id"] ?? value);
}

function distinct(keys: PaymentKey[]): PaymentKey[] {
  return [...new Map(keys.map((each) => [`${each.provider} ${each.key}`, each])).values()];
}

function isFirstInvoice(charge: Record<string, unknown>): boolean {
  return charge["billing_reason"] === "subscription_create";
}

const lineShape = z.object({ proration: flag, period: record, parent: record });
const linesShape = z.object({ data: list(lineShape) });
const periodShape = z.object({ start: number, end: number });

/** What an invoice of Stripe's paid for: the period of the line that reaches furthest and is no correction. Rule 18. */
function readPeriod(charge: Record<string, unknown>): ToldPayment["period"] {
  if (charge["object"] !== "invoice") return null;
  let found: ToldPayment["period"] = null;
  for (const line of linesShape.parse(readRecord(charge["lines"])).data) {
    const { start, end } = periodShape.parse(line.period);
    const is_correction =
      line.proration ?? flag.parse(readRecord(line.parent["subscription_item_details"])["proration"]);
    const start_at = readInstant((start ?? 0) * 1000);
    const end_at = readInstant((end ?? 0) * 1000);
    if (is_correction || start_at === null || end_at === null || end_at <= start_at) continue;
    if (!found || end_at > found.end_at) found = { start_at, end_at };
  }
  return found;
}

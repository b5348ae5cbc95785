import { Stripe } from "stripe";
import { failureOf, isMissing } from "./failures.ts";
import type { Permission } from "./permissions.ts";
import type { Fields } from "./read-field.ts";
import { MAX_LINES } from "./read-lines.ts";

/** Milliseconds for one request; a lookup is made by a job, which can try again. */
const REQUEST_TIMEOUT_MS = 10_000;
const MAX_NETWORK_RETRIES = 1;
const PAGE = 100;

/** The version in which questions are answered and our endpoints are written to. */
export const PINNED_API_VERSION = Stripe.API_VERSION;

export interface StripeAccountSettings {
  /** A restricted key, `rk_…`. */
  key: string;
  /** Another host than Stripe's, such as `http://127.0.0.1:4010`; null for Stripe itself. */
  api_base: string | null;
  timeout_ms?: number;
}

/** A studio's own account, read. Every failure is a `StripeFailure`; what does not exist is null. */
export class StripeAccount {
  readonly #stripe: Stripe;

  constructor({ key, api_base, timeout_ms = REQUEST_TIMEOUT_MS }: StripeAccountSettings) {
    this.#stripe = new Stripe(key, {
      apiVersion: PINNED_API_VERSION,
      timeout: timeout_ms,
      maxNetworkRetries: MAX_NETWORK_RETRIES,
      telemetry: false,
      ...(api_base === null ? {} : hostOf(api_base)),
    });
  }

  /** Asks what needs the permission. */
  async ask<Answer>(permission: Permission, question: (stripe: Stripe) => Promise<Answer>): Promise<Answer> {
    try {
      return await question(this.#stripe);
    } catch (error) {
      throw failureOf(error, permission);
    }
  }

  /** The invoice with all its lines, at most `MAX_LINES`. */
  async invoice(id: string): Promise<Fields | null> {
    const invoice = await this.#find("invoices", (stripe) => stripe.invoices.retrieve(id));
    if (invoice === null) return null;
    const lines = await this.ask("invoices", (stripe) =>
      stripe.invoices.listLineItems(id, { limit: PAGE }).autoPagingToArray({ limit: MAX_LINES }),
    );
    return { ...invoice, lines: { data: lines, has_more: false } };
  }

  /** The invoice that asked for this payment; null where none did. */
  async invoiceOfPayment(payment_intent: string): Promise<string | null> {
    const payment = { type: "payment_intent", payment_intent } as const;
    const { data } = await this.ask("invoice_payments", (stripe) => stripe.invoicePayments.list({ payment, limit: 1 }));
    const invoice = data[0]?.invoice;
    return typeof invoice === "string" ? invoice : (invoice?.id ?? null);
  }

  /** What paid an invoice, with the payment intents themselves. Empty: it was marked as paid, or not paid. */
  async paymentsOfInvoice(invoice: string): Promise<Fields[]> {
    const expand = ["data.payment.payment_intent"];
    const { data } = await this.ask("invoice_payments", (stripe) =>
      stripe.invoicePayments.list({ invoice, status: "paid", limit: PAGE, expand }),
    );
    return asFields(data);
  }

  /** The checkout session that led to a payment; null where there was none. */
  async sessionOfPayment(payment_intent: string): Promise<Fields | null> {
    const { data } = await this.ask("checkout_sessions", (stripe) =>
      stripe.checkout.sessions.list({ payment_intent, limit: 1 }),
    );
    return asFields(data)[0] ?? null;
  }

  /** What was bought in a checkout session. */
  async linesOfSession(session: string): Promise<Fields[]> {
    const lines = await this.ask("checkout_sessions", (stripe) =>
      stripe.checkout.sessions.listLineItems(session, { limit: PAGE }).autoPagingToArray({ limit: MAX_LINES }),
    );
    return asFields(lines);
  }

  /** What a payment intent itself says was bought; most say nothing. */
  async linesOfPayment(payment_intent: string): Promise<Fields[]> {
    const lines = await this.#find("payment_intents", (stripe) =>
      stripe.paymentIntents
        .listAmountDetailsLineItems(payment_intent, { limit: PAGE })
        .autoPagingToArray({ limit: MAX_LINES }),
    );
    return asFields(lines ?? []);
  }

  customer(id: string): Promise<Fields | null> {
    return this.#find("customers", (stripe) => stripe.customers.retrieve(id));
  }

  async #find(permission: Permission, question: (stripe: Stripe) => Promise<object>): Promise<Fields | null> {
    return this.ask(permission, async (stripe) => {
      try {
        return (await question(stripe)) as Fields;
      } catch (error) {
        if (isMissing(error)) return null;
        throw error;
      }
    });
  }
}

/** Answers are read as events are: by name, trusting no type. */
function asFields(objects: unknown): Fields[] {
  return objects as Fields[];
}

/** Where another host than Stripe answers. */
export function hostOf(api_base: string): { protocol: "http" | "https"; host: string; port: number } {
  const url = new URL(api_base);
  const protocol = url.protocol === "http:" ? "http" : "https";
  return { protocol, host: url.hostname, port: Number(url.port) || (protocol === "http" ? 80 : 443) };
}

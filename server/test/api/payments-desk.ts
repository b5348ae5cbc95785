import { randomUUID } from "node:crypto";
import { submitOwn } from "../../src/operations/credits/submit-own.ts";
import type { LedgerOperation } from "../../src/operations/gate.ts";
import { findPayer } from "../../src/operations/payments/find-payer.ts";
import { recordDispute } from "../../src/operations/payments/record-dispute.ts";
import { recordPayment } from "../../src/operations/payments/record-payment.ts";
import { recordRefund } from "../../src/operations/payments/record-refund.ts";
import { locationUuid } from "../../src/platform/ids.ts";
import type { ToldContact, ToldDispute, ToldItem, ToldPayment, ToldRefund } from "../../src/rules/payments/told.ts";
import type { TestServer } from "../support.ts";
import { openStudio, type Studio } from "./studio.ts";

type Told<T> = Partial<T> & { name?: string };

/** A studio whose providers tell of payments, as the takers of their events do. */
export interface PaymentDesk extends Studio {
  uuid: string;
  /** Paid now, 100.00 for one `prod_pack`, under a name of its own unless one is given. */
  pay(contact: string | null, told?: Told<ToldPayment>): Promise<Outcome>;
  refund(name: string, told?: Told<ToldRefund>): Promise<Outcome>;
  dispute(name: string, status: ToldDispute["status"], told?: Told<ToldDispute>): Promise<Outcome>;
}

export type Outcome = Record<string, unknown> & { reason_code: string; payment_event_id: string };

const NOBODY: ToldContact = { external_id: null, email: null, phone: null, name: null };

export const MAPPED = {
  key: "pack",
  type: "package",
  credits_total: 10,
  calendars: ["yoga"],
  stripe_product_id: "prod_pack",
  ghl_product_id: "ghl_pack",
};

export function lineOf(product_id: string, fields: Partial<ToldItem> = {}): ToldItem {
  return { product_id, price_id: null, name: "Ten visits", quantity: 1, amount_cents: null, ...fields };
}

export async function openDesk(server: TestServer, settings: Record<string, unknown> = {}): Promise<PaymentDesk> {
  const scopes = ["grant", "check", "deduct", "restore", "summary", "manage"];
  const studio = await openStudio(server, { products: [MAPPED], scopes, ...settings });
  const uuid = locationUuid(studio.location_id) ?? "";
  const keysOf = (provider: "ghl" | "stripe", name: string) => [{ provider, key: name }];
  const tell = async <I extends object>(
    told: Pick<ToldPayment, "provider" | "keys" | "contact">,
    operation: LedgerOperation<I & { contact_external_id: string }>,
    input: I,
  ): Promise<Outcome> => {
    const contact_external_id = await findPayer(server.db, uuid, told);
    const cause = { source: told.provider, urgency: "interactive", is_level: true } as const;
    const whole = { ...input, contact_external_id };
    const answer = await submitOwn(server.service.ledger, operation, uuid, whole, cause);
    if (answer.kind === "failed") throw answer.error instanceof Error ? answer.error : new Error(String(answer.error));
    if (answer.kind !== "answered") throw new Error(`the ledger answered ${answer.kind}`);
    return JSON.parse(answer.body) as Outcome;
  };
  return {
    ...studio,
    uuid,
    pay: (external_id, { name = `pi_${randomUUID()}`, ...told } = {}) => {
      const provider = told.provider ?? "stripe";
      const payment: ToldPayment = {
        provider,
        keys: keysOf(provider, name),
        status: "paid",
        is_live: true,
        contact: { ...NOBODY, external_id },
        items: [lineOf(provider === "ghl" ? "ghl_pack" : "prod_pack")],
        amount_cents: 10_000,
        currency: "usd",
        paid_at: Date.now(),
        period: null,
        subscription_id: null,
        refunded_cents: null,
        ...told,
      };
      return tell(payment, recordPayment, { payment, told_by: "test" });
    },
    refund: (name, told = {}) => {
      const refund: ToldRefund = {
        provider: "stripe",
        keys: keysOf(told.provider ?? "stripe", name),
        refund_id: null,
        amount_cents: 10_000,
        status: "succeeded",
        is_live: true,
        refunded_at: Date.now(),
        ...told,
      };
      return tell({ ...refund, contact: NOBODY }, recordRefund, { refund });
    },
    dispute: (name, status, told = {}) => {
      const dispute: ToldDispute = {
        provider: "stripe",
        keys: keysOf("stripe", name),
        dispute_id: `dp_${name}`,
        status,
        is_live: true,
        changed_at: Date.now(),
        ...told,
      };
      return tell({ ...dispute, contact: NOBODY }, recordDispute, { dispute });
    },
  };
}

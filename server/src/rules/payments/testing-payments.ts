import { TestLedger } from "../credits/testing-ledger.ts";
import type { Facts, Unattached } from "../decision.ts";
import type { Outcome } from "../outcome.ts";
import { joinKeys } from "./join-payment.ts";
import type { PaymentEvent } from "./payment-event.ts";
import { LIKE_WITHIN } from "./probable-duplicate.ts";
import { decideRecordPayment } from "./record-payment.ts";
import { decideRecordDispute, decideRecordRefund } from "./record-reversal.ts";
import { decideResolvePayment, type ResolveAsk } from "./resolve-payment.ts";
import { decideSettlePayment } from "./settle-payment.ts";
import type { PaymentKey, ToldDispute, ToldItem, ToldPayment, ToldRefund } from "./told.ts";

/** Builders for tests of payments: what providers tell, and a ledger that takes it as the executor would. */

export function keyOf(key: string): PaymentKey {
  return { provider: key.startsWith("ghl") ? "ghl" : "stripe", key };
}

export function itemOf(changes: Partial<ToldItem> = {}): ToldItem {
  return { product_id: "prod_pack", price_id: null, name: "Ten visits", quantity: 1, amount_cents: null, ...changes };
}

/** A payment of 100.00 for one `prod_pack`, told by Stripe under `pi_1`. */
export function toldPayment(paid_at: number, { names, ...changes }: Partial<ToldPayment> & { names?: string[] } = {}) {
  const keys = (names ?? ["pi_1"]).map(keyOf);
  const told: ToldPayment = {
    provider: keys[0]?.provider === "ghl" ? "ghl" : "stripe",
    keys,
    status: "paid",
    is_live: true,
    contact: { external_id: null, email: null, phone: null, name: null },
    items: [itemOf()],
    amount_cents: 10_000,
    currency: "usd",
    paid_at,
    period: null,
    subscription_id: null,
    refunded_cents: null,
    ...changes,
  };
  return told;
}

export class TestPayments extends TestLedger {
  kept: Unattached[] = [];
  offers_taken: Facts["offers_taken"] = [];

  get payment(): PaymentEvent {
    const [first] = this.payments.values();
    if (!first) throw new Error("no payment");
    return first;
  }

  /** Credits that the member could use of all lots, held ones apart. */
  get balance(): number {
    return this.lots.filter(({ state }) => state === "open").reduce((sum, { available }) => sum + available, 0);
  }

  pay(changes: Partial<ToldPayment> & { names?: string[] } = {}): Outcome {
    return this.tell(toldPayment(this.now, changes));
  }

  tell(payment: ToldPayment): Outcome {
    const facts = this.paymentFacts(payment.keys, payment.paid_at);
    const { outcome } = this.decide(decideRecordPayment, { payment, told_by: "test" }, facts);
    if (this.paymentsOf(payment.keys).length > 0)
      this.kept = this.kept.filter(({ keys }) => !shares(keys, payment.keys));
    return outcome;
  }

  refund(amount_cents: number, changes: Partial<ToldRefund> & { names?: string[] } = {}): Outcome {
    const { names, ...rest } = changes;
    const refund: ToldRefund = {
      provider: "stripe",
      keys: (names ?? ["pi_1"]).map(keyOf),
      refund_id: null,
      amount_cents,
      status: "succeeded",
      is_live: true,
      refunded_at: this.now,
      ...rest,
    };
    const { outcome, kept } = this.decide(decideRecordRefund, { refund }, this.paymentFacts(refund.keys, this.now));
    this.#keep(kept);
    return outcome;
  }

  dispute(status: ToldDispute["status"], changes: Partial<ToldDispute> = {}): Outcome {
    const dispute: ToldDispute = {
      provider: "stripe",
      keys: [keyOf("pi_1")],
      dispute_id: "dp_1",
      status,
      is_live: true,
      changed_at: this.now,
      ...changes,
    };
    const { outcome, kept } = this.decide(decideRecordDispute, { dispute }, this.paymentFacts(dispute.keys, this.now));
    this.#keep(kept);
    return outcome;
  }

  settlePayment(id: string = this.payment.id): Outcome {
    return this.decide(decideSettlePayment, null, this.factsById(id)).outcome;
  }

  resolve(ask: ResolveAsk, id: string = this.payment.id): Outcome {
    return this.decide(decideResolvePayment, ask, this.factsById(id)).outcome;
  }

  factsById(id: string): Facts {
    const payment = this.payments.get(id);
    if (!payment) throw new Error(`no payment ${id}`);
    return { ...this.paymentFacts(payment.keys, payment.paid_at), payments: [payment] };
  }

  /** What the executor loads for payment keys: their events, the lots of these, closed ones too, and what waited for them. */
  paymentFacts(keys: readonly PaymentKey[], paid_at: number): Facts {
    const facts = this.factsWithHistory();
    const payments = this.paymentsOf(keys);
    const named = new Set(payments.flatMap(({ items }) => items.map(({ entitlement_id }) => entitlement_id)));
    const nearby = [...this.payments.values()].filter((other) => Math.abs(other.paid_at - paid_at) <= LIKE_WITHIN);
    return {
      ...facts,
      member: facts.member && {
        ...facts.member,
        lots: this.lots.filter((lot) => lot.live || named.has(lot.id)),
        appointments: [...this.appointments.values()],
      },
      payments,
      unattached: this.kept.filter((kept) => shares(kept.keys, keys)),
      nearby_payments: nearby,
      offers_taken: this.offers_taken,
    };
  }

  /** A payment that was dismissed as a repetition stands for the one that it repeats, which has its names too. */
  override paymentsOf(named: readonly PaymentKey[]): PaymentEvent[] {
    const found = super.paymentsOf(named).flatMap((payment) => {
      const { status, duplicate_of } = payment;
      return status === "dismissed" && duplicate_of !== null ? (this.payments.get(duplicate_of) ?? []) : payment;
    });
    return [...new Set(found)].map((payment) => {
      const repetitions = [...this.payments.values()].filter(
        (other) => other.duplicate_of === payment.id && other.status === "dismissed",
      );
      const keys = repetitions.reduce((all, other) => joinKeys(all, other.keys), payment.keys);
      return { ...payment, keys };
    });
  }

  /** Each word of it: they are folded when the payment comes. */
  #keep(told: Unattached | undefined): void {
    if (told) this.kept = [...this.kept, told];
  }
}

function shares(a: readonly PaymentKey[], b: readonly PaymentKey[]): boolean {
  return a.some((one) => b.some((other) => one.provider === other.provider && one.key === other.key));
}

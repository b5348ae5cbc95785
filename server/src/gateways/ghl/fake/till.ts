import type { Deliveries } from "./deliveries.ts";
import { invoiceOnWire, orderOnWire } from "./on-wire.ts";
import {
  known,
  type FakeLine,
  type FakeLocation,
  type FakeOrder,
  type FakePrice,
  type FakeTransaction,
  type Wire,
  type World,
} from "./world.ts";

export interface FakeSale {
  order_id: string;
  /** Null: nothing was to pay. */
  transaction_id: string | null;
}

/** What a studio does with money paid once; `Subscriptions` is for money that is paid again. */
export class Till {
  readonly #world: World;
  readonly #deliveries: Deliveries;
  readonly #location: FakeLocation;

  constructor(world: World, deliveries: Deliveries, location: FakeLocation) {
    this.#world = world;
    this.#deliveries = deliveries;
    this.#location = location;
  }

  addProduct(name: string): string {
    const now = this.#world.now();
    const product = { _id: this.#world.newId(), name, productType: "SERVICE", createdAt: now, updatedAt: now };
    this.#location.products.set(product._id, product);
    this.#deliveries.tell("ProductCreate", this.#location.id, product);
    return product._id;
  }

  /** `amount` in major units. With an `interval` it is a subscription's. */
  addPrice(
    product_id: string,
    {
      name = "Price",
      amount,
      interval,
    }: { name?: string; amount: number; interval?: "day" | "week" | "month" | "year" },
  ): string {
    const now = this.#world.now();
    const price: FakePrice = {
      _id: this.#world.newId(),
      product: known(this.#location.products.get(product_id), `product ${product_id}`)._id,
      name,
      type: interval ? "recurring" : "one_time",
      currency: this.#location.currency,
      amount,
      ...(interval ? { recurring: { interval, intervalCount: 1 } } : {}),
      createdAt: now,
      updatedAt: now,
    };
    this.#location.prices.set(price._id, price);
    const { type: priceType, ...facts } = price;
    this.#deliveries.tell("PriceCreate", this.#location.id, { ...facts, priceType });
    return price._id;
  }

  /** An order that waits for its money. */
  placeOrder(
    contact_id: string,
    lines: FakeLine[],
    {
      is_live = true,
      source = { type: "funnel", id: this.#world.newId() },
    }: { is_live?: boolean; source?: { type: string; id: string } } = {},
  ): string {
    const now = this.#world.now();
    const order: FakeOrder = {
      _id: this.#world.newId(),
      status: "pending",
      contactId: contact_id,
      currency: this.#location.currency,
      amount: this.#totalOf(lines),
      liveMode: is_live,
      source: { ...source, subType: "one_step_order_form", name: "Checkout" },
      lines,
      createdAt: now,
      updatedAt: now,
    };
    this.#location.orders.set(order._id, order);
    this.#tellOrder("OrderCreate", order);
    return order._id;
  }

  payOrder(order_id: string): FakeSale {
    const order = this.#order(order_id);
    const transaction_id = order.amount === 0 ? null : this.#charge(order, "succeeded")._id;
    this.#setOrderStatus(order, "completed");
    return { order_id, transaction_id };
  }

  /** The card is refused: the order stays as it was. */
  failOrder(order_id: string): string {
    return this.#charge(this.#order(order_id), "failed")._id;
  }

  sell(contact_id: string, lines: FakeLine[], options: { is_live?: boolean } = {}): FakeSale {
    return this.payOrder(this.placeOrder(contact_id, lines, options));
  }

  sendInvoice(contact_id: string, lines: FakeLine[]): string {
    const now = this.#world.now();
    const invoice = {
      _id: this.#world.newId(),
      invoiceNumber: String(this.#location.invoices.size + 1),
      status: "sent",
      contactId: contact_id,
      currency: this.#location.currency,
      total: this.#totalOf(lines),
      amountPaid: 0,
      liveMode: true,
      lines,
      createdAt: now,
      updatedAt: now,
    };
    this.#location.invoices.set(invoice._id, invoice);
    this.#deliveries.tell("InvoiceSent", null, invoiceOnWire(this.#location, invoice));
    return invoice._id;
  }

  /** One purchase that GoHighLevel may tell twice: as an invoice, and `as_order` too. */
  payInvoice(
    invoice_id: string,
    { as_order = false }: { as_order?: boolean } = {},
  ): { transaction_id: string; order_id: string | null } {
    const invoice = known(this.#location.invoices.get(invoice_id), `invoice ${invoice_id}`);
    const { contactId, total, lines, currency, liveMode } = invoice;
    Object.assign(invoice, { status: "paid", amountPaid: total, updatedAt: this.#world.now() });
    const entity = {
      entityType: "invoice",
      entityId: invoice_id,
      entitySourceType: "invoice",
      entitySourceId: invoice_id,
    } as const;
    const { chargeId, chargeSnapshot } = this.#stripeCharge();
    const transaction = this.record({
      contactId,
      amount: total,
      currency,
      liveMode,
      status: "succeeded",
      chargeId,
      chargeSnapshot,
      ...entity,
    });
    this.#deliveries.tell("InvoicePaid", null, invoiceOnWire(this.#location, invoice));
    if (!as_order) return { transaction_id: transaction._id, order_id: null };
    const order_id = this.placeOrder(contactId, lines, { source: { type: "invoice", id: invoice_id } });
    this.#setOrderStatus(this.#order(order_id), "completed");
    return { transaction_id: transaction._id, order_id };
  }

  /** Gives `amount` back, all that is left where it is not named. No event tells of it. */
  refund(transaction_id: string, amount?: number): void {
    const transaction = known(this.#location.transactions.get(transaction_id), `transaction ${transaction_id}`);
    const refunded = amount === undefined ? transaction.amount : transaction.amountRefunded + amount;
    transaction.amountRefunded = Math.min(transaction.amount, refunded);
    if (transaction.amountRefunded === transaction.amount) transaction.status = "refunded";
    transaction.updatedAt = this.#world.now();
  }

  /** An order whose money was given back by hand: it alone says so. */
  markRefunded(order_id: string): void {
    this.#setOrderStatus(this.#order(order_id), "refunded");
  }

  /** A movement of money, readable once the weather lets it be. */
  record(
    facts: Omit<FakeTransaction, "_id" | "amountRefunded" | "createdAt" | "updatedAt" | "visible_at">,
  ): FakeTransaction {
    const now = this.#world.now();
    const visible_at = this.#world.clock.now() + this.#world.transaction_delay_ms;
    const transaction = {
      _id: this.#world.newId(),
      ...facts,
      amountRefunded: 0,
      createdAt: now,
      updatedAt: now,
      visible_at,
    };
    this.#location.transactions.set(transaction._id, transaction);
    return transaction;
  }

  #charge(order: FakeOrder, status: "succeeded" | "failed"): FakeTransaction {
    const { contactId, amount, currency, liveMode, source } = order;
    return this.record({
      contactId,
      amount,
      currency,
      liveMode,
      status,
      entityType: "order",
      entityId: order._id,
      entitySourceType: source.type,
      entitySourceId: source.id,
      ...this.#stripeCharge(),
    });
  }

  #stripeCharge(): { chargeId: string; chargeSnapshot: Wire } {
    const chargeId = this.#world.newId("pi_");
    const latest_charge = this.#world.newId("ch_");
    return { chargeId, chargeSnapshot: { id: chargeId, object: "payment_intent", latest_charge, metadata: {} } };
  }

  #setOrderStatus(order: FakeOrder, status: string): void {
    order.status = status;
    order.updatedAt = this.#world.now();
    this.#tellOrder("OrderStatusUpdate", order);
  }

  #order(order_id: string): FakeOrder {
    return known(this.#location.orders.get(order_id), `order ${order_id}`);
  }

  #totalOf(lines: FakeLine[]): number {
    const cents = lines.map(({ price_id, quantity }) => {
      return Math.round(known(this.#location.prices.get(price_id), `price ${price_id}`).amount * 100) * quantity;
    });
    return cents.reduce((sum, each) => sum + each, 0) / 100;
  }

  #tellOrder(type: string, order: FakeOrder): void {
    this.#deliveries.tell(type, this.#location.id, orderOnWire(this.#location, order));
  }
}

import type { Stripe } from "stripe";

/** A reference as it travels: the bare id, never the object. */
type Bare<Value> = Value extends { id: string } ? never : Value;
/** The named fields of one of Stripe's objects, with their types. Fields that begin with `_` are ours and never leave. */
type Row<Type, Field extends keyof Type> = { [field in Field]: Bare<Type[field]> };

type Common = "id" | "object" | "created" | "livemode" | "metadata";

export type Customer = Row<Stripe.Customer, Exclude<Common, "livemode"> | "livemode" | "email"> & {
  name: string | null;
  phone: string | null;
};

export type Product = Row<Stripe.Product, Common | "name" | "active">;

export type Price = Row<Stripe.Price, Common | "active" | "currency" | "unit_amount" | "type"> & {
  product: string;
  /** Null: sold once. */
  recurring: { interval: "month"; interval_count: number } | null;
};

export type PaymentIntent = Row<
  Stripe.PaymentIntent,
  Common | "amount" | "amount_received" | "currency" | "customer" | "latest_charge" | "status" | "receipt_email"
> & { _invoice: string | null };

export type Charge = Row<
  Stripe.Charge,
  | Common
  | "amount"
  | "amount_captured"
  | "amount_refunded"
  | "captured"
  | "currency"
  | "customer"
  | "disputed"
  | "paid"
  | "payment_intent"
  | "refunded"
  | "status"
> & { billing_details: { email: string | null; name: string | null; phone: string | null }; _invoice: string | null };

export interface InvoiceLine {
  id: string;
  object: "line_item";
  amount: number;
  currency: string;
  description: string;
  period: { start: number; end: number };
  quantity: number;
  _price: string;
  _product: string;
  _subscription: string | null;
}

export type Invoice = Row<
  Stripe.Invoice,
  | Common
  | "amount_due"
  | "amount_paid"
  | "amount_remaining"
  | "billing_reason"
  | "currency"
  | "customer"
  | "customer_email"
  | "customer_name"
  | "customer_phone"
  | "status"
> & {
  status_transitions: { paid_at: number | null };
  _lines: InvoiceLine[];
  _subscription: string | null;
  _subscription_metadata: Stripe.Metadata;
  _payment_intent: string | null;
  _charge: string | null;
  _out_of_band: boolean;
};

export type InvoicePayment = Row<
  Stripe.InvoicePayment,
  | "id"
  | "object"
  | "created"
  | "livemode"
  | "amount_paid"
  | "amount_requested"
  | "currency"
  | "invoice"
  | "is_default"
  | "status"
> & { payment: { type: "payment_intent"; payment_intent: string } };

export type Subscription = Row<
  Stripe.Subscription,
  | Common
  | "billing_cycle_anchor"
  | "cancel_at"
  | "cancel_at_period_end"
  | "canceled_at"
  | "currency"
  | "customer"
  | "ended_at"
  | "latest_invoice"
  | "start_date"
  | "status"
> & {
  _price: string;
  _quantity: number;
  /** Which period from the anchor it is in, counted from zero. */
  _period: number;
};

export type Session = Row<
  Stripe.Checkout.Session,
  | Common
  | "amount_total"
  | "currency"
  | "customer"
  | "invoice"
  | "mode"
  | "payment_intent"
  | "payment_status"
  | "status"
  | "subscription"
> & {
  customer_details: { email: string | null; name: string | null; phone: string | null };
  _price: string;
  _quantity: number;
};

export type Refund = Row<
  Stripe.Refund,
  Exclude<Common, "livemode"> | "amount" | "charge" | "currency" | "payment_intent" | "status"
>;

export type Dispute = Row<
  Stripe.Dispute,
  Common | "amount" | "charge" | "currency" | "payment_intent" | "reason" | "status"
>;

export interface StripeEvent {
  id: string;
  object: "event";
  type: string;
  created: number;
  livemode: boolean;
  /** The object as it was when the event came about. */
  _object: AnyRow;
}

export type Endpoint = Row<
  Stripe.WebhookEndpoint,
  "id" | "object" | "created" | "livemode" | "api_version" | "enabled_events" | "status" | "url"
> & { _secret: string };

/** Everything that a studio's account holds; each table in the order in which it came about. */
export interface Tables {
  customers: Customer;
  products: Product;
  prices: Price;
  payment_intents: PaymentIntent;
  charges: Charge;
  invoices: Invoice;
  invoice_payments: InvoicePayment;
  subscriptions: Subscription;
  checkout_sessions: Session;
  refunds: Refund;
  disputes: Dispute;
  events: StripeEvent;
  webhook_endpoints: Endpoint;
}

export type TableName = keyof Tables;
export type AnyRow = Tables[TableName];

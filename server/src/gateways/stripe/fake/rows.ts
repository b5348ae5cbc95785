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

/** Up to and including that many units each costs so much; null: without end. */
export interface PriceTier {
  up_to: number | null;
  unit_amount: number;
}

export type Price = Row<
  Stripe.Price,
  Common | "active" | "currency" | "unit_amount" | "type" | "billing_scheme" | "tiers_mode" | "lookup_key"
> & {
  product: string;
  /** Null: sold once. */
  recurring: { interval: "month"; interval_count: number; usage_type: "licensed" } | null;
  /** Told only where somebody asks for them. */
  _tiers: PriceTier[] | null;
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
  _is_proration: boolean;
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
  | "hosted_invoice_url"
  | "invoice_pdf"
  | "next_payment_attempt"
  | "number"
  | "period_end"
  | "status"
  | "total"
> & {
  status_transitions: { finalized_at: number | null; paid_at: number | null };
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
  | "trial_end"
  | "trial_start"
> & {
  _price: string;
  _billing_scheme: Price["billing_scheme"];
  _quantity: number;
  /** Which period from the anchor it is in, counted from zero; before the first one is the trial. */
  _period: number;
  /** What the next invoice asks for or credits because the quantity changed within a period. */
  _prorations: InvoiceLine[];
};

export type Session = Row<
  Stripe.Checkout.Session,
  | Common
  | "amount_total"
  | "cancel_url"
  | "client_reference_id"
  | "currency"
  | "customer"
  | "invoice"
  | "mode"
  | "payment_intent"
  | "payment_status"
  | "status"
  | "subscription"
  | "success_url"
  | "url"
> & {
  customer_details: { email: string | null; name: string | null; phone: string | null };
  _price: string;
  _quantity: number;
  _subscription_metadata: Stripe.Metadata;
  _trial_days: number;
};

/** What customers may do on the portal's pages. */
export type PortalConfiguration = Row<
  Stripe.BillingPortal.Configuration,
  "id" | "object" | "created" | "livemode" | "active" | "is_default" | "metadata"
> & { features: Record<string, unknown> };

export type PortalSession = Row<
  Stripe.BillingPortal.Session,
  "id" | "object" | "created" | "livemode" | "customer" | "return_url" | "url"
> & { configuration: string };

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

/** Everything that an account holds; each table in the order in which it came about. */
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
  portal_configurations: PortalConfiguration;
  portal_sessions: PortalSession;
}

export type TableName = keyof Tables;
export type AnyRow = Tables[TableName];

import type { Clock } from "../../../platform/clock.ts";
import type { Instant } from "../../../rules/time/local-days.ts";

/** Objects as GoHighLevel writes them. */
export type Wire = Record<string, unknown>;

export interface FakeCompany {
  id: string;
  name: string;
  whitelabel_domain: string | null;
}

export interface FakeLocation {
  id: string;
  company_id: string;
  name: string;
  timezone: string;
  currency: string;
  /** False: paused by its agency, its tokens are refused. */
  is_active: boolean;
  is_installed: boolean;
  installed_at: Instant | null;
  contacts: Map<string, FakeContact>;
  custom_fields: Map<string, Wire & { id: string; name: string }>;
  calendars: Map<string, { id: string; name: string }>;
  appointments: Map<string, FakeAppointment>;
  products: Map<string, FakeProduct>;
  prices: Map<string, FakePrice>;
  orders: Map<string, FakeOrder>;
  invoices: Map<string, FakeInvoice>;
  transactions: Map<string, FakeTransaction>;
  subscriptions: Map<string, FakeSubscription>;
}

export interface FakeContact {
  id: string;
  firstName: string;
  lastName: string;
  email: string | null;
  phone: string | null;
  tags: string[];
  customFields: { id: string; value: unknown }[];
  dateAdded: string;
  dateUpdated: string;
}

export interface FakeAppointment {
  id: string;
  title: string;
  calendarId: string;
  contactId: string;
  appointmentStatus: string;
  startTime: string;
  endTime: string;
  dateAdded: string;
  dateUpdated: string;
}

export interface FakeProduct {
  _id: string;
  name: string;
  productType: string;
  createdAt: string;
  updatedAt: string;
}

export interface FakePrice {
  _id: string;
  product: string;
  name: string;
  type: "one_time" | "recurring";
  currency: string;
  amount: number;
  recurring?: { interval: "day" | "week" | "month" | "year"; intervalCount: number };
  createdAt: string;
  updatedAt: string;
}

export interface FakeLine {
  price_id: string;
  quantity: number;
}

export interface FakeOrder {
  _id: string;
  status: string;
  contactId: string;
  currency: string;
  amount: number;
  liveMode: boolean;
  source: { type: string; subType: string; id: string; name: string };
  lines: FakeLine[];
  createdAt: string;
  updatedAt: string;
}

export interface FakeInvoice {
  _id: string;
  invoiceNumber: string;
  status: string;
  contactId: string;
  currency: string;
  total: number;
  amountPaid: number;
  liveMode: boolean;
  lines: FakeLine[];
  createdAt: string;
  updatedAt: string;
}

export interface FakeTransaction {
  _id: string;
  contactId: string;
  mergedFromContactId?: string;
  currency: string;
  amount: number;
  amountRefunded: number;
  status: string;
  liveMode: boolean;
  entityType: "order" | "invoice";
  entityId: string;
  entitySourceType: string;
  entitySourceId: string;
  subscriptionId?: string;
  chargeId: string;
  chargeSnapshot: Wire;
  createdAt: string;
  updatedAt: string;
  /** When lists begin to show it. */
  visible_at: Instant;
}

export interface FakeSubscription {
  _id: string;
  subscriptionId: string;
  contactId: string;
  currency: string;
  amount: number;
  status: string;
  liveMode: boolean;
  entityId: string;
  price_id: string;
  subscriptionSnapshot: {
    id: string;
    object: "subscription";
    status: string;
    cancel_at_period_end: boolean;
    canceled_at: number | null;
    ended_at: number | null;
    current_period_start: number;
    current_period_end: number;
  };
  createdAt: string;
  updatedAt: string;
  canceledAt?: string;
  /** Periods begun; the k-th boundary is reckoned from the first start. */
  periods: number;
  first_start_at: Instant;
}

/** Everything that the fake GoHighLevel knows. Chance is seeded: the same commands make the same ids. */
export class World {
  readonly clock: Clock;
  readonly random: () => number;
  readonly companies = new Map<string, FakeCompany>();
  readonly locations = new Map<string, FakeLocation>();
  readonly users = new Map<string, Wire & { id: string }>();
  /** How long after a payment its transaction can be read. */
  transaction_delay_ms = 0;

  constructor(clock: Clock, seed: number) {
    this.clock = clock;
    this.random = seededRandom(seed);
  }

  now(): string {
    return new Date(this.clock.now()).toISOString();
  }

  /** An id as GoHighLevel and Stripe make them. */
  newId(prefix = ""): string {
    const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    let id = prefix;
    for (let i = 0; i < 20; i++) id += letters[Math.floor(this.random() * letters.length)] ?? "0";
    return id;
  }

  /** Version 4 in form, but from the seed. */
  newUuid(): string {
    const hex = Array.from({ length: 32 }, () => Math.floor(this.random() * 16).toString(16)).join("");
    return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `a${hex.slice(17, 20)}`, hex.slice(20)].join(
      "-",
    );
  }

  location(location_id: string): FakeLocation {
    const location = this.locations.get(location_id);
    if (!location) throw new Error(`the fake GoHighLevel has no location ${location_id}`);
    return location;
  }
}

/** What must be there; a mistake of the test that asks, else. */
export function known<T>(found: T | undefined, what: string): T {
  if (found === undefined) throw new Error(`the fake GoHighLevel has no ${what}`);
  return found;
}

/** Mulberry32: small, and the same everywhere. */
function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

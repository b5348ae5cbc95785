import type { Clock } from "../../../platform/clock.ts";
import type { AnyRow, StripeEvent, TableName, Tables } from "./rows.ts";

/** Seconds for which Stripe remembers what happened. */
const EVENTS_ARE_KEPT_SECONDS = 30 * 24 * 3600;

/** Something that the account was asked to do and cannot. */
class NoSuchObject extends Error {}

/** What an account holds, and what happened on it. */
export class FakeAccount {
  readonly is_live: boolean;
  readonly #clock: Clock;
  readonly #label: string;
  readonly #onEvent: (event: StripeEvent) => void;
  readonly #tables: { [name in TableName]: Map<string, Tables[name]> } = {
    customers: new Map(),
    products: new Map(),
    prices: new Map(),
    payment_intents: new Map(),
    charges: new Map(),
    invoices: new Map(),
    invoice_payments: new Map(),
    subscriptions: new Map(),
    checkout_sessions: new Map(),
    refunds: new Map(),
    disputes: new Map(),
    events: new Map(),
    webhook_endpoints: new Map(),
    portal_configurations: new Map(),
    portal_sessions: new Map(),
  };
  #count = 0;

  /** `label` stands in every id: two accounts in one test never share one. */
  constructor(options: { clock: Clock; is_live: boolean; label: string; onEvent: (event: StripeEvent) => void }) {
    this.#clock = options.clock;
    this.is_live = options.is_live;
    this.#label = options.label;
    this.#onEvent = options.onEvent;
  }

  /** Stripe counts seconds. */
  now(): number {
    return Math.floor(this.#clock.now() / 1000);
  }

  newId(prefix: string): string {
    this.#count += 1;
    return `${prefix}_${this.#label}${this.#count.toString(36).padStart(8, "0")}`;
  }

  /** The fields that nearly every object begins with. */
  begin<Name extends string>(prefix: string, object: Name) {
    return { id: this.newId(prefix), object, created: this.now(), livemode: this.is_live };
  }

  add<Name extends TableName>(table: Name, row: Tables[Name]): Tables[Name] {
    this.#tables[table].set(row.id, row);
    return row;
  }

  find<Name extends TableName>(table: Name, id: string): Tables[Name] | null {
    return this.#tables[table].get(id) ?? null;
  }

  get<Name extends TableName>(table: Name, id: string): Tables[Name] {
    const row = this.find(table, id);
    if (row === null) throw new NoSuchObject(`No such object in ${table}: '${id}'`);
    return row;
  }

  remove(table: TableName, id: string): void {
    this.#tables[table].delete(id);
  }

  all<Name extends TableName>(table: Name): Tables[Name][] {
    return [...this.#tables[table].values()];
  }

  /** Something happened to an object; what it looked like then stays in the event. */
  tell(type: string, object: AnyRow): void {
    const event = { ...this.begin("evt", "event"), type, _object: structuredClone(object) };
    for (const old of this.#tables.events.values()) {
      if (old.created >= event.created - EVENTS_ARE_KEPT_SECONDS) break;
      this.#tables.events.delete(old.id);
    }
    this.#onEvent(this.add("events", event));
  }
}

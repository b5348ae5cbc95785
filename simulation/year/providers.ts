import { FakeGhl, type FakeStudio } from "../../server/src/gateways/ghl/fake/fake-ghl.ts";
import { FakeStripe } from "../../server/src/gateways/stripe/fake/fake-stripe.ts";
import type { Clock } from "../../server/src/platform/clock.ts";
import type { Instant } from "../../server/src/rules/time/local-days.ts";
import { stripeHeaders } from "../../server/test/api/listening-server.ts";
import type { Calendar, Product } from "./acts.ts";
import { PRODUCTS, SOLD } from "./catalog.ts";
import { ZONE } from "./diary.ts";
import { Names } from "./names.ts";

/** Any number of calls: how a limit is kept is tested elsewhere, and a year is asked for in minutes. */
const NO_LIMIT = 1_000_000;

/** One delivery on its way: sent again and again until it is answered 2xx. */
export interface Delivery {
  provider: "ghl" | "stripe";
  body: string;
  /** Made when it is sent: Stripe's signature is good for five minutes of real time. */
  headers(): Record<string, string>;
}

/** Both providers of one studio, on a clock of their own; what they tell is collected until it is taken out. */
export class Providers {
  readonly clock: Clock & { at: Instant };
  readonly ghl: FakeGhl;
  readonly stripe: FakeStripe;
  readonly studio: FakeStudio;
  readonly names = new Names();
  readonly prices = new Map<Product, string>();
  readonly products: { ghl: Partial<Record<Product, string>>; stripe: Partial<Record<Product, string>> } = {
    ghl: {},
    stripe: {},
  };
  readonly calendars = {} as Record<Calendar, string>;
  api_bases = { ghl: "", stripe: "" };
  webhook_secret = "";
  #told: Delivery[] = [];

  constructor(begins_at: Instant) {
    const clock = { at: begins_at, now: () => clock.at };
    this.clock = clock;
    this.ghl = new FakeGhl({ clock, sends_by_itself: false });
    this.ghl.setWeather({ rate_limit: NO_LIMIT });
    this.stripe = new FakeStripe({ clock, label: "Year" });
    this.ghl.onDelivery = async ({ body, headers }) => {
      this.#told.push({ provider: "ghl", body, headers: () => headers });
      return 200;
    };
    this.stripe.onDelivery = async ({ body, headers: { "content-type": type = "" } }) => {
      const headers = () => ({ "content-type": type, ...stripeHeaders(body, this.webhook_secret) });
      this.#told.push({ provider: "stripe", body, headers });
      return 200;
    };
    this.studio = this.ghl.addLocation({ name: "Year Studio", timezone: ZONE });
    this.#stockUp();
  }

  async start(): Promise<void> {
    this.api_bases = { ghl: await this.ghl.start(), stripe: await this.stripe.start() };
  }

  async stop(): Promise<void> {
    await Promise.all([this.ghl.stop(), this.stripe.stop()]);
  }

  /** Takes out what was told since the last time, in the order in which it came about. */
  async takeTold(): Promise<Delivery[]> {
    await this.ghl.drain();
    await this.stripe.drain();
    const told = this.#told;
    this.#told = [];
    return told;
  }

  #stockUp(): void {
    const { desk, till } = this.studio;
    for (const name of ["yoga", "pilates", "reformer", "workshop"] as const)
      this.calendars[name] = desk.addCalendar(name);
    for (const product of PRODUCTS) {
      const { name, dollars, is_monthly, at } = SOLD[product];
      if (at === "ghl") {
        const id = till.addProduct(name);
        this.products.ghl[product] = id;
        const recurring = is_monthly ? { interval: "month" as const } : {};
        this.prices.set(product, till.addPrice(id, { amount: dollars, ...recurring }));
      } else if (at === "stripe") {
        const { id } = this.stripe.createProduct(name);
        this.products.stripe[product] = id;
        const unit_amount = Math.round(dollars * 100);
        this.prices.set(product, this.stripe.createPrice({ product: id, unit_amount, is_monthly }).id);
      }
    }
  }
}

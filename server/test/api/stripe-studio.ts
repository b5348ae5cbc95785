import { afterAll, beforeAll } from "vitest";
import { FakeStripe } from "../../src/gateways/stripe/fake/fake-stripe.ts";
import { ProviderConnections } from "../../src/jobs/events/connections.ts";
import { createTakeEvent } from "../../src/jobs/take-event.ts";
import { connectStripe, newStripeConnection } from "../../src/operations/connections/connect-stripe.ts";
import { settleEverywhere } from "../../src/operations/due/settle-dues.ts";
import { EventTaker } from "../../src/operations/events/event-taker.ts";
import type { TakeEvent } from "../../src/operations/events/stored-event.ts";
import { openLedger, type Ledger } from "../../src/operations/ledger.ts";
import { findLocation } from "../../src/operations/locations/find-location.ts";
import { systemClock } from "../../src/platform/clock.ts";
import { createLogger } from "../../src/platform/log.ts";
import { createLocation, sql } from "../support.ts";
import { useListeningServer } from "./listening-server.ts";

export const server = useListeningServer();
let ledger: Ledger;
const opened: FakeStripe[] = [];

beforeAll(() => {
  ledger = openLedger(server.db, systemClock, { batch: "mixed" });
});

afterAll(async () => {
  for (const fake of opened) await fake.stop();
});

interface Delivery {
  url: string;
  headers: Record<string, string>;
  body: string;
}

async function post({ url, headers, body }: Delivery): Promise<number> {
  return (await fetch(url, { method: "POST", headers, body })).status;
}

/** A studio without a CRM that listens to its Stripe account: a pack of ten and a membership of eight a month. */
export async function openStudio({ shape = "new" }: { shape?: "new" | "old" } = {}) {
  const fake = new FakeStripe({ clock: systemClock, is_live: true, seed: opened.length + 1 });
  fake.shape = shape;
  opened.push(fake);
  const api_base = await fake.start();
  const pack = fake.createPrice({ product: fake.createProduct("Ten classes").id, unit_amount: 5000 });
  const gold = fake.createPrice({ product: fake.createProduct("Gold").id, unit_amount: 9900, is_monthly: true });
  const location_id = await listeningLocation(fake, { pack: pack.id, gold: gold.product });
  const settings = { secrets: server.secrets, accounts: null, stripe_api_base: api_base };
  const take = createTakeEvent({
    db: server.db,
    ledger,
    clock: systemClock,
    log: createLogger("silent"),
    installations: null,
    connections: new ProviderConnections(server.db, settings),
  });
  return {
    fake,
    pack,
    gold,
    location_id,
    customer: (contact_id: string | null, email = `${contact_id}@example.test`) =>
      fake.createCustomer({ email, name: "Ann", metadata: contact_id === null ? {} : { contact_id } }).id,
    ...tellingOf(fake, take),
    ...booksOf(location_id),
  };
}

async function listeningLocation(fake: FakeStripe, { pack, gold }: { pack: string; gold: string }): Promise<string> {
  const made = await createLocation(server.db, {
    products: [
      { key: "pack", type: "package", credits_total: 10, calendars: ["yoga"], stripe_price_id: pack },
      { key: "gold", type: "membership", monthly_credits: 8, calendars: ["yoga"], stripe_product_id: gold },
    ],
  });
  const location = await findLocation(server.db, made.location_id);
  const connection = newStripeConnection();
  const { secret, endpoint_id } = fake.addEndpoint(`${server.base_url}/webhooks/stripe/${connection.url_key}`);
  await connectStripe(server.db, server.secrets, systemClock, location, connection, {
    mode: "webhook",
    is_live: true,
    restricted_key: fake.addKey(),
    webhook_secret: secret,
    webhook_endpoint_id: endpoint_id,
  });
  return location.location_id;
}

function tellingOf(fake: FakeStripe, take_event: TakeEvent) {
  const held: Delivery[] = [];
  const take = async () => {
    await new EventTaker(server.db, systemClock, take_event).drain();
    await settleEverywhere(server.db, ledger, systemClock);
  };
  return {
    /** Lets Stripe deliver, and takes all that came. */
    async tell() {
      await fake.drain();
      await take();
    },
    /** Lets through only deliveries of these types, and takes them; the others wait for `tellRest`. */
    async tellFirst(types: RegExp) {
      fake.onDelivery = async (delivery) => {
        const { type } = JSON.parse(delivery.body) as { type: string };
        if (types.test(type)) return post(delivery);
        held.push(delivery);
        return 200;
      };
      await fake.drain();
      await take();
    },
    async tellRest() {
      for (const delivery of held.splice(0)) await post(delivery);
      await take();
    },
  };
}

function booksOf(location_id: string) {
  return {
    async entriesOf(contact: string) {
      const rows = await sql<{ type: string; amount: number; source: string }>(
        server.db,
        `SELECT e.type, e.amount, e.source FROM ledger_entries e
         JOIN contacts c ON c.location_id = e.location_id AND c.id = e.contact_id
         WHERE c.location_id = $1 AND c.external_id = $2 ORDER BY e.entry_number`,
        [location_id, contact],
      );
      return rows.map(({ type, amount }) => `${type} ${amount}`);
    },
    payments: () =>
      sql<{ status: string; attention: string[]; items: { status: string; reason: string }[] }>(
        server.db,
        "SELECT status, attention, items FROM payment_events WHERE location_id = $1 ORDER BY paid_at, id",
        [location_id],
      ),
    async outcomes() {
      const rows = await sql<{ outcome: string }>(
        server.db,
        "SELECT DISTINCT status || ': ' || reason_code AS outcome FROM webhook_events WHERE location_id = $1",
        [location_id],
      );
      return rows.map(({ outcome }) => outcome).sort();
    },
  };
}

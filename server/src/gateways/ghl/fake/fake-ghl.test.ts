import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, describe, expect, test } from "vitest";
import { readWebhook, type GhlWebhook } from "../read-webhook.ts";
import { connectToFake } from "../testing-connection.ts";
import { isSignedBy, parsePublicKeys } from "../verify-signature.ts";
import { MAX_RETRIES, type OutgoingDelivery } from "./deliveries.ts";
import { FakeGhl, type FakeStudio } from "./fake-ghl.ts";

const DAY = 86_400_000;

/** A fake whose clock is set by hand and whose deliveries arrive in the process. */
function startStudio(answer: (sending: number) => number = () => 200) {
  const clock = { at: Date.parse("2026-01-05T09:00:00Z"), now: () => clock.at };
  const fake = new FakeGhl({ clock, seed: 7, sends_by_itself: false });
  const arrived: GhlWebhook[] = [];
  const raw: OutgoingDelivery[] = [];
  fake.onDelivery = async (delivery) => {
    const status = answer(raw.push(delivery));
    if (status === 200) arrived.push(readWebhook(JSON.parse(delivery.body), clock.at));
    return Promise.resolve(status);
  };
  return { clock, fake, arrived, raw, studio: fake.addLocation() };
}

describe("The fake tells what GoHighLevel would, signed", () => {
  test("each delivery is signed over its bytes, and read as what was done", async () => {
    const { fake, arrived, raw, studio } = startStudio();
    const contact_id = studio.desk.createContact({ email: "ada@example.com" });
    const price_id = studio.till.addPrice(studio.till.addProduct("Pack"), { amount: 19.99 });
    studio.till.sell(contact_id, [{ price_id, quantity: 2 }]);
    studio.till.payInvoice(studio.till.sendInvoice(contact_id, [{ price_id, quantity: 1 }]), { as_order: true });
    const appointment = studio.desk.book({
      contact_id,
      calendar_id: studio.desk.addCalendar("Yoga"),
      starts_at: Date.parse("2026-01-07"),
    });
    studio.desk.move(appointment, Date.parse("2026-01-08"));
    studio.desk.noShow(appointment);
    studio.desk.deleteAppointment(appointment);
    fake.install(studio.location_id);
    fake.uninstall(studio.location_id);
    await fake.drain();
    const keys = parsePublicKeys(fake.public_key);
    for (const { body, headers } of raw) {
      expect(await isSignedBy(keys, Buffer.from(body), headers["x-ghl-signature"])).toBe(true);
    }
    expect(arrived.map((told) => told.type)).toEqual(
      "ContactCreate ProductCreate PriceCreate OrderCreate OrderStatusUpdate InvoiceSent InvoicePaid OrderCreate OrderStatusUpdate AppointmentCreate AppointmentUpdate AppointmentUpdate AppointmentDelete INSTALL UNINSTALL".split(
        " ",
      ),
    );
    expect(arrived.some((told) => told.kind === "unreadable" || told.location_external_id !== studio.location_id)).toBe(
      false,
    );
    expect(arrived[4]).toMatchObject({ order: { payment: { status: "paid", amount_cents: 3998 } } });
  });

  test("an agency's install is told once for the agency and once for each location", async () => {
    const { fake, arrived, studio } = startStudio();
    fake.installForAgency(studio.company_id, [studio.location_id]);
    await fake.drain();
    expect(arrived).toMatchObject([
      { kind: "install", company_id: studio.company_id, location_external_id: null },
      { kind: "install", company_id: studio.company_id, location_external_id: studio.location_id },
    ]);
  });

  test("renewals, refunds and merges are not told as such", async () => {
    const { fake, arrived, studio } = startStudio();
    const [ada, twin] = [studio.desk.createContact(), studio.desk.createContact()];
    const price_id = studio.till.addPrice(studio.till.addProduct("Monthly"), { amount: 89, interval: "month" });
    const { subscription_id, transaction_id } = studio.subscriptions.subscribe(twin, price_id);
    await fake.drain();
    arrived.length = 0;
    studio.subscriptions.renew(subscription_id);
    studio.till.refund(transaction_id);
    studio.desk.mergeContacts({ from: twin, into: ada });
    await fake.drain();
    expect(arrived).toMatchObject([{ kind: "contact", contact: { contact_id: ada } }]);
  });

  test("periods are reckoned from the first, through short months", () => {
    const { clock, studio } = startStudio();
    clock.at = Date.parse("2026-01-31T10:00:00Z");
    const contact_id = studio.desk.createContact();
    const price_id = studio.till.addPrice(studio.till.addProduct("Monthly"), { amount: 89, interval: "month" });
    const { subscription_id } = studio.subscriptions.subscribe(contact_id, price_id);
    const ends = [0, 1].map(() => {
      const end = studio.subscriptions.periodEnd(subscription_id);
      studio.subscriptions.renew(subscription_id);
      return new Date(end).toISOString().slice(0, 10);
    });
    expect(ends).toEqual(["2026-02-28", "2026-03-31"]);
  });
});

describe("The fake's weather is as bad as it is set", () => {
  const createContacts = (studio: FakeStudio, count: number) => {
    for (let i = 0; i < count; i++) studio.desk.createContact({ email: `${i}@example.com` });
  };
  const emails = (told: GhlWebhook[]) => told.map((each) => (each.kind === "contact" ? each.contact.email : null));

  test("doubled: the same delivery twice, with one webhook id", async () => {
    const { fake, arrived, studio } = startStudio();
    fake.setWeather({ double: 1 });
    createContacts(studio, 3);
    await fake.drain();
    expect(arrived).toHaveLength(6);
    expect(new Set(arrived.map((told) => told.webhook_id)).size).toBe(3);
  });

  test("reordered: all arrive, not in order", async () => {
    const { fake, arrived, studio } = startStudio();
    fake.setWeather({ reorder: 0.5 });
    createContacts(studio, 20);
    await fake.drain();
    const sent = Array.from({ length: 20 }, (_, i) => `${i}@example.com`);
    expect(emails(arrived)).not.toEqual(sent);
    expect(new Set(emails(arrived))).toEqual(new Set(sent));
  });

  test("delayed: nothing before its time, all after it", async () => {
    const { fake, clock, arrived, studio } = startStudio();
    fake.setWeather({ delay_ms: 2 * DAY });
    createContacts(studio, 20);
    clock.at += DAY / 2;
    await fake.sendDue();
    expect(arrived.length).toBeLessThan(20);
    clock.at += 2 * DAY;
    await fake.sendDue();
    expect(arrived).toHaveLength(20);
  });

  test("what is answered other than 2xx is sent again until it is, or twelve times", async () => {
    const { fake, arrived, studio } = startStudio((sending) => (sending < 4 ? 503 : 200));
    createContacts(studio, 1);
    await fake.drain();
    expect(arrived).toHaveLength(1);
    expect(fake.deliveries[0]).toMatchObject({ status: "delivered", answers: [503, 503, 503, 200] });
    const deaf = startStudio(() => 500);
    createContacts(deaf.studio, 1);
    await deaf.fake.drain();
    expect(deaf.fake.deliveries[0]).toMatchObject({ status: "given_up" });
    expect(deaf.raw).toHaveLength(1 + MAX_RETRIES);
  });

  test("lost on the way: sent again", async () => {
    const { fake, arrived, studio } = startStudio();
    fake.setWeather({ lose: 0.5 });
    createContacts(studio, 30);
    await fake.drain();
    expect(new Set(emails(arrived)).size).toBe(30);
    expect(fake.deliveries.some(({ answers }) => answers[0] === 0)).toBe(true);
  });

  test("the same seed makes the same day", async () => {
    const days = [startStudio(), startStudio()];
    for (const { fake, studio } of days) {
      fake.setWeather({ double: 0.5, reorder: 0.5, delay_ms: 1000 });
      createContacts(studio, 20);
      await fake.drain();
    }
    expect(days[0]?.arrived).toEqual(days[1]?.arrived);
  });
});

test("a year of a studio runs in a moment", async () => {
  const { fake, clock, arrived, studio } = startStudio();
  const contact_id = studio.desk.createContact();
  const calendar_id = studio.desk.addCalendar("Yoga");
  for (let day = 0; day < 365; day++) {
    clock.at += DAY;
    const appointment = studio.desk.book({ contact_id, calendar_id, starts_at: clock.at + DAY });
    studio.desk.show(appointment);
    await fake.drain();
  }
  expect(arrived).toHaveLength(1 + 2 * 365);
});

test("a call without its token, version or place is refused as GoHighLevel refuses it", async () => {
  const { fake, app, studio, tokens } = await connectToFake();
  const ask = async (path: string, headers: Record<string, string>) => {
    return (await fetch(`${app.api_base}${path}`, { headers })).status;
  };
  const authorization = `Bearer ${tokens.access_token}`;
  const version = "2021-07-28";
  const path = "/payments/transactions";
  expect(await ask(`${path}?altId=${studio.location_id}&altType=location`, { authorization, version })).toBe(200);
  expect(await ask(`${path}?altId=${studio.location_id}`, { authorization, version })).toBe(422);
  expect(await ask(`${path}?altId=another&altType=location`, { authorization, version })).toBe(403);
  expect(await ask(`${path}?altId=${studio.location_id}&altType=location`, { authorization })).toBe(422);
  expect(await ask(`${path}?altId=${studio.location_id}&altType=location`, { version })).toBe(401);
  expect(await ask("/nothing", { authorization, version })).toBe(404);
  await fake.stop();
});

describe("Over HTTP", () => {
  let receiver: Server;
  let fake: FakeGhl;

  afterEach(async () => {
    await fake.stop();
    await new Promise((resolve) => receiver.close(resolve));
  });

  test("deliveries leave by themselves, byte for byte as signed", async () => {
    fake = new FakeGhl();
    const arrived = new Promise<{ body: string; signature: string }>((resolve) => {
      receiver = createServer((request, response) => {
        void text(request).then((body) => {
          resolve({ body, signature: String(request.headers["x-ghl-signature"]) });
          response.end();
        });
      });
    });
    await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
    await fake.start();
    fake.webhook_url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/webhooks/ghl`;
    fake.addLocation().desk.createContact({ first_name: "Zoë" });
    const { body, signature } = await arrived;
    expect(await isSignedBy(parsePublicKeys(fake.public_key), Buffer.from(body), signature)).toBe(true);
  });
});

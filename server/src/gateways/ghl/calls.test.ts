import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findAppointment, listAppointments, listCalendars } from "./calendars.ts";
import { findContact, findTwinContact, searchContacts, updateCustomFields } from "./contacts.ts";
import { createCustomField, listCustomFields } from "./custom-fields.ts";
import { findInstaller, findLocation, findUser, uninstallApp } from "./directory.ts";
import { exchangeCode, installedLocations, locationToken } from "./oauth.ts";
import { findInvoice, findOrder, listOrders } from "./orders.ts";
import { listPrices, listProducts } from "./products.ts";
import { readSubscription } from "./read-subscription.ts";
import { firstTransactions, readTransaction } from "./read-transaction.ts";
import { findSubscription, listSubscriptions } from "./subscriptions.ts";
import { connectToFake, type TestConnection } from "./testing-connection.ts";
import { contradictions, has_openapi } from "./testing-openapi.ts";
import { findTransaction, listTransactions } from "./transactions.ts";

let connection: TestConnection;
let location_id: string;
let contact_id: string;
const now = Date.now();
const DAY = 86_400_000;

beforeAll(async () => {
  connection = await connectToFake();
  connection.fake.setWeather({ rate_limit: null });
  ({ location_id } = connection.studio);
  contact_id = connection.studio.desk.createContact({ email: "Ada@example.com", phone: "+12125550123" });
});

afterAll(async () => {
  await connection.fake.stop();
});

describe("Each call brings what GoHighLevel holds", () => {
  test("products and prices, all pages of them", async () => {
    const { till } = connection.studio;
    const product_id = till.addProduct("Packs");
    for (let i = 0; i < 120; i++) till.addPrice(product_id, { name: `Price ${i}`, amount: 19.99 });
    till.addPrice(product_id, { name: "Monthly", amount: 89, interval: "month" });
    expect(await listProducts(connection.ghl, location_id)).toMatchObject([{ product_id, name: "Packs" }]);
    const prices = await listPrices(connection.ghl, location_id, product_id);
    expect(prices).toHaveLength(121);
    expect(prices.at(-1)).toMatchObject({ product_id, amount_cents: 8900, price_type: "recurring", interval: "month" });
  });

  test("calendars and appointments", async () => {
    const { desk } = connection.studio;
    const calendar_id = desk.addCalendar("Yoga");
    const id = desk.book({ contact_id, calendar_id, starts_at: now + DAY });
    desk.cancel(id);
    expect(await listCalendars(connection.ghl, location_id)).toMatchObject([{ calendar_id, is_active: true }]);
    const booking = await findAppointment(connection.ghl, id, now);
    expect(booking).toMatchObject({ external_id: id, status: "cancelled", starts_at: now + DAY });
    const range = { location_id, calendar_id, from: now, to: now + 2 * DAY };
    expect(await listAppointments(connection.ghl, range, now)).toEqual([booking]);
    expect(await listAppointments(connection.ghl, { ...range, to: now + DAY }, now)).toEqual([]);
    desk.deleteAppointment(id);
    expect(await findAppointment(connection.ghl, id, now)).toBeNull();
  });

  test("contacts, by id, e-mail and phone, and their fields, written under another name than read", async () => {
    const { ghl } = connection;
    const field = await createCustomField(ghl, location_id, { name: "Kotally balance", data_type: "NUMERICAL" });
    expect(await listCustomFields(ghl, location_id)).toEqual([field]);
    expect(await updateCustomFields(ghl, contact_id, [{ field_id: field.field_id, value: 12 }])).toBe(true);
    const contact = await findContact(ghl, contact_id);
    expect(contact).toMatchObject({ name: "Ada Moss", custom_fields: [{ field_id: field.field_id, value: "12" }] });
    expect(await findTwinContact(ghl, { location_id, email: "ada@example.com" })).toMatchObject({ contact_id });
    expect(await findTwinContact(ghl, { location_id, phone: "+1" })).toBeNull();
    const found = await searchContacts(ghl, { location_id, field: "phone", value: "+12125550123" });
    expect(found).toMatchObject([{ contact_id }]);
    expect(await updateCustomFields(ghl, "gone", [])).toBe(false);
    expect(await searchContacts(ghl, { location_id, field: "email", value: "nobody@example.com" })).toEqual([]);
  });

  test("orders and invoices with their items, transactions by what was paid", async () => {
    const { till } = connection.studio;
    const price_id = till.addPrice(till.addProduct("Pack"), { amount: 45.5 });
    const { order_id, transaction_id } = till.sell(contact_id, [{ price_id, quantity: 2 }]);
    const order = await findOrder(connection.ghl, location_id, order_id, now);
    expect(order).toMatchObject({
      payment: { status: "paid", amount_cents: 9100, items: [{ quantity: 2, amount_cents: 9100 }] },
    });
    expect(await listOrders(connection.ghl, { location_id, contact_id, from: now, to: now }, now)).toMatchObject([
      { order_id },
    ]);
    till.refund(transaction_id ?? "", 45.5);
    const [transaction] = await listTransactions(connection.ghl, { location_id, entity_id: order_id });
    expect(transaction).toMatchObject({
      transaction_id,
      amount_cents: 9100,
      refunded_cents: 4550,
      contact_name: "Ada Moss",
    });
    expect(await findTransaction(connection.ghl, location_id, transaction_id ?? "")).toEqual(transaction);
    const between = async (from: number, to: number) => listTransactions(connection.ghl, { location_id, from, to });
    expect(await between(now, now)).toEqual([transaction]);
    expect(await between(now + 3 * DAY, now + 9 * DAY)).toEqual([]);
    expect(await between(now - 9 * DAY, now - 3 * DAY)).toEqual([]);
    till.refund(transaction_id ?? "");
    const refunded = await findTransaction(connection.ghl, location_id, transaction_id ?? "");
    expect(refunded).toMatchObject({ status: "refunded", refunded_cents: 9100 });

    const invoice_id = till.sendInvoice(contact_id, [{ price_id, quantity: 1 }]);
    till.payInvoice(invoice_id);
    expect(await findInvoice(connection.ghl, location_id, invoice_id, now)).toMatchObject({
      status: "paid",
      payment: { amount_cents: 4550, contact: { external_id: contact_id } },
    });
    expect(await findInvoice(connection.ghl, location_id, "gone", now)).toBeNull();
  });

  test("a subscription, its renewals and its failures, which no event tells of", async () => {
    const { till, subscriptions } = connection.studio;
    const price_id = till.addPrice(till.addProduct("Monthly"), { amount: 89, interval: "month" });
    const { subscription_id, order_id, transaction_id } = subscriptions.subscribe(contact_id, price_id);
    const first_end = subscriptions.periodEnd(subscription_id);
    const failed = subscriptions.failRenewal(subscription_id);
    const renewed = subscriptions.renew(subscription_id);
    const transactions = await listTransactions(connection.ghl, { location_id, subscription_id });
    expect(transactions.map((each) => each.transaction_id)).toEqual([renewed, failed, transaction_id]);
    expect([...firstTransactions(transactions)]).toEqual([transaction_id]);
    const told = transactions.map((each) => readTransaction(each, { seen_at: now }));
    expect(told.map(({ status }) => status)).toEqual(["paid", "failed", "paid"]);
    expect(told[0]?.period).toEqual({ start_at: first_end, end_at: subscriptions.periodEnd(subscription_id) });
    subscriptions.cancel(subscription_id, { at_period_end: true });
    const [subscription] = await listSubscriptions(connection.ghl, { location_id, order_id });
    expect(readSubscription(subscription!, now)).toMatchObject({
      status: "ending",
      ends_at: subscriptions.periodEnd(subscription_id),
    });
    expect(await findSubscription(connection.ghl, location_id, subscription!.record_id)).toEqual({
      ...subscription,
      contact_email: null,
      contact_name: null,
    });
  });

  test("the location, a user, the installer, and an end to it", async () => {
    const { fake, ghl, app } = connection;
    expect(await findLocation(ghl, location_id)).toMatchObject({ timezone: "America/New_York", name: "Studio" });
    const user_id = fake.addUser({ name: "Bea", location_ids: [location_id] });
    expect(await findUser(ghl, user_id)).toMatchObject({ name: "Bea", role: "admin", location_ids: [location_id] });
    expect(await findInstaller(ghl, fake.app_id)).toMatchObject({ company_name: "Agency", is_whitelabel: false });
    const company_id = fake.addCompany();
    const other = fake.addLocation({ company_id });
    const agency = await exchangeCode(
      app,
      { now: Date.now },
      { code: fake.installForAgency(company_id, [other.location_id]) },
    );
    await installedLocations(app, agency);
    await locationToken(app, { now: Date.now }, { ...agency, location_id: other.location_id });
    expect(await uninstallApp(ghl, fake.app_id, { location_id, reason: "test" })).toBe(true);
    expect(fake.world.location(location_id).is_installed).toBe(false);
  });
});

describe.skipIf(!has_openapi)("Every request of these is one that GoHighLevel's own description allows", () => {
  test("path, query, headers and body", () => {
    expect(connection.fake.requests.length).toBeGreaterThan(25);
    expect(connection.fake.requests.flatMap((request) => contradictions(request))).toEqual([]);
  });

  test("what it does not allow is seen", () => {
    const version = "2021-07-28";
    const request = { method: "GET", path: "/payments/orders", query: {}, headers: { version }, body: "", status: 200 };
    expect(contradictions({ ...request, query: { altId: "a" } })).toEqual([]);
    expect(contradictions({ ...request, headers: {}, query: { altID: "a", limit: "ten" } })).toHaveLength(4);
    expect(contradictions({ ...request, path: "/payments/order" })).toHaveLength(1);
    const json = { version, "content-type": "application/json" };
    const contact = { ...request, method: "PUT", path: "/contacts/c1", headers: json };
    expect(contradictions({ ...contact, body: '{"customFields":[{"id":"f1","field_value":"7"}]}' })).toEqual([]);
    expect(contradictions({ ...contact, body: '{"customFields":[{"id":"f1","field_value":7}]}' })).toHaveLength(1);
    expect(contradictions({ ...contact, body: '{"custom_fields":[]}' })).toHaveLength(1);
    expect(
      contradictions({ ...contact, headers: { version: "2021-04-15", "content-type": "text/plain" }, body: "x" }),
    ).toHaveLength(2);
  });
});

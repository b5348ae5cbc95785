import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { findAppointment, listAppointments, listCalendars } from "./calendars.ts";
import { GhlClient, pathTo } from "./client.ts";
import { findContact, findTwinContact, searchContacts } from "./contacts.ts";
import { createCustomField } from "./custom-fields.ts";
import { findInstaller, findLocation, findUser, uninstallApp } from "./directory.ts";
import { findOrder, listOrders } from "./orders.ts";
import { listProducts } from "./products.ts";
import { RequestBudget } from "./request-budget.ts";
import { findSubscription } from "./subscriptions.ts";
import { connectToFake, handClock, type HandClock, type TestConnection } from "./testing-connection.ts";
import { findTransaction } from "./transactions.ts";

let clock: HandClock;
let connection: TestConnection;

beforeEach(async () => {
  clock = handClock("2026-03-02T10:00:00Z");
  connection = await connectToFake({ clock });
});

afterEach(async () => {
  await connection.fake.stop();
});

const callsSince = (count: number) => connection.fake.requests.slice(count);

describe("A token that is refused is refreshed once, and the call made again", () => {
  test("after its day is over", async () => {
    const { ghl, studio } = connection;
    clock.at += 86_400_000;
    expect(await listCalendars(ghl, studio.location_id)).toEqual([]);
    expect(connection.refreshes()).toBe(1);
  });

  test("one that is refused afresh is not refreshed again", async () => {
    connection.fake.setWeather({ expired_rate: 1 });
    const calls = listCalendars(connection.ghl, connection.studio.location_id);
    await expect(calls).rejects.toMatchObject({ kind: "unauthorised" });
    expect(connection.refreshes()).toBe(1);
  });
});

describe("What fails for a moment is tried again, with growing pauses", () => {
  test("up to four times", async () => {
    const { fake, ghl, studio, pauses } = connection;
    fake.setWeather({ fail_rate: 1 });
    const before = fake.requests.length;
    await expect(listCalendars(ghl, studio.location_id)).rejects.toMatchObject({ kind: "unavailable", status: 500 });
    expect(callsSince(before)).toHaveLength(4);
    expect(pauses).toEqual([250, 500, 1000]);
  });

  test("a question is repeated though it is asked by POST", async () => {
    const { fake, ghl, studio } = connection;
    fake.setWeather({ fail_rate: 1 });
    const before = fake.requests.length;
    const search = searchContacts(ghl, { location_id: studio.location_id, field: "phone", value: "+1" });
    await expect(search).rejects.toMatchObject({ kind: "unavailable" });
    expect(callsSince(before)).toHaveLength(4);
  });

  test("but never what would then be done twice", async () => {
    const { fake, ghl, studio } = connection;
    fake.setWeather({ fail_rate: 1 });
    const before = fake.requests.length;
    const call = createCustomField(ghl, studio.location_id, { name: "Credits", data_type: "NUMERICAL" });
    await expect(call).rejects.toMatchObject({ kind: "unavailable" });
    expect(callsSince(before)).toHaveLength(1);
  });

  test("a call that was too many waits for the interval, and is made again even where it creates", async () => {
    const { fake, ghl, studio, pauses } = connection;
    fake.setWeather({ rate_limit: 1 });
    await listCalendars(ghl, studio.location_id);
    const field = await createCustomField(ghl, studio.location_id, { name: "Credits", data_type: "NUMERICAL" });
    expect(field.field_key).toBe("contact.credits");
    expect(Math.max(...pauses)).toBeGreaterThanOrEqual(10_000);
  });
});

describe("An answer is read as far as it can be", () => {
  let server: Server;
  let answer: { status: number; body: string; headers?: Record<string, string> };
  let ghl: GhlClient;

  beforeEach(async () => {
    server = createServer((_, response) => {
      response.writeHead(answer.status, { "content-type": "application/json", ...answer.headers }).end(answer.body);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    ghl = new GhlClient({
      api_base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      access_token: async () => Promise.resolve("token"),
      on_unauthorised: async () => Promise.reject(new Error("no refresh was expected")),
      budget: new RequestBudget(clock),
    });
  });

  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  test("an odd field is null, an object without an id is left out, the page lives", async () => {
    const products = [
      { _id: "p1", name: 7, updatedAt: {} },
      { name: "no id" },
      "?",
      null,
      { _id: "p2", name: "Packs", extra: 1 },
    ];
    answer = { status: 200, body: JSON.stringify({ products, total: [{ total: 5 }] }) };
    expect(await listProducts(ghl, "loc")).toEqual([
      { product_id: "p1", name: null, product_type: null, updated_at: null },
      { product_id: "p2", name: "Packs", product_type: null, updated_at: null },
    ]);
  });

  test("a list that does not end is given up with a reason", async () => {
    const products = Array.from({ length: 1000 }, (_, i) => ({ _id: `p${i}` }));
    answer = { status: 200, body: JSON.stringify({ products, total: [{ total: 1e9 }] }) };
    await expect(listProducts(ghl, "loc")).rejects.toMatchObject({ kind: "unreadable" });
  });

  test.each(["", "<html>", "null", "[]", "{}", '{"products":{}}'])(
    "a list that is none is no empty list: %s",
    async (body) => {
      answer = { status: 200, body };
      await expect(listProducts(ghl, "loc")).rejects.toMatchObject({ kind: "unreadable" });
    },
  );

  test("what is not there is null, and what has no scope needs no refresh", async () => {
    answer = { status: 404, body: "{}" };
    expect(await findContact(ghl, "gone")).toBeNull();
    expect(await findAppointment(ghl, "gone", 1)).toBeNull();
    expect(await findSubscription(ghl, "loc1", "gone")).toBeNull();
    expect(await findTransaction(ghl, "loc1", "gone")).toBeNull();
    expect(await findOrder(ghl, "loc1", "gone", 1)).toBeNull();
    expect(await findUser(ghl, "gone")).toBeNull();
    expect(await uninstallApp(ghl, "app", { location_id: "loc1", reason: "gone" })).toBe(false);
    answer = { status: 401, body: '{"message":"The token is not authorized for this scope."}' };
    await expect(findContact(ghl, "c1")).rejects.toMatchObject({ kind: "forbidden" });
  });

  test("an appointment is read under either name, and a deleted one is deleted", async () => {
    const told = {
      id: "a1",
      contactId: "c1",
      calendarId: "k1",
      appointmentStatus: "No_Show",
      startTime: "2026-03-05T09:00:00-05:00",
    };
    answer = { status: 200, body: JSON.stringify({ appointment: told }) };
    expect(await findAppointment(ghl, "a1", 7)).toMatchObject({ status: "noshow", updated_at: 7, ends_at: null });
    answer = { status: 200, body: JSON.stringify({ event: { ...told, deleted: true } }) };
    expect(await findAppointment(ghl, "a1", 7)).toMatchObject({ status: "deleted" });
  });

  test("an installer, a location and a user are read though most is missing", async () => {
    answer = { status: 200, body: '{"installationDetails":{"companyId":"co1","whitelabelDetails":7}}' };
    const nothing = { company_name: null, company_email: null, is_whitelabel: false, whitelabel_domain: null };
    expect(await findInstaller(ghl, "app")).toEqual({ company_id: "co1", ...nothing });
    answer = { status: 200, body: '{"location":{"id":"loc1","timezone":[]}}' };
    expect(await findLocation(ghl, "loc1")).toMatchObject({ location_id: "loc1", timezone: null });
    answer = { status: 200, body: '{"id":"u1","roles":{"locationIds":"all"}}' };
    expect(await findUser(ghl, "u1")).toMatchObject({ user_id: "u1", role: null, location_ids: [] });
    answer = { status: 200, body: "{}" };
    await expect(findLocation(ghl, "loc1")).rejects.toMatchObject({ kind: "unreadable" });
    await expect(findOrder(ghl, "loc1", "o1", 1)).rejects.toMatchObject({ kind: "unreadable" });
  });

  test("a calendar is active unless it says that it is not, and its odd events are left out", async () => {
    answer = { status: 200, body: '{"calendars":[{"id":"k1"},{"id":"k2","isActive":false},{"name":"?"}]}' };
    expect(await listCalendars(ghl, "loc1")).toMatchObject([
      { calendar_id: "k1", is_active: true },
      { calendar_id: "k2", is_active: false },
    ]);
    const event = {
      id: "a1",
      contactId: "c1",
      calendarId: "k1",
      appointmentStatus: "new",
      startTime: 1_772_700_000_000,
    };
    answer = { status: 200, body: JSON.stringify({ events: [event, { ...event, contactId: null }, 7] }) };
    const range = { location_id: "loc1", calendar_id: "k1", from: 0, to: 1 };
    expect(await listAppointments(ghl, range, 9)).toMatchObject([{ external_id: "a1", updated_at: 9 }]);
  });

  test("of a list of orders, one that cannot be read is left out", async () => {
    answer = { status: 200, body: '{"data":[{"_id":"o1"},{"status":"completed"}],"totalCount":2}' };
    expect(await listOrders(ghl, { location_id: "loc" }, 1)).toMatchObject([{ order_id: "o1" }]);
  });

  test("a wait longer than anyone would wait is told, not waited", async () => {
    answer = { status: 429, body: "{}", headers: { "retry-after": "3600" } };
    const calls = listProducts(ghl, "loc");
    await expect(calls).rejects.toMatchObject({ kind: "rate_limited", status: 429, retry_after_ms: 3_600_000 });
  });

  test("an answer without end is not read to its end", async () => {
    answer = { status: 200, body: `"${"x".repeat(20_000_001)}"` };
    await expect(findContact(ghl, "c1")).rejects.toMatchObject({ kind: "unreadable" });
  });

  test("appointments that cannot be read say so where one was asked for", async () => {
    answer = { status: 200, body: '{"event":{"id":"a1"}}' };
    await expect(findAppointment(ghl, "a1", 1)).rejects.toMatchObject({ kind: "unreadable" });
    const range = { location_id: "loc1", calendar_id: "k1", from: 0, to: 1 };
    await expect(listAppointments(ghl, range, 1)).rejects.toMatchObject({ kind: "unreadable" });
    await expect(listCalendars(ghl, "loc1")).rejects.toMatchObject({ kind: "unreadable" });
  });

  test("no twin is no contact", async () => {
    for (const body of ['{"contact":null}', "{}", '{"contact":{"name":"?"}}', '{"contact":5}']) {
      answer = { status: 200, body };
      expect(await findTwinContact(ghl, { location_id: "loc", email: "a@example.com" })).toBeNull();
    }
  });

  test("no token and no query of ours is in an error's words", async () => {
    answer = { status: 422, body: '{"message":["altId must be a string"]}' };
    const error = await listProducts(ghl, "secret-location").catch((refused: unknown) => refused);
    expect(String(error)).toBe("GhlError: GET /products/: 422 altId must be a string");
  });
});

test("an id stays in its place in the path", () => {
  expect(pathTo("/contacts/{}", "a/../b?c")).toBe("/contacts/a%2F..%2Fb%3Fc");
  for (const odd of ["", ".", ".."]) expect(() => pathTo("/contacts/{}", odd)).toThrow(/no id/);
});

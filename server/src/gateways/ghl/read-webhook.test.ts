import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readWebhook, type GhlWebhook } from "./read-webhook.ts";
import { sample_events, sample_location } from "./sample-events.ts";

const seen_at = Date.parse("2026-03-02T14:00:05Z");
const told_at = Date.parse("2026-03-02T14:00:02Z");
const updated_at = Date.parse("2026-03-02T14:00:00Z");
const read = (body: unknown): GhlWebhook => readWebhook(body, seen_at);

const { AppointmentCreate, OrderCreate, OrderStatusUpdate, InvoicePaid, PriceCreate, LocationUpdate } = sample_events;

describe("Every kind of event is read into what it says", () => {
  test.each([
    ["INSTALL", { kind: "install", company_id: "GNb7aIv4rQFVb9iwNl5K", whitelabel_domain: "app.agency.example" }],
    ["UNINSTALL", { kind: "uninstall" }],
    ["AppointmentCreate", { kind: "booking", booking: { status: "confirmed" } }],
    ["AppointmentUpdate", { kind: "booking", booking: { status: "showed" } }],
    ["AppointmentDelete", { kind: "booking_deleted_hint", external_id: "0007BWpSzSwfiuSl0tR2" }],
    ["ContactCreate", { kind: "contact", contact: { name: "Ada Moss", tags: ["member"] } }],
    ["ContactUpdate", { kind: "contact", contact: { custom_fields: [{ value: "7" }] } }],
    ["ContactDelete", { kind: "contact_deleted", contact_external_id: "nmFmQEsNgz6AVpgLVUJ0" }],
    ["OrderCreate", { kind: "order", order: { payment: { status: "pending" } } }],
    ["OrderStatusUpdate", { kind: "order", order: { payment: { status: "paid", amount_cents: 15_010 } } }],
    ["InvoicePaid", { kind: "invoice", invoice: { payment: { status: "paid", amount_cents: 3998 } } }],
    ["ProductUpdate", { kind: "product", product: { name: "Class packs" }, is_deleted: false }],
    ["PriceCreate", { kind: "price", price: { amount_cents: 8900, interval: "month", interval_count: 1 } }],
    ["LocationUpdate", { kind: "location", name: "Studio" }],
    ["OpportunityCreate", { kind: "opportunity", opportunity: { status: "open", name: "Trial class" } }],
    ["NoteCreate", { kind: "ignored" }],
  ] as const)("%s", (name, facts) => {
    const envelope = {
      type: name,
      webhook_id: "419185eb-e937-4402-b9b1-1fd4a62fda90",
      location_external_id: sample_location,
      told_at,
    };
    expect(read(sample_events[name])).toMatchObject({ ...envelope, ...facts });
  });

  test("a booking says who, where and when, and its update time is the appointment's own", () => {
    expect(read(AppointmentCreate)).toMatchObject({
      booking: {
        external_id: "0007BWpSzSwfiuSl0tR2",
        contact_external_id: "nmFmQEsNgz6AVpgLVUJ0",
        calendar_id: "BqTwX8QFwXzpegMve9EQ",
        starts_at: Date.parse("2026-03-05T14:00:00Z"),
        ends_at: Date.parse("2026-03-05T15:00:00Z"),
        added_at: updated_at,
        updated_at,
      },
    });
  });
});

describe("The quirks of real deliveries do no harm", () => {
  const without = (body: Record<string, unknown>, ...names: string[]) =>
    Object.fromEntries(Object.entries(body).filter(([name]) => !names.includes(name)));

  test("the location is found in altId, in the appointment, or in the location's own id", () => {
    expect(read(without(InvoicePaid, "locationId")).location_external_id).toBe(sample_location);
    const appointment = { ...AppointmentCreate.appointment, locationId: "inside" };
    expect(read({ ...without(AppointmentCreate, "locationId"), appointment }).location_external_id).toBe("inside");
    expect(read(without(LocationUpdate, "locationId")).location_external_id).toBe(sample_location);
    expect(read({ ...without(InvoicePaid, "locationId"), altType: "company" }).location_external_id).toBeNull();
  });

  test("an event without a type is known by its fields", () => {
    expect(read(without(InvoicePaid, "type"))).toMatchObject({ kind: "invoice", type: "InvoicePaid" });
    expect(read(without(OrderStatusUpdate, "type"))).toMatchObject({ kind: "order" });
    expect(read(without(AppointmentCreate, "type"))).toMatchObject({ kind: "booking" });
    expect(read(without(PriceCreate, "type"))).toMatchObject({ kind: "price", price: { price_type: "recurring" } });
    expect(read(without(sample_events.ProductUpdate, "type"))).toMatchObject({ kind: "product" });
  });

  test("a price's own type is not taken for the event's", () => {
    const price = { ...without(PriceCreate, "priceType"), type: "one_time" };
    expect(read(price)).toMatchObject({ kind: "price", type: "PriceUpdate", price: { price_type: "one_time" } });
    const monthly = { ...price, type: "recurring" };
    expect(read(monthly)).toMatchObject({ kind: "price", type: "PriceUpdate", price: { price_type: "recurring" } });
    expect(read({ amount: 5, note: "no price" })).toMatchObject({ kind: "ignored", type: "unknown" });
  });

  test("an install names a location, an agency, or nothing that could be installed", () => {
    const { companyId, ...of_location } = sample_events.INSTALL;
    const { locationId, ...of_agency } = sample_events.INSTALL;
    expect(read(of_location)).toMatchObject({ kind: "install", location_external_id: locationId, company_id: null });
    expect(read(of_agency)).toMatchObject({ kind: "install", location_external_id: null, company_id: companyId });
    expect(read({ type: "INSTALL" })).toMatchObject({ kind: "unreadable" });
  });

  test("a booking without an update time has the delivery's", () => {
    const appointment = without(AppointmentCreate.appointment, "dateUpdated");
    expect(read({ ...AppointmentCreate, appointment })).toMatchObject({ booking: { updated_at: told_at } });
  });

  test("a deletion hints at its appointment, with its last state as far as that can be read", () => {
    const { AppointmentDelete } = sample_events;
    expect(read(AppointmentDelete)).toMatchObject({ booking: { status: "confirmed", updated_at } });
    const bare = { ...AppointmentDelete, appointment: { id: "a1" } };
    expect(read(bare)).toMatchObject({ kind: "booking_deleted_hint", external_id: "a1", booking: null });
    expect(read({ ...AppointmentDelete, appointment: {} })).toMatchObject({ kind: "unreadable" });
  });

  test("an install is one under either of its names", () => {
    expect(read({ ...sample_events.INSTALL, type: "AppInstall" })).toMatchObject({ kind: "install", type: "INSTALL" });
    expect(read({ ...sample_events.UNINSTALL, type: "AppUninstall" })).toMatchObject({ kind: "uninstall" });
  });

  test("facts inside `data` are read as if they were flat", () => {
    const { type, webhookId, ...data } = OrderStatusUpdate;
    expect(read({ type, webhookId, data })).toMatchObject({ kind: "order", location_external_id: sample_location });
  });

  test("where no timestamp is told, the update time of the object is", () => {
    expect(read(without(AppointmentCreate, "timestamp")).told_at).toBe(updated_at);
    expect(read(without(OrderStatusUpdate, "timestamp")).told_at).toBe(updated_at);
    const appointment = { ...AppointmentCreate.appointment, dateUpdated: null, dateAdded: "2026-03-02T14:00:00Z" };
    expect(read({ ...without(AppointmentCreate, "timestamp"), appointment }).told_at).toBe(updated_at);
    expect(read(without(sample_events.ContactCreate, "timestamp")).told_at).toBeNull();
  });

  test("an appointment without a contact is nobody's booking", () => {
    const appointment = { ...AppointmentCreate.appointment, contactId: null };
    expect(read({ ...AppointmentCreate, appointment })).toMatchObject({ kind: "ignored" });
  });

  test("a status that nobody knows is not guessed", () => {
    const appointment = { ...AppointmentCreate.appointment, appointmentStatus: "tentative" };
    expect(read({ ...AppointmentCreate, appointment })).toMatchObject({
      kind: "unreadable",
      reason: 'appointment.appointmentStatus: "tentative" is unknown',
    });
  });

  test("an order for an invoice carries the invoice's id, so that both are one payment", () => {
    const told = read({ ...OrderStatusUpdate, source: { type: "invoice", id: InvoicePaid._id } });
    expect(told).toMatchObject({
      order: { payment: { keys: [{ key: OrderStatusUpdate._id }, { provider: "ghl", key: InvoicePaid._id }] } },
    });
  });

  test("a free order is paid once it is completed", () => {
    for (const [told, status] of [
      [OrderCreate, "pending"],
      [OrderStatusUpdate, "paid"],
    ] as const) {
      expect(read({ ...told, amount: 0 })).toMatchObject({ order: { payment: { status, amount_cents: 0 } } });
    }
  });

  test("a test payment is told apart, and what does not say is live", () => {
    expect(read({ ...OrderStatusUpdate, liveMode: false })).toMatchObject({ order: { payment: { is_live: false } } });
    expect(read(without(OrderStatusUpdate, "liveMode"))).toMatchObject({ order: { payment: { is_live: true } } });
  });

  test("a quantity that nobody can buy makes the order wait for a person", () => {
    const [item] = OrderStatusUpdate.items;
    for (const qty of [0, -1, 1.5, "two", {}]) {
      expect(read({ ...OrderStatusUpdate, items: [{ ...item, qty }] })).toMatchObject({ kind: "unreadable" });
    }
  });
});

describe("Whatever JSON comes, reading it does not throw", () => {
  test("what is no object is unreadable and names no location", () => {
    expect(read([])).toEqual({
      kind: "unreadable",
      reason: "the body is not a JSON object",
      type: "unknown",
      webhook_id: null,
      location_external_id: null,
      company_id: null,
      told_at: null,
    });
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.double(), fc.boolean(), fc.constant(null), fc.array(fc.jsonValue())),
        (body) => {
          expect(read(body)).toMatchObject({ kind: "unreadable", location_external_id: null });
        },
      ),
    );
  });

  test("known events with any field replaced by anything are read, ignored or unreadable", () => {
    const events = fc.constantFrom(...Object.values(sample_events).map((event) => JSON.stringify(event)));
    fc.assert(
      fc.property(events, fc.nat(), fc.jsonValue(), (text, at, value) => {
        const body = JSON.parse(text) as Record<string, unknown>;
        replaceOne(body, at, value);
        expect(read(body).kind).toBeTypeOf("string");
      }),
      { numRuns: 1000 },
    );
  });

  test("any object at all", () => {
    const names = fc.constantFrom(
      "type",
      "_id",
      "id",
      "items",
      "appointment",
      "data",
      "amount",
      "invoiceItems",
      "product",
    );
    fc.assert(
      fc.property(fc.dictionary(names, fc.jsonValue()), (body) => {
        expect(read(body).kind).toBeTypeOf("string");
      }),
    );
  });

  test("no text that PostgreSQL cannot keep comes through", () => {
    const told = JSON.stringify(read({ ...sample_events.ContactCreate, name: "A\u0000da \uD800", email: "\u0000" }));
    expect(told).not.toMatch(/\\u0000|\\ud800/i);
  });
});

/** Replaces the `at`-th value of the tree, counted round. */
function replaceOne(root: Record<string, unknown>, at: number, value: unknown): void {
  const places: [Record<string, unknown>, string][] = [];
  const walk = (node: unknown): void => {
    if (typeof node !== "object" || node === null) return;
    for (const [name, child] of Object.entries(node)) {
      places.push([node as Record<string, unknown>, name]);
      walk(child);
    }
  };
  walk(root);
  const [parent, name] = places[at % places.length]!;
  parent[name] = value;
}

import { describe, expect, test } from "vitest";
import { systemClock } from "../../src/platform/clock.ts";
import { HOUR } from "../../src/rules/time/local-days.ts";
import { sql } from "../support.ts";
import { database, fake } from "./ghl-installations.ts";
import { openGhlStudio, tell } from "./ghl-studio.ts";

const inDays = (days: number) => systemClock.now() + days * 24 * HOUR;

describe("a purchase in GoHighLevel", () => {
  test("is granted once it is paid, under the names of its order and its transaction (payment_recorded)", async () => {
    const studio = await openGhlStudio();
    const { price_id } = await studio.sells("package", { credits_total: 10 });
    const maya = studio.member();
    const order = studio.till.placeOrder(maya, [{ price_id, quantity: 2 }]);
    await tell();
    expect(await studio.entriesOf(maya)).toEqual([]);
    const { transaction_id } = studio.till.payOrder(order);
    await tell();
    expect(await studio.entriesOf(maya)).toMatchObject([{ type: "grant", amount: 20, source: "ghl" }]);
    const keys = await sql<{ key: string; provider: string }>(
      database.db,
      "SELECT provider, key FROM payment_keys WHERE location_id = $1",
      [studio.location_id],
    );
    expect(keys).toEqual(
      expect.arrayContaining([
        { provider: "ghl", key: order },
        { provider: "ghl", key: transaction_id },
      ]),
    );
    expect(keys.some(({ provider }) => provider === "stripe")).toBe(true);
    expect(await studio.outcomesOf("OrderCreate", "OrderStatusUpdate")).toEqual([
      "done: payment_recorded",
      "done: payment_recorded",
    ]);
  });

  test("doubled, delayed and out of order it is the same", async () => {
    const studio = await openGhlStudio();
    const { price_id } = await studio.sells("package", { credits_total: 5 });
    const maya = studio.member();
    fake.setWeather({ double: 1, reorder: 1 });
    studio.till.sell(maya, [{ price_id, quantity: 1 }]);
    await tell();
    fake.setWeather({});
    expect(await studio.entriesOf(maya)).toMatchObject([{ type: "grant", amount: 5 }]);
  });

  test("a test payment never reaches live books (test_payment_ignored)", async () => {
    const studio = await openGhlStudio();
    const { price_id } = await studio.sells("package", { credits_total: 5 });
    const maya = studio.member();
    studio.till.sell(maya, [{ price_id, quantity: 1 }], { is_live: false });
    await tell();
    expect(await studio.entriesOf(maya)).toEqual([]);
    expect(await studio.outcomesOf("OrderStatusUpdate")).toEqual(["done: test_payment_ignored"]);
  });
});

describe("a booking in GoHighLevel", () => {
  async function booked() {
    const studio = await openGhlStudio();
    const { price_id } = await studio.sells("package", { credits_total: 10 });
    const maya = studio.member();
    studio.till.sell(maya, [{ price_id, quantity: 1 }]);
    await tell();
    const booking = studio.desk.book({ contact_id: maya, calendar_id: studio.calendar_id, starts_at: inDays(3) });
    await tell();
    return { studio, maya, booking };
  }
  const typesOf = (entries: { type: string; amount: number }[]) =>
    entries.map(({ type, amount }) => `${type} ${amount}`);

  test("holds its credit, and a cancellation in time gives it back (booking_synced)", async () => {
    const { studio, maya, booking } = await booked();
    expect(typesOf(await studio.entriesOf(maya))).toEqual(["grant 10", "hold 1"]);
    studio.desk.cancel(booking);
    await tell();
    expect(typesOf(await studio.entriesOf(maya))).toEqual(["grant 10", "hold 1", "release 1"]);
    expect(await studio.outcomesOf("AppointmentCreate", "AppointmentUpdate")).toEqual([
      "done: booking_synced",
      "done: booking_synced",
    ]);
  });

  test("is settled as used when the member came, and as no-show when the desk corrects itself", async () => {
    const { studio, maya, booking } = await booked();
    studio.desk.show(booking);
    await tell();
    studio.desk.noShow(booking);
    await tell();
    expect(typesOf(await studio.entriesOf(maya))).toEqual([
      "grant 10",
      "hold 1",
      "settle_used 1",
      "unsettle_used 1",
      "settle_no_show 1",
    ]);
  });

  test("deleted, it is given back in full", async () => {
    const { studio, maya, booking } = await booked();
    studio.desk.deleteAppointment(booking);
    await tell();
    expect(typesOf(await studio.entriesOf(maya))).toEqual(["grant 10", "hold 1", "release 1"]);
  });

  test("given to another member, it is given back to the one and charged to the other", async () => {
    const { studio, maya, booking } = await booked();
    const { price_id } = await studio.sells("package", { credits_total: 3 });
    const noa = studio.member("Noa");
    studio.till.sell(noa, [{ price_id, quantity: 1 }]);
    await tell();
    studio.desk.giveToContact(booking, noa);
    await tell();
    expect(typesOf(await studio.entriesOf(maya))).toEqual(["grant 10", "hold 1", "release 1"]);
    expect(typesOf(await studio.entriesOf(noa))).toEqual(["grant 3", "hold 1"]);
  });

  test("of somebody without credits is kept as unfunded (booking_unfunded)", async () => {
    const studio = await openGhlStudio();
    await studio.sells("package", { credits_total: 10 });
    const maya = studio.member();
    studio.desk.book({ contact_id: maya, calendar_id: studio.calendar_id, starts_at: inDays(3) });
    await tell();
    expect(await studio.outcomesOf("AppointmentCreate")).toEqual(["done: booking_unfunded"]);
    expect(await studio.entriesOf(maya)).toEqual([]);
  });

  test("told again, it changes nothing (duplicate_event)", async () => {
    const { studio, maya, booking } = await booked();
    studio.desk.confirm(booking);
    await tell();
    const before = await studio.entriesOf(maya);
    fake.setWeather({ double: 1 });
    studio.desk.confirm(booking);
    await tell();
    fake.setWeather({});
    expect(await studio.entriesOf(maya)).toEqual(before);
  });
});

describe("a contact in GoHighLevel", () => {
  test("with books here is kept up to date (contact_updated), a stranger is not (contact_unused)", async () => {
    const studio = await openGhlStudio();
    const { price_id } = await studio.sells("package", { credits_total: 10 });
    const maya = studio.member();
    await tell();
    studio.till.sell(maya, [{ price_id, quantity: 1 }]);
    await tell();
    studio.desk.updateContact(maya, { phone: "+15550100" });
    await tell();
    expect(await studio.outcomesOf("ContactCreate", "ContactUpdate")).toEqual([
      "done: contact_unused",
      "done: contact_updated",
    ]);
  });
});

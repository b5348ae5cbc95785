import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { takeBooking } from "../../src/jobs/events/take-ghl-booking.ts";
import { takenBy, type Taking } from "../../src/jobs/events/taking.ts";
import { submitOwn } from "../../src/operations/credits/submit-own.ts";
import type { StoredEvent } from "../../src/operations/events/stored-event.ts";
import { openLedger } from "../../src/operations/ledger.ts";
import { settlePayment } from "../../src/operations/payments/settle-payment.ts";
import { systemClock } from "../../src/platform/clock.ts";
import type { BookingVersion } from "../../src/rules/bookings/booking-version.ts";
import { DAY } from "../../src/rules/time/local-days.ts";
import { sql, useServer } from "../support.ts";
import { openDesk, type PaymentDesk } from "./payments-desk.ts";

const server = useServer();

async function creditsOf(desk: PaymentDesk, contact: string): Promise<unknown> {
  const { body } = await desk.api.get(`/contacts/${contact}/credits`);
  return body["credits"];
}

describe("told at the same moment", () => {
  test("rule 34: a refund and the payment that it belongs to, in one batch and in either order", async () => {
    const desk = await openDesk(server);
    const names = Array.from({ length: 12 }, () => `pi_${randomUUID()}`);
    const contact = `c-${randomUUID()}`;
    const refund = async (name: string): Promise<void> => {
      const { reason_code } = await desk.refund(name);
      // As the taker of events does: recorded in this very moment, it is another contact's than was thought.
      if (reason_code === "PAYMENT_ELSEWHERE") await refund(name);
    };
    await Promise.all(
      names.flatMap((name, i) => {
        const payment = () => desk.pay(`${contact}-${String(i)}`, { name });
        return i % 2 === 0 ? [refund(name), payment()] : [payment(), refund(name)];
      }),
    );
    const left = await Promise.all(names.map((_, i) => creditsOf(desk, `${contact}-${String(i)}`)));
    expect(left).toMatchObject(names.map(() => ({ credits_available: 0 })));
    const waiting = await sql(
      server.db,
      "SELECT 1 FROM unattached_reversals WHERE location_id = $1 AND payment_event_id IS NULL",
      [desk.uuid],
    );
    expect(waiting).toEqual([]);
  });

  test("rule 29: a booking's two contacts, by two processes: one of them is charged", async () => {
    const desk = await openDesk(server);
    const [maya, ben] = [`maya-${randomUUID()}`, `ben-${randomUUID()}`];
    for (const contact of [maya, ben]) for (const _ of [1, 2]) await desk.pay(contact);
    const processes = [1, 2].map(() => openLedger(server.db, systemClock, { batch: "mixed" }));
    const now = Date.now();
    const take = async (i: number, version: BookingVersion) => {
      const taking: Taking = {
        db: server.db,
        ledger: processes[i]!,
        clock: systemClock,
        connections: { ghl: () => Promise.resolve(null), stripe: () => Promise.resolve(null) },
      };
      const event = { id: randomUUID(), provider: "ghl", correlation_id: randomUUID(), as_of: null } as StoredEvent;
      await takeBooking(taking, takenBy(event, desk.uuid), version, "AppointmentUpdate");
    };
    for (let n = 0; n < 15; n += 1) {
      const first: BookingVersion = {
        external_id: `b-${randomUUID()}`,
        contact_external_id: maya,
        calendar_id: "yoga",
        status: "confirmed",
        starts_at: now + 3 * DAY,
        ends_at: null,
        added_at: now,
        updated_at: now,
        payload_hash: "a",
      };
      const second = { ...first, contact_external_id: ben, updated_at: now + 1, payload_hash: "b" };
      await Promise.all(n % 2 === 0 ? [take(0, first), take(1, second)] : [take(1, second), take(0, first)]);
    }
    expect(await creditsOf(desk, maya)).toMatchObject({ credits_available: 20 });
    expect(await creditsOf(desk, ben)).toMatchObject({ credits_available: 5 });
  });
});

test("rule 32: a payment whose time is over, settled by one process while another is told who made it", async () => {
  const desk = await openDesk(server);
  await sql(server.db, "UPDATE locations SET ghl_location_id = $2, version = version + 1 WHERE location_id = $1", [
    desk.uuid,
    `ghl-${randomUUID()}`,
  ]);
  const other = openLedger(server.db, systemClock, { batch: "mixed" });
  for (let n = 0; n < 15; n += 1) {
    const [intent, order, member] = ["pi_", "order-", "c-"].map((kind) => kind + randomUUID()) as [
      string,
      string,
      string,
    ];
    const { payment_event_id } = await desk.pay(null, { name: intent });
    await sql(server.db, "UPDATE payment_events SET settles_at = now() - interval '1 s' WHERE id = $1", [
      payment_event_id,
    ]);
    const keys = [
      { provider: "ghl", key: order },
      { provider: "stripe", key: intent },
    ];
    const input = { contact_external_id: `unknown:stripe:${intent}`, payment_event_id };
    const cause = { source: "system", urgency: "bulk", is_level: true } as const;
    await Promise.all([
      submitOwn(other, settlePayment, desk.uuid, input, cause),
      desk.pay(member, { provider: "ghl", keys }),
    ]);
  }
  const left = await sql(
    server.db,
    `SELECT p.status, p.items -> 0 ->> 'status' AS item, count(*)::integer AS payments FROM payment_events p
     WHERE p.location_id = $1 GROUP BY 1, 2`,
    [desk.uuid],
  );
  expect(left).toEqual([{ status: "recorded", item: "granted", payments: 15 }]);
  await other.close();
});

test("a payment's id opens it in its own location only, also beside a command of that location", async () => {
  const [own, other] = [await openDesk(server), await openDesk(server)];
  const { payment_event_id } = await own.pay(null, { items: [] });
  const resolve = (desk: PaymentDesk, action: string) =>
    desk.api.post(`/payments/${payment_event_id}/resolve`, {
      request_id: randomUUID(),
      external_contact_id: "mallory",
      action,
    });
  const answers: string[] = [];
  for (let i = 0; i < 8; i += 1) {
    const all = await Promise.all([resolve(own, "grant"), resolve(other, "assign_contact"), resolve(own, "grant")]);
    answers.push(all[1].body.reason_code);
  }
  expect(new Set(answers)).toEqual(new Set(["NOT_FOUND"]));
});

describe("rule 29: a merge that names somebody who was merged before", () => {
  const merge = (desk: PaymentDesk, from: string, into: string) =>
    desk.api.post(`/contacts/${from}/merge`, { request_id: randomUUID(), into_external_contact_id: into });

  test("goes on to whoever has the books now, and back again it changes nothing", async () => {
    const desk = await openDesk(server);
    const [anna, ben, cleo] = ["anna", "ben", "cleo"].map((name) => `${name}-${randomUUID()}`) as [
      string,
      string,
      string,
    ];
    for (const contact of [anna, ben, cleo]) await desk.pay(contact);
    await merge(desk, anna, ben);
    expect((await merge(desk, cleo, anna)).body).toMatchObject({ reason_code: "contacts_merged", credits: 10 });
    expect((await merge(desk, ben, anna)).body).toMatchObject({ reason_code: "contacts_merged", credits: 0 });
    const all = await Promise.all([anna, ben, cleo].map((contact) => creditsOf(desk, contact)));
    expect(all).toMatchObject(all.map(() => ({ credits_available: 30 })));
  });
});

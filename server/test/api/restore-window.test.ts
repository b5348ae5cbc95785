import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { sql, useServer, type Response } from "../support.ts";
import { entriesOf, openStudio, PACK, type Member } from "./studio.ts";

const server = useServer();

const NOW = Date.parse("2026-06-01T16:00:00.000Z");
const HOUR = 3_600_000;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: NOW });
});

afterEach(() => {
  vi.useRealTimers();
});

const inHours = (hours: number, ms = 0): string => new Date(NOW + hours * HOUR + ms).toISOString();

/** A member of a new studio with a booking whose ref and start are given. */
async function booked(settings: object, appointment_time?: string, fields: object = {}): Promise<Member> {
  const member = (await openStudio(server, { products: [PACK], ...settings })).newMember();
  await member.grant("pack");
  await member.deduct({ calendar_id: "yoga", external_ref: member.id, appointment_time, ...fields });
  return member;
}

describe("the cancellation window (rule 28)", () => {
  test("exactly at the window is in time; a millisecond later is CANCELLATION_WINDOW_EXPIRED", async () => {
    const [in_time, late] = [await booked({}, inHours(24)), await booked({}, inHours(24, -1))];
    expect(await in_time.restore({ external_ref: in_time.id })).toAnswer("restored", { balance_after: 10 });
    const refused = await late.restore({ external_ref: late.id });
    const facts = { cancellation_window_hours: 24, restorable_until: inHours(0, -1), message: expect.any(String) };
    expect(refused).toAnswer("CANCELLATION_WINDOW_EXPIRED", facts);
    expect(await entriesOf(server.db, late.id)).toEqual(["grant 10→10", "deduct 1→9"]);
  });

  test("is held against the appointment_time that the restore says, also before the recorded one", async () => {
    const member = await booked({}, inHours(48));
    const late = { external_ref: member.id, appointment_time: inHours(23) };
    expect(await member.restore(late)).toAnswer("CANCELLATION_WINDOW_EXPIRED");
    expect(await member.restore({ ...late, appointment_time: inHours(24) })).toAnswer("restored");
  });

  test("is each member's own where several book one class under the same external_ref", async () => {
    const studio = await openStudio(server, { products: [PACK] });
    const members = [studio.newMember(), studio.newMember()];
    for (const member of members) await member.grant("pack");
    const [late, early] = members as [Member, Member];
    const booking = { calendar_id: "yoga", external_ref: "class-9" };
    await late.deduct({ ...booking, appointment_time: inHours(1) });
    await early.deduct({ ...booking, appointment_time: inHours(48) });
    expect(await late.restore({ external_ref: "class-9" })).toAnswer("CANCELLATION_WINDOW_EXPIRED");
    expect(await early.restore({ external_ref: "class-9" })).toAnswer("restored");
  });

  test("is the location's: cancellation_window_hours", async () => {
    const member = await booked({ cancellation_window_hours: 6 }, inHours(6));
    expect(await member.restore({ external_ref: member.id })).toAnswer("restored");
    const late = await booked({ cancellation_window_hours: 6 }, inHours(6, -1));
    expect(await late.restore({ external_ref: late.id })).toAnswer("CANCELLATION_WINDOW_EXPIRED", {
      cancellation_window_hours: 6,
    });
  });

  test("is overridable per product config", async () => {
    const member = await booked({ products: [{ ...PACK, cancellation_window_hours: 2 }] }, inHours(2));
    expect(await member.restore({ external_ref: member.id })).toAnswer("restored");
  });

  test("of 0 hours is any time before the start", async () => {
    const settings = { cancellation_window_hours: 0 };
    const [in_time, late] = [await booked(settings, inHours(1)), await booked(settings, inHours(1))];
    vi.setSystemTime(NOW + HOUR);
    expect(await in_time.restore({ external_ref: in_time.id })).toAnswer("restored");
    vi.setSystemTime(NOW + HOUR + 1);
    expect(await late.restore({ external_ref: late.id })).toAnswer("CANCELLATION_WINDOW_EXPIRED");
  });

  test("is the shortest among the configs that were drawn on (clarification 12)", async () => {
    const products = [
      { ...PACK, credits_total: 1, priority: 1, cancellation_window_hours: 48 },
      { ...PACK, key: "short", cancellation_window_hours: 2 },
    ];
    const member = (await openStudio(server, { products })).newMember();
    await member.grant("pack");
    await member.grant("short");
    await member.deduct({ calendar_id: "yoga", amount: 3, external_ref: member.id, appointment_time: inHours(3) });
    expect(await member.restore({ external_ref: member.id, amount: 3 })).toAnswer("restored", { balance_after: 11 });
  });

  test("is not held against anything where no appointment_time is known", async () => {
    const member = await booked({});
    vi.setSystemTime(NOW + 400 * 24 * HOUR);
    expect(await member.restore({ external_ref: member.id })).toAnswer("restored");
  });

  test("holds without an external_ref too, for the appointment_time that is said", async () => {
    const member = (await openStudio(server)).newMember();
    await member.grant("pack");
    await member.deduct({ calendar_id: "yoga" });
    const ask = { calendar_id: "yoga" };
    expect(await member.restore({ ...ask, appointment_time: inHours(24, -1) })).toAnswer("CANCELLATION_WINDOW_EXPIRED");
    expect(await member.restore({ ...ask, appointment_time: inHours(24) })).toAnswer("restored");
  });

  test("comes before NOTHING_TO_RESTORE", async () => {
    const member = await booked({}, inHours(1));
    expect(await member.restore({ external_ref: member.id, amount: 7 })).toAnswer("CANCELLATION_WINDOW_EXPIRED");
  });
});

describe("a lot that expired meanwhile is made good (rule 31)", () => {
  const product = { ...PACK, expiry_days: 10, cancellation_window_hours: 0 };

  async function lotOf({ body }: Response): Promise<Record<string, unknown> | undefined> {
    const [row] = await sql(
      server.db,
      "SELECT origin, granted, available, expires_at, parent_id FROM entitlements WHERE id = $1",
      [body["entitlement_id"]],
    );
    return row;
  }

  test("by a lot of its own that expires 7 local days on", async () => {
    const member = (await openStudio(server, { products: [product] })).newMember();
    const { body: granted } = await member.grant("pack");
    await member.deduct({ calendar_id: "yoga", amount: 2, external_ref: member.id });
    vi.setSystemTime(Date.parse("2026-06-20T16:00:00Z"));
    const answer = await member.restore({ external_ref: member.id, amount: 2 });
    expect(answer).toAnswer("restored", { balance_after: 2 });
    expect(answer.body["movements"]).toEqual([{ entitlement_id: answer.body["entitlement_id"], amount: 2 }]);
    const expires_at = Date.parse("2026-06-28T04:00:00Z");
    const parent_id = granted["entitlement_id"];
    expect(await lotOf(answer)).toEqual({ origin: "make_good", granted: 2, available: 2, expires_at, parent_id });
    const entries = await entriesOf(server.db, member.id);
    expect(entries).toEqual(["grant 10→10", "deduct 2→8", "expire 8→0", "restore 2→2", "make_good 2→0"]);
    vi.setSystemTime(expires_at - 1);
    expect(await member.check({ calendar_id: "yoga" })).toAnswer("eligible");
    vi.setSystemTime(expires_at);
    expect(await member.check({ calendar_id: "yoga" })).toAnswer("NO_ENTITLEMENT");
  });

  test("and burns before fresh credits of the same expiry (rule 8)", async () => {
    const products = [{ ...product, make_good_days: 10 }];
    const member = (await openStudio(server, { products })).newMember();
    await member.grant("pack");
    await member.deduct({ calendar_id: "yoga", external_ref: member.id });
    vi.setSystemTime(Date.parse("2026-06-20T16:00:00Z"));
    await member.grant("pack");
    const { body } = await member.restore({ external_ref: member.id });
    const deducted = await member.deduct({ calendar_id: "yoga" });
    expect(deducted).toAnswer("deducted", { entitlement_id: body["entitlement_id"], balance_after: 10 });
  });

  test("not where make_good_days is 0: restored and expired, both visible", async () => {
    const studio = await openStudio(server, { make_good_days: 0, products: [product] });
    const member = studio.newMember();
    await member.grant("pack");
    await member.deduct({ calendar_id: "yoga", amount: 2, external_ref: member.id });
    vi.setSystemTime(Date.parse("2026-06-20T16:00:00Z"));
    const answer = await member.restore({ external_ref: member.id, amount: 2 });
    expect(answer).toAnswer("restored", { balance_after: 0 });
    expect((await entriesOf(server.db, member.id)).slice(2)).toEqual(["expire 8→0", "restore 2→2", "expire 2→0"]);
  });

  test("not a second time: a make-good lot is not made good again (clarification 24)", async () => {
    const member = (await openStudio(server, { products: [product] })).newMember();
    await member.grant("pack");
    await member.deduct({ calendar_id: "yoga", external_ref: member.id });
    vi.setSystemTime(Date.parse("2026-06-20T16:00:00Z"));
    await member.restore({ external_ref: member.id });
    const external_ref = randomUUID();
    await member.deduct({ calendar_id: "yoga", external_ref });
    vi.setSystemTime(Date.parse("2026-07-10T16:00:00Z"));
    expect(await member.restore({ external_ref })).toAnswer("restored", { balance_after: 0 });
    const entries = await entriesOf(server.db, member.id);
    expect(entries.slice(-3)).toEqual(["deduct 1→0", "restore 1→1", "expire 1→0"]);
  });
});

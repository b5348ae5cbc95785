import { describe, expect, test } from "vitest";
import { sql, useServer } from "../support.ts";
import { factOf, inDays, itemsOf, openMember, plantEntries, readAll } from "./reads-studio.ts";

const server = useServer();

const ids = (items: { id: string }[]) => items.map(({ id }) => id);

describe("GET /contacts/{id}/ledger", () => {
  test("tells every field of an entry, in the order of its numbers, the latest first", async () => {
    const { member, granted, deducted, booking, read } = await openMember(server);
    const restored = await member.restore({ external_ref: booking });
    const answer = await read("/ledger");
    expect(answer).toAnswer("ledger_loaded", { next_cursor: null });
    const contact = String(granted["contact_id"]);
    const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    const always = {
      quantity: 1,
      entitlement_id: granted["entitlement_id"],
      source: "api",
      actor_id: expect.any(String),
      request_id: expect.any(String),
      occurred_at: time,
      recorded_at: time,
    };
    const date = expect.stringMatching(/^\d{4}-\d\d-\d\d$/);
    expect(itemsOf(answer)).toEqual([
      {
        ...always,
        id: `${contact}-3`,
        entry_number: 3,
        type: "restore",
        amount: 1,
        balance_after: 10,
        reason: expect.any(String),
        external_ref: booking,
        correlation_id: restored.body.correlation_id,
        debit_account: "used",
        credit_account: "available",
        reverses: `${contact}-2`,
        service_on: date,
      },
      {
        ...always,
        id: `${contact}-2`,
        entry_number: 2,
        type: "deduct",
        amount: -1,
        balance_after: 9,
        reason: expect.any(String),
        external_ref: booking,
        correlation_id: deducted.correlation_id,
        debit_account: "available",
        credit_account: "used",
        reverses: null,
        service_on: date,
      },
      {
        ...always,
        id: `${contact}-1`,
        entry_number: 1,
        type: "grant",
        amount: 10,
        quantity: 10,
        balance_after: 10,
        reason: "purchase",
        external_ref: null,
        correlation_id: granted.correlation_id,
        debit_account: "issued",
        credit_account: "available",
        reverses: null,
        service_on: null,
      },
    ]);
  });

  test("adds up to the balance, whatever was booked", async () => {
    const { member, read } = await openMember(server, { products: [PACK_OF_FIVE] });
    await member.deduct({ calendar_id: "yoga", amount: 3 });
    await member.grant("pack");
    await member.deduct({ calendar_id: "yoga", amount: 4 });
    await member.restore({ calendar_id: "yoga", amount: 2 });
    const sum = itemsOf(await read("/ledger")).reduce((total, { amount }) => total + Number(amount), 0);
    const credits = (await read("/credits")).body["credits"] as { credits_available: number };
    expect(sum).toBe(credits.credits_available);
    expect(sum).toBe(5 - 1 - 3 + 5 - 4 + 2);
  });

  test("tells the types as the API names them, and each amount as the member sees it", async () => {
    const { member, granted, read } = await openMember(server);
    const entitlement_id = String(granted["entitlement_id"]);
    const naming = ["release", "settle_used", "settle_no_show", "settle_late_cancel", "unsettle_used"] as const;
    const naming_too = ["unsettle_no_show", "unsettle_late_cancel", "reinstate", "usage_restore"] as const;
    const alone = ["hold", "expire", "refund", "refund_undone", "shortfall", "shortfall_undone"] as const;
    const alone_too = ["adjust_up", "adjust_down", "usage"] as const;
    await plantEntries(server, member, [
      ...[...alone, ...alone_too].map((type) => ({ type, amount: 2, balance_after: 5, entitlement_id })),
      ...[...naming, ...naming_too].map((type) => ({ type, amount: 2, balance_after: 5, entitlement_id, reverses: 2 })),
    ]);
    const told = itemsOf(await read("/ledger"))
      .reverse()
      .map(({ type, amount }) => `${String(type)} ${String(amount)}`);
    expect(told).toEqual([
      "grant 10",
      "deduct -1",
      "hold -2",
      "expire -2",
      "refund -2",
      "refund 2",
      "shortfall 0",
      "shortfall 0",
      "adjust 2",
      "adjust -2",
      "usage 0",
      "release 2",
      "settle 0",
      "settle 0",
      "settle 0",
      "settle 0",
      "settle 0",
      "settle 0",
      "restore 2",
      "restore 0",
    ]);
  });
});

const PACK_OF_FIVE = { key: "pack", type: "package", credits_total: 5, calendars: ["yoga"] };

describe("an entry that moves credits from lot to lot", () => {
  async function withMoves() {
    const opened = await openMember(server);
    const { member, granted } = opened;
    const other = await member.grant("pack");
    const [from, to] = [String(granted["entitlement_id"]), String(other.body["entitlement_id"])];
    await plantEntries(server, member, [
      { type: "rollover", amount: 4, balance_after: 5, entitlement_id: from, to_entitlement_id: to },
      { type: "transfer", amount: 2, balance_after: 3, entitlement_id: from, to_entitlement_id: to },
      { type: "make_good", amount: 1, balance_after: 2, entitlement_id: from, to_entitlement_id: to },
    ]);
    return { ...opened, from, to, path: `/contacts/${member.id}/ledger` };
  }

  test("has a line for each lot: the receiving one first, positive, with its own id", async () => {
    const { read, from, to, granted } = await withMoves();
    const contact = String(granted["contact_id"]);
    const [, , , , received, gave] = itemsOf(await read("/ledger"));
    const both = {
      entry_number: 4,
      type: "rollover",
      quantity: 4,
      debit_account: "available",
      credit_account: "available",
    };
    expect(received).toMatchObject({ ...both, id: `${contact}-4-in`, amount: 4, balance_after: 4, entitlement_id: to });
    expect(gave).toMatchObject({ ...both, id: `${contact}-4`, amount: -4, balance_after: 5, entitlement_id: from });
  });

  test.each([1, 2, 3, 4, 5])("is neither split nor lost by pages of %i", async (limit) => {
    const { studio, path, granted } = await withMoves();
    const contact = String(granted["contact_id"]);
    const { items } = await readAll(studio.api, path, limit);
    const lines = ["6-in", "6", "5-in", "5", "4-in", "4", "3", "2", "1"];
    expect(ids(items)).toEqual(lines.map((line) => `${contact}-${line}`));
    expect(items.reduce((total, { amount }) => total + Number(amount), 0)).toBe(19);
  });
});

describe("GET /contacts/{id}/timeline", () => {
  test("tells ledger, payments and bookings in one order of time, each with the facts of its kind", async () => {
    const { booking, granted, deducted, read } = await openMember(server);
    const answer = await read("/timeline");
    expect(answer).toAnswer("timeline_loaded", { next_cursor: null });
    const events = itemsOf(answer);
    const contact = String(granted["contact_id"]);
    expect(events).toMatchObject([
      { kind: "appointment", id: booking, title: "Booking on yoga", appointment: { id: booking, status: "confirmed" } },
      {
        kind: "ledger",
        id: `${contact}-2`,
        title: "1 credit used",
        entry: { correlation_id: deducted.correlation_id },
      },
      { kind: "ledger", id: `${contact}-1`, title: "10 credits granted", entry: { amount: 10 } },
      {
        kind: "payment",
        title: expect.stringMatching(/^Payment of USD 120.00 for /),
        payment: { amount_cents: 12_000 },
      },
    ]);
    for (const event of events)
      expect(Object.keys(event).sort()).toEqual(expect.arrayContaining(["at", "id", "kind", "title"]));
    expect(events[0]?.["at"]).toBe(factOf(events[0], "appointment", "starts_at"));
    expect(events[3]?.["at"]).toBe(factOf(events[3], "payment", "paid_at"));
    expect(events[1]?.["at"]).toBe(factOf(events[1], "entry", "occurred_at"));
  });

  test.each([1, 2, 3, 7, 100])("is the same whole by pages of %i, nothing twice, never back in time", async (limit) => {
    const { studio, member, granted } = await openMember(server);
    for (let i = 0; i < 6; i += 1) {
      await member.grant("pack", { paid_at: inDays(-3 * i) });
      await member.deduct({
        calendar_id: "yoga",
        external_ref: `t-${member.id}-${i}`,
        appointment_time: inDays(5 - 3 * i),
      });
    }
    const other = await member.grant("pack");
    const [from, to] = [String(granted["entitlement_id"]), String(other.body["entitlement_id"])];
    const late = inDays(-40);
    await plantEntries(server, member, [
      { type: "rollover", amount: 1, balance_after: 1, entitlement_id: from, to_entitlement_id: to },
      { type: "expire", amount: 1, balance_after: 1, entitlement_id: from, occurred_at: late },
    ]);
    const { items } = await readAll(studio.api, `/contacts/${member.id}/timeline`, limit);
    const { items: entries } = await readAll(studio.api, `/contacts/${member.id}/ledger`, 100);
    expect(ids(items.filter(({ kind }) => kind === "ledger"))).toEqual(ids(entries));
    expect(items.filter(({ kind }) => kind === "payment")).toHaveLength(8);
    expect(items.filter(({ kind }) => kind === "appointment")).toHaveLength(7);
    expect(new Set(ids(items)).size).toBe(items.length);
    const times = items.map(({ at }) => String(at));
    expect(times).toEqual(times.toSorted().reverse());
    const booked_late = items.find(({ title }) => title === "1 credit expired");
    expect(booked_late?.["entry"]).toMatchObject({ occurred_at: late });
  });

  test("never goes back in time, however much was booked late at once", async () => {
    const { studio, member, granted } = await openMember(server);
    const late = {
      amount: 1,
      balance_after: 1,
      entitlement_id: String(granted["entitlement_id"]),
      occurred_at: inDays(-40),
    };
    await plantEntries(
      server,
      member,
      Array.from({ length: 40 }, () => ({ type: "adjust_down" as const, ...late })),
    );
    const { items } = await readAll(studio.api, `/contacts/${member.id}/timeline`, 5);
    expect(items).toHaveLength(2 + 1 + 1 + 40);
    const times = items.map(({ at }) => String(at));
    expect(times).toEqual(times.toSorted().reverse());
  });

  test("keeps an order at one and the same instant: what followed stands above what it came from", async () => {
    const { member, studio } = await openMember(server);
    const at = inDays(-1);
    await sql(
      server.db,
      "UPDATE appointments SET starts_at = $2 WHERE contact_id IN (SELECT id FROM contacts WHERE external_id = $1)",
      [member.id, at],
    );
    await sql(
      server.db,
      "UPDATE payment_events SET paid_at = $2 WHERE contact_id IN (SELECT id FROM contacts WHERE external_id = $1)",
      [member.id, at],
    );
    await member.grant("pack", { paid_at: at });
    await member.deduct({ calendar_id: "yoga", external_ref: `same-${member.id}`, appointment_time: at });
    for (const limit of [1, 2, 3, 10]) {
      const { items } = await readAll(studio.api, `/contacts/${member.id}/timeline`, limit);
      const same = items.filter((item) => item["at"] === at).map(({ kind }) => kind);
      expect(same).toEqual(["appointment", "appointment", "payment", "payment"]);
    }
  });
});

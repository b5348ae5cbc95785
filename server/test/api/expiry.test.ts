import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { sql, useServer } from "../support.ts";
import { entriesOf, openStudio, PACK, type Member, type Studio } from "./studio.ts";

const server = useServer();

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.parse("2026-01-10T15:00:00Z") });
});

afterEach(() => {
  vi.useRealTimers();
});

/** What the member reads as the expiry of their only entitlement. */
async function expiresAt(studio: Studio, member: Member): Promise<unknown> {
  const { body } = await studio.api.get(`/contacts/${member.id}/entitlements`);
  return (body["entitlements"] as { expires_at: unknown }[])[0]?.expires_at;
}

const yoga = { calendar_id: "yoga" };

describe("expiry_days (rule 14): good through the whole last local day, whatever the clocks do", () => {
  const days = [
    [
      "America/New_York",
      "bought on 1 November with n = 30, usable through 1 December",
      "2026-11-01T15:00:00Z",
      30,
      "2026-12-02T05:00:00.000Z",
    ],
    ["America/New_York", "over the spring change of 8 March", "2026-03-01T17:00:00Z", 10, "2026-03-12T04:00:00.000Z"],
    [
      "America/New_York",
      "over the autumn change of 1 November",
      "2026-10-25T17:00:00Z",
      10,
      "2026-11-05T05:00:00.000Z",
    ],
    [
      "America/New_York",
      "late in the evening, when it is tomorrow in UTC",
      "2026-06-11T03:30:00Z",
      1,
      "2026-06-12T04:00:00.000Z",
    ],
    ["Australia/Lord_Howe", "over a change of half an hour", "2026-10-01T00:00:00Z", 5, "2026-10-06T13:00:00.000Z"],
    ["America/Santiago", "on a midnight that does not exist", "2026-09-01T15:00:00Z", 4, "2026-09-06T04:00:00.000Z"],
    [
      "America/Havana",
      "on a midnight that comes twice: the earlier",
      "2026-10-29T15:00:00Z",
      2,
      "2026-11-01T04:00:00.000Z",
    ],
    ["America/New_York", "on a leap day", "2028-02-28T17:00:00Z", 1, "2028-03-01T05:00:00.000Z"],
  ] as const;

  test.each(days)("in %s, %s", async (timezone, _, paid_at, expiry_days, expires_at) => {
    vi.setSystemTime(Date.parse(paid_at));
    const studio = await openStudio(server, { timezone, products: [{ ...PACK, expiry_days }] });
    const member = studio.newMember();
    await member.grant("pack");
    expect(await expiresAt(studio, member)).toBe(expires_at);
    vi.setSystemTime(Date.parse(expires_at) - 1);
    expect(await member.check(yoga)).toAnswer("eligible");
    vi.setSystemTime(Date.parse(expires_at));
    expect(await member.check(yoga)).toAnswer("NO_ENTITLEMENT", { detail: "ENTITLEMENT_EXPIRED" });
    expect(await member.deduct(yoga)).toAnswer("NO_ENTITLEMENT", { detail: "ENTITLEMENT_EXPIRED" });
  });

  test("none: never expires", async () => {
    const studio = await openStudio(server);
    const member = studio.newMember();
    await member.grant("pack");
    expect(await expiresAt(studio, member)).toBeNull();
    vi.setSystemTime(Date.parse("2099-01-01T00:00:00Z"));
    expect(await member.deduct(yoga)).toAnswer("deducted");
  });
});

describe("expiry holds at read time (rule 15)", () => {
  test("a lot past its time cannot be spent even if the job has not run; balances say 0", async () => {
    const studio = await openStudio(server, { products: [{ ...PACK, expiry_days: 30 }] });
    const member = studio.newMember();
    await member.grant("pack");
    vi.setSystemTime(Date.parse("2026-03-10T15:00:00Z"));
    expect((await studio.api.get(`/contacts/${member.id}/credits`)).body).toMatchObject({
      credits: { credits_available: 0 },
    });
    expect(await entriesOf(server.db, member.id)).toEqual(["grant 10→10"]);
    expect(await member.grant("pack")).toAnswer("grant_applied", { balance_after: 10 });
    expect(await entriesOf(server.db, member.id)).toEqual(["grant 10→10", "expire 10→0", "grant 10→10"]);
  });

  test("a deduction cannot be made now for a date before the expiry that has passed (rule 7)", async () => {
    const studio = await openStudio(server, { products: [{ ...PACK, expiry_days: 30 }] });
    const member = studio.newMember();
    await member.grant("pack");
    vi.setSystemTime(Date.parse("2026-03-10T15:00:00Z"));
    const answer = await member.deduct({ ...yoga, appointment_time: "2026-01-20T15:00:00Z" });
    expect(answer).toAnswer("NO_ENTITLEMENT", { detail: "ENTITLEMENT_EXPIRED" });
  });
});

describe("a sandbox's clock", () => {
  test("moves what the API says, and books what expired on the way, once", async () => {
    const studio = await openStudio(server, { sandbox: true, products: [{ ...PACK, expiry_days: 30 }] });
    const member = studio.newMember();
    await member.grant("pack");
    await member.deduct({ ...yoga, amount: 4 });
    await studio.travelTo("2026-02-10T04:59:59.999Z");
    expect(await member.check(yoga)).toAnswer("eligible", { balance_after: 5 });
    await studio.travelTo("2026-02-10T05:00:00.000Z");
    expect(await member.check(yoga)).toAnswer("NO_ENTITLEMENT", { detail: "ENTITLEMENT_EXPIRED" });
    await studio.travelTo("2026-05-01T00:00:00.000Z");
    expect(await entriesOf(server.db, member.id)).toEqual(["grant 10→10", "deduct 4→6", "expire 6→0"]);
    const [entry] = await sql(
      server.db,
      "SELECT source, request_id, occurred_at FROM ledger_entries WHERE type = 'expire' AND entitlement_id = (SELECT id FROM entitlements WHERE contact_id = (SELECT id FROM contacts WHERE external_id = $1))",
      [member.id],
    );
    expect(entry).toEqual({ source: "system", request_id: null, occurred_at: Date.parse("2026-02-10T05:00:00Z") });
  });

  test("is the now of grants, windows and activation; another location's stays where it was", async () => {
    const products = [{ ...PACK, expiry_days: 30 }];
    const [studio, other] = [
      await openStudio(server, { sandbox: true, products }),
      await openStudio(server, { products }),
    ];
    await studio.travelTo("2026-07-01T16:00:00Z");
    const [member, stranger] = [studio.newMember(), other.newMember()];
    await member.grant("pack");
    await stranger.grant("pack");
    expect(await expiresAt(studio, member)).toBe("2026-08-01T04:00:00.000Z");
    expect(await expiresAt(other, stranger)).toBe("2026-02-10T05:00:00.000Z");
    await member.deduct({ ...yoga, external_ref: member.id, appointment_time: "2026-07-02T15:59:59.999Z" });
    expect(await member.restore({ external_ref: member.id })).toAnswer("CANCELLATION_WINDOW_EXPIRED");
  });
});

describe("activation on_first_use (rule 16)", () => {
  const product = { ...PACK, expiry_days: 10, activation: "on_first_use" };
  const on = (day: string, fields: object = {}) => ({ ...yoga, appointment_time: `2026-${day}T17:00:00Z`, ...fields });

  test("the clock starts at the first service date booked, and only then", async () => {
    const studio = await openStudio(server, { products: [product] });
    const member = studio.newMember();
    await member.grant("pack");
    // It would start by itself after 180 days, and then last for ten.
    expect(await expiresAt(studio, member)).toBe("2026-07-20T04:00:00.000Z");
    expect(await member.deduct(on("02-20"))).toAnswer("deducted");
    expect(await expiresAt(studio, member)).toBe("2026-03-03T05:00:00.000Z");
    expect(await member.deduct(on("02-25"))).toAnswer("deducted");
    expect(await expiresAt(studio, member)).toBe("2026-03-03T05:00:00.000Z");
    expect(await member.deduct(on("03-03"))).toAnswer("NO_ENTITLEMENT", { detail: "ENTITLEMENT_EXPIRED" });
  });

  test("a check does not start it", async () => {
    const studio = await openStudio(server, { products: [product] });
    const member = studio.newMember();
    await member.grant("pack");
    await member.check(on("02-20"));
    expect(await expiresAt(studio, member)).toBe("2026-07-20T04:00:00.000Z");
  });

  test("is undone if that booking is cancelled in time before another use", async () => {
    const studio = await openStudio(server, { products: [product] });
    const member = studio.newMember();
    await member.grant("pack");
    await member.deduct(on("02-20", { external_ref: member.id }));
    await member.restore({ external_ref: member.id });
    expect(await expiresAt(studio, member)).toBe("2026-07-20T04:00:00.000Z");
    await member.deduct(on("04-01"));
    expect(await expiresAt(studio, member)).toBe("2026-04-12T04:00:00.000Z");
  });

  test("is not undone where another use stands", async () => {
    const studio = await openStudio(server, { products: [product] });
    const member = studio.newMember();
    await member.grant("pack");
    await member.deduct(on("02-20", { external_ref: member.id }));
    await member.deduct(on("02-25"));
    await member.restore({ external_ref: member.id });
    expect(await expiresAt(studio, member)).toBe("2026-03-03T05:00:00.000Z");
  });

  test("starts by itself after activate_within_days", async () => {
    const studio = await openStudio(server, { products: [{ ...product, activate_within_days: 20 }] });
    const member = studio.newMember();
    await member.grant("pack");
    expect(await expiresAt(studio, member)).toBe("2026-02-10T05:00:00.000Z");
    vi.setSystemTime(Date.parse("2026-02-10T05:00:00Z"));
    expect(await member.check(yoga)).toAnswer("NO_ENTITLEMENT", { detail: "ENTITLEMENT_EXPIRED" });
  });
});

import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { sql, useServer, type Response } from "../support.ts";
import { entriesOf, openStudio, type Member } from "./studio.ts";

const server = useServer();

/** Eight credits a month for yoga, reckoned in New York. */
const MONTHLY = { key: "monthly", type: "membership", monthly_credits: 8, calendars: ["yoga"] };

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.parse("2026-03-31T15:00:00Z") });
});

afterEach(() => {
  vi.useRealTimers();
});

async function openMember(product: object = {}): Promise<Member> {
  return (await openStudio(server, { products: [{ ...MONTHLY, ...product }] })).newMember();
}

/** Start and end of the period that a grant opened, and when its credits expire. */
async function periodOf({ body }: Response): Promise<string[]> {
  const [row] = await sql<{ period_start_at: number; period_end_at: number; expires_at: number }>(
    server.db,
    "SELECT period_start_at, period_end_at, expires_at FROM entitlements WHERE id = $1",
    [body["entitlement_id"]],
  );
  return [row?.period_start_at, row?.period_end_at, row?.expires_at].map((at) => new Date(at ?? 0).toISOString());
}

/** Where the only membership of a member stands. */
async function statusOf(member: Member): Promise<string | undefined> {
  const [row] = await sql<{ status: string }>(
    server.db,
    `SELECT m.status FROM memberships m JOIN contacts c ON c.location_id = m.location_id AND c.id = m.contact_id
     WHERE c.external_id = $1`,
    [member.id],
  );
  return row?.status;
}

const yoga = (appointment_time?: string) => ({ calendar_id: "yoga", appointment_time });

describe("POST /grants of a membership config", () => {
  test("the first payment starts the membership and its first period (rules 18, 19): from the payment to local midnight", async () => {
    const member = await openMember();
    const first = await member.grant("monthly");
    expect(first).toAnswer("grant_applied", { credits_granted: 8, balance_after: 8 });
    // The month after 31 March ends on 30 April, at midnight in New York.
    expect(await periodOf(first)).toEqual([
      "2026-03-31T15:00:00.000Z",
      "2026-04-30T04:00:00.000Z",
      "2026-04-30T04:00:00.000Z",
    ]);
  });

  test("each further payment opens the next period; the anchor is never a clamped date: 31 March, 30 April, 31 May", async () => {
    const member = await openMember();
    await member.grant("monthly");
    const [second, third] = [await member.grant("monthly"), await member.grant("monthly")];
    expect(await periodOf(second)).toEqual([
      "2026-04-30T04:00:00.000Z",
      "2026-05-31T04:00:00.000Z",
      "2026-05-31T04:00:00.000Z",
    ]);
    expect(await periodOf(third)).toEqual([
      "2026-05-31T04:00:00.000Z",
      "2026-06-30T04:00:00.000Z",
      "2026-06-30T04:00:00.000Z",
    ]);
  });

  test("paid early: the lot is scheduled until its period starts, and counts for dates in it", async () => {
    const member = await openMember();
    await member.grant("monthly");
    expect(await member.grant("monthly")).toAnswer("grant_applied", { credits_granted: 8, balance_after: 8 });
    expect(await member.check(yoga("2026-05-15T12:00:00Z"))).toAnswer("eligible", { balance_after: 7 });
    expect(await member.check(yoga())).toAnswer("eligible", { balance_after: 7 });
  });

  test("a boundary instant belongs to the new period", async () => {
    const member = await openMember();
    await member.grant("monthly");
    vi.setSystemTime(Date.parse("2026-04-30T04:00:00.000Z"));
    const next = await member.grant("monthly");
    expect(next).toAnswer("grant_applied", { balance_after: 8 });
    expect((await periodOf(next))[0]).toBe("2026-04-30T04:00:00.000Z");
    expect(await entriesOf(server.db, member.id)).toEqual(["grant 8→8", "grant 8→8", "expire 8→0"]);
  });

  test("paid late: the period that was missed, unless it is over", async () => {
    const member = await openMember();
    await member.grant("monthly");
    vi.setSystemTime(Date.parse("2026-05-20T12:00:00Z"));
    const missed = await member.grant("monthly");
    expect(missed).toAnswer("grant_applied", { balance_after: 8 });
    expect((await periodOf(missed)).slice(0, 2)).toEqual(["2026-04-30T04:00:00.000Z", "2026-05-31T04:00:00.000Z"]);
    vi.setSystemTime(Date.parse("2026-08-10T12:00:00Z"));
    const later = await member.grant("monthly");
    expect((await periodOf(later)).slice(0, 2)).toEqual(["2026-07-31T04:00:00.000Z", "2026-08-31T04:00:00.000Z"]);
  });

  test("paid_at in a period long past: granted and expired, so that the history is complete (rule 20)", async () => {
    const member = await openMember();
    const first = await member.grant("monthly", { paid_at: "2026-01-31T17:00:00Z" });
    expect(first).toAnswer("grant_applied", { credits_granted: 8, balance_after: 0 });
    expect((await periodOf(first)).slice(0, 2)).toEqual(["2026-01-31T17:00:00.000Z", "2026-02-28T05:00:00.000Z"]);
    const second = await member.grant("monthly", { paid_at: "2026-03-01T12:00:00Z" });
    // 28 February to 31 March, reckoned from 31 January; it ended this very morning.
    expect((await periodOf(second)).slice(0, 2)).toEqual(["2026-02-28T05:00:00.000Z", "2026-03-31T04:00:00.000Z"]);
    // Nothing else was paid since: its credits count through the days of grace.
    expect(await entriesOf(server.db, member.id)).toEqual(["grant 8→8", "expire 8→0", "grant 8→8"]);
  });

  test("unpaid: the last credits count through seven days of grace, nothing new is granted, then they expire (rule 26)", async () => {
    const member = await openMember();
    await member.grant("monthly");
    const unpaid = await openMember({ grace_days: 0 });
    await unpaid.grant("monthly");
    vi.setSystemTime(Date.parse("2026-04-30T04:00:00.000Z"));
    expect(await member.check(yoga())).toAnswer("eligible", { balance_after: 7 });
    expect(await unpaid.check(yoga())).toAnswer("NO_ENTITLEMENT", { detail: "ENTITLEMENT_EXPIRED" });
    vi.setSystemTime(Date.parse("2026-05-07T03:59:59.999Z"));
    expect(await member.deduct(yoga())).toAnswer("deducted", { balance_after: 7 });
    vi.setSystemTime(Date.parse("2026-05-07T04:00:00.000Z"));
    expect(await member.deduct(yoga())).toAnswer("NO_ENTITLEMENT", { detail: "ENTITLEMENT_EXPIRED" });
    expect(await entriesOf(server.db, member.id)).toEqual(["grant 8→8", "deduct 1→7", "expire 7→0"]);
    expect(await statusOf(member)).toBe("suspended");
  });

  test("paid within grace: the missed period opens where it was to begin, and what was left of the last one is gone", async () => {
    const member = await openMember();
    await member.grant("monthly");
    vi.setSystemTime(Date.parse("2026-05-03T12:00:00Z"));
    await member.deduct(yoga());
    expect(await statusOf(member)).toBe("past_due");
    const late = await member.grant("monthly");
    expect(late).toAnswer("grant_applied", { balance_after: 8 });
    expect((await periodOf(late)).slice(0, 2)).toEqual(["2026-04-30T04:00:00.000Z", "2026-05-31T04:00:00.000Z"]);
    expect(await statusOf(member)).toBe("active");
    expect(await entriesOf(server.db, member.id)).toEqual(["grant 8→8", "deduct 1→7", "grant 8→8", "expire 7→0"]);
  });

  test("a payment grants once: duplicate_payment_event opens no period", async () => {
    const member = await openMember();
    const payment = { external_payment_id: randomUUID() };
    const { body } = await member.grant("monthly", payment);
    const again = await member.grant("monthly", payment);
    expect(again).toAnswer("duplicate_payment_event", { entitlement_id: body["entitlement_id"], balance_after: 8 });
    expect((await periodOf(await member.grant("monthly")))[0]).toBe("2026-04-30T04:00:00.000Z");
  });

  test("payments of one membership at the same time open one period each (rule 18)", async () => {
    const member = await openMember();
    const answers = await Promise.all(Array.from({ length: 5 }, () => member.grant("monthly")));
    const starts = await Promise.all(answers.map(async (answer) => (await periodOf(answer))[0]));
    expect(new Set(starts).size).toBe(5);
  });

  test("anchor calendar_month: boundaries are the first of each month, and the first period gives full credits", async () => {
    const member = await openMember({ anchor: "calendar_month" });
    const first = await member.grant("monthly");
    expect(first).toAnswer("grant_applied", { credits_granted: 8 });
    expect((await periodOf(first)).slice(0, 2)).toEqual(["2026-03-31T15:00:00.000Z", "2026-04-01T04:00:00.000Z"]);
    expect((await periodOf(await member.grant("monthly")))[1]).toBe("2026-05-01T04:00:00.000Z");
  });

  test("expiry_days: the credits of a period outlive it by that many local days (rule 21)", async () => {
    const member = await openMember({ expiry_days: 5 });
    const [, end, expires] = await periodOf(await member.grant("monthly"));
    expect([end, expires]).toEqual(["2026-04-30T04:00:00.000Z", "2026-05-05T04:00:00.000Z"]);
  });

  test("two memberships of one member are two: each has its own periods (clarification 19)", async () => {
    const studio = await openStudio(server, { products: [MONTHLY, { ...MONTHLY, key: "other", monthly_credits: 4 }] });
    const member = studio.newMember();
    await member.grant("monthly");
    expect(await member.grant("other")).toAnswer("grant_applied", { credits_granted: 4, balance_after: 4 });
  });
});

describe("POST /grants of an unlimited membership", () => {
  test("grants no credits: unlimited: true stands beside the finite balance 0", async () => {
    const member = await openMember({ monthly_credits: "unlimited" });
    expect(await member.grant("monthly")).toAnswer("grant_applied", {
      credits_granted: 0,
      balance_after: 0,
      unlimited: true,
    });
    expect(await entriesOf(server.db, member.id)).toEqual([]);
  });

  test("says unlimited for a duplicate_payment_event too, and not once it has ended", async () => {
    const member = await openMember({ monthly_credits: "unlimited" });
    const payment = { external_payment_id: randomUUID() };
    await member.grant("monthly", payment);
    expect(await member.grant("monthly", payment)).toAnswer("duplicate_payment_event", {
      balance_after: 0,
      unlimited: true,
    });
    vi.setSystemTime(Date.parse("2026-06-01T12:00:00Z"));
    const { body } = await member.grant("monthly", payment);
    expect(body).toMatchObject({ reason_code: "duplicate_payment_event", balance_after: 0 });
    expect(body).not.toHaveProperty("unlimited");
  });
});

import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { extendEntitlements } from "../../src/commands/extend.ts";
import { verifyBooks } from "../../src/operations/credits/verify-books.ts";
import { callerOf, createLocation, sql, useServer, type Response } from "../support.ts";
import { entriesOf, openStudio, PACK, unsoundLots } from "./studio.ts";

const server = useServer();

const MONTHLY = { key: "monthly", type: "membership", monthly_credits: 8, calendars: ["yoga"] };
const LARGE = { ...MONTHLY, key: "large", monthly_credits: 20 };

const scopes = ["grant", "check", "deduct", "restore", "summary", "manage"];

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.parse("2026-03-10T15:00:00Z") });
});

afterEach(() => {
  vi.useRealTimers();
});

type Membership = Record<string, unknown> & { id: string; freezes: Record<string, unknown>[] };

/** A member with a membership that was paid on 10 March, in New York. */
async function openMember(product: object = {}) {
  const studio = await openStudio(server, { scopes, products: [PACK, { ...MONTHLY, ...product }, LARGE] });
  const member = studio.newMember();
  await member.grant("monthly");
  const list = async () => {
    const answer = await studio.api.get(`/contacts/${member.id}/memberships`);
    return answer.body["memberships"] as Membership[];
  };
  const { id } = (await list())[0]!;
  const command = (path: string, fields: object = {}) =>
    studio.api.post(path, { request_id: randomUUID(), external_contact_id: member.id, ...fields });
  const on = (action: string) => (fields?: object) => command(`/memberships/${id}/${action}`, fields);
  return {
    studio,
    member,
    id,
    list,
    command,
    freeze: on("freeze"),
    unfreeze: on("unfreeze"),
    cancel: on("cancel"),
    resume: on("resume"),
    changePlan: on("change-plan"),
    adjust: (fields: object) => command(`/contacts/${member.id}/adjust`, fields),
    travel: (time: string) => vi.setSystemTime(Date.parse(time)),
  };
}

const membershipOf = ({ body }: Response) => body["membership"] as Membership;
const statusOf = async (list: () => Promise<Membership[]>) => (await list())[0]?.["status"];

describe("POST /memberships/{id}/freeze (rule 23)", () => {
  test("a month's freeze moves what was paid early on to where the next early period was, and back", async () => {
    const { member, list, freeze, unfreeze } = await openMember();
    await member.grant("monthly");
    await member.grant("monthly");
    const boundaries = async () => {
      const rows = await sql<{ start_on: string }>(
        server.db,
        `SELECT to_char(period_start_at AT TIME ZONE 'America/New_York', 'YYYY-MM-DD') AS start_on
         FROM entitlements WHERE membership_id = $1 ORDER BY period_start_at`,
        [(await list())[0]!.id],
      );
      return rows.map(({ start_on }) => start_on);
    };
    expect(await freeze({ from_on: "2026-03-20", to_on: "2026-04-19" })).toAnswer("membership_frozen");
    expect(await boundaries()).toEqual(["2026-03-10", "2026-05-10", "2026-06-09"]);
    expect(await unfreeze()).toAnswer("membership_unfrozen");
    expect(await boundaries()).toEqual(["2026-03-10", "2026-04-10", "2026-05-10"]);
  });

  test("membership_frozen: from_on to to_on, its credits paused there, its period moved", async () => {
    const { member, freeze } = await openMember();
    const answer = await freeze({ from_on: "2026-03-20", to_on: "2026-03-30", reason: "holiday" });
    expect(answer).toAnswer("membership_frozen");
    expect(answer.body["freeze"]).toMatchObject({
      from_on: "2026-03-20",
      to_on: "2026-03-30",
      days: 10,
      status: "planned",
    });
    expect(membershipOf(answer)).toMatchObject({ next_boundary_at: "2026-04-20T04:00:00.000Z" });
    const inside = { calendar_id: "yoga", appointment_time: "2026-03-25T12:00:00Z" };
    expect(await member.check(inside)).toAnswer("NO_ENTITLEMENT", { detail: "ENTITLEMENT_PAUSED" });
    expect(await member.check({ ...inside, appointment_time: "2026-04-15T12:00:00Z" })).toAnswer("eligible");
  });

  test("dry_run: nothing is written, no request_id is needed, and the preview is exactly what is booked then", async () => {
    const { member, freeze, travel, list } = await openMember({ grace_days: 0 });
    travel("2026-04-20T12:00:00Z");
    const before = await list();
    const asked = { from_on: "2026-04-05", to_on: "2026-04-25" };
    const dry = await freeze({ ...asked, dry_run: true, request_id: undefined });
    expect(dry).toAnswer("membership_frozen", { dry_run: true });
    const preview = dry.body["preview"] as { entries: Record<string, unknown>[]; balances: Record<string, unknown>[] };
    expect(preview.entries).toMatchObject([{ type: "restore", amount: 8, balance_after: 8, reason: "frozen" }]);
    expect(preview.balances).toMatchObject([{ before: 0, after: 8 }]);
    expect(await list()).toEqual(before);
    expect(await entriesOf(server.db, member.id)).toEqual(["grant 8→8", "expire 8→0"]);
    expect(await freeze(asked)).toAnswer("membership_frozen");
    expect(await entriesOf(server.db, member.id)).toEqual(["grant 8→8", "expire 8→0", "reinstate 8→8"]);
    expect(await unsoundLots(server.db)).toEqual([]);
  });

  test("back-dated over a boundary: what had rolled over and expired is moved back", async () => {
    const { member, freeze, travel } = await openMember({ renewal: "schedule", rollover: { cap: 3 } });
    travel("2026-04-20T12:00:00Z");
    expect(await freeze({ from_on: "2026-04-05", to_on: "2026-04-25" })).toAnswer("membership_frozen");
    expect(await entriesOf(server.db, member.id)).toEqual([
      "grant 8→8",
      "grant 8→8",
      "rollover 3→5",
      "expire 5→0",
      "transfer 3→0",
      "reinstate 5→8",
    ]);
    travel("2026-05-01T12:00:00Z");
    expect(await member.check({ calendar_id: "yoga" })).toAnswer("eligible", { balance_after: 10 });
    expect(await unsoundLots(server.db)).toEqual([]);
  });

  test("moved back to a lot that staff had extended: both its preview and its ledger line tell what it then holds", async () => {
    const { studio, member, freeze, travel, list } = await openMember({ renewal: "schedule", rollover: { cap: 3 } });
    const extension = { until: "2026-04-30", reason: "renovation" };
    await extendEntitlements(server.db, server.service.ledger, studio.location_id, member.id, extension);
    travel("2026-04-20T12:00:00Z");
    await list();
    const asked = { from_on: "2026-04-05", to_on: "2026-04-25" };
    const lines = [
      { type: "transfer", amount: -3, balance_after: 0 },
      { type: "transfer", amount: 3, balance_after: 8 },
    ];
    expect((await freeze({ ...asked, dry_run: true })).body["preview"]).toMatchObject({ entries: lines });
    expect(await freeze(asked)).toAnswer("membership_frozen");
    const { body } = await studio.api.get(`/contacts/${member.id}/ledger?limit=2`);
    expect((body["entries"] as object[]).toReversed()).toMatchObject(lines);
  });

  test("bookings_inside tells what is booked there, and it stays", async () => {
    const { member, freeze } = await openMember();
    await member.deduct({ calendar_id: "yoga", external_ref: "class", appointment_time: "2026-03-25T12:00:00Z" });
    const answer = await freeze({ from_on: "2026-03-20", to_on: "2026-03-30" });
    expect(answer.body["bookings_inside"]).toMatchObject([
      { external_ref: "class", service_on: "2026-03-25", credits: 1 },
    ]);
  });

  test("a replay answers the same and freezes once", async () => {
    const { freeze, list } = await openMember();
    const asked = { request_id: randomUUID(), from_on: "2026-03-20", to_on: "2026-03-30" };
    const [first, again] = [await freeze(asked), await freeze(asked)];
    expect(again.text).toBe(first.text);
    expect((await list())[0]?.freezes).toHaveLength(1);
  });

  test("refuses FREEZE_OVERLAPS, FREEZE_LIMIT_REACHED, USED_INSIDE_FREEZE, MEMBERSHIP_NOT_FOUND, MEMBERSHIP_NOT_ACTIVE", async () => {
    const { member, freeze, command, travel } = await openMember({ freeze: { max_days: 30, max_per_year: 1 } });
    await member.deduct({ calendar_id: "yoga" });
    travel("2026-03-12T15:00:00Z");
    expect(await freeze({ from_on: "2026-03-10" })).toAnswer("USED_INSIDE_FREEZE", { used_on: "2026-03-10" });
    expect(await freeze({ to_on: "2026-05-01" })).toAnswer("FREEZE_LIMIT_REACHED", { max_days: 30 });
    expect(await freeze({ from_on: "2026-03-20", to_on: "2026-03-25" })).toAnswer("membership_frozen");
    expect(await freeze({ from_on: "2026-03-24", to_on: "2026-03-27" })).toAnswer("FREEZE_OVERLAPS");
    expect(await freeze({ from_on: "2026-03-25", to_on: "2026-03-27" })).toAnswer("FREEZE_LIMIT_REACHED", {
      max_per_year: 1,
    });
    expect(await command(`/memberships/${randomUUID()}/freeze`)).toAnswer("MEMBERSHIP_NOT_FOUND");
    travel("2026-05-20T12:00:00Z");
    expect(await freeze()).toAnswer("MEMBERSHIP_NOT_ACTIVE", { status: "suspended" });
  });

  test("names every field that is wrong: request_id, from_on, to_on", async () => {
    const { freeze } = await openMember();
    expect(await freeze({ request_id: undefined })).toBeInvalid("request_id");
    expect(await freeze({ from_on: "2026-02-30" })).toBeInvalid("from_on");
    expect(await freeze({ from_on: "2026-01-01" })).toBeInvalid("from_on");
    expect(await freeze({ from_on: "2026-03-20", to_on: "2026-03-20" })).toBeInvalid("to_on");
  });
});

describe("POST /memberships/{id}/unfreeze (rule 23)", () => {
  test("membership_unfrozen: only the days really frozen count; NOT_FROZEN when there is nothing to end", async () => {
    const { freeze, unfreeze, travel, member } = await openMember();
    expect(await unfreeze()).toAnswer("NOT_FROZEN");
    await freeze({ to_on: "2026-03-30" });
    travel("2026-03-15T15:00:00Z");
    const answer = await unfreeze();
    expect(answer).toAnswer("membership_unfrozen");
    expect(answer.body["freeze"]).toMatchObject({
      from_on: "2026-03-10",
      to_on: "2026-03-15",
      days: 5,
      status: "ended",
    });
    expect(membershipOf(answer)).toMatchObject({ is_frozen: false, next_boundary_at: "2026-04-15T04:00:00.000Z" });
    expect(await member.check({ calendar_id: "yoga" })).toAnswer("eligible");
  });

  test("one that has not begun is cancelled", async () => {
    const { freeze, unfreeze } = await openMember();
    await freeze({ from_on: "2026-03-20" });
    expect((await unfreeze()).body["freeze"]).toMatchObject({ status: "cancelled" });
  });
});

describe("POST /memberships/{id}/cancel and /resume (rule 24)", () => {
  test("membership_cancelled at the period's end; membership_resumed undoes it; NOT_ENDING after that", async () => {
    const { cancel, resume, list, travel } = await openMember();
    expect(membershipOf(await cancel({ reason: "moves away" }))).toMatchObject({ ends_at: "2026-04-10T04:00:00.000Z" });
    expect(await resume()).toAnswer("membership_resumed");
    expect(await resume()).toAnswer("NOT_ENDING");
    expect(await cancel()).toAnswer("membership_cancelled");
    travel("2026-04-10T04:00:00Z");
    expect(await statusOf(list)).toBe("ended");
    expect(await resume()).toAnswer("MEMBERSHIP_NOT_FOUND");
  });

  test("mode now: its own credits go to refunded, a package's stay; the preview says so before", async () => {
    const { cancel, member } = await openMember();
    await member.grant("pack");
    const dry = await cancel({ mode: "now", dry_run: true });
    expect(dry.body["preview"]).toMatchObject({
      entries: [{ type: "refund", amount: -8, balance_after: 0 }],
      balances: [{ before: 8, after: 0 }],
    });
    expect(await cancel({ mode: "now" })).toAnswer("membership_cancelled");
    expect(await entriesOf(server.db, member.id)).toEqual(["grant 8→8", "grant 10→10", "refund 8→0"]);
    expect(await member.check({ calendar_id: "yoga" })).toAnswer("eligible", { balance_after: 9 });
    expect(await unsoundLots(server.db)).toEqual([]);
  });

  test("mode now with keep_credits: they live to their own expiry", async () => {
    const { cancel, member } = await openMember();
    await cancel({ mode: "now", keep_credits: true });
    expect(await member.check({ calendar_id: "yoga" })).toAnswer("eligible", { balance_after: 7 });
  });
});

describe("POST /memberships/{id}/change-plan (rule 25)", () => {
  test("plan_changed: more credits now, by the difference for the days that are left", async () => {
    const { changePlan, studio, travel, member } = await openMember();
    travel("2026-03-25T12:00:00Z");
    const to = { product_config_id: studio.product("large") };
    const dry = await changePlan({ ...to, dry_run: true });
    // 12 × 16 of 31 days.
    expect(dry.body["preview"]).toMatchObject({ entries: [{ type: "adjust", amount: 6, reason: "plan_upgraded" }] });
    expect(await changePlan(to)).toAnswer("plan_changed", { when: "now" });
    expect(await member.check({ calendar_id: "yoga" })).toAnswer("eligible", { balance_after: 13 });
  });

  test("fewer from the next period, and nothing is taken back", async () => {
    const small = { ...MONTHLY, key: "large", monthly_credits: 2 };
    const studio = await openStudio(server, { scopes, products: [{ ...MONTHLY, renewal: "schedule" }, small] });
    const member = studio.newMember();
    await member.grant("monthly");
    const { body } = await studio.api.get(`/contacts/${member.id}/memberships`);
    const [{ id } = { id: "" }] = body["memberships"] as Membership[];
    const fields = { external_contact_id: member.id, product_config_id: studio.product("large") };
    const answer = await studio.api.post(`/memberships/${id}/change-plan`, { request_id: randomUUID(), ...fields });
    expect(answer).toAnswer("plan_changed", { when: "next_period" });
    vi.setSystemTime(Date.parse("2026-04-10T12:00:00Z"));
    expect(await member.check({ calendar_id: "yoga" })).toAnswer("eligible", { balance_after: 1 });
  });

  test("paid for under the old plan's name, the next period is the new plan's, and so are the answer's credits", async () => {
    const { changePlan, studio, member, travel } = await openMember();
    const to = { product_config_id: studio.product("large"), when: "next_period" };
    expect(await changePlan(to)).toAnswer("plan_changed", { when: "next_period" });
    travel("2026-04-12T12:00:00Z");
    const payment = { external_payment_id: randomUUID() };
    expect(await member.grant("monthly", payment)).toAnswer("grant_applied", {
      credits_granted: 20,
      balance_after: 20,
    });
    await member.deduct({ calendar_id: "yoga" });
    expect(await member.grant("monthly", payment)).toAnswer("duplicate_payment_event", { balance_after: 19 });
    expect((await verifyBooks(server.db, {})).findings).toEqual([]);
  });

  test("CONFIG_NOT_FOUND for what is no plan; its own plan is not well-formed", async () => {
    const { changePlan, studio } = await openMember();
    expect(await changePlan({ product_config_id: studio.product("pack") })).toAnswer("CONFIG_NOT_FOUND");
    expect(await changePlan({ product_config_id: studio.product("monthly") })).toBeInvalid("product_config_id");
  });
});

describe("POST /contacts/{id}/adjust", () => {
  test("credits_adjusted: added as an entitlement of their own, or taken; the reason stands in the ledger", async () => {
    const { adjust, studio, member } = await openMember();
    const reason = "the pool was cold";
    const added = await adjust({
      amount: 2,
      product_config_id: studio.product("pack"),
      until_on: "2026-03-31",
      reason,
    });
    expect(added).toAnswer("credits_adjusted", { amount: 2 });
    expect(await adjust({ amount: -3, reason })).toAnswer("credits_adjusted", { amount: -3 });
    expect(await entriesOf(server.db, member.id)).toEqual([
      "grant 8→8",
      "adjust_up 2→2",
      "adjust_down 2→0",
      "adjust_down 1→7",
    ]);
    const ledger = await studio.api.get(`/contacts/${member.id}/ledger`);
    expect((ledger.body["entries"] as { reason: string; source: string }[])[0]).toMatchObject({
      reason,
      source: "console",
    });
    expect(await adjust({ amount: -30, reason })).toAnswer("INSUFFICIENT_CREDITS", { balance: 7 });
    expect(await unsoundLots(server.db)).toEqual([]);
  });

  test("names what is wrong: amount, reason, product_config_id", async () => {
    const { adjust } = await openMember();
    expect(await adjust({ amount: 0, reason: "r" })).toBeInvalid("amount");
    expect(await adjust({ amount: 1 })).toBeInvalid("reason");
    expect(await adjust({ amount: 1, reason: "r" })).toBeInvalid("product_config_id");
  });
});

describe("GET /contacts/{id}/memberships", () => {
  test("memberships_loaded: period, status, next boundary, grace and freezes, as of now (rule 26)", async () => {
    const { list, travel, freeze, studio, member } = await openMember();
    expect(await studio.api.get(`/contacts/${member.id}/memberships`)).toAnswer("memberships_loaded");
    await freeze({ from_on: "2026-03-20", to_on: "2026-03-30" });
    travel("2026-03-21T12:00:00Z");
    expect(await list()).toMatchObject([
      {
        name: "monthly",
        status: "active",
        is_frozen: true,
        period: { start_at: "2026-03-10T15:00:00.000Z", end_at: "2026-04-20T04:00:00.000Z" },
        next_boundary_at: "2026-04-20T04:00:00.000Z",
        freezes: [{ status: "active" }],
      },
    ]);
    travel("2026-04-21T12:00:00Z");
    expect(await list()).toMatchObject([
      { status: "past_due", grace_until: "2026-04-27T04:00:00.000Z", next_boundary_at: null, period: null },
    ]);
    travel("2026-04-28T12:00:00Z");
    expect(await list()).toMatchObject([{ status: "suspended", grace_until: null }]);
  });

  test("a freeze, its begin and its end, past due, suspended and ended stand on the timeline", async () => {
    const { studio, member, freeze, cancel, travel } = await openMember();
    await freeze({ from_on: "2026-03-20", to_on: "2026-03-30", reason: "holiday" });
    travel("2026-05-20T12:00:00Z");
    await cancel();
    const { body } = await studio.api.get(`/contacts/${member.id}/timeline`);
    const events = (body["events"] as { kind: string; at: string; title: string }[]).filter(
      ({ kind }) => kind === "membership",
    );
    expect(events.map(({ at, title }) => `${at.slice(0, 10)} ${title}`)).toEqual([
      "2026-05-20 monthly: cancelled",
      "2026-04-27 monthly: suspended",
      "2026-04-20 monthly: past due",
      "2026-03-30 monthly: unfrozen from 2026-03-20 until before 2026-03-30",
      "2026-03-20 monthly: frozen from 2026-03-20 until before 2026-03-30",
      "2026-03-10 monthly: freeze agreed from 2026-03-20 until before 2026-03-30",
    ]);
  });

  test("every command on memberships needs the scope manage, and another's membership is nobody's", async () => {
    const { id, member } = await openMember();
    const other = await openStudio(server, { scopes, products: [MONTHLY] });
    const few = await createLocation(server.db, { products: [PACK], scopes: ["grant", "summary"] });
    for (const action of ["freeze", "unfreeze", "cancel", "resume", "change-plan"]) {
      const body = {
        request_id: randomUUID(),
        external_contact_id: member.id,
        product_config_id: other.product("monthly"),
      };
      const path = `/memberships/${id}/${action}`;
      expect(await callerOf(server.base_url, few.token).post(path, body)).toFail(401, "UNAUTHORIZED");
      expect(await other.api.post(path, body)).toAnswer("NO_ENTITLEMENT", { detail: "UNKNOWN_CONTACT" });
    }
    expect(await sql(server.db, "SELECT 1 FROM memberships WHERE id = $1 AND freezes = '[]'", [id])).toHaveLength(1);
  });
});

test("after all of this the books verify clean (rule 6)", async () => {
  const { broken, findings } = await verifyBooks(server.db, {});
  expect({ broken, findings }).toEqual({ broken: {}, findings: [] });
});

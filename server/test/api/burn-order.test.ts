import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { useServer } from "../support.ts";
import { openStudio, PACK, type Member, type Studio } from "./studio.ts";

const server = useServer();

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.parse("2026-06-01T16:00:00Z") });
});

afterEach(() => {
  vi.useRealTimers();
});

/** Grants products in this order and answers in which order they are drawn on, by key. */
async function drawnOn(studio: Studio, keys: string[], per_lot = 10): Promise<string[]> {
  const member = studio.newMember();
  const key_of = new Map<unknown, string>();
  for (const key of keys) key_of.set((await member.grant(key)).body["entitlement_id"], key);
  const { body } = await member.deduct({ calendar_id: "yoga", amount: per_lot * keys.length });
  const movements = body["movements"] as { entitlement_id: string }[];
  return movements.map(({ entitlement_id }) => key_of.get(entitlement_id) ?? "?");
}

async function yoga(member: Member, appointment_time?: string): Promise<string> {
  const { body } = await member.deduct({ calendar_id: "yoga", appointment_time });
  return body.ok ? "deducted" : `${body.reason_code} ${String(body["detail"])}`;
}

describe("the burn order (rule 8), as deducted tells it", () => {
  test("priority of the product config first, lower first", async () => {
    const products = [
      { ...PACK, key: "late", priority: 200, expiry_days: 1 },
      { ...PACK, key: "early", priority: 1 },
      { ...PACK, key: "usual" },
    ];
    const studio = await openStudio(server, { products });
    expect(await drawnOn(studio, ["late", "usual", "early"])).toEqual(["early", "usual", "late"]);
  });

  test("then soonest expiry, none last", async () => {
    const products = [PACK, { ...PACK, key: "month", expiry_days: 30 }, { ...PACK, key: "week", expiry_days: 7 }];
    const studio = await openStudio(server, { products });
    expect(await drawnOn(studio, ["pack", "month", "week"])).toEqual(["week", "month", "pack"]);
  });

  test("then narrower scope: fewer calendars", async () => {
    const products = [{ ...PACK, key: "wide", calendars: ["yoga", "pilates"] }, PACK];
    const studio = await openStudio(server, { products });
    expect(await drawnOn(studio, ["wide", "pack"])).toEqual(["pack", "wide"]);
  });

  test("then earlier effective", async () => {
    const studio = await openStudio(server);
    const member = studio.newMember();
    await member.grant("pack");
    const { body } = await member.grant("pack", { paid_at: "2026-05-01T00:00:00Z" });
    expect(await member.deduct({ calendar_id: "yoga" })).toAnswer("deducted", {
      entitlement_id: body["entitlement_id"],
    });
  });

  test("then earlier created", async () => {
    const studio = await openStudio(server);
    const member = studio.newMember();
    const paid_at = "2026-05-01T00:00:00Z";
    const { body } = await member.grant("pack", { paid_at });
    vi.advanceTimersByTime(1000);
    await member.grant("pack", { paid_at });
    expect(await member.deduct({ calendar_id: "yoga" })).toAnswer("deducted", {
      entitlement_id: body["entitlement_id"],
    });
  });

  test("same state, same answer: two lots of one instant are drawn on in one order", async () => {
    const studio = await openStudio(server);
    const member = studio.newMember();
    for (let i = 0; i < 5; i += 1) await member.grant("pack");
    const first = await member.check({ calendar_id: "yoga", amount: 37 }, "?explain=true");
    const second = await member.check({ calendar_id: "yoga", amount: 37 }, "?explain=true");
    expect(second.body["explanation"]).toEqual(first.body["explanation"]);
  });
});

describe("a calendar's price (rule 11)", () => {
  const priced = { ...PACK, calendars: ["yoga", "sauna"], cost_by_calendar: { sauna: 3 } };

  test("is what one booking costs where no amount is said; other calendars cost 1", async () => {
    const studio = await openStudio(server, { products: [priced] });
    const member = studio.newMember();
    await member.grant("pack");
    expect(await member.check({ calendar_id: "sauna" })).toAnswer("eligible", { balance_after: 7 });
    expect(await member.deduct({ calendar_id: "sauna" })).toAnswer("deducted", { balance_after: 7 });
    expect(await member.deduct({ calendar_id: "yoga" })).toAnswer("deducted", { balance_after: 6 });
  });

  test("gives way to an amount that is said", async () => {
    const studio = await openStudio(server, { products: [priced] });
    const member = studio.newMember();
    await member.grant("pack");
    expect(await member.deduct({ calendar_id: "sauna", amount: 1 })).toAnswer("deducted", { balance_after: 9 });
  });

  test("is one of the first config in burn order; a booking is not split over different prices (clarification 9)", async () => {
    const products = [
      { ...priced, priority: 1 },
      { ...PACK, key: "cheap", calendars: ["sauna"], cost_by_calendar: { sauna: 2 } },
    ];
    const studio = await openStudio(server, { products });
    const member = studio.newMember();
    await member.grant("pack");
    const { body } = await member.grant("cheap");
    await member.deduct({ product_config_id: studio.product("pack"), amount: 8 });
    // Two of three credits are left at the first price: the next price is taken whole.
    const answer = await member.deduct({ calendar_id: "sauna" });
    const movements = [{ entitlement_id: body["entitlement_id"], amount: 2 }];
    expect(answer).toAnswer("deducted", { movements, balance_after: 10 });
  });
});

describe("a service family", () => {
  test("stands for its calendars: the config covers all of them", async () => {
    const families = [{ key: "mat", calendars: ["yoga", "pilates"] }];
    const products = [{ key: "pack", type: "package", credits_total: 10, families: ["mat"], calendars: ["sauna"] }];
    const studio = await openStudio(server, { families, products });
    const member = studio.newMember();
    await member.grant("pack");
    for (const calendar_id of ["yoga", "pilates", "sauna"])
      expect(await member.deduct({ calendar_id })).toAnswer("deducted");
    const other = await member.deduct({ calendar_id: "boxing" });
    expect(other).toAnswer("NO_ENTITLEMENT", { detail: "SERVICE_FAMILY_MISMATCH" });
  });
});

describe("an unlimited membership (rule 12)", () => {
  const unlimited = { key: "unlimited", type: "membership", monthly_credits: "unlimited", calendars: ["yoga"] };

  test("covers any amount: unlimited: true stands beside the finite balance", async () => {
    const studio = await openStudio(server, { products: [unlimited] });
    const member = studio.newMember();
    const { body } = await member.grant("unlimited");
    const entitlement_id = body["entitlement_id"];
    expect(await member.check({ calendar_id: "yoga" })).toAnswer("eligible", { balance_after: 0, unlimited: true });
    const answer = await member.deduct({ calendar_id: "yoga", amount: 1_000_000 });
    const movements = [{ entitlement_id, amount: 1_000_000 }];
    expect(answer).toAnswer("deducted", { balance_after: 0, unlimited: true, entitlement_id, movements });
  });

  test("comes first within its priority, and a finite balance stays as it is (clarification 10)", async () => {
    const studio = await openStudio(server, { products: [unlimited, { ...PACK, expiry_days: 1 }] });
    const member = studio.newMember();
    await member.grant("pack");
    const { body } = await member.grant("unlimited");
    const answer = await member.deduct({ calendar_id: "yoga" });
    expect(answer).toAnswer("deducted", { entitlement_id: body["entitlement_id"], balance_after: 10, unlimited: true });
  });

  test("within its limits only: then the pack is drawn on", async () => {
    const studio = await openStudio(server, { products: [{ ...unlimited, limits: { per_day: 1 } }, PACK] });
    const member = studio.newMember();
    await member.grant("unlimited");
    await member.grant("pack");
    expect(await member.deduct({ calendar_id: "yoga" })).toAnswer("deducted", { balance_after: 10, unlimited: true });
    const { body } = await member.deduct({ calendar_id: "yoga" });
    expect(body).toMatchObject({ reason_code: "deducted", balance_after: 9 });
    expect(body).not.toHaveProperty("unlimited");
  });
});

describe("usage limits count bookings by service date in local time (rule 12)", () => {
  const REACHED = "NO_ENTITLEMENT USAGE_LIMIT_REACHED";
  const limited = (limits: object) => openStudio(server, { products: [{ ...PACK, limits }] });

  test("per_day: USAGE_LIMIT_REACHED on that day, not on the next; the day is New York's", async () => {
    const member = (await limited({ per_day: 1 })).newMember();
    await member.grant("pack");
    const seen = [await yoga(member, "2026-06-10T15:00:00Z"), await yoga(member, "2026-06-11T03:59:00Z")];
    seen.push(await yoga(member, "2026-06-11T04:00:00Z"));
    expect(seen).toEqual(["deducted", REACHED, "deducted"]);
  });

  test("per_week: the week starts on Monday", async () => {
    const member = (await limited({ per_week: 2 })).newMember();
    await member.grant("pack");
    const seen: string[] = [];
    for (const day of ["08", "14", "10", "15"]) seen.push(await yoga(member, `2026-06-${day}T16:00:00Z`));
    // 8 June 2026 is a Monday, the 14th its Sunday.
    expect(seen).toEqual(["deducted", "deducted", REACHED, "deducted"]);
  });

  test("per_period: of a membership its period, each counts anew", async () => {
    const monthly = {
      key: "monthly",
      type: "membership",
      monthly_credits: 8,
      calendars: ["yoga"],
      limits: { per_period: 1 },
    };
    const member = (await openStudio(server, { products: [monthly] })).newMember();
    await member.grant("monthly");
    await member.grant("monthly");
    const seen = [await yoga(member, "2026-06-20T16:00:00Z"), await yoga(member, "2026-06-21T16:00:00Z")];
    seen.push(await yoga(member, "2026-07-05T16:00:00Z"));
    expect(seen).toEqual(["deducted", REACHED, "deducted"]);
  });

  test("a booking of three credits is one booking, and one that is restored counts no more", async () => {
    const member = (await limited({ per_day: 1 })).newMember();
    await member.grant("pack");
    const booking = {
      calendar_id: "yoga",
      amount: 3,
      appointment_time: "2026-06-10T16:00:00Z",
      external_ref: member.id,
    };
    expect(await member.deduct(booking)).toAnswer("deducted");
    expect(await yoga(member, "2026-06-10T18:00:00Z")).toBe(REACHED);
    await member.restore({ external_ref: member.id, amount: 2 });
    expect(await yoga(member, "2026-06-10T18:00:00Z")).toBe(REACHED);
    await member.restore({ external_ref: member.id });
    expect(await yoga(member, "2026-06-10T18:00:00Z")).toBe("deducted");
  });

  test("hold under fire: five at once for one place a day", async () => {
    const member = (await limited({ per_day: 1 })).newMember();
    await member.grant("pack");
    const seen = await Promise.all(Array.from({ length: 5 }, () => yoga(member, "2026-06-10T16:00:00Z")));
    expect(seen.toSorted()).toEqual([REACHED, REACHED, REACHED, REACHED, "deducted"]);
  });
});

import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { setBillingStatus } from "../../src/operations/billing/set-billing-status.ts";
import { sql, useServer } from "../support.ts";
import { countRows, entriesOf, openStudio, PACK, unsoundLots, useStudio, type Member } from "./studio.ts";

const server = useServer();
const studio = useStudio(server, {
  products: [PACK, { ...PACK, key: "pilates", credits_total: 4, calendars: ["pilates"] }],
});

/** A member with two packs of ten, and the ids of the lots in the order in which they are drawn on. */
async function memberWithTwoPacks(): Promise<{ member: Member; lots: unknown[] }> {
  const member = studio.newMember();
  const lots = [
    (await member.grant("pack")).body["entitlement_id"],
    (await member.grant("pack")).body["entitlement_id"],
  ];
  return { member, lots };
}

async function statusOf(external_id: string): Promise<unknown> {
  const [row] = await sql(server.db, "SELECT status FROM appointments WHERE external_id = $1", [external_id]);
  return row?.["status"];
}

describe("POST /entitlements/restore answers restored", () => {
  test("with ok, reason_code, correlation_id, balance_after, entitlement_id and movements", async () => {
    const { member, lots } = await memberWithTwoPacks();
    await member.deduct({ calendar_id: "yoga", amount: 3, external_ref: "booking" });
    const { status, body } = await member.restore({ calendar_id: "yoga", amount: 2, external_ref: "booking" });
    expect(status).toBe(200);
    expect(body).toEqual({
      ok: true,
      reason_code: "restored",
      correlation_id: body.correlation_id,
      balance_after: 19,
      entitlement_id: lots[0],
      movements: [{ entitlement_id: lots[0], amount: 2 }],
    });
    expect((await entriesOf(server.db, member.id)).slice(2)).toEqual(["deduct 3→7", "restore 2→9"]);
  });

  test("and the entry names the deduction that it gives back", async () => {
    const { member } = await memberWithTwoPacks();
    await member.deduct({ calendar_id: "yoga", external_ref: "booking" });
    const { body } = await member.restore({ external_ref: "booking" });
    const [entry] = await sql(
      server.db,
      "SELECT type, debit, credit, reverses, source, reason, external_ref FROM ledger_entries WHERE correlation_id = $1",
      [body.correlation_id],
    );
    const facts = { source: "api", reason: "restored", external_ref: "booking" };
    expect(entry).toEqual({ type: "restore", debit: "used", credit: "available", reverses: 3, ...facts });
  });

  test("with explain=true: the lots that were given back to", async () => {
    const { member, lots } = await memberWithTwoPacks();
    await member.deduct({ calendar_id: "yoga" });
    const { body } = await member.restore({ calendar_id: "yoga" }, "?explain=true");
    const chosen = [{ entitlement_id: lots[0], product_config_id: studio.product("pack"), amount: 1 }];
    expect(body["explanation"]).toEqual({ chosen, rejected: [] });
  });
});

describe("with an external_ref that names a deduction", () => {
  test("goes back to the entitlements it was drawn from, in reverse order", async () => {
    const { member, lots } = await memberWithTwoPacks();
    await member.deduct({ calendar_id: "yoga", amount: 14, external_ref: "booking" });
    const first = await member.restore({ external_ref: "booking", amount: 5 });
    const movements = [
      { entitlement_id: lots[1], amount: 4 },
      { entitlement_id: lots[0], amount: 1 },
    ];
    expect(first).toAnswer("restored", { movements, entitlement_id: lots[1], balance_after: 11 });
    const rest = [{ entitlement_id: lots[0], amount: 9 }];
    expect(await member.restore({ external_ref: "booking", amount: 9 })).toAnswer("restored", { movements: rest });
  });

  test("product and calendar are optional; amount stays 1 when omitted (clarification 11)", async () => {
    const { member } = await memberWithTwoPacks();
    await member.deduct({ calendar_id: "yoga", amount: 4, external_ref: "booking" });
    expect(await member.restore({ external_ref: "booking" })).toAnswer("restored", { balance_after: 17 });
  });

  test("all of this contact's deductions of that ref count, the latest first", async () => {
    const { member } = await memberWithTwoPacks();
    await member.deduct({ calendar_id: "yoga", amount: 2, external_ref: "booking" });
    await member.deduct({ calendar_id: "yoga", amount: 3, external_ref: "booking" });
    expect(await member.restore({ external_ref: "booking", amount: 4 })).toAnswer("restored", { balance_after: 19 });
    const [last, before] = (await entriesOf(server.db, member.id)).toReversed();
    expect([before, last]).toEqual(["restore 3→8", "restore 1→9"]);
  });

  test("all or nothing: more than is not restored yet is NOTHING_TO_RESTORE, and nothing moves", async () => {
    const { member } = await memberWithTwoPacks();
    await member.deduct({ calendar_id: "yoga", amount: 3, external_ref: "booking" });
    await member.restore({ external_ref: "booking", amount: 2 });
    const before = await countRows(server.db);
    const refused = await member.restore({ external_ref: "booking", amount: 2 });
    expect(refused).toAnswer("NOTHING_TO_RESTORE", { message: expect.any(String), restorable: 1 });
    expect(await countRows(server.db)).toEqual({ ...before, requests: before.requests + 1 });
    expect(await member.restore({ external_ref: "booking", amount: 1 })).toAnswer("restored", { balance_after: 20 });
    expect(await member.restore({ external_ref: "booking" })).toAnswer("NOTHING_TO_RESTORE", { restorable: 0 });
  });

  test("a ref that nobody used is NOTHING_TO_RESTORE, even where other deductions stand", async () => {
    const { member } = await memberWithTwoPacks();
    await member.deduct({ calendar_id: "yoga" });
    expect(await member.restore({ external_ref: "another" })).toAnswer("NOTHING_TO_RESTORE");
  });

  test("another contact's deduction of the same ref is not given back", async () => {
    const [{ member: jane }, { member: joe }] = [await memberWithTwoPacks(), await memberWithTwoPacks()];
    const external_ref = randomUUID();
    await jane.deduct({ calendar_id: "yoga", external_ref });
    expect(await joe.restore({ external_ref })).toAnswer("NOTHING_TO_RESTORE");
    expect(await jane.restore({ external_ref })).toAnswer("restored");
  });

  test("a product_config_id or calendar_id narrows it down", async () => {
    const { member } = await memberWithTwoPacks();
    await member.grant("pilates");
    await member.deduct({ calendar_id: "yoga", amount: 2, external_ref: "day pass" });
    await member.deduct({ calendar_id: "pilates", amount: 2, external_ref: "day pass" });
    const yoga = { external_ref: "day pass", calendar_id: "yoga", amount: 3 };
    expect(await member.restore(yoga)).toAnswer("NOTHING_TO_RESTORE", { restorable: 2 });
    const product_config_id = studio.product("pilates");
    expect(await member.restore({ external_ref: "day pass", product_config_id, amount: 2 })).toAnswer("restored", {
      balance_after: 4,
    });
    expect(await member.restore({ ...yoga, amount: 2 })).toAnswer("restored", { balance_after: 20 });
  });

  test("a full restore cancels the appointment of that ref, a part of it does not (clarification 14)", async () => {
    const { member } = await memberWithTwoPacks();
    const external_ref = randomUUID();
    await member.deduct({ calendar_id: "yoga", amount: 2, external_ref });
    await member.restore({ external_ref });
    expect(await statusOf(external_ref)).toBe("confirmed");
    await member.restore({ external_ref });
    expect(await statusOf(external_ref)).toBe("cancelled");
    await member.deduct({ calendar_id: "yoga", external_ref });
    expect(await statusOf(external_ref)).toBe("confirmed");
  });
});

describe("without an external_ref", () => {
  test("goes back to the contact's latest deductions that match, in reverse order", async () => {
    const { member, lots } = await memberWithTwoPacks();
    await member.deduct({ calendar_id: "yoga", amount: 8 });
    await member.deduct({ calendar_id: "yoga", amount: 4 });
    const movements = [
      { entitlement_id: lots[1], amount: 2 },
      { entitlement_id: lots[0], amount: 2 },
      { entitlement_id: lots[0], amount: 1 },
    ];
    const answer = await member.restore({ calendar_id: "yoga", amount: 5 });
    expect(answer).toAnswer("restored", { movements, balance_after: 13 });
  });

  test("passes by deductions that carry a ref", async () => {
    const { member } = await memberWithTwoPacks();
    await member.deduct({ calendar_id: "yoga", amount: 1 });
    await member.deduct({ calendar_id: "yoga", amount: 5, external_ref: "booking" });
    expect(await member.restore({ calendar_id: "yoga", amount: 2 })).toAnswer("NOTHING_TO_RESTORE", { restorable: 1 });
    expect(await member.restore({ calendar_id: "yoga" })).toAnswer("restored", { balance_after: 15 });
  });

  test("passes by deductions of other products and calendars", async () => {
    const { member } = await memberWithTwoPacks();
    await member.grant("pilates");
    await member.deduct({ calendar_id: "pilates" });
    expect(await member.restore({ calendar_id: "yoga" })).toAnswer("NOTHING_TO_RESTORE");
    expect(await member.restore({ product_config_id: studio.product("pilates") })).toAnswer("restored", {
      balance_after: 4,
    });
  });

  test("under the same bound: never more than was taken, all or nothing", async () => {
    const { member } = await memberWithTwoPacks();
    await member.deduct({ calendar_id: "yoga", amount: 3 });
    expect(await member.restore({ calendar_id: "yoga", amount: 4 })).toAnswer("NOTHING_TO_RESTORE", { restorable: 3 });
    expect(await member.restore({ calendar_id: "yoga", amount: 3 })).toAnswer("restored", { balance_after: 20 });
    expect(await member.restore({ calendar_id: "yoga" })).toAnswer("NOTHING_TO_RESTORE", { restorable: 0 });
  });

  test("reaches the last 100 matching deductions, not one more (clarification 11)", async () => {
    const other = await openStudio(server, { products: [{ ...PACK, credits_total: 1000 }] });
    const member = other.newMember();
    await member.grant("pack");
    await Promise.all(Array.from({ length: 101 }, () => member.deduct({ calendar_id: "yoga" })));
    expect(await member.restore({ calendar_id: "yoga", amount: 101 })).toAnswer("NOTHING_TO_RESTORE", {
      restorable: 100,
    });
    expect(await member.restore({ calendar_id: "yoga", amount: 100 })).toAnswer("restored", { balance_after: 999 });
  });
});

describe("a restore never puts more into an entitlement than was taken out of it", () => {
  test("twenty at once for a deduction of three: three are restored", async () => {
    const { member } = await memberWithTwoPacks();
    await member.deduct({ calendar_id: "yoga", amount: 3, external_ref: "booking" });
    const answers = await Promise.all(Array.from({ length: 20 }, () => member.restore({ external_ref: "booking" })));
    expect(answers.filter(({ body }) => body.reason_code === "restored")).toHaveLength(3);
    expect(answers.filter(({ body }) => body.reason_code === "NOTHING_TO_RESTORE")).toHaveLength(17);
    expect(await member.check({ calendar_id: "yoga" })).toAnswer("eligible", { balance_after: 19 });
    expect(await unsoundLots(server.db)).toEqual([]);
  });

  test("credits are never made here: a contact without any deduction gets none", async () => {
    const { member } = await memberWithTwoPacks();
    expect(await member.restore({ calendar_id: "yoga" })).toAnswer("NOTHING_TO_RESTORE", { restorable: 0 });
  });
});

describe("an entitlement that is not what it was (rule 31)", () => {
  test("frozen: back into it", async () => {
    const { member, lots } = await memberWithTwoPacks();
    await member.deduct({ calendar_id: "yoga", amount: 2 });
    await sql(server.db, "UPDATE entitlements SET state = 'paused' WHERE id = $1", [lots[0]]);
    const movements = [{ entitlement_id: lots[0], amount: 2 }];
    expect(await member.restore({ calendar_id: "yoga", amount: 2 })).toAnswer("restored", {
      movements,
      balance_after: 10,
    });
  });

  test("refunded: nothing to the member, and both movements show", async () => {
    const { member, lots } = await memberWithTwoPacks();
    await member.deduct({ calendar_id: "yoga", amount: 2 });
    await sql(server.db, "UPDATE entitlements SET state = 'revoked' WHERE id = $1", [lots[0]]);
    const answer = await member.restore({ calendar_id: "yoga", amount: 2 });
    expect(answer).toAnswer("restored", { movements: [], entitlement_id: null, balance_after: 10 });
    expect((await entriesOf(server.db, member.id)).slice(3)).toEqual(["restore 2→10", "refund 2→8"]);
  });

  test("unlimited: the usage is taken back, the balance stays (clarification 2)", async () => {
    const unlimited = { key: "unlimited", type: "membership", monthly_credits: "unlimited", calendars: ["yoga"] };
    const other = await openStudio(server, { products: [unlimited] });
    const member = other.newMember();
    await member.grant("unlimited");
    await member.deduct({ calendar_id: "yoga", external_ref: "booking" });
    expect(await member.restore({ external_ref: "booking" })).toAnswer("restored", {
      balance_after: 0,
      unlimited: true,
    });
    expect(await member.restore({ external_ref: "booking" })).toAnswer("NOTHING_TO_RESTORE");
    expect(await entriesOf(server.db, member.id)).toEqual(["usage 1→0", "usage_restore 1→0"]);
  });
});

describe("POST /entitlements/restore refuses", () => {
  test("NO_ENTITLEMENT: an unknown contact, with detail UNKNOWN_CONTACT", async () => {
    const refused = await studio.newMember().restore({ calendar_id: "yoga" });
    expect(refused).toAnswer("NO_ENTITLEMENT", { detail: "UNKNOWN_CONTACT", message: expect.any(String) });
  });

  test("NO_ENTITLEMENT: nothing that matches, in any state; SERVICE_FAMILY_MISMATCH where credits are elsewhere", async () => {
    const { member } = await memberWithTwoPacks();
    const mismatch = { detail: "SERVICE_FAMILY_MISMATCH" };
    expect(await member.restore({ calendar_id: "boxing" })).toAnswer("NO_ENTITLEMENT", mismatch);
    expect(await member.restore({ product_config_id: "pc_unknown" })).toAnswer("NO_ENTITLEMENT", mismatch);
  });

  test("NOTHING_TO_RESTORE, not NO_ENTITLEMENT, where the matching entitlement has long expired", async () => {
    const other = await openStudio(server, { products: [{ ...PACK, expiry_days: 5 }] });
    const member = other.newMember();
    await member.grant("pack", { paid_at: new Date(Date.now() - 60 * 86_400_000).toISOString() });
    expect(await member.restore({ calendar_id: "yoga" })).toAnswer("NOTHING_TO_RESTORE");
  });

  test("BILLING_SUSPENDED before all others, and moves nothing", async () => {
    const other = await openStudio(server);
    const member = other.newMember();
    await member.grant("pack");
    await member.deduct({ calendar_id: "yoga", external_ref: "booking" });
    await setBillingStatus(server.db, other.workspace, "suspended");
    const before = await countRows(server.db);
    expect(await member.restore({ external_ref: "booking" })).toAnswer("BILLING_SUSPENDED");
    expect(await other.newMember().restore({ calendar_id: "yoga" })).toAnswer("BILLING_SUSPENDED");
    expect(await countRows(server.db)).toEqual({ ...before, requests: before.requests + 2 });
    await setBillingStatus(server.db, other.workspace, "active");
    expect(await member.restore({ external_ref: "booking" })).toAnswer("restored", { balance_after: 10 });
  });

  test("in the order NO_ENTITLEMENT, CANCELLATION_WINDOW_EXPIRED, NOTHING_TO_RESTORE", async () => {
    const { member } = await memberWithTwoPacks();
    const late = { appointment_time: "2026-01-01T00:00:00Z" };
    expect(await member.restore({ calendar_id: "boxing", ...late })).toAnswer("NO_ENTITLEMENT");
    expect(await member.restore({ calendar_id: "yoga", ...late })).toAnswer("CANCELLATION_WINDOW_EXPIRED");
    expect(await member.restore({ calendar_id: "yoga" })).toAnswer("NOTHING_TO_RESTORE");
  });
});

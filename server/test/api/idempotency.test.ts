import { describe, expect, test } from "vitest";
import { setBillingStatus } from "../../src/operations/billing/set-billing-status.ts";
import { Database } from "../../src/platform/database.ts";
import { createLogger } from "../../src/platform/log.ts";
import { createService } from "../../src/service.ts";
import { callerOf, sql, useServer, type Response } from "../support.ts";
import { countRows, entriesOf, openStudio, type Member } from "./studio.ts";

const server = useServer();

type Write = "grant" | "deduct" | "restore";

/** The three that write, each on a member who has credits and a deduction that can be given back. */
const WRITES: Write[] = ["grant", "deduct", "restore"];

async function memberWithCredits(): Promise<Member> {
  const member = (await openStudio(server)).newMember();
  await member.grant("pack", { external_payment_id: "first" });
  await member.deduct({ calendar_id: "yoga", amount: 3, external_ref: "first" });
  return member;
}

function write(member: Member, operation: Write, fields: object, query = ""): Promise<Response> {
  if (operation === "grant") return member.grant("pack", { external_payment_id: "second", ...fields }, query);
  return member[operation]({ calendar_id: "yoga", external_ref: "first", ...fields }, query);
}

function expectReplay(answer: Response, first: Response): void {
  expect(answer.text).toBe(first.text);
  expect(answer.status).toBe(first.status);
  expect(answer.headers.get("idempotency-replayed")).toBe("true");
  expect(answer.headers.get("x-correlation-id")).toBe(first.body.correlation_id);
}

describe.each(WRITES)("the same request_id again on %s", (operation) => {
  test("with the same payload: the same bytes, correlation id and all, with Idempotency-Replayed; no second effect", async () => {
    const member = await memberWithCredits();
    const first = await write(member, operation, { request_id: "again" });
    expect(first.body.ok).toBe(true);
    expect(first.headers.get("idempotency-replayed")).toBeNull();
    const before = await countRows(server.db);
    for (let i = 0; i < 3; i += 1) expectReplay(await write(member, operation, { request_id: " again " }), first);
    expect(await countRows(server.db)).toEqual(before);
  });

  test("with another payload: VALIDATION_ERROR 400 naming request_id and what it was first used for", async () => {
    const member = await memberWithCredits();
    await write(member, operation, { request_id: "again" });
    const before = await countRows(server.db);
    const answer = await write(member, operation, { request_id: "again", external_ref: "another" });
    expect(answer).toBeInvalid("request_id");
    expect(answer.text).toContain(`was first used for ${operation}_credits with another payload`);
    expect(await countRows(server.db)).toEqual(before);
  });

  test("for another operation: VALIDATION_ERROR 400 naming the first one", async () => {
    const member = await memberWithCredits();
    await write(member, operation, { request_id: "again" });
    for (const other of WRITES.filter((name) => name !== operation)) {
      const answer = await write(member, other, { request_id: "again" });
      expect(answer).toBeInvalid("request_id");
      expect(answer.text).toContain(`was first used for ${operation}_credits;`);
    }
  });

  test("aliases, spaces, unknown fields, their order and explain do not count as another payload", async () => {
    const member = await memberWithCredits();
    const { id } = member;
    const appointment = operation === "grant" ? {} : { appointment_time: "2031-01-01T12:00:00Z", amount: 1 };
    const same = operation === "grant" ? {} : { appointment_time: "2031-01-01T07:00:00.000-05:00", amount: 1.0 };
    const first = await write(member, operation, { request_id: "again", ...appointment });
    expect(first.body.ok).toBe(true);
    const variants: [object, string][] = [
      [{ external_contact_id: undefined, ghl_contact_id: id }, ""],
      [{ external_contact_id: ` ${id}\t`, ghl_contact_id: "ignored" }, ""],
      [{ unknown: 1, another: { a: [] } }, ""],
      [{}, "?explain=true"],
      [{}, "?anything=else"],
    ];
    for (const [fields, query] of variants) {
      expectReplay(await write(member, operation, { ...fields, request_id: "again", ...same }, query), first);
    }
  });

  test("is looked up before any refusal: also while billing is suspended", async () => {
    const studio = await openStudio(server);
    const member = studio.newMember();
    await member.grant("pack");
    await member.deduct({ calendar_id: "yoga", external_ref: "first" });
    const first = await write(member, operation, { request_id: "again" });
    await setBillingStatus(server.db, studio.workspace, "suspended");
    expectReplay(await write(member, operation, { request_id: "again" }), first);
    expect(await write(member, operation, { request_id: "fresh", external_payment_id: "fresh" })).toAnswer(
      "BILLING_SUSPENDED",
    );
  });

  test("is a VALIDATION_ERROR like any other where the body is not well-formed: 400 comes before the remembered answer", async () => {
    const member = await memberWithCredits();
    await write(member, operation, { request_id: "again" });
    expect(await write(member, operation, { request_id: "again", external_ref: 1 })).toBeInvalid("external_ref");
  });

  test("in another location is another request: the key is (location, request_id)", async () => {
    const [here, there] = [await memberWithCredits(), await memberWithCredits()];
    const first = await write(here, operation, { request_id: "again" });
    const second = await write(there, operation, { request_id: "again" });
    expect(second.headers.get("idempotency-replayed")).toBeNull();
    expect(second.body.reason_code).toBe(first.body.reason_code);
    expect(second.body.correlation_id).not.toBe(first.body.correlation_id);
  });
});

describe("defaults of a grant said aloud", () => {
  test("are the same payload: provider, event_type, the case of currency, the order of metadata", async () => {
    const member = await memberWithCredits();
    const payment = {
      request_id: "again",
      external_payment_id: "second",
      currency: "USD",
      metadata: { a: { b: 1, c: 2 }, d: 3 },
    };
    const first = await member.grant("pack", payment);
    const said = {
      provider: "automation",
      event_type: " payment_confirmed ",
      currency: "usd",
      metadata: { d: 3, a: { c: 2, b: 1 } },
    };
    expect(first).toAnswer("grant_applied");
    expectReplay(await member.grant("pack", { ...payment, ...said }), first);
  });
});

describe("what is remembered", () => {
  test("comes before any balance check: a deduction of the last credit is repeated, not refused", async () => {
    const member = await memberWithCredits();
    const all = { calendar_id: "yoga", amount: 7, request_id: "last" };
    const first = await member.deduct(all);
    expect(first).toAnswer("deducted", { balance_after: 0 });
    expectReplay(await member.deduct(all), first);
    expect(await entriesOf(server.db, member.id)).toEqual(["grant 10→10", "deduct 3→7", "deduct 7→0"]);
  });

  test("business refusals too: INSUFFICIENT_CREDITS stays the answer when credits have come", async () => {
    const member = await memberWithCredits();
    const many = { calendar_id: "yoga", amount: 12, request_id: "many" };
    const first = await member.deduct(many);
    expect(first).toAnswer("INSUFFICIENT_CREDITS", { balance: 7 });
    await member.grant("pack");
    expectReplay(await member.deduct(many), first);
    expect(await member.deduct({ ...many, request_id: "many again" })).toAnswer("deducted");
  });

  test.each([
    ["CONFIG_NOT_FOUND", "grant", { product_config_id: "pc_unknown" }],
    ["NO_ENTITLEMENT", "deduct", { calendar_id: "pilates" }],
    ["NOTHING_TO_RESTORE", "restore", { amount: 9 }],
    ["CANCELLATION_WINDOW_EXPIRED", "restore", { appointment_time: "2026-01-01T00:00:00Z" }],
  ] as const)("%s of %s is repeated", async (reason_code, operation, fields) => {
    const member = await memberWithCredits();
    const first = await write(member, operation, { request_id: "refused", ...fields });
    expect(first).toAnswer(reason_code);
    expectReplay(await write(member, operation, { request_id: "refused", ...fields }), first);
  });

  test("a VALIDATION_ERROR is not: the id is still free", async () => {
    const member = await memberWithCredits();
    expect(await member.deduct({ calendar_id: "yoga", amount: 0, request_id: "free" })).toBeInvalid("amount");
    expect(await member.grant("pack", { paid_at: "2090-01-01T00:00:00Z", request_id: "free" })).toBeInvalid("paid_at");
    expect(await member.deduct({ calendar_id: "yoga", request_id: "free" })).toAnswer("deducted");
  });

  test("an INTERNAL_ERROR 500 is not, nor any part of it: the same id works when the fault is mended", async () => {
    const member = await memberWithCredits();
    const fault = "CHECK (external_ref IS DISTINCT FROM 'poison') NOT VALID";
    await sql(server.db, `ALTER TABLE ledger_entries ADD CONSTRAINT fault ${fault}`);
    const before = await countRows(server.db);
    const poisoned = { calendar_id: "yoga", request_id: "free", external_ref: "poison" };
    const [failed, neighbour] = await Promise.all([member.deduct(poisoned), member.deduct({ calendar_id: "yoga" })]);
    expect(failed).toFail(500, "INTERNAL_ERROR");
    expect(neighbour).toAnswer("deducted");
    expect(await countRows(server.db)).toMatchObject({
      requests: before.requests + 1,
      appointments: before.appointments,
    });
    await sql(server.db, "ALTER TABLE ledger_entries DROP CONSTRAINT fault");
    expect(await member.deduct(poisoned)).toAnswer("deducted", { balance_after: 5 });
  });

  test("an UNAVAILABLE 503 is not: it comes with Retry-After, and the same id works elsewhere", async () => {
    const studio = await openStudio(server);
    const member = studio.newMember();
    await member.grant("pack");
    const db = new Database(server.url, 2);
    const config = { api_rate_limit: 0, ledger_batch: "mixed", public_url: "http://kotally.test" } as const;
    const closing = await createService(db, config, createLogger("silent"));
    const there = callerOf(await closing.app.listen({ port: 0, host: "127.0.0.1" }), studio.token);
    await closing.ledger.close();
    const body = { request_id: "free", external_contact_id: member.id, calendar_id: "yoga" };
    const refused = await there.post("/entitlements/deduct", body);
    expect(refused).toFail(503, "UNAVAILABLE");
    expect(refused.headers.get("retry-after")).toBe("1");
    expect(await member.deduct(body)).toAnswer("deducted");
    await closing.close();
    await db.close();
  });

  test("a database that is away is UNAVAILABLE 503 with Retry-After", async () => {
    const studio = await openStudio(server);
    const db = new Database("postgres://postgres@127.0.0.1:1/nowhere", 2);
    const config = { api_rate_limit: 0, ledger_batch: "mixed", public_url: "http://kotally.test" } as const;
    const lost = await createService(db, config, createLogger("silent"));
    const there = callerOf(await lost.app.listen({ port: 0, host: "127.0.0.1" }), studio.token);
    const answer = await there.post("/entitlements/check-eligibility", {
      external_contact_id: "x",
      calendar_id: "yoga",
    });
    expect(answer).toFail(503, "UNAVAILABLE");
    expect(answer.headers.get("retry-after")).toBe("1");
    await lost.close();
    await db.close();
  });
});

describe("explain", () => {
  test("asked with the first request stands in every repeated answer: the bytes are the same", async () => {
    const member = await memberWithCredits();
    const ask = { calendar_id: "yoga", request_id: "again" };
    const first = await member.deduct(ask, "?explain=true");
    expect(first.body["explanation"]).toBeDefined();
    expectReplay(await member.deduct(ask), first);
  });
});

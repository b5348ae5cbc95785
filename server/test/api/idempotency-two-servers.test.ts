import { setTimeout as pause } from "node:timers/promises";
import { beforeAll, describe, expect, test } from "vitest";
import type { Transaction } from "../../src/platform/database.ts";
import { cleanUp, newServer, type ServerProcess } from "../faults/spawned-server.ts";
import { callerOf, sql, useServer, type Caller, type Response } from "../support.ts";
import { entriesOf, openStudio, unsoundLots, type Studio } from "./studio.ts";

const server = useServer();
let processes: ServerProcess[] = [];
cleanUp();

beforeAll(async () => {
  processes = await Promise.all([1, 2].map(() => newServer({ DATABASE_URL: server.url })));
  await Promise.all(processes.map((one) => one.start()));
});

function callersOf(studio: Studio): [Caller, Caller] {
  const [one, other] = processes.map(({ base_url }) => callerOf(base_url, studio.token));
  if (!one || !other) throw new Error("two servers are needed");
  return [one, other];
}

/** Holds a contact's row, so that every command of its member waits, until the promise that it answers is called for. */
async function holdContact(external_id: string): Promise<{ release(): Promise<void> }> {
  const tx: Transaction = await server.db.begin("owner");
  await tx.query({ name: "", text: "SELECT 1 FROM contacts WHERE external_id = $1 FOR UPDATE" }, [external_id]);
  return { release: () => tx.rollback() };
}

/** Waits until some transaction stands before a lock. */
async function untilSomeoneWaits(): Promise<void> {
  for (let i = 0; i < 200; i += 1) {
    const [row] = await sql<{ waiting: number }>(
      server.db,
      "SELECT count(*)::integer AS waiting FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
    );
    if (row && row.waiting > 0) return;
    await pause(10);
  }
  throw new Error("nobody waits");
}

/** 200 with one body among all who got it, or 409: nothing else. */
function expectOneAnswer(answers: Response[]): void {
  expect(new Set(answers.filter(({ status }) => status === 200).map(({ text }) => text)).size).toBe(1);
  for (const refused of answers.filter(({ status }) => status !== 200)) {
    expect(refused).toFail(409, "REQUEST_IN_PROGRESS");
    expect(refused.headers.get("retry-after")).toBe("1");
  }
}

describe("the same request_id while the first is still in work: REQUEST_IN_PROGRESS 409 with Retry-After: 1", () => {
  test("in this process, at once", async () => {
    const studio = await openStudio(server);
    const member = studio.newMember();
    await member.grant("pack");
    const [here] = callersOf(studio);
    const body = { request_id: "slow", external_contact_id: member.id, calendar_id: "yoga" };
    const held = await holdContact(member.id);
    const first = here.post("/entitlements/deduct", body);
    await untilSomeoneWaits();
    const second = await here.post("/entitlements/deduct", body);
    expect(second).toFail(409, "REQUEST_IN_PROGRESS");
    expect(second.headers.get("retry-after")).toBe("1");
    expect(await here.post("/entitlements/deduct", { ...body, amount: 2 })).toFail(409, "REQUEST_IN_PROGRESS");
    await held.release();
    expect(await first).toAnswer("deducted", { balance_after: 9 });
    expect((await here.post("/entitlements/deduct", body)).text).toBe((await first).text);
  });

  test("in another process, at once where it can be told without waiting for the member", async () => {
    const studio = await openStudio(server);
    const [member, another] = [studio.newMember(), studio.newMember()];
    await Promise.all([member.grant("pack"), another.grant("pack")]);
    const [here, there] = callersOf(studio);
    const body = { request_id: "slow", external_contact_id: member.id, calendar_id: "yoga" };
    const held = await holdContact(member.id);
    const first = here.post("/entitlements/deduct", body);
    await untilSomeoneWaits();
    const second = await there.post("/entitlements/deduct", { ...body, external_contact_id: another.id });
    expect(second).toFail(409, "REQUEST_IN_PROGRESS");
    expect(second.headers.get("retry-after")).toBe("1");
    await held.release();
    expect(await first).toAnswer("deducted", { balance_after: 9 });
  });

  test("in another process, for the same member: that, or when it has finished meanwhile its very answer", async () => {
    const studio = await openStudio(server);
    const member = studio.newMember();
    await member.grant("pack");
    const [here, there] = callersOf(studio);
    const body = { request_id: "slow", external_contact_id: member.id, calendar_id: "yoga" };
    const held = await holdContact(member.id);
    const first = here.post("/entitlements/deduct", body);
    await untilSomeoneWaits();
    const second = there.post("/entitlements/deduct", body);
    await pause(100);
    await held.release();
    expectOneAnswer(await Promise.all([first, second]));
    expect((await there.post("/entitlements/deduct", body)).text).toBe((await first).text);
    expect(await entriesOf(server.db, member.id)).toEqual(["grant 10→10", "deduct 1→9"]);
  });

  test("but not while another process only repeats its answer: a finished request is never in work", async () => {
    const studio = await openStudio(server);
    const member = studio.newMember();
    await member.grant("pack");
    const callers = callersOf(studio);
    const body = { request_id: "done", external_contact_id: member.id, calendar_id: "yoga" };
    const first = await callers[0].post("/entitlements/deduct", body);
    for (let i = 0; i < 20; i += 1) {
      const both = await Promise.all(callers.map((caller) => caller.post("/entitlements/deduct", body)));
      expect(both.map(({ text }) => text)).toEqual([first.text, first.text]);
    }
  });

  test("with the same id in another location, nobody waits", async () => {
    const [studio, other] = [await openStudio(server), await openStudio(server)];
    const [member, stranger] = [studio.newMember(), other.newMember()];
    await Promise.all([member.grant("pack"), stranger.grant("pack")]);
    const held = await holdContact(member.id);
    const [here] = callersOf(studio);
    const [, there] = callersOf(other);
    const first = here.post("/entitlements/deduct", {
      request_id: "slow",
      external_contact_id: member.id,
      calendar_id: "yoga",
    });
    await untilSomeoneWaits();
    const body = { request_id: "slow", external_contact_id: stranger.id, calendar_id: "yoga" };
    expect(await there.post("/entitlements/deduct", body)).toAnswer("deducted");
    await held.release();
    expect(await first).toAnswer("deducted");
  });
});

describe("200 concurrent identical requests over two server processes on one database", () => {
  const storm = async (studio: Studio, path: string, body: object) => {
    const callers = callersOf(studio);
    const sent = Array.from({ length: 200 }, (_, i) => callers[i % 2 === 0 ? 0 : 1].post(path, body));
    const answers = await Promise.all(sent);
    expectOneAnswer(answers);
    const later = await Promise.all(callers.map((caller) => caller.post(path, body)));
    const first = answers.find(({ status }) => status === 200);
    for (const answer of later) {
      expect(answer.text).toBe(first?.text);
      expect(answer.headers.get("idempotency-replayed")).toBe("true");
    }
    return later[0];
  };

  test("to POST /grants: one grant, byte-equal answers or 409", async () => {
    const studio = await openStudio(server);
    const { id } = studio.newMember();
    const body = {
      request_id: "storm",
      external_payment_id: "p",
      external_contact_id: id,
      product_config_id: studio.product("pack"),
    };
    expect(await storm(studio, "/grants", body)).toAnswer("grant_applied", { credits_granted: 10, balance_after: 10 });
    expect(await entriesOf(server.db, id)).toEqual(["grant 10→10"]);
  });

  test("to POST /entitlements/deduct and /restore: one effect each, byte-equal answers or 409", async () => {
    const studio = await openStudio(server);
    const member = studio.newMember();
    await member.grant("pack");
    const body = { request_id: "storm", external_contact_id: member.id, calendar_id: "yoga", amount: 4 };
    expect(await storm(studio, "/entitlements/deduct", body)).toAnswer("deducted", { balance_after: 6 });
    const back = { ...body, request_id: "storm back", amount: 3 };
    expect(await storm(studio, "/entitlements/restore", back)).toAnswer("restored", { balance_after: 9 });
    expect(await entriesOf(server.db, member.id)).toEqual(["grant 10→10", "deduct 4→6", "restore 3→9"]);
  });
});

describe("different requests at the same time over two server processes", () => {
  test("with one request_id and two payloads: one effect; the other is a VALIDATION_ERROR or REQUEST_IN_PROGRESS", async () => {
    const studio = await openStudio(server);
    const member = studio.newMember();
    await member.grant("pack");
    const callers = callersOf(studio);
    const body = { request_id: "storm", external_contact_id: member.id, calendar_id: "yoga" };
    const sent = Array.from({ length: 40 }, (_, i) =>
      callers[i % 2 === 0 ? 0 : 1].post("/entitlements/deduct", { ...body, amount: 1 + (i % 2) }),
    );
    const answers = await Promise.all(sent);
    expect(new Set(answers.filter(({ status }) => status === 200).map(({ text }) => text)).size).toBe(1);
    for (const { status } of answers) expect([200, 400, 409]).toContain(status);
    expect(await entriesOf(server.db, member.id)).toHaveLength(2);
  });

  test("with one payment and many request ids: it grants once, the others are duplicate_payment_event", async () => {
    const studio = await openStudio(server);
    const { id } = studio.newMember();
    const callers = callersOf(studio);
    const sent = Array.from({ length: 60 }, (_, i) =>
      callers[i % 2 === 0 ? 0 : 1].post("/grants", {
        request_id: `delivery ${i}`,
        external_payment_id: "one payment",
        external_contact_id: id,
        product_config_id: studio.product("pack"),
      }),
    );
    const codes = (await Promise.all(sent)).map(({ body }) => body.reason_code);
    expect(codes.toSorted()).toEqual([...Array<string>(59).fill("duplicate_payment_event"), "grant_applied"]);
    expect(await entriesOf(server.db, id)).toEqual(["grant 10→10"]);
  });

  test("for more than there is: never below zero, never a part of a deduction", async () => {
    const studio = await openStudio(server);
    const member = studio.newMember();
    await member.grant("pack");
    const callers = callersOf(studio);
    const sent = Array.from({ length: 40 }, (_, i) => {
      const body = { request_id: `booking ${i}`, external_contact_id: member.id, calendar_id: "yoga", amount: 3 };
      return callers[i % 2 === 0 ? 0 : 1].post("/entitlements/deduct", body);
    });
    const codes = (await Promise.all(sent)).map(({ body }) => body.reason_code);
    expect(codes.filter((code) => code === "deducted")).toHaveLength(3);
    expect(codes.filter((code) => code === "INSUFFICIENT_CREDITS")).toHaveLength(37);
    expect(await entriesOf(server.db, member.id)).toEqual(["grant 10→10", "deduct 3→7", "deduct 3→4", "deduct 3→1"]);
    expect(await unsoundLots(server.db)).toEqual([]);
  });
});

import { afterAll, beforeAll, expect, test } from "vitest";
import type { LedgerOperation } from "../../src/ledger/operation.ts";
import type { Command, Answer } from "../../src/ledger/operation.ts";
import { deductCredits } from "../../src/operations/credits/deduct-credits.ts";
import { expireCredits } from "../../src/operations/credits/expire-credits.ts";
import { grantCredits } from "../../src/operations/credits/grant-credits.ts";
import { settleEverywhere } from "../../src/operations/due/settle-dues.ts";
import { openLedger, type Ledger } from "../../src/operations/ledger.ts";
import { systemClock } from "../../src/platform/clock.ts";
import { Database } from "../../src/platform/database.ts";
import { newId } from "../../src/platform/ids.ts";
import { createTestDatabase, sql } from "../support.ts";
import { brokenBooks } from "./audit-books.ts";
import { test_length } from "./chance.ts";
import { openStudios, type Studio } from "./studio.ts";

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let db: Database;
let studio: Studio;
let ledger: Ledger;

beforeAll(async () => {
  database = await createTestDatabase();
  ({ db } = database);
  [studio] = (await openStudios(db, 1)) as [Studio];
  ledger = openLedger(db, systemClock, { batch: process.env["LEDGER_BATCH"] === "location" ? "location" : "mixed" });
});
afterAll(async () => {
  await ledger.close();
  await database.drop();
});

/** Any operation with any input, as the gate would submit it. */
function commandOf<I>(operation: LedgerOperation<I>, fields: object, request_id: string = newId()): Command {
  const input = operation.input.parse({ request_id, ...fields });
  return {
    operation: operation as LedgerOperation,
    input,
    keys: operation.keys(input),
    location_id: studio.location_id,
    request: { id: request_id, payload_hash: Buffer.from(JSON.stringify(input)) },
    correlation_id: newId(),
    source: "api",
    actor_id: null,
    authorised_version: null,
    explain: false,
  };
}

const grant = (contact: string, credits = 10) =>
  commandOf(grantCredits, {
    external_contact_id: contact,
    external_payment_id: newId(),
    product_config_id: studio.products.find((product) => product.credits === credits)?.id,
  });
const deduct = (contact: string, amount = 1) =>
  commandOf(deductCredits, { external_contact_id: contact, calendar_id: "cal_yoga", amount });

/** Decides nothing: it throws. */
const throwing = (contact: string): Command => {
  const decide = () => {
    throw new Error("poison");
  };
  return commandOf({ ...deductCredits, decide }, { external_contact_id: contact, calendar_id: "cal_yoga" });
};

/** Decides as a grant does, and then writes a row that a constraint refuses. */
const refusedByConstraint = (contact: string): Command => {
  const decide: typeof grantCredits.decide = (...facts) => {
    const decision = grantCredits.decide(...facts);
    if (!("changes" in decision) || !decision.changes) return decision;
    const entries = decision.changes.entries.map((entry) => ({ ...entry, amount: 0 }));
    return { ...decision, changes: { ...decision.changes, entries } };
  };
  return { ...grant(contact), operation: { ...grantCredits, decide } as LedgerOperation };
};

function body(answer: Answer): Record<string, unknown> {
  return answer.kind === "answered" ? (JSON.parse(answer.body) as Record<string, unknown>) : { kind: answer.kind };
}

test.each([
  ["whose decision throws", throwing],
  ["whose row breaks a constraint", refusedByConstraint],
])("a command %s fails alone, and every member's order holds", async (_, poison) => {
  const members = Array.from({ length: 12 }, () => `member-${newId()}`);
  await Promise.all(members.map((member) => ledger.submit(grant(member))));
  // The first takes the lane, so that all others make one batch; poison stands everywhere in it.
  const rounds = Array.from({ length: 5 }, (_round, i) =>
    members.map((member) => ({ member, amount: i === 4 ? 2 : 1 })),
  );
  const commands = rounds.flat().map(({ member, amount }) => deduct(member, amount));
  const poisoned = [0, 7, 30, 31, 59].map((at) => ({ at, command: poison(members[at % 12]!) }));
  const all = [...commands];
  for (const { at, command } of poisoned) all.splice(at, 0, command);
  const answers = await Promise.all([
    ledger.submit(deduct(members[0]!, 5)),
    ...all.map((command) => ledger.submit(command)),
  ]);

  const after = new Map(answers.slice(1).map((answer, i) => [all[i], body(answer)]));
  for (const { command } of poisoned) expect(after.get(command)).toEqual({ kind: "failed" });
  for (const [m] of members.entries()) {
    const balances = rounds.map((_round, i) => after.get(commands[i * 12 + m])?.["balance_after"]);
    expect(balances).toEqual(m === 0 ? [4, 3, 2, 1, undefined] : [9, 8, 7, 6, 4]);
  }
  expect(after.get(commands[48])).toMatchObject({ ok: false, reason_code: "INSUFFICIENT_CREDITS" });
  const numbers = await sql(
    db,
    `SELECT count(*) AS wrong FROM (
       SELECT balance_after, lag(balance_after) OVER (PARTITION BY contact_id ORDER BY entry_number) AS before
       FROM ledger_entries WHERE type = 'deduct') e WHERE balance_after >= before`,
  );
  expect(numbers).toEqual([{ wrong: 0 }]);
  expect(await brokenBooks(db)).toEqual([]);
});

/** Members whose credits are due: granted in the past, by the location's own clock. */
async function dueMembers(count: number): Promise<string[]> {
  const members = Array.from({ length: count }, () => `due-${newId()}`);
  await Promise.all(members.map((member) => ledger.submit(grant(member))));
  await sql(
    db,
    `UPDATE entitlements l SET expires_at = now() - interval '1 minute', effective_at = now() - interval '2 minutes'
     FROM contacts c WHERE c.location_id = l.location_id AND c.id = l.contact_id AND c.external_id = ANY ($1)`,
    [members],
  );
  return members;
}

async function expiries(members: readonly string[]): Promise<Record<string, number>> {
  const rows = await sql<{ external_id: string; count: number }>(
    db,
    `SELECT c.external_id, count(*)::int AS count FROM ledger_entries e JOIN contacts c ON c.id = e.contact_id
     WHERE e.type = 'expire' AND c.external_id = ANY ($1) GROUP BY c.external_id`,
    [members],
  );
  return Object.fromEntries(rows.map(({ external_id, count }) => [external_id, count]));
}

const once = (members: readonly string[]) => Object.fromEntries(members.map((member) => [member, 1]));

test("a held row blocks neither its neighbours in the bulk lane nor the interactive lane, and is done later", async () => {
  const members = await dueMembers(20);
  // The first has the lane for itself, the second stands in a batch with all others.
  const [first, blocked, ...rest] = members as [string, string, ...string[]];
  const others = [first, ...rest];
  const bystander = `member-${newId()}`;
  await ledger.submit(grant(bystander));
  const holder = await db.begin("owner");
  await holder.query({ name: "", text: "SELECT id FROM contacts WHERE external_id = $1 FOR UPDATE" }, [blocked]);

  const bulk = members.map((member) => {
    const command = commandOf(expireCredits, { contact_external_id: member });
    return ledger.submit({ ...command, request: null }, "bulk");
  });
  let is_blocked_answered = false;
  void bulk[1]?.then(() => (is_blocked_answered = true));
  expect(body(await ledger.submit(deduct(bystander)))).toMatchObject({ reason_code: "deducted", balance_after: 9 });
  expect(is_blocked_answered).toBe(false);
  const answers = (await Promise.all(bulk)).map(body);
  expect(answers[1]).toEqual({ kind: "unavailable" });
  expect(answers.filter((answer) => answer["reason_code"] === "due_settled")).toHaveLength(19);
  expect(await expiries(members)).toEqual(once(others));

  await holder.rollback();
  expect(await settleEverywhere(db, ledger, systemClock)).toBe(1);
  expect(await expiries(members)).toEqual(once(members));
  expect(await brokenBooks(db)).toEqual([]);
}, 20_000);

test.skipIf(test_length === "short")(
  "a held row keeps the interactive lane for a bounded time",
  async () => {
    const members = Array.from({ length: 64 }, () => `member-${newId()}`);
    await Promise.all(members.map((member) => ledger.submit(grant(member))));
    const holder = await db.begin("owner");
    await holder.query({ name: "", text: "SELECT id FROM contacts WHERE external_id = $1 FOR UPDATE" }, [members[20]]);
    const began = performance.now();
    const answers = await Promise.all(members.map((member) => ledger.submit(deduct(member))));
    const took_ms = performance.now() - began;
    await holder.rollback();
    expect(answers.map(body).filter((answer) => answer["reason_code"] !== "deducted")).toEqual([
      { kind: "unavailable" },
    ]);
    // Five seconds once, then a quarter for each of the parts that hold the row.
    expect(took_ms).toBeLessThan(9_000);
  },
  30_000,
);

test("bulk work is done in small batches while somebody else asks, in large ones otherwise", async () => {
  const own = openLedger(db, systemClock, { batch: "mixed" });
  const largestBatch = async (name: string) => {
    await Promise.all(Array.from({ length: 120 }, (_, i) => own.submit(grant(`${name}-${i}`), "bulk")));
    const batches = await sql<{ commands: number }>(
      db,
      `SELECT count(*)::integer AS commands FROM ledger_entries e
       JOIN contacts c ON c.location_id = e.location_id AND c.id = e.contact_id
       WHERE starts_with(c.external_id, $1) GROUP BY e.xmin ORDER BY commands DESC`,
      [`${name}-`],
    );
    return batches[0]?.commands;
  };
  expect(await largestBatch("alone")).toBe(120);
  await own.submit(grant("somebody"));
  expect(await largestBatch("beside")).toBe(50);
  await own.close();
});

test("an expiry that fails is done by the next run, and by nothing twice", async () => {
  const members = await dueMembers(10);
  const gone = new Database(new URL("/nowhere", database.url).href, 1);
  const broken = openLedger(gone, systemClock, { batch: "mixed" });
  expect(await settleEverywhere(db, broken, systemClock)).toBe(0);
  await broken.close();
  await gone.close();
  expect(await expiries(members)).toEqual({});
  expect(await settleEverywhere(db, ledger, systemClock)).toBe(10);
  expect(await settleEverywhere(db, ledger, systemClock)).toBe(0);
  expect(await expiries(members)).toEqual(once(members));
}, 30_000);

test("a process that stops begins no further round, and the next run settles what is left", async () => {
  const members = await dueMembers(1100);
  const stopping = new AbortController();
  const run = settleEverywhere(db, ledger, systemClock, stopping.signal);
  stopping.abort();
  expect(await run).toBe(1000);
  expect(await settleEverywhere(db, ledger, systemClock)).toBe(100);
  expect(await expiries(members)).toEqual(once(members));
}, 60_000);

test("two workers at once: each expiry once", async () => {
  const members = await dueMembers({ short: 300, usual: 1500, long: 5000 }[test_length]);
  const second_db = new Database(database.url, 4);
  const second = openLedger(second_db, systemClock, { batch: "mixed" });
  await Promise.all([settleEverywhere(db, ledger, systemClock), settleEverywhere(second_db, second, systemClock)]);
  await settleEverywhere(db, ledger, systemClock);
  await second.close();
  await second_db.close();
  expect(await expiries(members)).toEqual(once(members));
  expect(await brokenBooks(db)).toEqual([]);
}, 120_000);

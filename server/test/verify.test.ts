import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { verify } from "../src/commands/verify.ts";
import { PROMISES } from "../src/ledger/invariants.ts";
import type { LedgerOperation } from "../src/ledger/operation.ts";
import { verifyLedger } from "../src/ledger/verify.ts";
import { deductCredits } from "../src/operations/credits/deduct-credits.ts";
import { grantCredits } from "../src/operations/credits/grant-credits.ts";
import { restoreCredits } from "../src/operations/credits/restore-credits.ts";
import { openLedger, type Ledger } from "../src/operations/ledger.ts";
import { findLocation } from "../src/operations/locations/find-location.ts";
import { moveClock } from "../src/operations/locations/move-clock.ts";
import { systemClock } from "../src/platform/clock.ts";
import { newId } from "../src/platform/ids.ts";
import { commandOf } from "./commands.ts";
import { CORRUPTIONS } from "./corruptions.ts";
import { createLocation, createTestDatabase, sql, type TestDatabase, type TestLocation } from "./support.ts";

let ledger: Ledger;
/** Databases of this file: the first is what the others are copied from, so nobody stays connected to it. */
let books: TestDatabase;
let clean: TestDatabase;
let studio: TestLocation & { workspace: string };
let location_id: string;

const OPERATIONS = { grant: grantCredits, deduct: deductCredits, restore: restoreCredits };

/** One command of the machine API, past its door. */
async function run(name: keyof typeof OPERATIONS, contact: string, fields: object): Promise<void> {
  const operation = OPERATIONS[name] as LedgerOperation<unknown>;
  const body = { request_id: newId(), external_contact_id: contact, ...fields };
  const answer = await ledger.submit(commandOf(location_id, operation, body));
  expect(answer.kind).toBe("answered");
}

const pay = (product: string) => ({ external_payment_id: newId(), product_config_id: studio.products[product] });

/** A member with a pack, a spent and restored booking, a period and something unlimited. */
async function liveThrough(contact: string): Promise<void> {
  await run("grant", contact, pay("pack"));
  await run("grant", contact, pay("monthly"));
  await run("grant", contact, pay("monthly"));
  await run("grant", contact, pay("unlimited"));
  await run("deduct", contact, { calendar_id: "cal_yoga", amount: 12, external_ref: "class-1" });
  await run("deduct", contact, { calendar_id: "cal_yoga" });
  await run("deduct", contact, { calendar_id: "cal_gym", external_ref: "gym-1" });
  await run("deduct", contact, { calendar_id: "cal_yoga", amount: 1000 });
  await run("restore", contact, { calendar_id: "cal_yoga", amount: 11, external_ref: "class-1" });
  await run("restore", contact, { external_ref: "gym-1" });
}

beforeAll(async () => {
  const original = await createTestDatabase();
  const { db } = original;
  ledger = openLedger(db, systemClock, { batch: "mixed" });
  studio = await createLocation(db, {
    sandbox: true,
    products: [
      { key: "pack", type: "package", credits_total: 10, expiry_days: 30, calendars: ["cal_yoga"] },
      { key: "monthly", type: "membership", monthly_credits: 8, calendars: ["cal_yoga"] },
      { key: "unlimited", type: "membership", monthly_credits: "unlimited", calendars: ["cal_gym"] },
    ],
  });
  const location = await findLocation(db, studio.location_id);
  ({ location_id } = location);
  await liveThrough("ann");
  await liveThrough("bob");
  await moveClock(db, ledger, systemClock, location, (now) => now + 60 * 86_400_000);
  // What was deducted from a lot that is gone comes back as a make-good lot.
  await run("restore", "ann", { external_ref: "class-1" });
  await liveThrough("ann");
  await ledger.close();
  await original.close();
  books = original;
  clean = await copyOfBooks();
});

afterAll(async () => {
  await clean.drop();
  await books.drop();
});

describe("clean books", () => {
  test("are clean, and everything in them was looked at", async () => {
    const { db } = clean;
    const [counts] = await sql<Record<string, number>>(
      db,
      `SELECT (SELECT count(*) FROM ledger_entries) AS entries, (SELECT count(*) FROM entitlements) AS entitlements,
        (SELECT count(*) FROM requests) AS answers, (SELECT count(*) FROM contacts) AS contacts`,
    );
    const verification = await verifyLedger(db);
    expect(verification).toEqual({ ...counts, locations: 1, findings: [], broken: {} });
    const [types] = await sql(db, "SELECT count(DISTINCT type) AS count FROM ledger_entries");
    expect(types?.["count"]).toBeGreaterThanOrEqual(7);
  });

  test("are clean however they are cut, and the pieces are the whole", async () => {
    const whole = await verifyLedger(clean.db);
    const progress: number[] = [];
    for (const chunk_entries of [1, 20, 1000]) {
      const cut = await verifyLedger(clean.db, { chunk_entries, on_progress: (done) => progress.push(done) });
      expect(cut).toEqual(whole);
      expect(progress.at(-1)).toBe(whole.entries);
    }
    expect(progress.length).toBeGreaterThan(3);
  });

  test.each(["loc_ id", "workspace-key/location-key"])("verify --location takes a %s", async (kind) => {
    const location = kind === "loc_ id" ? studio.location_id : `${studio.workspace}/main`;
    const { exit_code, lines } = await verify(clean.db, { location });
    expect(lines.at(-1)).toBe("The books are clean.");
    expect(exit_code).toBe(0);
    await expect(verify(clean.db, { location: "nobody/nowhere" })).rejects.toThrow(
      "There is no location nobody/nowhere",
    );
  });
});

describe("what is corrupted behind the product's back is found and named", () => {
  for (const { invariant, what, damage } of CORRUPTIONS) {
    test(`${invariant}: ${what}`, async () => {
      const copy = await corruptedCopy(damage);
      try {
        const { exit_code, lines, document } = await verify(copy.db, {});
        const { broken, findings } = document as { broken: Record<string, number>; findings: { invariant: string }[] };
        expect(Object.keys(broken)).toContain(invariant);
        expect(exit_code).toBe(1);
        expect(lines.join("\n")).toContain(PROMISES[invariant]);
        const finding = findings.find((found) => found.invariant === invariant);
        expect(finding).toMatchObject({ location_id: studio.location_id });
      } finally {
        await copy.drop();
      }
    });
  }

  test("no invariant is without its corruption", () => {
    expect(new Set(CORRUPTIONS.map(({ invariant }) => invariant))).toEqual(new Set(Object.keys(PROMISES)));
  });
});

test("findings are told up to a hundred of each invariant, and all are counted", async () => {
  const copy = await corruptedCopy(`
    INSERT INTO contacts (location_id, id, external_id, entry_count, created_at)
    SELECT '${location_id}', gen_random_uuid(), 'ghost-' || n, 7, now() FROM generate_series(1, 250) n`);
  const { findings, broken } = await verifyLedger(copy.db);
  await copy.drop();
  expect(broken["entries_without_gaps"]).toBe(250);
  expect(findings.filter(({ invariant }) => invariant === "entries_without_gaps")).toHaveLength(100);
});

/** The books of this file once more. */
function copyOfBooks(): Promise<TestDatabase> {
  return createTestDatabase(new URL(books.url).pathname.slice(1));
}

/** The books of this file once more, damaged with every trigger asleep. */
async function corruptedCopy(damage: string): Promise<TestDatabase> {
  const copy = await copyOfBooks();
  await copy.db.transaction("owner", async (tx) => {
    await tx.query({ name: "", text: "SET LOCAL session_replication_role = replica" });
    await tx.query({ name: "", text: damage });
  });
  return copy;
}

import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { sqlState, type Database, type Tenants } from "../src/platform/database.ts";
import { locationUuid } from "../src/platform/ids.ts";
import { MOVEMENTS } from "../src/rules/credits/entry.ts";
import {
  another,
  booking,
  entry,
  lot,
  membership,
  namedBy,
  payment,
  REVERSALS,
  version,
  type Studio,
} from "./ledger-rows.ts";
import { createLocation, createTestDatabase, sql, type TestDatabase } from "./support.ts";

const REFUSED_CHECK = "23514";
const REFUSED_DUPLICATE = "23505";
const REFUSED_REFERENCE = "23503";
const REFUSED_CHANGE = "23001";
const REFUSED_PRIVILEGE = "42501";

let database: TestDatabase;
let db: Database;
/** Two studios; the rows of the first are what the tests try to break. */
const first: Studio = { location_id: "", product: "", contact_id: "", lot_id: "", payment_id: "" };
const second = { ...first };

beforeAll(async () => {
  database = await createTestDatabase();
  ({ db } = database);
});

afterAll(() => database.drop());

beforeEach(async () => {
  await seed(first);
  await seed(second);
});

/** A location with one member, one lot of ten credits and the entries 1 (grant) and 2 (deduct 1). */
async function seed(studio: Studio): Promise<void> {
  const location = await createLocation(db, { products: [{ key: "pack", type: "package", credits_total: 10 }] });
  studio.location_id = locationUuid(location.location_id) ?? "";
  studio.product = location.products["pack"] ?? "";
  studio.contact_id = randomUUID();
  studio.lot_id = randomUUID();
  studio.payment_id = randomUUID();
  const { location_id, contact_id, payment_id } = studio;
  await asOwner(
    `INSERT INTO contacts (location_id, id, external_id, entry_count, created_at) VALUES ($1, $2, 'ann', 2, now())`,
    [location_id, contact_id],
  );
  await asOwner(payment(studio));
  await asOwner("INSERT INTO payment_keys VALUES ($1, 'p', 'pay-1', $2)", [location_id, payment_id]);
  await asOwner(lot(studio));
  await asOwner(entry(studio));
  await asOwner(
    entry(studio, { entry_number: 2, type: "'deduct'", debit: "'available'", credit: "'used'", amount: 1 }),
  );
  await asOwner("INSERT INTO requests VALUES ($1, 'r1', 'deduct_credits', '\\x', '{}', NULL, now())", [location_id]);
  await asOwner(booking(studio));
  await asOwner(version(studio));
}

const asOwner = (text: string, values: unknown[] = []) => sql(db, text, values);

/** The SQLSTATE with which the database refuses; null where it does not. */
async function refusal(text: string, tenants: Tenants = "owner"): Promise<string | null> {
  try {
    await db.transaction(tenants, (tx) => tx.query({ name: "", text }));
    return null;
  } catch (error) {
    return sqlState(error);
  }
}

/** The same of a statement whose effect no later one is to meet. */
async function rolledBack(text: string): Promise<string | null> {
  const tx = await db.begin("owner");
  try {
    await tx.query({ name: "", text });
    return null;
  } catch (error) {
    return sqlState(error);
  } finally {
    await tx.rollback();
  }
}

const update = (what: string) => `UPDATE entitlements SET ${what} WHERE id = '${first.lot_id}'`;

describe("the database refuses", () => {
  test("a negative balance", async () => {
    expect(await refusal(update("available = -1"))).toBe(REFUSED_CHECK);
    expect(await refusal(update("held = -1"))).toBe(REFUSED_CHECK);
    expect(await refusal(entry(first, { entry_number: 3, balance_after: -1 }))).toBe(REFUSED_CHECK);
  });

  test("more in a lot than was put in", async () => {
    expect(await refusal(update("available = 11"))).toBe(REFUSED_CHECK);
    expect(await refusal(update("available = 10, held = 1"))).toBe(REFUSED_CHECK);
    expect(await refusal(update("available = 9, held = 1"))).toBeNull();
  });

  test("an unlimited lot that holds credits", async () => {
    expect(await refusal(update("unlimited = true"))).toBe(REFUSED_CHECK);
  });

  test("an entry that moves nothing, or the wrong way", async () => {
    expect(await refusal(entry(first, { entry_number: 3, amount: 0 }))).toBe(REFUSED_CHECK);
    expect(await refusal(entry(first, { entry_number: 3, amount: -1 }))).toBe(REFUSED_CHECK);
    expect(await refusal(entry(first, { entry_number: 3, debit: "'used'" }))).toBe(REFUSED_CHECK);
    expect(await refusal(entry(first, { entry_number: 3, type: "'deduct'" }))).toBe(REFUSED_CHECK);
  });

  test("a movement under another type's name, in either direction", async () => {
    const types = Object.keys(MOVEMENTS);
    const [{ all } = { all: [] }] = await sql<{ all: string[] }>(
      db,
      "SELECT enum_range(NULL::entry_type)::text[] AS all",
    );
    expect(types.toSorted()).toEqual(all.toSorted());
    for (const [type, { debit, credit }] of Object.entries(MOVEMENTS)) {
      const shape = { entry_number: 3, type: `'${type}'`, amount: 1, ...namedBy(type, first) };
      const legal = entry(first, { ...shape, debit: `'${debit}'`, credit: `'${credit}'` });
      expect([type, await rolledBack(legal)]).toEqual([type, null]);
      if (debit === credit) continue;
      const turned = entry(first, { ...shape, debit: `'${credit}'`, credit: `'${debit}'` });
      expect([type, await refusal(turned)]).toEqual([type, REFUSED_CHECK]);
      const elsewhere = entry(first, { ...shape, debit: `'${debit}'`, credit: "'adjusted'" });
      if (type !== "adjust_down") expect([type, await refusal(elsewhere)]).toEqual([type, REFUSED_CHECK]);
    }
  });

  test("a rollover without a second lot, and a second lot without a rollover", async () => {
    const movement = { entry_number: 3, debit: "'available'" };
    expect(await refusal(entry(first, { ...movement, type: "'rollover'" }))).toBe(REFUSED_CHECK);
    expect(await refusal(entry(first, { entry_number: 3, to_entitlement_id: `'${first.lot_id}'` }))).toBe(
      REFUSED_CHECK,
    );
  });

  test("what gives back, settles or reinstates without the entry that it does this to, or to a later one", async () => {
    for (const type of REVERSALS) {
      const { debit, credit } = MOVEMENTS[type];
      const reversal = { entry_number: 3, type: `'${type}'`, debit: `'${debit}'`, credit: `'${credit}'`, amount: 1 };
      expect([type, await refusal(entry(first, reversal))]).toEqual([type, REFUSED_CHECK]);
      expect([type, await refusal(entry(first, { ...reversal, reverses: 4 }))]).toEqual([type, REFUSED_CHECK]);
      expect([type, await refusal(entry(first, { ...reversal, reverses: 3 }))]).toEqual([type, REFUSED_CHECK]);
      expect([type, await rolledBack(entry(first, { ...reversal, reverses: 2 }))]).toEqual([type, null]);
    }
    expect(await refusal(entry(first, { entry_number: 3, reverses: 2 }))).toBe(REFUSED_CHECK);
  });

  test("two entries of one number", async () => {
    expect(await refusal(entry(first, { entry_number: 2 }))).toBe(REFUSED_DUPLICATE);
  });

  test("a second lot for one item of a payment, a second payment of one name", async () => {
    expect(await refusal(lot(first, { id: another() }))).toBe(REFUSED_DUPLICATE);
    expect(await rolledBack(lot(first, { id: another(), payment_item: 1 }))).toBeNull();
    const name = `INSERT INTO payment_keys VALUES ('${first.location_id}', 'p', 'pay-1', ${another()})`;
    expect(await refusal(name)).toBe(REFUSED_DUPLICATE);
  });

  test("a lot of a payment that names no item, and an item of no payment", async () => {
    expect(await refusal(lot(first, { id: another(), payment_item: "NULL" }))).toBe(REFUSED_CHECK);
    expect(await refusal(lot(first, { id: another(), payment_event_id: "NULL" }))).toBe(REFUSED_CHECK);
    expect(await rolledBack(lot(first, { id: another(), payment_event_id: "NULL", payment_item: "NULL" }))).toBeNull();
  });

  test("a settling payment that waits for no instant, and an instant that no other payment waits for", async () => {
    expect(await refusal(payment(first, { id: another(), status: "'settling'" }))).toBe(REFUSED_CHECK);
    expect(await refusal(payment(first, { id: another(), settles_at: "now()" }))).toBe(REFUSED_CHECK);
    expect(await rolledBack(payment(first, { id: another(), status: "'settling'", settles_at: "now()" }))).toBeNull();
  });

  test("a second grant of a period", async () => {
    const membership_id = another();
    await asOwner(membership(first, { id: membership_id }));
    const unpaid = { payment_event_id: "NULL", payment_item: "NULL" };
    const period = { ...unpaid, membership_id, origin: "'period'", period_start_at: "'2026-01-31Z'" };
    expect(await refusal(lot(first, { ...period, id: another() }))).toBeNull();
    expect(await refusal(lot(first, { ...period, id: another() }))).toBe(REFUSED_DUPLICATE);
  });

  test("a second live membership of one contact and product", async () => {
    expect(await refusal(membership(first))).toBeNull();
    expect(await refusal(membership(first, { status: "'suspended'" }))).toBe(REFUSED_DUPLICATE);
    expect(await rolledBack(membership(first, { status: "'ended'" }))).toBeNull();
  });

  test("grace of a membership that is not past due, and one past due without grace", async () => {
    const grace = { grace_until: "now()" };
    expect(await refusal(membership(first, { status: "'past_due'" }))).toBe(REFUSED_CHECK);
    for (const status of ["'active'", "'suspended'", "'ended'"]) {
      expect(await refusal(membership(first, { ...grace, status }))).toBe(REFUSED_CHECK);
    }
    expect(await rolledBack(membership(first, { ...grace, status: "'past_due'" }))).toBeNull();
  });

  test("one version of a booking twice, and a booking of a member twice", async () => {
    expect(await refusal(version(first))).toBe(REFUSED_DUPLICATE);
    expect(await rolledBack(version(first, { payload_hash: "'other'" }))).toBeNull();
    expect(await refusal(booking(first))).toBe(REFUSED_DUPLICATE);
  });

  test("a second answer to a request id", async () => {
    const again = `INSERT INTO requests VALUES ('${first.location_id}', 'r1', 'grant_credits', '\\x', '{}', NULL, now())`;
    expect(await refusal(again)).toBe(REFUSED_DUPLICATE);
  });
});

describe("entries, remembered answers and what was told of bookings stand for ever", () => {
  const changes = [
    "UPDATE appointment_versions SET status = 'showed'",
    "DELETE FROM appointment_versions",
    "TRUNCATE appointment_versions",
    "UPDATE ledger_entries SET amount = 2",
    "DELETE FROM ledger_entries",
    "TRUNCATE ledger_entries",
    "UPDATE requests SET body = ''",
    "DELETE FROM requests",
    "TRUNCATE requests",
  ];
  test.each(changes)("the owner may not %s", async (change) => {
    expect(await refusal(change)).toBe(REFUSED_CHANGE);
  });
  test.each(changes)("the application may not %s", async (change) => {
    expect(await refusal(change, [first.location_id])).toBe(REFUSED_PRIVILEGE);
  });
});

describe("no reference leads to another location", () => {
  const theirs = () => `'${second.contact_id}'`;
  test("of a lot: contact, product, parent, membership, payment", async () => {
    const mine = { id: another(), payment_event_id: "NULL", payment_item: "NULL" };
    expect(await refusal(lot(first, { ...mine, contact_id: theirs() }))).toBe(REFUSED_REFERENCE);
    expect(await refusal(lot(first, { ...mine, product_config_id: `'${second.product}'` }))).toBe(REFUSED_REFERENCE);
    expect(await refusal(lot(first, { ...mine, parent_id: `'${second.lot_id}'` }))).toBe(REFUSED_REFERENCE);
    expect(await refusal(lot(first, { ...mine, membership_id: another() }))).toBe(REFUSED_REFERENCE);
    const theirs_paid = { ...mine, payment_event_id: `'${second.payment_id}'`, payment_item: 0 };
    expect(await refusal(lot(first, theirs_paid))).toBe(REFUSED_REFERENCE);
  });

  test("of an entry: contact, lot, receiving lot", async () => {
    expect(await refusal(entry(first, { entry_number: 3, contact_id: theirs() }))).toBe(REFUSED_REFERENCE);
    expect(await refusal(entry(first, { entry_number: 3, entitlement_id: `'${second.lot_id}'` }))).toBe(
      REFUSED_REFERENCE,
    );
    const received = { type: "'make_good'", debit: "'available'", to_entitlement_id: `'${second.lot_id}'` };
    expect(await refusal(entry(first, { entry_number: 3, ...received }))).toBe(REFUSED_REFERENCE);
  });

  test("of a payment's names, the payment it repeats, a reversal that waited, a membership and a booking", async () => {
    const name = `INSERT INTO payment_keys VALUES ('${first.location_id}', 'p', 'pay-2', '${second.payment_id}')`;
    expect(await refusal(name)).toBe(REFUSED_REFERENCE);
    expect(await refusal(payment(first, { id: another(), duplicate_of: `'${second.payment_id}'` }))).toBe(
      REFUSED_REFERENCE,
    );
    const reversal = `INSERT INTO unattached_reversals VALUES
      ('${first.location_id}', 'p', 'pay-2', 'refund', 're-1', '{}', now(), '${second.payment_id}')`;
    expect(await refusal(reversal)).toBe(REFUSED_REFERENCE);
    expect(await refusal(membership(first, { contact_id: theirs() }))).toBe(REFUSED_REFERENCE);
    expect(await refusal(membership(first, { next_config_id: `'${second.product}'` }))).toBe(REFUSED_REFERENCE);
    expect(await refusal(booking(first, { contact_id: theirs() }))).toBe(REFUSED_REFERENCE);
  });

  test("of a contact that was merged", async () => {
    const merge = `UPDATE contacts SET merged_into = ${theirs()} WHERE id = '${first.contact_id}'`;
    expect(await refusal(merge)).toBe(REFUSED_REFERENCE);
  });
});

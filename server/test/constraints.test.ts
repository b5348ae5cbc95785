import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { sqlState, type Database, type Tenants } from "../src/platform/database.ts";
import { locationUuid } from "../src/platform/ids.ts";
import { createLocation, createTestDatabase, sql, type TestDatabase } from "./support.ts";

const REFUSED_CHECK = "23514";
const REFUSED_DUPLICATE = "23505";
const REFUSED_REFERENCE = "23503";
const REFUSED_CHANGE = "23001";
const REFUSED_PRIVILEGE = "42501";

let database: TestDatabase;
let db: Database;
/** Two studios; the rows of the first are what the tests try to break. */
const first = { location_id: "", product: "", contact_id: "", lot_id: "", payment_id: "" };
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
async function seed(studio: typeof first): Promise<void> {
  const location = await createLocation(db, { products: [{ key: "pack", type: "package", credits_total: 10 }] });
  studio.location_id = locationUuid(location.location_id) ?? "";
  studio.product = location.products["pack"] ?? "";
  studio.contact_id = randomUUID();
  studio.lot_id = randomUUID();
  studio.payment_id = randomUUID();
  const { location_id, contact_id, lot_id, payment_id, product } = studio;
  await asOwner(
    `INSERT INTO contacts (location_id, id, external_id, entry_count, created_at) VALUES ($1, $2, 'ann', 2, now())`,
    [location_id, contact_id],
  );
  await asOwner(
    `INSERT INTO payment_events (location_id, id, contact_id, product_config_id, entitlement_id, provider,
       external_payment_id, event_type, paid_at, recorded_at) VALUES ($1, $2, $3, $4, $5, 'p', 'pay-1', 'paid', now(), now())`,
    [location_id, payment_id, contact_id, product, lot_id],
  );
  await asOwner("INSERT INTO payment_keys VALUES ($1, 'p', 'pay-1', $2)", [location_id, payment_id]);
  await asOwner(lot({}, studio));
  await asOwner(entry({}, studio));
  await asOwner(
    entry({ entry_number: 2, type: "'deduct'", debit: "'available'", credit: "'used'", amount: 1 }, studio),
  );
  await asOwner("INSERT INTO requests VALUES ($1, 'r1', 'deduct_credits', '\\x', '{}', NULL, now())", [location_id]);
}

const asOwner = (text: string, values: unknown[] = []) => sql(db, text, values);

function insert(table: string, row: Record<string, string | number>): string {
  return `INSERT INTO ${table} (${Object.keys(row).join(", ")}) VALUES (${Object.values(row).join(", ")})`;
}

/** An insert of a lot as it stands; `changes` are SQL expressions. */
function lot(
  changes: Record<string, string | number>,
  { location_id, contact_id, product, lot_id, payment_id } = first,
): string {
  return insert("entitlements", {
    location_id: `'${location_id}'`,
    id: `'${lot_id}'`,
    contact_id: `'${contact_id}'`,
    product_config_id: `'${product}'`,
    origin: "'purchase'",
    state: "'open'",
    unlimited: "false",
    live: "true",
    granted: 10,
    available: 9,
    held: 0,
    effective_at: "now()",
    payment_event_id: `'${payment_id}'`,
    created_at: "now()",
    ...changes,
  });
}

/** An insert of the first entry, a grant; `changes` are SQL expressions. */
function entry(changes: Record<string, string | number>, { location_id, contact_id, lot_id } = first): string {
  return insert("ledger_entries", {
    location_id: `'${location_id}'`,
    contact_id: `'${contact_id}'`,
    entry_number: 1,
    occurred_at: "now()",
    recorded_at: "now()",
    entitlement_id: `'${lot_id}'`,
    type: "'grant'",
    debit: "'issued'",
    credit: "'available'",
    amount: 10,
    balance_after: 10,
    source: "'api'",
    correlation_id: "gen_random_uuid()",
    reason: "'purchase'",
    hash: "sha256('x')",
    ...changes,
  });
}

const another = () => `'${randomUUID()}'`;

/** The SQLSTATE with which the database refuses; null where it does not. */
async function refusal(text: string, tenants: Tenants = "owner"): Promise<string | null> {
  try {
    await db.transaction(tenants, (tx) => tx.query({ name: "", text }));
    return null;
  } catch (error) {
    return sqlState(error);
  }
}

const update = (what: string) => `UPDATE entitlements SET ${what} WHERE id = '${first.lot_id}'`;

describe("the database refuses", () => {
  test("a negative balance", async () => {
    expect(await refusal(update("available = -1"))).toBe(REFUSED_CHECK);
    expect(await refusal(update("held = -1"))).toBe(REFUSED_CHECK);
    expect(await refusal(entry({ entry_number: 3, balance_after: -1 }))).toBe(REFUSED_CHECK);
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
    expect(await refusal(entry({ entry_number: 3, amount: 0 }))).toBe(REFUSED_CHECK);
    expect(await refusal(entry({ entry_number: 3, amount: -1 }))).toBe(REFUSED_CHECK);
    expect(await refusal(entry({ entry_number: 3, debit: "'used'" }))).toBe(REFUSED_CHECK);
    expect(await refusal(entry({ entry_number: 3, type: "'deduct'" }))).toBe(REFUSED_CHECK);
  });

  test("a rollover without a second lot, and a second lot without a rollover", async () => {
    const movement = { entry_number: 3, debit: "'available'" };
    expect(await refusal(entry({ ...movement, type: "'rollover'" }))).toBe(REFUSED_CHECK);
    expect(await refusal(entry({ entry_number: 3, to_entitlement_id: `'${first.lot_id}'` }))).toBe(REFUSED_CHECK);
  });

  test("a restore without its deduction, or of a later one", async () => {
    const restore = { entry_number: 3, type: "'restore'", debit: "'used'", amount: 1 };
    expect(await refusal(entry(restore))).toBe(REFUSED_CHECK);
    expect(await refusal(entry({ ...restore, reverses: 4 }))).toBe(REFUSED_CHECK);
    expect(await refusal(entry({ entry_number: 3, reverses: 2 }))).toBe(REFUSED_CHECK);
    expect(await refusal(entry({ ...restore, reverses: 2 }))).toBeNull();
  });

  test("two entries of one number", async () => {
    expect(await refusal(entry({ entry_number: 2 }))).toBe(REFUSED_DUPLICATE);
  });

  test("a second grant of a payment", async () => {
    expect(await refusal(lot({ id: another() }))).toBe(REFUSED_DUPLICATE);
    const name = `INSERT INTO payment_keys VALUES ('${first.location_id}', 'p', 'pay-1', ${another()})`;
    expect(await refusal(name)).toBe(REFUSED_DUPLICATE);
  });

  test("a second grant of a period", async () => {
    const membership_id = another();
    const { location_id, contact_id, product } = first;
    await asOwner(`INSERT INTO memberships VALUES ('${location_id}', ${membership_id}, '${contact_id}', '${product}', 'active',
      now(), '2026-01-31', now())`);
    const period = { membership_id, origin: "'period'", payment_event_id: "NULL", period_start_at: "'2026-01-31Z'" };
    expect(await refusal(lot({ ...period, id: another() }))).toBeNull();
    expect(await refusal(lot({ ...period, id: another() }))).toBe(REFUSED_DUPLICATE);
  });

  test("a second live membership of one contact and product", async () => {
    const membership = () =>
      `INSERT INTO memberships VALUES ('${first.location_id}', ${another()}, '${first.contact_id}', '${first.product}',
        'active', now(), '2026-01-31', now())`;
    expect(await refusal(membership())).toBeNull();
    expect(await refusal(membership())).toBe(REFUSED_DUPLICATE);
  });

  test("a second answer to a request id", async () => {
    const again = `INSERT INTO requests VALUES ('${first.location_id}', 'r1', 'grant_credits', '\\x', '{}', NULL, now())`;
    expect(await refusal(again)).toBe(REFUSED_DUPLICATE);
  });
});

describe("entries and remembered answers stand for ever", () => {
  const changes = [
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
    const mine = { id: another(), payment_event_id: "NULL" };
    expect(await refusal(lot({ ...mine, contact_id: theirs() }))).toBe(REFUSED_REFERENCE);
    expect(await refusal(lot({ ...mine, product_config_id: `'${second.product}'` }))).toBe(REFUSED_REFERENCE);
    expect(await refusal(lot({ ...mine, parent_id: `'${second.lot_id}'` }))).toBe(REFUSED_REFERENCE);
    expect(await refusal(lot({ ...mine, membership_id: another() }))).toBe(REFUSED_REFERENCE);
    expect(await refusal(lot({ ...mine, payment_event_id: `'${second.payment_id}'` }))).toBe(REFUSED_REFERENCE);
  });

  test("of an entry: contact, lot, receiving lot", async () => {
    expect(await refusal(entry({ entry_number: 3, contact_id: theirs() }))).toBe(REFUSED_REFERENCE);
    expect(await refusal(entry({ entry_number: 3, entitlement_id: `'${second.lot_id}'` }))).toBe(REFUSED_REFERENCE);
    const received = { type: "'make_good'", debit: "'available'", to_entitlement_id: `'${second.lot_id}'` };
    expect(await refusal(entry({ entry_number: 3, ...received }))).toBe(REFUSED_REFERENCE);
  });

  test("of a payment's names and of a booking", async () => {
    const name = `INSERT INTO payment_keys VALUES ('${first.location_id}', 'p', 'pay-2', '${second.payment_id}')`;
    expect(await refusal(name)).toBe(REFUSED_REFERENCE);
    const booking = `INSERT INTO appointments VALUES ('${first.location_id}', 'b', ${theirs()}, NULL, 'confirmed', NULL, now())`;
    expect(await refusal(booking)).toBe(REFUSED_REFERENCE);
  });
});

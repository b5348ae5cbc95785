import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { checkEligibility } from "../src/operations/credits/check-eligibility.ts";
import { deductCredits } from "../src/operations/credits/deduct-credits.ts";
import { expireCredits } from "../src/operations/credits/expire-credits.ts";
import { grantCredits } from "../src/operations/credits/grant-credits.ts";
import { restoreCredits } from "../src/operations/credits/restore-credits.ts";
import type { LedgerOperation } from "../src/operations/gate.ts";
import { openLedger } from "../src/operations/ledger.ts";
import { systemClock } from "../src/platform/clock.ts";
import type { Database, Transaction } from "../src/platform/database.ts";
import { findVersions } from "../src/store/appointment-versions.ts";
import { findAppointments, findAppointmentsOf, findStanding, findUnfunded } from "../src/store/appointments.ts";
import { findAliases } from "../src/store/contacts.ts";
import { findLotsOfPayments } from "../src/store/entitlements.ts";
import {
  findChargesOfRefs,
  findHoldsOfLots,
  findLatestCharges,
  findPastMoves,
  findRecentCharges,
} from "../src/store/ledger-entries.ts";
import { findMemberships } from "../src/store/memberships.ts";
import { findNearbyPayments, findOffersTaken, findPayments, findPaymentsById } from "../src/store/payment-events.ts";
import { attachReversals, findUnattached } from "../src/store/unattached-reversals.ts";
import { listWebhookEvents, type WebhookFilters } from "../src/views/webhook-events.ts";
import { explaining, scansOf, type Explained, type Scan } from "./explained-database.ts";
import { MEMBERS } from "./many-members.ts";
import { createLocation, createTestDatabase, sql } from "./support.ts";

let db: Database;
let drop: () => Promise<void>;
let location_id: string;
let product_config_id: string;
let tenant_tables: string[];

beforeAll(async () => {
  ({ db, drop } = await createTestDatabase());
  const products = [{ key: "pack", type: "package", credits_total: 100, limits: { per_day: 50 } }];
  const location = await createLocation(db, { products });
  product_config_id = location.products["pack"] ?? "";
  await sql(db, MEMBERS);
  const [main] = await sql<{ location_id: string }>(db, "SELECT location_id FROM locations WHERE key = 'main'");
  location_id = main!.location_id;
  const rows = await sql<{ name: string }>(
    db,
    "SELECT table_name AS name FROM information_schema.columns WHERE column_name = 'location_id'",
  );
  tenant_tables = rows.map(({ name }) => name);
});
afterAll(() => drop());

function command(operation: LedgerOperation, member: number, fields: Record<string, unknown>) {
  const request_id = randomUUID();
  const contact = { external_contact_id: `m${member}`, contact_external_id: `m${member}` };
  const input = operation.input.parse({ request_id, ...contact, product_config_id, ...fields });
  return {
    operation,
    input,
    keys: operation.keys(input),
    location_id,
    request: operation.is_read || operation.scope === null ? null : { id: request_id, payload_hash: Buffer.alloc(32) },
    correlation_id: randomUUID(),
    source: "api" as const,
    actor_id: null,
    authorised_version: null,
    explain: false,
  };
}

/** Runs a batch for many members and answers with every statement that it sent, and how PostgreSQL ran it. */
async function explain(
  operation: LedgerOperation,
  fieldsOf: (member: number) => Record<string, unknown>,
): Promise<Explained[]> {
  const explained: Explained[] = [];
  const ledger = openLedger(explaining(db, explained), systemClock, { batch: "mixed" });
  const members = Array.from({ length: 60 }, (_, i) => i * 7 + 1);
  const answers = await Promise.all(
    members.map((member) => ledger.submit(command(operation, member, fieldsOf(member)))),
  );
  await ledger.close();
  expect(answers.filter(({ kind }) => kind !== "answered")).toEqual([]);
  return explained;
}

/** A location's settings and catalogue are few rows, read whole; everything else grows with its members. */
function grows({ table }: Scan): boolean {
  return !["locations", "product_configs", "service_families", "no_credit_products"].includes(table);
}

/** Entered by the location alone, an index leads through all of it. */
function isWide({ conditions }: Scan): boolean {
  return !/\w (?:=|>=|>|<=) /.test(conditions.replaceAll(/\(\w*\.?location_id = [^)]*\)/g, ""));
}

const batches: [LedgerOperation, (member: number) => Record<string, unknown>][] = [
  [checkEligibility as LedgerOperation, () => ({})],
  [deductCredits as LedgerOperation, (member) => ({ external_ref: `b${member}` })],
  [restoreCredits as LedgerOperation, (member) => ({ external_ref: `rm${member}` })],
  [restoreCredits as LedgerOperation, () => ({})],
  [grantCredits as LedgerOperation, (member) => ({ external_payment_id: `p${member}`, provider: "manual" })],
  [expireCredits as LedgerOperation, () => ({})],
];

/** Every lookup of the store that runs for a command, asked for sixty members. */
const lookups: Record<string, (tx: Transaction, members: readonly Row[]) => Promise<unknown>> = {
  find_memberships: (tx, members) => findMemberships(tx, [location_id], members),
  find_unfunded_appointments: (tx, members) => findUnfunded(tx, [location_id], members),
  find_standing_appointments: (tx, members) => findStanding(tx, [location_id], members),
  find_appointment_versions: (tx, members) => findVersions(tx, [location_id], members),
  find_appointments: (tx, members) => findAppointments(tx, [location_id], members),
  find_appointments_of_contacts: (tx, members) => findAppointmentsOf(tx, [location_id], members),
  find_payments: (tx, members) => findPayments(tx, [location_id], members),
  find_payments_by_id: (tx, members) => findPaymentsById(tx, [location_id], members),
  find_nearby_payments: (tx, members) => findNearbyPayments(tx, [location_id], members, "10 minutes"),
  find_offers_taken: (tx, members) => findOffersTaken(tx, [location_id], members),
  find_unattached_reversals: (tx, members) => findUnattached(tx, [location_id], members),
  attach_reversals: (tx, members) => attachReversals(tx, [location_id], members),
  find_lots_of_payments: (tx, members) => findLotsOfPayments(tx, [location_id], members),
  find_charges_of_refs: (tx, members) => findChargesOfRefs(tx, [location_id], members),
  find_latest_charges: (tx, members) => findLatestCharges(tx, [location_id], members, 400),
  find_holds_of_lots: (tx, members) => findHoldsOfLots(tx, [location_id], members),
  find_recent_charges: (tx, members) => findRecentCharges(tx, [location_id], members),
  find_past_moves: (tx, members) => findPastMoves(tx, [location_id], members),
  find_contact_aliases: (tx, members) => findAliases(tx, [location_id], members),
};

/** A member by everything that a lookup may ask for. */
function rowOf({ id, n }: { id: string; n: number }) {
  const external_id = `m${n}`;
  const named = { contact_external_id: external_id, external_ref: `r${external_id}`, email: `${external_id}@a.test` };
  const payment = { provider: "card", key: id, payment_event_id: id, at: Date.now() };
  return {
    ...named,
    ...payment,
    product_config_id,
    location_id,
    id,
    contact_id: id,
    external_id,
    phone: String(n),
    since: "2026-01-31",
  };
}
type Row = ReturnType<typeof rowOf>;

describe("the lookups of the store, for sixty members at once", () => {
  test.each(Object.entries(lookups))("%s reads no tenant table and no location from end to end", async (name, ask) => {
    const explained: Explained[] = [];
    const ids = await sql<{ id: string; n: number }>(
      db,
      `SELECT c.id, n FROM generate_series(1, 420, 7) n
       JOIN contacts c ON c.location_id = $1 AND c.external_id = 'm' || n`,
      [location_id],
    );
    const tx = await explaining(db, explained).begin([location_id]);
    await ask(tx, ids.map(rowOf));
    await tx.rollback();
    expect(explained.map(({ statement }) => statement.name)).toContain(name);
    expectNarrow(explained.filter(({ statement }) => statement.name === name));
  });

  test.each(["due_members", "due_subjects"])("%s reads of every location what is due, and no more", async (name) => {
    const [body] = await sql<{ text: string }>(db, "SELECT prosrc AS text FROM pg_proc WHERE proname = $1", [name]);
    const text = body?.text.replaceAll("real_now", "$1::timestamptz").replaceAll("at_most", "$2::integer") ?? "";
    const explained: Explained[] = [];
    const tx = await explaining(db, explained).begin("owner");
    const rows = await tx.query({ name, text }, [new Date().toISOString(), 1000]);
    await tx.rollback();
    expect(rows.length).toBeGreaterThan(10);
    expectNarrow(explained);
  });
});

describe("the webhook log", () => {
  test.each<WebhookFilters>([{ contact: "m7" }, { search: "m7" }])(
    "asked for %o reads what touched the contact, whatever else was delivered",
    async (filters) => {
      const explained: Explained[] = [];
      const tx = await explaining(db, explained).begin([location_id]);
      const { webhook_events } = await listWebhookEvents(tx, location_id, filters, { limit: 20, cursor: null });
      await tx.rollback();
      expect(webhook_events.map(({ contacts }) => contacts)).toEqual([["m7"]]);
      expect(scansOfAll(explained).map(({ conditions }) => conditions)).not.toContainEqual(
        expect.stringMatching(/^$|cardinality/),
      );
      expectNarrow(explained);
    },
  );

  test("of one contact is read with the index of contacts, and of no location but the transaction's", async () => {
    const [body] = await sql<{ text: string }>(
      db,
      "SELECT prosrc AS text FROM pg_proc WHERE proname = 'webhook_events_of_contact'",
    );
    const text = body?.text.replaceAll("of_location", "$1::uuid").replaceAll("ARRAY[contact]", "ARRAY[$2::text]") ?? "";
    const explained: Explained[] = [];
    const tx = await explaining(db, explained).begin("owner");
    await tx.query({ name: "", text: "SELECT set_config('kotally.locations', $1, true)" }, [`{${location_id}}`]);
    const other = await tx.query({ name: "", text }, [randomUUID(), "m7"]);
    const own = await tx.query({ name: "", text }, [location_id, "m7"]);
    await tx.rollback();
    expect([own.length, other.length]).toEqual([1, 0]);
    const entered = explained.flatMap((one) => scansOf(one, ["webhook_events"])).map(({ conditions }) => conditions);
    expect(entered).toEqual(Array(2).fill(expect.stringContaining("contacts @>")));
  });
});

// Statistics of the ledger come late: it is analysed again when a tenth of it is new.
describe("a plan that was made before any entry carried a reference", () => {
  let fresh: Awaited<ReturnType<typeof createTestDatabase>>;
  let columns: Record<string, string[]>;
  beforeAll(async () => {
    fresh = await createTestDatabase();
    await sql(fresh.db, "ANALYZE");
    columns = await columnsOfIndexes(fresh.db);
  });
  afterAll(() => fresh.drop());

  test.each(Object.entries(lookups))("%s skips no column of the ledger's indexes", async (name, ask) => {
    const explained: Explained[] = [];
    const tx = await explaining(fresh.db, explained, ["enable_seqscan = off"]).begin([location_id]);
    await ask(tx, [rowOf({ id: randomUUID(), n: 1 })]);
    await tx.rollback();
    expect(explained.map(({ statement }) => statement.name)).toContain(name);
    const scans = explained.flatMap((statement) => scansOf(statement, ["ledger_entries"]));
    expect(scans.filter(({ index, conditions }) => hasGap(columns[index ?? ""] ?? [], conditions))).toEqual([]);
  });
});

/** Columns of every index in their order; an expression has no name. */
async function columnsOfIndexes(of: Database): Promise<Record<string, string[]>> {
  const rows = await sql<{ name: string; columns: string[] }>(
    of,
    `SELECT i.indexrelid::regclass::text AS name, array_agg(COALESCE(a.attname::text, '') ORDER BY k.place) AS columns
     FROM pg_index i CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS k (number, place)
     LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number
     GROUP BY i.indexrelid`,
  );
  return Object.fromEntries(rows.map(({ name, columns }) => [name, columns]));
}

/** Whether a column is asked for behind one that is not: all entries in between are walked. */
function hasGap(columns: readonly string[], conditions: string): boolean {
  const asked = columns.map((column) => new RegExp(`\\b${column} (?:=|<|>)`).test(conditions));
  return asked.lastIndexOf(true) > asked.indexOf(false) && asked.includes(false);
}

/** Every scan of a tenant's table; one index is read whole: it holds nothing but what waits for suspended workspaces. */
function scansOfAll(explained: readonly Explained[]): Scan[] {
  const scans = explained.flatMap((statement) => scansOf(statement, tenant_tables));
  return scans.filter(({ index }) => index !== "webhook_events_suspended");
}

/** No scan of a whole table, and none of a whole location where it grows with its members. */
function expectNarrow(explained: readonly Explained[]): void {
  const scans = scansOfAll(explained).filter(grows);
  expect(scans.length).toBeGreaterThan(0);
  expect(scans.filter((scan) => scan.conditions === "" || isWide(scan))).toEqual([]);
}

describe("the hot path, as the application's role, with plans that hold for every batch", () => {
  test.each(batches.map(([operation, fieldsOf]) => [operation.name, operation, fieldsOf] as const))(
    "%s reads no tenant table from end to end, and no location from end to end",
    async (_, operation, fieldsOf) => {
      const explained = await explain(operation, fieldsOf);
      expect(explained.length).toBeGreaterThan(2);
      expectNarrow(explained);
      expect(scansOfAll(explained).filter(({ conditions }) => conditions === "")).toEqual([]);
    },
  );

  test("a scan of a whole table, or of a whole location, would be seen", async () => {
    const explained: Explained[] = [];
    const tx = await explaining(db, explained).begin([location_id]);
    await tx.query({ name: "", text: "SELECT count(*) FROM contacts WHERE location_id = $1" }, [location_id]);
    await tx.query({ name: "", text: "SELECT count(*) FROM requests WHERE body = $1" }, ["x"]);
    await tx.rollback();
    const [location, table] = explained.map((statement) => scansOf(statement, tenant_tables)[0]);
    expect(location && isWide(location)).toBe(true);
    expect(table?.conditions).toBe("");
  });
});

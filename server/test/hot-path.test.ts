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
import type { Database } from "../src/platform/database.ts";
import { explaining, scansOf, type Explained, type Scan } from "./explained-database.ts";
import { createLocation, createTestDatabase, sql } from "./support.ts";

// One location holds as much as all others together: what is right for the average location must be right for it too.
const SMALL_LOCATIONS = 200;
const MEMBERS = `
  INSERT INTO locations (location_id, workspace_id, key, name, timezone)
    SELECT md5('l' || n)::uuid, l.workspace_id, 'l' || n, 'l' || n, l.timezone FROM locations l, generate_series(1, ${SMALL_LOCATIONS}) n;
  INSERT INTO product_configs (location_id, id, key, name, type, terms)
    SELECT md5('l' || n)::uuid, p.id, p.key, p.name, p.type, p.terms FROM product_configs p, generate_series(1, ${SMALL_LOCATIONS}) n;
  INSERT INTO service_families (location_id, key, name, calendars) SELECT location_id, 'f', 'f', ARRAY['c'] FROM locations;
  INSERT INTO contacts (location_id, id, external_id, created_at)
    SELECT l.location_id, md5('c' || n || l.key)::uuid, 'm' || n, now()
    FROM locations l, generate_series(1, 10000) n WHERE l.key = 'main' OR n <= 50;
  INSERT INTO entitlements (location_id, id, contact_id, product_config_id, origin, state, unlimited, live, granted, available,
      held, effective_at, created_at)
    SELECT c.location_id, c.id, c.id, p.id, 'purchase', 'open', false, true, 100, 98, 0, now(), now()
    FROM contacts c JOIN product_configs p ON p.location_id = c.location_id;
  INSERT INTO ledger_entries (location_id, contact_id, entry_number, occurred_at, recorded_at, entitlement_id, type, debit, credit,
      amount, balance_after, service_on, source, correlation_id, reason, external_ref, hash)
    SELECT c.location_id, c.id, n, now(), now(), c.id, 'deduct', 'available', 'used', 1, 100 - n, now()::date, 'api', c.id, 'deducted',
      CASE WHEN n = 1 THEN 'r' || c.external_id END, sha256('')
    FROM contacts c, generate_series(1, 2) n;
  INSERT INTO memberships (location_id, id, contact_id, product_config_id, status, started_at, anchor_on, created_at)
    SELECT e.location_id, e.id, e.contact_id, e.product_config_id, 'active', now(), now()::date, now() FROM entitlements e;
  INSERT INTO payment_events (location_id, id, contact_id, product_config_id, entitlement_id, provider, external_payment_id,
      event_type, paid_at, recorded_at)
    SELECT e.location_id, e.id, e.contact_id, e.product_config_id, e.id, 'card', e.id::text, 'paid', now(), now() FROM entitlements e;
  INSERT INTO payment_keys (location_id, provider, key, payment_event_id)
    SELECT location_id, provider, external_payment_id, id FROM payment_events;
  INSERT INTO requests (location_id, request_id, operation, payload_hash, body, recorded_at)
    SELECT c.location_id, c.external_id, 'deduct_credits', sha256(''), '{}', now() FROM contacts c;
  INSERT INTO appointments (location_id, external_id, contact_id, status, booked_at)
    SELECT c.location_id, 'r' || c.external_id, c.id, 'confirmed', now() FROM contacts c;
  UPDATE contacts SET entry_count = 2;
  ANALYZE`;

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
  return !["locations", "product_configs", "service_families"].includes(table);
}

/** Entered by the location alone, an index leads through all of it. */
function isWide({ conditions }: Scan): boolean {
  return !/\w (?:=|>=|>) /.test(conditions.replaceAll(/\(\w*\.?location_id = [^)]*\)/g, ""));
}

const batches: [LedgerOperation, (member: number) => Record<string, unknown>][] = [
  [checkEligibility as LedgerOperation, () => ({})],
  [deductCredits as LedgerOperation, (member) => ({ external_ref: `b${member}` })],
  [restoreCredits as LedgerOperation, (member) => ({ external_ref: `rm${member}` })],
  [restoreCredits as LedgerOperation, () => ({})],
  [grantCredits as LedgerOperation, (member) => ({ external_payment_id: `p${member}`, provider: "manual" })],
  [expireCredits as LedgerOperation, () => ({})],
];

describe("the hot path, as the application's role, with plans that hold for every batch", () => {
  test.each(batches.map(([operation, fieldsOf]) => [operation.name, operation, fieldsOf] as const))(
    "%s reads no tenant table from end to end, and no location from end to end",
    async (_, operation, fieldsOf) => {
      const explained = await explain(operation, fieldsOf);
      expect(explained.length).toBeGreaterThan(2);
      const scans = explained.flatMap((statement) => scansOf(statement, tenant_tables));
      expect(scans.length).toBeGreaterThan(1);
      expect(scans.filter(({ conditions }) => conditions === "")).toEqual([]);
      expect(scans.filter((scan) => grows(scan) && isWide(scan))).toEqual([]);
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

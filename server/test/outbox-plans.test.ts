import { afterAll, beforeAll, expect, test } from "vitest";
import type { Database, Tenants, Transaction } from "../src/platform/database.ts";
import { findKnownDeliveries } from "../src/store/known-deliveries.ts";
import { leaseWriteBacks, queueWriteBacks } from "../src/store/write-backs.ts";
import { findBookings } from "../src/views/bookings-of-window.ts";
import { findOpportunities } from "../src/views/contact-opportunities.ts";
import type { ContactView } from "../src/views/contact-read.ts";
import { explaining, scansOf, type Explained } from "./explained-database.ts";
import { createLocation, createTestDatabase, sql } from "./support.ts";

// One location holds as much as all others together.
const WHAT_WAITS = `
  INSERT INTO locations (location_id, workspace_id, key, name, timezone)
    SELECT md5('l' || n)::uuid, l.workspace_id, 'l' || n, 'l' || n, l.timezone FROM locations l, generate_series(1, 100) n;
  INSERT INTO contacts (location_id, id, external_id, created_at)
    SELECT l.location_id, md5('c' || n || l.key)::uuid, 'm' || n, now()
    FROM locations l, generate_series(1, 4000) n WHERE l.key = 'main' OR n <= 40;
  INSERT INTO balance_write_backs (location_id, contact_id, due_at)
    SELECT location_id, id, CASE WHEN right(external_id, 2) = '00' THEN now() END FROM contacts;
  INSERT INTO webhook_events (id, provider, dedupe_key, type, location_id, headers, body, verification, told_at, received_at,
      status, attempts_allowed, correlation_id, contacts)
    SELECT gen_random_uuid(), 'ghl', 'event-' || c.id || n, CASE n WHEN 1 THEN 'OpportunityUpdate' ELSE 'ContactUpdate' END,
      c.location_id, '{}', '{}', 'verified', now() - n * interval '1 h', now(), 'ignored', 1, gen_random_uuid(),
      ARRAY[c.external_id]
    FROM contacts c, generate_series(1, 2) n;
  INSERT INTO appointment_versions (location_id, external_id, updated_at, payload_hash, contact_external_id, calendar_id,
      status, starts_at, added_at, recorded_at)
    SELECT c.location_id, 'b' || c.external_id || n, now() - n * interval '1 h', 'h', c.external_id, 'c', 'confirmed',
      now() - interval '400 days' + (n * 74 + abs(hashtext(c.external_id)) % 74) * interval '1 day', now(), now()
    FROM contacts c, generate_series(1, 5) n;
  ANALYZE`;

let db: Database;
let drop: () => Promise<void>;
let location_id: string;
let contact_id: string;

beforeAll(async () => {
  ({ db, drop } = await createTestDatabase());
  await createLocation(db, { products: [{ key: "pack", type: "package", credits_total: 100 }] });
  await sql(db, WHAT_WAITS);
  const [main] = await sql<{ location_id: string; id: string }>(
    db,
    "SELECT location_id, c.id FROM locations l JOIN contacts c USING (location_id) WHERE l.key = 'main' AND external_id = 'm7'",
  );
  location_id = main?.location_id ?? "";
  contact_id = main?.id ?? "";
});
afterAll(() => drop());

const TABLES = ["balance_write_backs", "webhook_events", "appointment_versions"];
const NOW = Date.now();

const statements: [string, Tenants | "tenant", (tx: Transaction) => unknown][] = [
  [
    "noting that balances changed",
    "tenant",
    (tx) => queueWriteBacks(tx, [{ location_id, contact_id }], new Date(NOW).toISOString()),
  ],
  [
    "taking balances to write",
    "tenant",
    (tx) => leaseWriteBacks(tx, { location_id, now: NOW, until: NOW + 1000, at_most: 20 }),
  ],
  [
    "a contact's opportunities",
    "tenant",
    (tx) => {
      const view = { tx, location_id, contact: { external_contact_id: "m7" } } as unknown as ContactView;
      return findOpportunities(view, null, 21);
    },
  ],
  [
    "the bookings of two months",
    "tenant",
    (tx) => findBookings(tx, location_id, { from: NOW - 2 * 86_400_000, to: NOW + 60 * 86_400_000 }),
  ],
  [
    "which polled facts are known",
    "inbox",
    (tx) => findKnownDeliveries(tx, { provider: "ghl", connection_id: null }, ["event-1", "event-2"]),
  ],
];

test.each(statements)("%s enters every table by an index, past the location", async (_, tenants, run) => {
  const explained: Explained[] = [];
  const tx = await explaining(db, explained).begin(tenants === "tenant" ? [location_id] : tenants);
  await run(tx);
  await tx.rollback();
  const scans = explained.flatMap((statement) => scansOf(statement, TABLES));
  expect(scans.length > 0 || explained.some(({ statement }) => statement.name.startsWith("queue"))).toBe(true);
  for (const { conditions, node } of scans) {
    expect(node).not.toBe("Seq Scan");
    expect(conditions.replaceAll(/\(\w*\.?location_id = [^)]*\)/g, "")).toMatch(/\w (?:=|<=?|>=?) /);
  }
  expect(explained.every(({ plan }) => plan["Node Type"] !== "unknown")).toBe(true);
});

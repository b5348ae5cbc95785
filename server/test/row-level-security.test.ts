import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { deductCredits } from "../src/operations/credits/deduct-credits.ts";
import { grantCredits } from "../src/operations/credits/grant-credits.ts";
import { openLedger } from "../src/operations/ledger.ts";
import { systemClock } from "../src/platform/clock.ts";
import { sqlState, type Database, type Tenants } from "../src/platform/database.ts";
import { locationUuid } from "../src/platform/ids.ts";
import { tenantTables } from "./catalogue.ts";
import { commandOf } from "./commands.ts";
import { createLocation, createTestDatabase, sql, type TestDatabase } from "./support.ts";

/** Tables of tenants that are readable before the tenant is known, each with its reason. */
const READABLE_BY_ALL: Record<string, string> = {
  api_clients: "the token index: a token is looked up before its location is known; what it shows is a hash",
  locations: "what a transaction must know of its locations: no member's data",
};

let database: TestDatabase;
let db: Database;
let mine: string;
let theirs: string;

beforeAll(async () => {
  database = await createTestDatabase();
  ({ db } = database);
  mine = await liveStudio();
  theirs = await liveStudio();
});

afterAll(() => database.drop());

/** A location in which every tenant table has a row. */
async function liveStudio(): Promise<string> {
  const location = await createLocation(db, {
    families: [{ key: "f", calendars: ["cal_yoga"] }],
    products: [{ key: "monthly", type: "membership", monthly_credits: 8, families: ["f"] }],
  });
  const location_id = locationUuid(location.location_id) ?? "";
  const ledger = openLedger(db, systemClock, { batch: "mixed" });
  const contact = { external_contact_id: "ann" };
  const pay = { external_payment_id: "pay-1", product_config_id: location.products["monthly"] };
  await ledger.submit(commandOf(location_id, grantCredits, { request_id: "r1", ...contact, ...pay }));
  const book = { calendar_id: "cal_yoga", external_ref: "booking-1" };
  await ledger.submit(commandOf(location_id, deductCredits, { request_id: "r2", ...contact, ...book }));
  await ledger.close();
  await sql(
    db,
    `INSERT INTO appointment_versions (location_id, external_id, updated_at, payload_hash, contact_external_id, calendar_id,
       status, starts_at, added_at, recorded_at)
     VALUES ($1, 'booking-2', now(), 'h', 'ann', 'cal_yoga', 'confirmed', now(), now(), now())`,
    [location_id],
  );
  await sql(db, "INSERT INTO no_credit_products VALUES ($1, 'ghl', 'product-1')", [location_id]);
  await sql(
    db,
    `INSERT INTO unattached_reversals (location_id, provider, key, kind, reversal_id, document, told_at)
     VALUES ($1, 'stripe', 'charge:ch_1', 'refund', 're_1', '{}', now())`,
    [location_id],
  );
  await sql(
    db,
    `INSERT INTO stripe_connections (location_id, id, url_key, mode, is_live, status, created_at)
     VALUES ($1, $2, $3, 'webhook', false, 'connected', now())`,
    [location_id, randomUUID(), randomUUID()],
  );
  await sql(
    db,
    `INSERT INTO ghl_polls (location_id, kind, began_at, next_at) VALUES ($1, 'transactions', now(), now());`,
    [location_id],
  );
  await sql(
    db,
    "INSERT INTO balance_write_backs (location_id, contact_id) SELECT location_id, id FROM contacts WHERE location_id = $1",
    [location_id],
  );
  await sql(
    db,
    `INSERT INTO api_client_requests (location_id, client_id, correlation_id, received_at, method, route, status, duration_ms)
     SELECT location_id, id, gen_random_uuid(), now(), 'GET', '/api/v2/contacts/{id}', 200, 1 FROM api_clients WHERE location_id = $1`,
    [location_id],
  );
  await sql(
    db,
    `INSERT INTO api_client_days (location_id, client_id, day, requests, refused, rate_limited)
     SELECT location_id, id, now(), 1, 0, 0 FROM api_clients WHERE location_id = $1`,
    [location_id],
  );
  await sql(db, "INSERT INTO ledger_verifications VALUES ($1, now(), '[]')", [location_id]);
  await sql(
    db,
    `INSERT INTO bulk_jobs (location_id, id, kind, is_preview, ask, status, total, requested_by, created_at)
     VALUES ($1, $2, 'freeze', true, '{}', 'running', 1, '{}', now())`,
    [location_id, randomUUID()],
  );
  await sql(
    db,
    `INSERT INTO bulk_items (location_id, job_id, number, contact_external_id)
     SELECT location_id, id, 1, 'ann' FROM bulk_jobs WHERE location_id = $1`,
    [location_id],
  );
  return location_id;
}

async function count(table: string, tenants: Tenants, where = "true"): Promise<number> {
  const rows = await db.transaction(tenants, (tx) =>
    tx.query<{ count: number }>({ name: "", text: `SELECT count(*) AS count FROM ${table} WHERE ${where}` }),
  );
  return rows[0]?.count ?? 0;
}

async function refusal(tenants: Tenants, text: string): Promise<string | null> {
  try {
    await db.transaction(tenants, (tx) => tx.query({ name: "", text }));
    return null;
  } catch (error) {
    return sqlState(error);
  }
}

describe("the second wall: the application's role", () => {
  test("opens a location in the workspace that it is in, and in no other", async () => {
    const [own, other] = await sql<{ workspace_id: string }>(
      db,
      "SELECT workspace_id FROM locations WHERE location_id IN ($1, $2) ORDER BY location_id = $1 DESC",
      [mine, theirs],
    );
    const open = (workspace_id = "") =>
      `INSERT INTO locations (location_id, workspace_id, key, name, timezone)
       VALUES (gen_random_uuid(), '${workspace_id}', '${randomUUID()}', 'New', 'UTC')`;
    const within = { workspace_id: own?.workspace_id ?? "" };
    expect(await refusal(within, open(own?.workspace_id))).toBeNull();
    expect(await refusal(within, open(other?.workspace_id))).toBe("42501");
    expect(await refusal([mine], open(own?.workspace_id))).toBe("42501");
  });

  test("sees of every tenant table its own rows and no others", async () => {
    for (const table of await tenantTables(db)) {
      expect([table, await count(table, "owner", `location_id = '${theirs}'`)]).not.toEqual([table, 0]);
      const seen = await count(table, [mine], `location_id = '${theirs}'`);
      expect([table, seen > 0]).toEqual([table, table in READABLE_BY_ALL]);
      expect([table, await count(table, [mine])]).not.toEqual([table, 0]);
    }
  });

  test("sees nothing where no location is named, and an error where the setting was never made", async () => {
    const app = { name: "", text: "SET LOCAL ROLE kotally_app" };
    for (const table of (await tenantTables(db)).filter((name) => !(name in READABLE_BY_ALL))) {
      expect([table, await count(table, [])]).toEqual([table, 0]);
      const unset = db.transaction("owner", async (tx) => {
        await tx.query(app);
        return tx.query({ name: "", text: `SELECT FROM ${table}` });
      });
      await expect(unset).rejects.toThrow(/kotally\.locations|invalid input syntax|malformed array/);
    }
  });

  test("writes nothing into another location", async () => {
    const grants = await sql<{ table: string; can: string[] }>(
      db,
      `SELECT table_name AS "table", array_agg(DISTINCT privilege_type::text) AS can
       FROM information_schema.column_privileges WHERE grantee = 'kotally_app' AND table_schema = 'public' GROUP BY 1`,
    );
    const tables = await tenantTables(db);
    for (const { table, can } of grants.filter((grant) => tables.includes(grant.table))) {
      const columns = await givenColumns(table);
      const copyTo = (location_id: string) => `
        CREATE TEMPORARY TABLE copy ON COMMIT DROP AS SELECT ${columns} FROM ${table} WHERE location_id = '${mine}';
        UPDATE copy SET location_id = '${location_id}';
        INSERT INTO ${table} (${columns}) SELECT ${columns} FROM copy`;
      if (can.includes("INSERT") && table !== "locations") {
        // The same rows in its own location get as far as the key that they have already.
        expect([table, await refusal([mine], copyTo(mine))]).toEqual([table, "23505"]);
        expect([table, await refusal([mine], copyTo(theirs))]).toEqual([table, "42501"]);
      }
      if (can.includes("UPDATE")) {
        const column = await updatableColumn(table);
        const touched = await db.transaction([mine], (tx) =>
          tx.query({
            name: "",
            text: `UPDATE ${table} SET ${column} = ${column} WHERE location_id = '${theirs}' RETURNING 1`,
          }),
        );
        expect([table, touched]).toEqual([table, []]);
      }
    }
  });

  test("is not the owner, and every tenant table is behind the wall", async () => {
    const open = await sql<{ name: string }>(
      db,
      "SELECT relname AS name FROM pg_class WHERE relname = ANY ($1) AND NOT relrowsecurity",
      [await tenantTables(db)],
    );
    expect(open.map(({ name }) => name).filter((name) => !(name in READABLE_BY_ALL))).toEqual([]);
    const [role] = await sql(
      db,
      "SELECT rolsuper OR rolbypassrls AS is_mighty FROM pg_roles WHERE rolname = 'kotally_app'",
    );
    expect(role).toEqual({ is_mighty: false });
  });
});

describe("the inbox's role", () => {
  test("reads what came in, connections and the register; of members, books and tokens nothing", async () => {
    const readable = await sql<{ name: string }>(
      db,
      `SELECT c.relname AS name FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v')
         AND has_any_column_privilege('kotally_inbox', c.oid, 'SELECT') ORDER BY 1`,
    );
    expect(readable.map(({ name }) => name)).toEqual([
      "embed_contexts",
      "ghl_connections",
      "ghl_polls",
      "locations",
      "oauth_states",
      "stripe_connections",
      "webhook_attempts",
      "webhook_events",
      "workspaces",
    ]);
  });

  test("changes nothing of what was delivered, and removes nothing of it", async () => {
    expect(await refusal("inbox", "UPDATE webhook_events SET body = ''")).toBe("42501");
    expect(await refusal("inbox", "UPDATE webhook_events SET dedupe_key = 'x'")).toBe("42501");
    expect(await refusal("inbox", "DELETE FROM webhook_events")).toBe("42501");
    expect(await refusal("inbox", "UPDATE stripe_connections SET url_key = 'x'")).toBe("42501");
  });
});

describe("the log of what came in", () => {
  test("shows a location its own events and attempts, and none that belong to another or to nobody yet", async () => {
    for (const location_id of [mine, theirs, null]) {
      const id = randomUUID();
      await sql(
        db,
        `INSERT INTO webhook_events (id, provider, dedupe_key, type, location_id, headers, body, verification, told_at,
           received_at, status, attempts_allowed, correlation_id)
         VALUES ($1, 'ghl', $2, 'ContactUpdate', $3, '{}', '{}', 'verified', now(), now(), 'done', 1, $4)`,
        [id, randomUUID(), location_id, randomUUID()],
      );
      await sql(db, "INSERT INTO webhook_attempts (event_id, number, started_at) VALUES ($1, 1, now())", [id]);
    }
    for (const table of ["webhook_events", "webhook_attempts"]) {
      expect([table, await count(table, "owner")]).toEqual([table, 3]);
      expect([table, await count(table, "inbox")]).toEqual([table, 3]);
      expect([table, await count(table, [mine])]).toEqual([table, 1]);
      expect([table, await count(table, [])]).toEqual([table, 0]);
    }
    expect(await count("webhook_events", [mine], `location_id = '${theirs}' OR location_id IS NULL`)).toBe(0);
  });
});

/** The columns of a table that nothing computes, as a list. */
async function givenColumns(table: string): Promise<string> {
  const [row] = await sql<{ names: string }>(
    db,
    `SELECT string_agg(quote_ident(column_name), ', ') AS names FROM information_schema.columns
     WHERE table_schema = 'public' AND table_name = $1 AND is_generated = 'NEVER'`,
    [table],
  );
  return row?.names ?? "";
}

async function updatableColumn(table: string): Promise<string> {
  const [row] = await sql<{ name: string }>(
    db,
    `SELECT column_name AS name FROM information_schema.column_privileges
     WHERE grantee = 'kotally_app' AND table_name = $1 AND privilege_type = 'UPDATE' AND column_name <> 'email_key' LIMIT 1`,
    [table],
  );
  return row?.name ?? "";
}

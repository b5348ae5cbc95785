import { randomUUID } from "node:crypto";
import { beforeAll } from "vitest";
import { moveClock } from "../../src/operations/locations/move-clock.ts";
import { systemClock } from "../../src/platform/clock.ts";
import type { Database } from "../../src/platform/database.ts";
import { locationUuid } from "../../src/platform/ids.ts";
import { findLocations } from "../../src/store/locations.ts";
import "./matchers.ts";
import {
  callerOf,
  createLocation,
  sql,
  type Caller,
  type Response,
  type TestLocation,
  type TestServer,
} from "../support.ts";

type Fields = Record<string, unknown>;

/** A new contact of a studio; every call fills in what a test is not about, and may say otherwise. */
export interface Member {
  id: string;
  grant(product: string, fields?: Fields, query?: string): Promise<Response>;
  check(fields: Fields, query?: string): Promise<Response>;
  deduct(fields: Fields, query?: string): Promise<Response>;
  restore(fields: Fields, query?: string): Promise<Response>;
}

export interface Studio extends TestLocation {
  workspace: string;
  api: Caller;
  /** The id of the product with this key. */
  product(key: string): string;
  newMember(): Member;
  /** Moves the sandbox's clock forward to an ISO time, running what falls due on the way. */
  travelTo(time: string): Promise<void>;
}

/** A ten-class pack for yoga that never expires: what most tests need of a catalogue. */
export const PACK = { key: "pack", type: "package", credits_total: 10, calendars: ["yoga"] };

/** A location of its own for a test, with short ways to ask. */
export async function openStudio(
  server: TestServer,
  settings: { products?: object[]; [field: string]: unknown } = {},
): Promise<Studio> {
  const location = await createLocation(server.db, { products: [PACK], ...settings });
  const api = callerOf(server.base_url, location.token);
  const product = (key: string): string => {
    const id = location.products[key];
    if (id === undefined) throw new Error(`the studio has no product ${key}`);
    return id;
  };
  return {
    ...location,
    api,
    product,
    newMember: () => memberOf(api, product),
    travelTo: async (time) => {
      const id = locationUuid(location.location_id) ?? "";
      const [found] = await server.db.transaction("owner", (tx) => findLocations(tx, [id]));
      if (!found) throw new Error("the studio has no location");
      await moveClock(server.db, server.service.ledger, systemClock, found, () => Date.parse(time));
    },
  };
}

/** One studio for tests that differ only in what they send; each brings its own contacts. */
export function useStudio(server: TestServer, settings: Parameters<typeof openStudio>[1] = {}): Studio {
  const studio = {} as Studio;
  beforeAll(async () => {
    Object.assign(studio, await openStudio(server, settings));
  });
  return studio;
}

function memberOf(api: Caller, product: (key: string) => string): Member {
  const external_contact_id = `contact-${randomUUID()}`;
  const ask =
    (path: string) =>
    (fields: Fields, query = "") =>
      api.post(`${path}${query}`, { request_id: randomUUID(), external_contact_id, ...fields });
  return {
    id: external_contact_id,
    grant: (key, fields = {}, query = "") =>
      ask("/grants")({ external_payment_id: randomUUID(), product_config_id: product(key), ...fields }, query),
    check: ask("/entitlements/check-eligibility"),
    deduct: ask("/entitlements/deduct"),
    restore: ask("/entitlements/restore"),
  };
}

/** The four endpoints of the ledger, with the scope and a body that is valid for each. */
export const OPERATIONS = [
  { path: "/grants", scope: "grant" },
  { path: "/entitlements/check-eligibility", scope: "check" },
  { path: "/entitlements/deduct", scope: "deduct" },
  { path: "/entitlements/restore", scope: "restore" },
] as const;

/** A body that every one of the four endpoints takes as well-formed. */
export function bodyFor(product_config_id: string): Fields {
  const request_id = randomUUID();
  return {
    request_id,
    external_payment_id: request_id,
    external_contact_id: `contact-${request_id}`,
    product_config_id,
  };
}

/** The tables that a refused request must leave as they were. */
const BOOKS = [
  "contacts",
  "memberships",
  "payment_events",
  "payment_keys",
  "entitlements",
  "ledger_entries",
  "requests",
  "appointments",
] as const;

export type RowCounts = Record<(typeof BOOKS)[number], number>;

/** How many rows each table of the books holds. */
export async function countRows(db: Database): Promise<RowCounts> {
  const counts = BOOKS.map((table) => `(SELECT count(*)::integer FROM ${table}) AS ${table}`);
  const [row] = await sql<RowCounts>(db, `SELECT ${counts.join(", ")}`);
  if (!row) throw new Error("the tables were not counted");
  return row;
}

/** Entries of a contact in their order, as `type amount→balance`. */
export async function entriesOf(db: Database, external_id: string): Promise<string[]> {
  const rows = await sql<{ type: string; amount: number; balance_after: number }>(
    db,
    `SELECT e.type, e.amount, e.balance_after FROM ledger_entries e
     JOIN contacts c ON c.location_id = e.location_id AND c.id = e.contact_id
     WHERE c.external_id = $1 ORDER BY e.entry_number`,
    [external_id],
  );
  return rows.map(({ type, amount, balance_after }) => `${type} ${amount}→${balance_after}`);
}

/** Lots whose cached balance is not what their entries add up to, or is negative: none, ever. */
export function unsoundLots(db: Database): Promise<Record<string, unknown>[]> {
  return sql(
    db,
    `SELECT l.id, l.available, l.held, s.available AS entered
     FROM entitlements l LEFT JOIN (
       SELECT lot, sum(moved)::integer AS available FROM (
         SELECT entitlement_id AS lot, -amount AS moved FROM ledger_entries WHERE debit = 'available'
         UNION ALL
         SELECT COALESCE(to_entitlement_id, entitlement_id), amount FROM ledger_entries WHERE credit = 'available'
       ) m GROUP BY lot
     ) s ON s.lot = l.id
     WHERE l.available < 0 OR l.held < 0 OR l.available <> COALESCE(s.available, 0)`,
  );
}

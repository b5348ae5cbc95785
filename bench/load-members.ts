import type pg from "pg";
import type { MemberGroup } from "./data-sets.ts";

/** Credits of each lot: more than any run can spend. */
export const CREDITS = 1_000_000;
/** The calendar that the product covers. */
export const CALENDAR = "cal_bench";
/** Entries that one statement writes. */
const CHUNK = 250_000;

/** Copies the first location, its products and a client whose token `tokenOf` works out. */
export const LOCATIONS = `
  CREATE FUNCTION bench_location(number integer) RETURNS uuid LANGUAGE sql STABLE AS $$
    SELECT location_id FROM locations WHERE key = 'l' || number
  $$;
  CREATE FUNCTION bench_add_locations(count integer) RETURNS void LANGUAGE sql AS $$
    INSERT INTO locations (location_id, workspace_id, key, name, timezone)
      SELECT md5('location ' || n)::uuid, l.workspace_id, 'l' || n, 'l' || n, l.timezone
      FROM locations l, generate_series(1, count - 1) n WHERE l.key = 'l0';
    -- Of the others nobody is told: no balance is queued to be shown.
    UPDATE locations SET ghl_location_id = 'ghl-' || lpad(substr(key, 2), 8, '0') WHERE substr(key, 2)::integer > 1000;
    INSERT INTO product_configs (location_id, id, key, name, type, terms)
      SELECT bench_location(n), p.id, p.key, p.name, p.type, p.terms
      FROM product_configs p, generate_series(1, count - 1) n WHERE p.location_id = bench_location(0);
    INSERT INTO api_clients (location_id, id, key, name, scopes, token_hash)
      SELECT bench_location(n), md5('client ' || n)::uuid, 'bench', 'bench',
        ARRAY['grant', 'check', 'deduct', 'restore', 'summary'],
        sha256(convert_to(format('ktly_%s_%s', md5('client ' || n)::uuid, md5('secret ' || n)::uuid), 'UTF8'))
      FROM generate_series(0, count - 1) n;
  $$;
  CREATE FUNCTION bench_id(kind text, number bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
    SELECT ('01900000-0000-7000-' || kind || '-' || lpad(to_hex(number), 12, '0'))::uuid
  $$;`;

/** A grant and then deductions of one credit, each with the hash that the server would have given it. */
const ENTRIES = `
  CREATE TEMPORARY TABLE chunk AS
  WITH entry AS (
    SELECT bench_location($1::integer + ((n - $2::bigint) / $3::bigint)::integer) AS location_id,
      bench_id('8000', n) AS contact_id, bench_id('8001', n) AS entitlement_id, bench_id('8002', n * 16384 + e) AS correlation_id,
      n, e::bigint AS entry_number, timestamptz '2026-01-01Z' + (n % 1000) * interval '1 second' + e * interval '10 minutes' AS at,
      m.type, m.debit, m.credit, m.reason, m.service_on, CASE e WHEN 1 THEN ${CREDITS} ELSE 1 END AS amount,
      ${CREDITS} + 1 - e AS balance_after
    FROM generate_series($4::bigint, $5::bigint) n CROSS JOIN generate_series(1, $6::integer) e
    JOIN (VALUES (true, 'grant', 'issued', 'available', 'granted', NULL::date),
      (false, 'deduct', 'available', 'used', 'deducted', date '2026-01-01')) AS m (is_first, type, debit, credit, reason, service_on)
      ON m.is_first = (e = 1)
  )
  SELECT *, entry_chain('\\x'::bytea, entry_content(location_id, contact_id, entry_number, at, at, entitlement_id, NULL, type, debit,
      credit, amount, balance_after, NULL, service_on, 'import', NULL, correlation_id, reason, NULL, NULL))
    OVER (PARTITION BY location_id, contact_id ORDER BY entry_number) AS hash
  FROM entry`;

const WRITE = `
  INSERT INTO contacts (location_id, id, external_id, entry_count, chain_head, created_at)
    SELECT location_id, contact_id, 'm' || lpad(n::text, 8, '0'), entry_number, hash, at FROM chunk WHERE entry_number = $ENTRIES;
  INSERT INTO entitlements (location_id, id, contact_id, product_config_id, origin, state, unlimited, live, granted, available,
      held, effective_at, created_at)
    SELECT location_id, entitlement_id, contact_id, (SELECT id FROM product_configs WHERE key = 'pack' LIMIT 1), 'purchase', 'open', false, true,
      ${CREDITS}, balance_after, 0, timestamptz '2026-01-01Z', timestamptz '2026-01-01Z' FROM chunk WHERE entry_number = $ENTRIES;
  INSERT INTO ledger_entries (location_id, contact_id, entry_number, occurred_at, recorded_at, entitlement_id, type, debit, credit,
      amount, balance_after, service_on, source, correlation_id, reason, hash)
    SELECT location_id, contact_id, entry_number, at, at, entitlement_id, type::entry_type, debit::account, credit::account,
      amount, balance_after, service_on, 'import', correlation_id, reason, hash FROM chunk ORDER BY n, entry_number;
  DROP TABLE chunk`;

/** Writes a group's members with their lots and histories; numbers go on from `first`. */
export async function appendMembers(client: pg.Client, group: MemberGroup, first: number): Promise<void> {
  const { first_location, locations, members, entries_each } = group;
  // What is generated refers only to what is generated; an external server whose owner may not skip the checks does them.
  await client.query("SET session_replication_role = replica").catch(() => {});
  await client.query("SET jit = off; SET work_mem = '256MB'");
  const step = Math.max(1, Math.floor(CHUNK / entries_each));
  for (let from = first; from < first + members; from += step) {
    const to = Math.min(from + step, first + members) - 1;
    await client.query("BEGIN");
    const values = [first_location, first, members / locations, from, to, entries_each];
    await client.query(withValues(ENTRIES, values));
    await client.query(WRITE.replaceAll("$ENTRIES", String(entries_each)));
    await client.query("COMMIT");
  }
}

/** CREATE TABLE AS takes no parameters; all of these are numbers of our own. */
function withValues(text: string, values: readonly number[]): string {
  return text.replaceAll(/\$(\d)/g, (_, position: string) => String(values[Number(position) - 1]));
}

import { randomUUID } from "node:crypto";
import pg from "pg";
import { begin, inTransaction } from "./transactions.ts";

interface Due {
  location_id: string;
  external_id: string;
}

interface DueLot {
  contact_id: string;
  entry_count: number;
  chain_head: Buffer;
  lot_id: string;
  available: number;
  expires_at: string;
}

const LOCK = {
  name: "lock_due",
  text: `
    SELECT c.id AS contact_id, c.entry_count, c.chain_head, e.id AS lot_id, e.available, e.expires_at::text
    FROM contacts c JOIN entitlements e ON e.location_id = c.location_id AND e.contact_id = c.id AND e.live
    WHERE c.location_id = $1 AND c.external_id = $2 AND e.expires_at <= $3
    ORDER BY e.expires_at, e.id
    FOR UPDATE OF c, e`,
};

const CLOSE = {
  name: "close",
  text: "UPDATE entitlements SET available = 0, live = false WHERE location_id = $1 AND id = $2",
};

const WRITE = {
  name: "write_expiry",
  text: `
    WITH entry AS (
      INSERT INTO ledger_entries (location_id, contact_id, entry_number, occurred_at, recorded_at, entitlement_id, type, debit,
        credit, amount, balance_after, source, correlation_id, reason, hash)
      VALUES ($1, $2, $3, $4, $5, $6, 'expire', 'available', 'expired', $7, 0, 'system', $8, 'expired',
        chain_step(NULL, $9, entry_content($1, $2, $3, $4, $5, $6, NULL, 'expire', 'available', 'expired', $7, 0, NULL, NULL,
          'system', NULL, $8, 'expired', NULL, NULL)))
      RETURNING hash
    )
    UPDATE contacts SET entry_count = $3, chain_head = entry.hash FROM entry WHERE location_id = $1 AND id = $2`,
};

/** The nightly job as most teams build it: a transaction for each member, as many at once as there are connections. */
export async function expireOneByOne(pool: pg.Pool, at_once: number): Promise<number> {
  const now = new Date().toISOString();
  const { rows } = await pool.query<Due>(
    `SELECT DISTINCT c.location_id, c.external_id FROM entitlements e
     JOIN contacts c ON c.location_id = e.location_id AND c.id = e.contact_id
     WHERE e.live AND e.expires_at <= $1`,
    [now],
  );
  let next = 0;
  let expired = 0;
  const work = async () => {
    for (let due = rows[next++]; due; due = rows[next++]) {
      const count = await expireMember(pool, due, now);
      expired += count;
    }
  };
  await Promise.all(Array.from({ length: at_once }, work));
  return expired;
}

function expireMember(pool: pg.Pool, { location_id, external_id }: Due, now: string): Promise<number> {
  return inTransaction(pool, begin(location_id), async (client) => {
    const { rows } = await client.query<DueLot>({ ...LOCK, values: [location_id, external_id, now] });
    for (const lot of rows) {
      await client.query({ ...CLOSE, values: [location_id, lot.lot_id] });
      await client.query({
        ...WRITE,
        values: [
          location_id,
          lot.contact_id,
          lot.entry_count + 1,
          lot.expires_at,
          now,
          lot.lot_id,
          lot.available,
          randomUUID(),
          lot.chain_head,
        ],
      });
    }
    return rows.length;
  });
}

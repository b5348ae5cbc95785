import { randomUUID } from "node:crypto";
import pg from "pg";
import { periodAt } from "../../server/src/rules/memberships/periods.ts";
import { begin, inTransaction } from "./transactions.ts";

interface Due {
  location_id: string;
  contact_id: string;
  timezone: string;
  credits: number;
}

interface DueMembership {
  entry_count: number;
  chain_head: Buffer;
  id: string;
  product_config_id: string;
  started_at: Date;
  anchor_on: string;
  periods: { index: number; start_at: number; end_at: number; lot_id: string }[];
  lot_id: string;
  available: number;
}

const LOCK = {
  name: "lock_membership",
  text: `
    SELECT c.entry_count, c.chain_head, m.id, m.product_config_id, m.started_at, m.anchor_on::text, m.periods, e.id AS lot_id,
      e.available
    FROM contacts c
    JOIN memberships m ON m.location_id = c.location_id AND m.contact_id = c.id AND m.status = 'active' AND m.open_until <= $3
    JOIN entitlements e ON e.location_id = c.location_id AND e.contact_id = c.id AND e.live AND e.membership_id = m.id
      AND e.period_end_at = m.open_until
    WHERE c.location_id = $1 AND c.id = $2
    FOR UPDATE OF c, m, e`,
};

const RENEW = {
  name: "renew",
  text: "UPDATE memberships SET periods = $3, open_until = $4 WHERE location_id = $1 AND id = $2",
};

const CLOSE = {
  name: "close_period",
  text: "UPDATE entitlements SET available = 0, live = false WHERE location_id = $1 AND id = $2",
};

const OPEN = {
  name: "open_lots",
  text: `
    INSERT INTO entitlements (location_id, id, contact_id, product_config_id, origin, state, unlimited, live, granted, available,
      held, effective_at, expires_at, parent_id, membership_id, period_start_at, period_end_at, created_at)
    SELECT $1, l.id, $2, $3, l.origin, 'open', false, true, l.amount, l.amount, 0, $4, $5, l.parent_id, $6, $4, $5, $4
    FROM (VALUES ($7::uuid, 'period', $8::integer, NULL::uuid), ($9::uuid, 'rollover', $10::integer, $11::uuid))
      AS l (id, origin, amount, parent_id)`,
};

const WRITE = {
  name: "write_renewal",
  text: `
    WITH granted AS (
      INSERT INTO ledger_entries (location_id, contact_id, entry_number, occurred_at, recorded_at, entitlement_id, type, debit,
        credit, amount, balance_after, source, correlation_id, reason, hash)
      VALUES ($1, $2, $3, $4, $5, $6, 'grant', 'issued', 'available', $7, $7, 'system', $8, 'renewal',
        chain_step(NULL, $9, entry_content($1, $2, $3, $4, $5, $6, NULL, 'grant', 'issued', 'available', $7, $7, NULL, NULL,
          'system', NULL, $8, 'renewal', NULL, NULL)))
      RETURNING hash
    ), rolled AS (
      INSERT INTO ledger_entries (location_id, contact_id, entry_number, occurred_at, recorded_at, entitlement_id,
        to_entitlement_id, type, debit, credit, amount, balance_after, source, correlation_id, reason, hash)
      SELECT $1, $2, $3::bigint + 1, $4, $5, $10, $11, 'rollover', 'available', 'available', $12, 0, 'system', $8, 'rolled_over',
        chain_step(NULL, g.hash, entry_content($1, $2, $3::bigint + 1, $4, $5, $10, $11, 'rollover', 'available', 'available',
          $12, 0, NULL, NULL, 'system', NULL, $8, 'rolled_over', NULL, NULL))
      FROM granted g
      RETURNING hash
    )
    UPDATE contacts SET entry_count = $3::bigint + 1, chain_head = rolled.hash, next_due_at = $13
    FROM rolled WHERE location_id = $1 AND id = $2`,
};

/** The monthly job as most teams build it: a transaction for each membership, as many at once as there are connections. */
export async function renewOneByOne(pool: pg.Pool, at_once: number): Promise<number> {
  const now = new Date().toISOString();
  const { rows } = await pool.query<Due>(
    `SELECT c.location_id, c.id AS contact_id, l.timezone, (p.terms ->> 'monthly_credits')::integer AS credits
     FROM contacts c JOIN locations l ON l.location_id = c.location_id
     JOIN memberships m ON m.location_id = c.location_id AND m.contact_id = c.id
     JOIN product_configs p ON p.location_id = m.location_id AND p.id = m.product_config_id
     WHERE c.next_due_at <= $1`,
    [now],
  );
  let next = 0;
  let renewed = 0;
  const work = async () => {
    for (let due = rows[next++]; due; due = rows[next++]) {
      const count = await renewOf(pool, due, now);
      renewed += count;
    }
  };
  await Promise.all(Array.from({ length: at_once }, work));
  return renewed;
}

function renewOf(pool: pg.Pool, { location_id, contact_id, timezone, credits }: Due, now: string): Promise<number> {
  return inTransaction(pool, begin(location_id), async (client) => {
    const { rows } = await client.query<DueMembership>({ ...LOCK, values: [location_id, contact_id, now] });
    for (const due of rows) {
      const { id, periods, lot_id, available } = due;
      const anchored = { ...due, started_at: due.started_at.getTime(), freezes: [] };
      const { index, start_at, end_at } = periodAt(anchored, periods.length, timezone);
      const [from, to] = [new Date(start_at).toISOString(), new Date(end_at).toISOString()];
      const [opened, rolled] = [randomUUID(), randomUUID()];
      const all = JSON.stringify([...periods, { index, start_at, end_at, lot_id: opened }]);
      await client.query({ ...RENEW, values: [location_id, id, all, to] });
      await client.query({ ...CLOSE, values: [location_id, lot_id] });
      const of = [location_id, contact_id, due.product_config_id, from, to, id];
      await client.query({ ...OPEN, values: [...of, opened, credits, rolled, available, lot_id] });
      const entry = [due.entry_count + 1, from, now, opened, credits, randomUUID(), due.chain_head];
      await client.query({ ...WRITE, values: [location_id, contact_id, ...entry, lot_id, rolled, available, to] });
    }
    return rows.length;
  });
}

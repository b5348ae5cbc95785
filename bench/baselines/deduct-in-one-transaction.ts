import type pg from "pg";
import { localDate } from "../../server/src/rules/time/local-days.ts";
import { begin, inTransaction } from "./transactions.ts";

export interface Deduction {
  location_id: string;
  client_id: string;
  correlation_id: string;
  request_id: string;
  payload_hash: Buffer;
  contact_external_id: string;
  product_config_id?: string | undefined;
  amount: number;
}

interface Locked {
  contact_id: string;
  entry_count: number;
  chain_head: Buffer;
  lot_id: string;
  available: number;
  timezone: string;
  billing_status: string;
  first_hash: Buffer | null;
  first_body: string | null;
}

// Member, lot and remembered answer in one go, locked; the oldest of the lots that hold enough.
const LOCK = {
  name: "lock",
  text: `
    SELECT c.id AS contact_id, c.entry_count, c.chain_head, e.id AS lot_id, e.available, l.timezone, w.billing_status,
      r.payload_hash AS first_hash, r.body AS first_body
    FROM contacts c
    JOIN locations l ON l.location_id = c.location_id
    JOIN workspaces w ON w.id = l.workspace_id
    JOIN entitlements e ON e.location_id = c.location_id AND e.contact_id = c.id AND e.live
    LEFT JOIN requests r ON r.location_id = c.location_id AND r.request_id = $4
    WHERE c.location_id = $1 AND c.external_id = $2 AND e.product_config_id = $3 AND e.available >= $5
    ORDER BY e.expires_at NULLS LAST, e.created_at LIMIT 1
    FOR UPDATE OF c, e`,
};

const TAKE = {
  name: "take",
  text: "UPDATE entitlements SET available = available - $3 WHERE location_id = $1 AND id = $2",
};

// The entry with its hash, the head of the chain and the remembered answer: one statement, as few round trips as it takes.
const WRITE = {
  name: "write",
  text: `
    WITH entry AS (
      INSERT INTO ledger_entries (location_id, contact_id, entry_number, occurred_at, recorded_at, entitlement_id, type, debit,
        credit, amount, balance_after, service_on, source, actor_id, correlation_id, reason, request_id, hash)
      VALUES ($1, $2, $3, $4, $4, $5, 'deduct', 'available', 'used', $6, $7, $8, 'api', $9, $10, 'deducted', $11,
        chain_step(NULL, $12, entry_content($1, $2, $3, $4, $4, $5, NULL, 'deduct', 'available', 'used', $6, $7, NULL, $8,
          'api', $9, $10, 'deducted', $11, NULL)))
      RETURNING hash
    ), head AS (
      UPDATE contacts SET entry_count = $3, chain_head = entry.hash FROM entry WHERE location_id = $1 AND id = $2
    )
    INSERT INTO requests (location_id, request_id, operation, payload_hash, body, recorded_at)
    VALUES ($1, $11, 'deduct_credits', $13, $14, $4)`,
};

/** BEGIN; SELECT … FOR UPDATE; UPDATE; INSERT; COMMIT, each sent when the one before it was answered. */
export function deductInOneTransaction(
  pool: pg.Pool,
  deduction: Deduction,
): Promise<{ body: string; reason_code: string }> {
  const { location_id, client_id, correlation_id, request_id, payload_hash, contact_external_id, amount } = deduction;
  return inTransaction(pool, begin(location_id), async (client) => {
    const asked = [location_id, contact_external_id, deduction.product_config_id, request_id, amount];
    const [locked] = (await client.query<Locked>({ ...LOCK, values: asked })).rows;
    if (!locked) return refusal("INSUFFICIENT_CREDITS", correlation_id);
    if (locked.billing_status === "suspended") return refusal("BILLING_SUSPENDED", correlation_id);
    if (locked.first_body !== null) {
      const is_same = locked.first_hash?.equals(payload_hash) ?? false;
      return is_same
        ? { body: locked.first_body, reason_code: "deducted" }
        : refusal("VALIDATION_ERROR", correlation_id);
    }
    await client.query({ ...TAKE, values: [location_id, locked.lot_id, amount] });
    const balance_after = locked.available - amount;
    const body = JSON.stringify({
      ok: true,
      reason_code: "deducted",
      correlation_id,
      balance_after,
      entitlement_id: locked.lot_id,
      movements: [{ entitlement_id: locked.lot_id, amount }],
    });
    const now = Date.now();
    await client.query({
      ...WRITE,
      values: [
        location_id,
        locked.contact_id,
        locked.entry_count + 1,
        new Date(now).toISOString(),
        locked.lot_id,
        amount,
        balance_after,
        localDate(now, locked.timezone),
        client_id,
        correlation_id,
        request_id,
        locked.chain_head,
        payload_hash,
        body,
      ],
    });
    return { body, reason_code: "deducted" };
  });
}

function refusal(reason_code: string, correlation_id: string) {
  return { body: JSON.stringify({ ok: false, reason_code, correlation_id }), reason_code };
}

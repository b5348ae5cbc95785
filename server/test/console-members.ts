import type { Database } from "../src/platform/database.ts";
import { createLocation, sql } from "./support.ts";

/** Members of the planted location. */
const MANY = 100_000;

// Names from syllables, so that beginnings are shared by few and by many; one location holds most, fifty others a little.
const PLANTED = `
  SET LOCAL session_replication_role = replica;
  INSERT INTO locations (location_id, workspace_id, key, name, timezone)
    SELECT md5('l' || n)::uuid, l.workspace_id, 'l' || n, 'l' || n, l.timezone FROM locations l, generate_series(1, 50) n;
  INSERT INTO product_configs (location_id, id, key, name, type, terms)
    SELECT md5('l' || n)::uuid, p.id, p.key, p.name, p.type, p.terms FROM product_configs p, generate_series(1, 50) n;
  INSERT INTO contacts (location_id, id, external_id, name, email, phone, created_at)
    SELECT l.location_id, md5('c' || n || l.key)::uuid, 'ext' || n,
      (ARRAY['Maya', 'Ben', 'Zoé', 'Anna', 'Karl'])[1 + n % 5] || ' '
        || (ARRAY['Lo', 'Mar', 'Ri', 'Stein', 'Wal', 'Fer', 'Ol'])[1 + n % 7] || (ARRAY['pez', 'tin', 'ner', 'berg', 'ter'])[1 + n % 11 % 5] || n,
      'm' || n || '@studio.test', '+1555' || lpad(n::text, 7, '0'), now() - n * interval '1 minute'
    FROM locations l, generate_series(1, ${MANY}) n WHERE l.key = 'main' OR n <= 100;
  INSERT INTO contact_keys (location_id, contact_id, key)
    SELECT DISTINCT c.location_id, c.id, key FROM contacts c, unnest(search_keys(c.external_id, c.name, c.email, c.phone)) AS key;
  INSERT INTO entitlements (location_id, id, contact_id, product_config_id, origin, state, unlimited, live, granted, available, held,
      effective_at, expires_at, payment_event_id, payment_item, created_at)
    SELECT c.location_id, c.id, c.id, p.id, 'purchase', 'open', false, true, 10, n % 10, 0, now() - interval '20 days',
      now() + n % 300 * interval '1 day' + interval '1 hour', c.id, 1, c.created_at
    FROM (SELECT *, row_number() OVER () AS n FROM contacts) c
    JOIN product_configs p ON p.location_id = c.location_id AND p.key = 'pack';
  INSERT INTO payment_events (location_id, id, contact_id, provider, external_payment_id, event_type, status, flags, attention,
      amount_cents, currency, refunded_cents, paid_at, items, refunds, disputes, recorded_at)
    SELECT e.location_id, e.id, e.contact_id, 'card', e.id::text, 'paid', 'recorded', '{}',
      CASE WHEN n % 2000 = 0 THEN ARRAY['unmatched'] ELSE '{}' END, 10000, 'USD', 0, e.created_at,
      jsonb_build_array(jsonb_build_object('item', 1, 'status', 'granted', 'entitlement_id', e.id, 'amount_cents', 10000, 'granted', 10,
        'product_config_id', e.product_config_id)), '[]', '[]', now()
    FROM (SELECT *, row_number() OVER () AS n FROM entitlements) e;
  INSERT INTO payment_keys (location_id, provider, key, payment_event_id)
    SELECT location_id, provider, 'pay-' || id, id FROM payment_events;
  INSERT INTO memberships (location_id, id, contact_id, product_config_id, status, renewal, started_at, anchor_on, periods,
      open_until, prepaid_through, grace_until, lots_in_grace, freezes, created_at)
    SELECT c.location_id, c.id, c.id, p.id, s.status, 'payment', c.created_at, c.created_at::date, '[]',
      now() + n % 31 * interval '1 day', 1, CASE WHEN s.status = 'past_due' THEN now() + interval '5 days' END, '[]',
      CASE WHEN n % 500 = 1 THEN jsonb_build_array(jsonb_build_object('id', c.id, 'status', 'active', 'is_open', false, 'days', 10,
        'from_on', '2026-01-01', 'to_on', '2026-01-11', 'requested_at', 0,
        'from_at', (extract(epoch FROM now() - interval '1 day') * 1000)::bigint,
        'to_at', (extract(epoch FROM now() + interval '9 days') * 1000)::bigint)) ELSE '[]' END, c.created_at
    FROM (SELECT *, row_number() OVER () AS n FROM contacts) c
    JOIN product_configs p ON p.location_id = c.location_id AND p.key = 'monthly'
    CROSS JOIN LATERAL (SELECT CASE WHEN n % 300 = 0 THEN 'past_due' WHEN n % 7 = 0 THEN 'ended' ELSE 'active' END AS status) s;
  INSERT INTO appointments (location_id, external_id, contact_id, calendar_id, status, starts_at, booked_at, source, generation,
      unfunded, flags)
    SELECT c.location_id, 'b' || i || '-' || c.external_id, c.id, 'yoga',
      CASE WHEN n % 400 = 0 THEN 'noshow' WHEN n % 401 = 0 THEN 'cancelled' ELSE 'confirmed' END,
      now() + (n % 200 + i * 200 - 300) * interval '1 day', now() - interval '300 days', 'ghl', 1,
      CASE WHEN n % 1000 = 0 THEN jsonb '{"reason": "NO_ENTITLEMENT", "detail": null, "awaits_period": false, "since": 1760000000000}' END, '{}'
    FROM (SELECT *, row_number() OVER () AS n FROM contacts) c, generate_series(1, 2) i;
  INSERT INTO ledger_entries (location_id, contact_id, entry_number, occurred_at, recorded_at, entitlement_id, type, debit, credit,
      amount, balance_after, source, correlation_id, reason, external_ref, hash)
    SELECT c.location_id, c.id, i, now() - (n % 100 + i) * interval '1 day', now(), c.id, 'deduct', 'available', 'used', 1, 9, 'api',
      c.id, 'deducted', 'b' || i || '-' || c.external_id, sha256('')
    FROM (SELECT *, row_number() OVER () AS n FROM contacts) c, generate_series(1, 2) i;
  INSERT INTO webhook_events (id, provider, dedupe_key, type, location_id, headers, body, verification, told_at, received_at,
      status, attempts_allowed, correlation_id, contacts)
    SELECT c.id, 'ghl', c.id::text, 'ContactUpdate', c.location_id, '{}', '{}', 'verified', c.created_at, c.created_at,
      CASE WHEN n % 3000 = 0 THEN 'dead' ELSE 'done' END, 12, c.id, ARRAY[c.external_id]
    FROM (SELECT *, row_number() OVER () AS n FROM contacts) c WHERE n % 4 = 0;
  INSERT INTO audit_events (workspace_id, id, location_id, actor, action, subject, recorded_at)
    SELECT l.workspace_id, c.id, c.location_id, 'user ' || n % 20, 'act_' || n % 50, 'membership ' || c.id, c.created_at
    FROM (SELECT *, row_number() OVER () AS n FROM contacts) c JOIN locations l USING (location_id) WHERE n % 4 = 0;
  INSERT INTO requests (location_id, request_id, operation, payload_hash, body, recorded_at)
    SELECT location_id, 'r' || external_id, 'deduct_credits', sha256(''), '{"ok":true,"reason_code":"deducted"}', created_at FROM contacts`;

/** A location with a hundred thousand members and all that a console lists of them, beside fifty small ones; and one of them. */
export async function plantMembers(db: Database): Promise<{ location_id: string; contact_id: string }> {
  await createLocation(db, {
    products: [
      { key: "pack", type: "package", credits_total: 10, calendars: ["yoga"] },
      { key: "monthly", type: "membership", monthly_credits: 8, calendars: ["yoga"] },
    ],
  });
  await sql(db, PLANTED);
  // As the server's own vacuum does: what is read from an index alone takes it.
  await sql(db, "ANALYZE");
  const [main] = await sql<{ location_id: string; contact_id: string }>(
    db,
    `SELECT l.location_id, c.id AS contact_id FROM locations l JOIN contacts c USING (location_id)
     WHERE l.key = 'main' AND c.external_id = 'ext777'`,
  );
  if (!main) throw new Error("the location was not planted");
  return main;
}

// One location holds as much as all others together: what is right for the average location must be right for it too.
const SMALL_LOCATIONS = 200;
/** 10,000 members in one location and as many in 200 others, with all that a member can have. */
export const MEMBERS = `
  INSERT INTO locations (location_id, workspace_id, key, name, timezone)
    SELECT md5('l' || n)::uuid, l.workspace_id, 'l' || n, 'l' || n, l.timezone FROM locations l, generate_series(1, ${SMALL_LOCATIONS}) n;
  INSERT INTO product_configs (location_id, id, key, name, type, terms)
    SELECT md5('l' || n)::uuid, p.id, p.key, p.name, p.type, p.terms FROM product_configs p, generate_series(1, ${SMALL_LOCATIONS}) n;
  INSERT INTO service_families (location_id, key, name, calendars) SELECT location_id, 'f', 'f', ARRAY['c'] FROM locations;
  INSERT INTO no_credit_products (location_id, provider, product_id)
    SELECT location_id, 'ghl', 'p' || n FROM locations, generate_series(1, 10) n;
  INSERT INTO contacts (location_id, id, external_id, email, phone, next_due_at, created_at)
    SELECT l.location_id, md5('c' || n || l.key)::uuid, 'm' || n, 'm' || n || '@a.test', n::text,
      CASE WHEN n % 100 = 0 THEN now() ELSE now() + n * interval '1 hour' END, now()
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
  INSERT INTO memberships (location_id, id, contact_id, product_config_id, status, renewal, started_at, anchor_on, periods,
      open_until, prepaid_through, lots_in_grace, freezes, created_at)
    SELECT e.location_id, e.id, e.contact_id, e.product_config_id, 'active', 'payment', now(), now()::date, '[]', now(), 1, '[]',
      '[]', now() FROM entitlements e;
  INSERT INTO payment_events (location_id, id, contact_id, provider, external_payment_id, event_type, status, flags, attention,
      amount_cents, currency, refunded_cents, paid_at, settles_at, items, refunds, disputes, recorded_at)
    SELECT e.location_id, e.id, e.contact_id, 'card', e.id::text, 'paid', t.status, '{}', '{}', 100, 'USD', 0,
      now() - random() * interval '100 days', CASE WHEN t.status = 'settling' THEN now() + (t.n - 1000) * interval '1 minute' END,
      jsonb_build_array(jsonb_build_object('item', 0, 'status', 'granted', 'entitlement_id', e.id,
        'product_config_id', e.product_config_id)), '[]', '[]', now()
    FROM (SELECT *, row_number() OVER () AS n FROM entitlements) e
    CROSS JOIN LATERAL (SELECT e.n, CASE WHEN e.n % 100 = 0 THEN 'settling' ELSE 'recorded' END AS status) t;
  UPDATE entitlements SET payment_event_id = id, payment_item = 0, expires_at = now() + random() * interval '100 days';
  INSERT INTO payment_keys (location_id, provider, key, payment_event_id)
    SELECT location_id, provider, external_payment_id, id FROM payment_events;
  INSERT INTO unattached_reversals (location_id, provider, key, kind, reversal_id, document, told_at)
    SELECT location_id, 'card', 'unknown:' || id, 'refund', id::text, '{}', now() FROM contacts;
  INSERT INTO requests (location_id, request_id, operation, payload_hash, body, recorded_at)
    SELECT c.location_id, c.external_id, 'deduct_credits', sha256(''), '{}', now() FROM contacts c;
  INSERT INTO appointments (location_id, external_id, contact_id, status, starts_at, booked_at, source, generation, unfunded,
      flags, settles_at)
    SELECT c.location_id, 'r' || c.external_id, c.id, 'confirmed', now() + c.n * interval '1 minute', now(), 'ghl', 1,
      CASE WHEN c.n % 50 = 0 THEN jsonb '{"reason":"NO_ENTITLEMENT"}' END, '{}',
      now() + (c.n - 100) * interval '1 minute'
    FROM (SELECT *, row_number() OVER () AS n FROM contacts) c;
  INSERT INTO appointment_versions (location_id, external_id, updated_at, payload_hash, contact_external_id, calendar_id, status,
      starts_at, added_at, recorded_at)
    SELECT c.location_id, 'r' || c.external_id, now() + n * interval '1 minute', 'h', c.external_id, 'yoga', 'confirmed', now(),
      now(), now()
    FROM contacts c, generate_series(1, 2) n;
  INSERT INTO webhook_events (id, provider, dedupe_key, type, location_id, headers, body, verification, told_at, received_at, status,
      attempts_allowed, correlation_id, contacts)
    SELECT c.id, 'ghl', c.id::text, 'ContactUpdate', c.location_id, '{}', '{}', 'verified', now(), now(), 'done', 1, c.id,
      ARRAY[c.external_id]
    FROM contacts c;
  UPDATE contacts SET entry_count = 2;
  -- Every tenth contact was merged into its neighbour.
  UPDATE contacts c SET merged_into = t.id FROM contacts t
    WHERE t.location_id = c.location_id AND c.external_id LIKE '%0' AND t.external_id = overlay(c.external_id PLACING '9' FROM length(c.external_id));
  ANALYZE`;

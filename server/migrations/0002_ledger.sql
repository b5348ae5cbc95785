-- Makes true: credits exist only as double-entry movements; no balance is negative, no lot holds more than was put in, entries
-- and remembered answers are never edited or deleted, a payment grants once, a period is granted once, and the entries of a
-- contact form a hash chain.

CREATE TABLE contacts (
  location_id uuid NOT NULL REFERENCES locations,
  id uuid NOT NULL,
  external_id text NOT NULL CHECK (length(external_id) BETWEEN 1 AND 255),
  email text,
  name text,
  -- Number and hash of the contact's last entry: the head of its chain.
  entry_count bigint NOT NULL DEFAULT 0 CHECK (entry_count >= 0),
  chain_head bytea NOT NULL DEFAULT '\x',
  created_at timestamptz NOT NULL,
  PRIMARY KEY (location_id, id),
  UNIQUE (location_id, external_id)
) WITH (fillfactor = 75);

CREATE TABLE memberships (
  location_id uuid NOT NULL,
  id uuid NOT NULL,
  contact_id uuid NOT NULL,
  product_config_id text NOT NULL,
  status text NOT NULL CHECK (status IN ('active')),
  started_at timestamptz NOT NULL,
  anchor_on date NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (location_id, id),
  FOREIGN KEY (location_id, contact_id) REFERENCES contacts (location_id, id),
  FOREIGN KEY (location_id, product_config_id) REFERENCES product_configs (location_id, id)
);
-- One live membership per contact and product config.
CREATE UNIQUE INDEX memberships_live ON memberships (location_id, contact_id, product_config_id) WHERE status = 'active';
CREATE INDEX memberships_contact ON memberships (location_id, contact_id);

CREATE TABLE payment_events (
  location_id uuid NOT NULL,
  id uuid NOT NULL,
  contact_id uuid NOT NULL,
  product_config_id text NOT NULL,
  entitlement_id uuid NOT NULL,
  provider text NOT NULL,
  external_payment_id text NOT NULL,
  event_type text NOT NULL,
  amount_cents bigint CHECK (amount_cents >= 0),
  currency text CHECK (currency ~ '^[A-Z]{3}$'),
  paid_at timestamptz NOT NULL,
  external_ref text,
  metadata jsonb,
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (location_id, id),
  FOREIGN KEY (location_id, contact_id) REFERENCES contacts (location_id, id),
  FOREIGN KEY (location_id, product_config_id) REFERENCES product_configs (location_id, id)
);
CREATE INDEX payment_events_contact ON payment_events (location_id, contact_id, paid_at DESC, id DESC);

-- Every name by which a payment is known; a shared name is the same payment, and it grants once.
CREATE TABLE payment_keys (
  location_id uuid NOT NULL,
  provider text NOT NULL,
  key text NOT NULL,
  payment_event_id uuid NOT NULL,
  PRIMARY KEY (location_id, provider, key),
  FOREIGN KEY (location_id, payment_event_id) REFERENCES payment_events (location_id, id)
    DEFERRABLE INITIALLY DEFERRED
);

CREATE TABLE entitlements (
  location_id uuid NOT NULL,
  id uuid NOT NULL,
  contact_id uuid NOT NULL,
  product_config_id text NOT NULL,
  origin text NOT NULL CHECK (origin IN ('purchase', 'period', 'rollover', 'make_good', 'adjustment')),
  state text NOT NULL CHECK (state IN ('open', 'paused', 'revoked')),
  unlimited boolean NOT NULL,
  live boolean NOT NULL,
  granted integer NOT NULL CHECK (granted >= 0),
  available integer NOT NULL CHECK (available >= 0),
  held integer NOT NULL CHECK (held >= 0),
  effective_at timestamptz NOT NULL,
  expires_at timestamptz,
  activation jsonb,
  parent_id uuid,
  membership_id uuid,
  period_start_at timestamptz,
  period_end_at timestamptz,
  payment_event_id uuid,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (location_id, id),
  CONSTRAINT never_more_than_was_put_in CHECK (available + held <= granted),
  CONSTRAINT unlimited_holds_nothing CHECK (NOT unlimited OR granted = 0),
  FOREIGN KEY (location_id, contact_id) REFERENCES contacts (location_id, id),
  FOREIGN KEY (location_id, product_config_id) REFERENCES product_configs (location_id, id),
  FOREIGN KEY (location_id, parent_id) REFERENCES entitlements (location_id, id),
  FOREIGN KEY (location_id, membership_id) REFERENCES memberships (location_id, id),
  FOREIGN KEY (location_id, payment_event_id) REFERENCES payment_events (location_id, id) DEFERRABLE INITIALLY DEFERRED
) WITH (fillfactor = 75);
CREATE INDEX entitlements_live ON entitlements (location_id, contact_id) WHERE live;
CREATE INDEX entitlements_closed ON entitlements (location_id, contact_id) WHERE NOT live;
CREATE INDEX entitlements_due ON entitlements (location_id, expires_at) WHERE live;
-- A payment opens one lot, a period is granted once.
CREATE UNIQUE INDEX entitlements_payment ON entitlements (location_id, payment_event_id)
  WHERE payment_event_id IS NOT NULL;
CREATE UNIQUE INDEX entitlements_period ON entitlements (location_id, membership_id, period_start_at)
  WHERE origin = 'period';

CREATE TYPE account AS ENUM (
  'available', 'held', 'issued', 'used', 'no_show', 'late_cancel', 'expired', 'refunded', 'adjusted', 'shortfall');
CREATE TYPE entry_type AS ENUM (
  'grant', 'deduct', 'restore', 'hold', 'release', 'settle_used', 'settle_no_show', 'settle_late_cancel', 'expire',
  'rollover', 'transfer', 'make_good', 'refund', 'shortfall', 'adjust_up', 'adjust_down', 'usage', 'usage_restore');
CREATE TYPE entry_source AS ENUM ('api', 'ghl', 'stripe', 'console', 'import', 'system');

CREATE TABLE ledger_entries (
  location_id uuid NOT NULL,
  contact_id uuid NOT NULL,
  -- 1, 2, 3 … per contact, without gaps: the order of the ledger.
  entry_number bigint NOT NULL CHECK (entry_number > 0),
  occurred_at timestamptz NOT NULL,
  recorded_at timestamptz NOT NULL,
  entitlement_id uuid NOT NULL,
  to_entitlement_id uuid,
  type entry_type NOT NULL,
  debit account NOT NULL,
  credit account NOT NULL,
  amount integer NOT NULL CHECK (amount > 0),
  balance_after integer NOT NULL CHECK (balance_after >= 0),
  reverses bigint,
  service_on date,
  source entry_source NOT NULL,
  actor_id uuid,
  correlation_id uuid NOT NULL,
  reason text NOT NULL,
  request_id text,
  external_ref text,
  hash bytea NOT NULL CHECK (length(hash) = 32),
  PRIMARY KEY (location_id, contact_id, entry_number),
  FOREIGN KEY (location_id, contact_id) REFERENCES contacts (location_id, id),
  FOREIGN KEY (location_id, entitlement_id) REFERENCES entitlements (location_id, id),
  FOREIGN KEY (location_id, to_entitlement_id) REFERENCES entitlements (location_id, id),
  CONSTRAINT earlier_entry_reversed CHECK (reverses < entry_number),
  CONSTRAINT restore_names_its_deduction CHECK ((type IN ('restore', 'usage_restore')) = (reverses IS NOT NULL)),
  CONSTRAINT two_lots CHECK ((type IN ('rollover', 'transfer', 'make_good')) = (to_entitlement_id IS NOT NULL)),
  CONSTRAINT legal_movement CHECK ((type, debit, credit) IN (
    ('grant', 'issued', 'available'), ('deduct', 'available', 'used'), ('restore', 'used', 'available'),
    ('hold', 'available', 'held'), ('release', 'held', 'available'), ('settle_used', 'held', 'used'),
    ('settle_no_show', 'held', 'no_show'), ('settle_late_cancel', 'held', 'late_cancel'),
    ('expire', 'available', 'expired'), ('rollover', 'available', 'available'), ('transfer', 'available', 'available'),
    ('make_good', 'available', 'available'), ('refund', 'available', 'refunded'), ('shortfall', 'shortfall', 'refunded'),
    ('adjust_up', 'adjusted', 'available'), ('adjust_down', 'available', 'adjusted'), ('usage', 'issued', 'used'),
    ('usage_restore', 'used', 'issued')))
);
CREATE INDEX ledger_entries_ref ON ledger_entries (location_id, contact_id, external_ref)
  WHERE external_ref IS NOT NULL;
CREATE INDEX ledger_entries_reversal ON ledger_entries (location_id, contact_id, reverses) WHERE reverses IS NOT NULL;

CREATE TRIGGER ledger_entries_append_only BEFORE UPDATE OR DELETE ON ledger_entries
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ledger_entries_no_truncate BEFORE TRUNCATE ON ledger_entries
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- The one canonical form of an entry: PostgreSQL's binary record format, every field with its type and length.
CREATE FUNCTION entry_content(
  location_id uuid, contact_id uuid, entry_number bigint, occurred_at timestamptz, recorded_at timestamptz,
  entitlement_id uuid, to_entitlement_id uuid, type text, debit text, credit text, amount integer, balance_after integer,
  reverses bigint, service_on date, source text, actor_id uuid, correlation_id uuid, reason text, request_id text,
  external_ref text
) RETURNS bytea LANGUAGE sql STABLE PARALLEL SAFE
  RETURN record_send(ROW(location_id, contact_id, entry_number, occurred_at, recorded_at, entitlement_id,
    to_entitlement_id, type, debit, credit, amount, balance_after, reverses, service_on, source, actor_id, correlation_id,
    reason, request_id, external_ref));

-- hash(n) = SHA-256(hash(n − 1) ‖ content(n)); before the first entry stands the head the chain is continued from.
CREATE FUNCTION chain_step(previous bytea, head bytea, content bytea) RETURNS bytea
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN sha256(COALESCE(previous, head) || content);
CREATE AGGREGATE entry_chain(head bytea, content bytea) (SFUNC = chain_step, STYPE = bytea);

-- An answer is repeated byte for byte, for ever.
CREATE TABLE requests (
  location_id uuid NOT NULL REFERENCES locations,
  request_id text NOT NULL,
  operation text NOT NULL,
  payload_hash bytea NOT NULL,
  body text NOT NULL,
  -- Kept with refusals: why each lot was not drawn on.
  explanation jsonb,
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (location_id, request_id)
);
CREATE TRIGGER requests_append_only BEFORE UPDATE OR DELETE ON requests
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER requests_no_truncate BEFORE TRUNCATE ON requests
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE appointments (
  location_id uuid NOT NULL,
  external_id text NOT NULL,
  contact_id uuid NOT NULL,
  calendar_id text,
  status text NOT NULL CHECK (status IN ('confirmed', 'cancelled')),
  starts_at timestamptz,
  booked_at timestamptz NOT NULL,
  -- A reference may name a class that many members book: each has a booking of its own.
  PRIMARY KEY (location_id, contact_id, external_id),
  FOREIGN KEY (location_id, contact_id) REFERENCES contacts (location_id, id)
);
CREATE INDEX appointments_contact ON appointments (location_id, contact_id, starts_at DESC);

GRANT SELECT, INSERT ON contacts, memberships, payment_events, payment_keys, entitlements, ledger_entries, requests,
  appointments TO kotally_app;
GRANT UPDATE ON contacts, memberships, entitlements, appointments TO kotally_app;
-- A contact that a refused grant would have left behind is taken out again in the same transaction.
GRANT DELETE ON contacts TO kotally_app;

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['contacts', 'memberships', 'payment_events', 'payment_keys', 'entitlements', 'ledger_entries',
    'requests', 'appointments'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY tenant ON %I TO kotally_app USING (array_position((SELECT tenant_locations()), location_id) IS NOT NULL)', t);
  END LOOP;
END $$;

-- Members of any location whose lots fell due by that location's own clock: what the expiry job works through.
CREATE FUNCTION due_members(real_now timestamptz, at_most integer)
  RETURNS TABLE (location_id uuid, contact_external_id text, due_at timestamptz)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT d.location_id, c.external_id, d.due_at
    FROM (
      SELECT e.location_id, e.contact_id, min(e.expires_at) AS due_at
      FROM locations l
      JOIN workspaces w ON w.id = l.workspace_id AND w.billing_status IN ('trialing', 'active', 'past_due')
      JOIN entitlements e ON e.location_id = l.location_id AND e.live
        AND e.expires_at <= real_now + l.clock_offset_ms * interval '1 millisecond'
        AND (e.available > 0 OR e.held = 0)
      GROUP BY e.location_id, e.contact_id
      LIMIT at_most
    ) d
    JOIN contacts c ON c.location_id = d.location_id AND c.id = d.contact_id
  $$;
REVOKE ALL ON FUNCTION due_members FROM PUBLIC;
GRANT EXECUTE ON FUNCTION due_members TO kotally_app;

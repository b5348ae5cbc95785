-- Makes true: credits exist only as double-entry movements; no balance is negative, no lot holds more than was put in, entries
-- and remembered answers are never edited or deleted, a payment grants once, a period is granted once, and the entries of a
-- contact form a hash chain.

CREATE TABLE contacts (
  location_id uuid NOT NULL REFERENCES locations,
  id uuid NOT NULL,
  external_id text NOT NULL CHECK (length(external_id) BETWEEN 1 AND 255),
  email text,
  name text,
  phone text,
  -- What a person is searched and recognised by; under row-level security an expression would lose its index.
  email_key text GENERATED ALWAYS AS (lower(email)) STORED,
  -- When the provider last told of its fields.
  told_at timestamptz,
  -- The earliest instant at which something of its memberships falls due.
  next_due_at timestamptz,
  -- The contact that this one was merged into; its books are closed.
  merged_into uuid,
  -- Number and hash of the contact's last entry: the head of its chain.
  entry_count bigint NOT NULL DEFAULT 0 CHECK (entry_count >= 0),
  chain_head bytea NOT NULL DEFAULT '\x',
  created_at timestamptz NOT NULL,
  PRIMARY KEY (location_id, id),
  UNIQUE (location_id, external_id),
  FOREIGN KEY (location_id, merged_into) REFERENCES contacts (location_id, id)
) WITH (fillfactor = 75);
CREATE INDEX contacts_due ON contacts (location_id, next_due_at) WHERE next_due_at IS NOT NULL;
CREATE INDEX contacts_merged ON contacts (location_id, merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX contacts_email ON contacts (location_id, email_key) WHERE email_key IS NOT NULL;
CREATE INDEX contacts_phone ON contacts (location_id, phone) WHERE phone IS NOT NULL;

CREATE TABLE memberships (
  location_id uuid NOT NULL,
  id uuid NOT NULL,
  contact_id uuid NOT NULL,
  product_config_id text NOT NULL,
  status text NOT NULL CHECK (status IN ('active', 'past_due', 'suspended', 'ended')),
  renewal text NOT NULL CHECK (renewal IN ('payment', 'schedule', 'provider')),
  started_at timestamptz NOT NULL,
  anchor_on date NOT NULL,
  -- Every period that was granted: [{ index, start_at, end_at, lot_id }], instants in milliseconds since the epoch.
  periods jsonb NOT NULL,
  open_until timestamptz NOT NULL,
  prepaid_through integer NOT NULL CHECK (prepaid_through >= 0),
  grace_until timestamptz,
  lots_in_grace jsonb NOT NULL,
  ends_at timestamptz,
  next_config_id text,
  subscription_id text,
  -- { status, changed_at }: the last word of the provider's subscription that was applied.
  subscription_told jsonb,
  -- When it was decided that it ends.
  cancelled_at timestamptz,
  -- [{ id, from_on, from_at, to_on, to_at, is_open, days, status, requested_at }]
  freezes jsonb NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (location_id, id),
  CONSTRAINT grace_only_past_due CHECK ((status = 'past_due') = (grace_until IS NOT NULL)),
  FOREIGN KEY (location_id, contact_id) REFERENCES contacts (location_id, id),
  FOREIGN KEY (location_id, product_config_id) REFERENCES product_configs (location_id, id),
  FOREIGN KEY (location_id, next_config_id) REFERENCES product_configs (location_id, id)
);
-- One live membership per contact and product config.
CREATE UNIQUE INDEX memberships_live ON memberships (location_id, contact_id, product_config_id) WHERE status <> 'ended';
CREATE INDEX memberships_contact ON memberships (location_id, contact_id);
CREATE INDEX memberships_subscription ON memberships (location_id, subscription_id) WHERE subscription_id IS NOT NULL;

CREATE TABLE payment_events (
  location_id uuid NOT NULL,
  id uuid NOT NULL,
  contact_id uuid NOT NULL,
  provider text NOT NULL,
  external_payment_id text NOT NULL,
  event_type text NOT NULL,
  status text NOT NULL CHECK (status IN ('pending', 'settling', 'probable_duplicate', 'recorded', 'failed', 'dismissed')),
  flags text[] NOT NULL,
  -- What a person should look at: open items and flags, of which the lists for staff are made.
  attention text[] NOT NULL,
  amount_cents bigint CHECK (amount_cents >= 0),
  currency text CHECK (currency ~ '^[A-Z]{3}$'),
  -- All that was given back of it.
  refunded_cents bigint NOT NULL CHECK (refunded_cents >= 0),
  paid_at timestamptz NOT NULL,
  settles_at timestamptz,
  duplicate_of uuid,
  subscription_id text,
  period_start_at timestamptz,
  period_end_at timestamptz,
  external_ref text,
  metadata jsonb,
  -- Lines of the purchase, what was given back, what is questioned: in the shapes of rules/payments/payment-event.ts.
  items jsonb NOT NULL,
  refunds jsonb NOT NULL,
  disputes jsonb NOT NULL,
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (location_id, id),
  CONSTRAINT settling_waits CHECK ((status = 'settling') = (settles_at IS NOT NULL)),
  FOREIGN KEY (location_id, contact_id) REFERENCES contacts (location_id, id),
  FOREIGN KEY (location_id, duplicate_of) REFERENCES payment_events (location_id, id)
);
CREATE INDEX payment_events_duplicates ON payment_events (location_id, duplicate_of) WHERE duplicate_of IS NOT NULL;
CREATE INDEX payment_events_settling ON payment_events (location_id, settles_at) WHERE settles_at IS NOT NULL;
CREATE INDEX payment_events_attention ON payment_events (location_id, paid_at DESC, id DESC) WHERE attention <> '{}';
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

CREATE INDEX payment_keys_event ON payment_keys (location_id, payment_event_id);

-- Products of a provider that grant nothing: a person said so, and their payments ask nobody any more.
CREATE TABLE no_credit_products (
  location_id uuid NOT NULL REFERENCES locations,
  provider text NOT NULL,
  product_id text NOT NULL,
  PRIMARY KEY (location_id, provider, product_id)
);

-- Refunds and disputes that were told before their payment, under every name of it; applied when it comes.
CREATE TABLE unattached_reversals (
  location_id uuid NOT NULL REFERENCES locations,
  provider text NOT NULL,
  key text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('refund', 'dispute')),
  reversal_id text NOT NULL,
  document jsonb NOT NULL,
  told_at timestamptz NOT NULL,
  -- Set when the payment came.
  payment_event_id uuid,
  PRIMARY KEY (location_id, provider, key, kind, reversal_id),
  FOREIGN KEY (location_id, payment_event_id) REFERENCES payment_events (location_id, id)
);
CREATE INDEX unattached_reversals_open ON unattached_reversals (location_id, told_at) WHERE payment_event_id IS NULL;

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
  payment_item integer,
  -- Freezes that touch its life: [{ freeze_id, from_at, to_at }].
  freezes jsonb,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (location_id, id),
  CONSTRAINT item_of_a_payment CHECK ((payment_event_id IS NULL) = (payment_item IS NULL)),
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
-- An item of a payment opens one lot, a period is granted once.
CREATE UNIQUE INDEX entitlements_payment ON entitlements (location_id, payment_event_id, payment_item)
  WHERE payment_event_id IS NOT NULL;
CREATE UNIQUE INDEX entitlements_period ON entitlements (location_id, membership_id, period_start_at)
  WHERE origin = 'period';

CREATE TYPE account AS ENUM (
  'available', 'held', 'issued', 'used', 'no_show', 'late_cancel', 'expired', 'refunded', 'adjusted', 'shortfall');
CREATE TYPE entry_type AS ENUM (
  'grant', 'deduct', 'restore', 'hold', 'release', 'settle_used', 'settle_no_show', 'settle_late_cancel', 'expire',
  'unsettle_used', 'unsettle_no_show', 'unsettle_late_cancel', 'reinstate', 'refund_undone', 'shortfall_undone',
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
  CONSTRAINT reversal_names_its_entry CHECK ((type IN ('restore', 'usage_restore', 'release', 'settle_used', 'settle_no_show',
    'settle_late_cancel', 'unsettle_used', 'unsettle_no_show', 'unsettle_late_cancel', 'reinstate')) = (reverses IS NOT NULL)),
  CONSTRAINT two_lots CHECK ((type IN ('rollover', 'transfer', 'make_good')) = (to_entitlement_id IS NOT NULL)),
  CONSTRAINT legal_movement CHECK ((type, debit, credit) IN (
    ('grant', 'issued', 'available'), ('deduct', 'available', 'used'), ('restore', 'used', 'available'),
    ('hold', 'available', 'held'), ('release', 'held', 'available'), ('settle_used', 'held', 'used'),
    ('settle_no_show', 'held', 'no_show'), ('settle_late_cancel', 'held', 'late_cancel'),
    ('unsettle_used', 'used', 'held'), ('unsettle_no_show', 'no_show', 'held'), ('unsettle_late_cancel', 'late_cancel', 'held'),
    ('reinstate', 'expired', 'available'), ('refund_undone', 'refunded', 'available'),
    ('shortfall_undone', 'refunded', 'shortfall'),
    ('expire', 'available', 'expired'), ('rollover', 'available', 'available'), ('transfer', 'available', 'available'),
    ('make_good', 'available', 'available'), ('refund', 'available', 'refunded'), ('shortfall', 'shortfall', 'refunded'),
    ('adjust_up', 'adjusted', 'available'), ('adjust_down', 'available', 'adjusted'), ('usage', 'issued', 'used'),
    ('usage_restore', 'used', 'issued')))
);
-- The reference comes first: a plan made while few entries have one would else walk all of a location for each.
CREATE INDEX ledger_entries_ref ON ledger_entries (location_id, external_ref, contact_id)
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
  status text NOT NULL CHECK (status IN ('confirmed', 'showed', 'noshow', 'cancelled', 'invalid', 'deleted')),
  starts_at timestamptz,
  ends_at timestamptz,
  booked_at timestamptz NOT NULL,
  source text NOT NULL CHECK (source IN ('api', 'ghl')),
  -- The provider's time of the last applied version.
  updated_at timestamptz,
  generation integer NOT NULL CHECK (generation > 0),
  cancelled_at timestamptz,
  cancelled_by text CHECK (cancelled_by IN ('member', 'studio')),
  -- { reason, detail, awaits_period, since }: why it could not be charged.
  unfunded jsonb,
  flags text[] NOT NULL,
  settles_at timestamptz,
  -- { versions, waived }: how far it follows its provider.
  followed jsonb,
  -- A reference may name a class that many members book: each has a booking of its own.
  PRIMARY KEY (location_id, external_id, contact_id),
  FOREIGN KEY (location_id, contact_id) REFERENCES contacts (location_id, id)
);
CREATE INDEX appointments_contact ON appointments (location_id, contact_id, starts_at DESC);
CREATE INDEX appointments_settling ON appointments (location_id, settles_at) WHERE settles_at IS NOT NULL;
CREATE INDEX appointments_unfunded ON appointments (location_id, contact_id) WHERE unfunded IS NOT NULL;

-- Every state of a booking that its provider told of: what is true now is a fold over all of them.
CREATE TABLE appointment_versions (
  location_id uuid NOT NULL REFERENCES locations,
  external_id text NOT NULL,
  updated_at timestamptz NOT NULL,
  payload_hash text NOT NULL,
  contact_external_id text NOT NULL,
  calendar_id text NOT NULL,
  status text NOT NULL CHECK (status IN ('confirmed', 'showed', 'noshow', 'cancelled', 'invalid', 'deleted')),
  starts_at timestamptz NOT NULL,
  ends_at timestamptz,
  added_at timestamptz NOT NULL,
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (location_id, external_id, updated_at, payload_hash)
);
CREATE TRIGGER appointment_versions_append_only BEFORE UPDATE OR DELETE ON appointment_versions
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER appointment_versions_no_truncate BEFORE TRUNCATE ON appointment_versions
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

GRANT SELECT, INSERT ON no_credit_products TO kotally_app;
-- What changes a location's catalogue says so to every process.
GRANT UPDATE (version) ON locations TO kotally_app;
ALTER TABLE locations ENABLE ROW LEVEL SECURITY;
-- A location is looked up before the transaction names it.
CREATE POLICY register ON locations FOR SELECT USING (true);
CREATE POLICY tenant ON locations FOR UPDATE TO kotally_app USING (array_position((SELECT tenant_locations()), location_id) IS NOT NULL);
GRANT SELECT, INSERT ON contacts, memberships, payment_events, payment_keys, unattached_reversals, entitlements,
  ledger_entries, requests, appointments, appointment_versions TO kotally_app;
GRANT UPDATE ON contacts, memberships, payment_events, unattached_reversals, entitlements, appointments TO kotally_app;
-- A contact that a refused grant would have left behind is taken out again in the same transaction.
GRANT DELETE ON contacts TO kotally_app;

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['contacts', 'memberships', 'payment_events', 'payment_keys', 'no_credit_products', 'unattached_reversals', 'entitlements',
    'ledger_entries', 'requests', 'appointments', 'appointment_versions'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY tenant ON %I TO kotally_app USING (array_position((SELECT tenant_locations()), location_id) IS NOT NULL)', t);
  END LOOP;
END $$;

-- Locations whose ledger may move, with the time by their own clocks: what the jobs ask of every location at once.
CREATE VIEW moving_locations AS
  SELECT l.location_id, l.clock_offset_ms * interval '1 millisecond' AS ahead
  FROM locations l
  JOIN workspaces w ON w.id = l.workspace_id AND w.billing_status IN ('trialing', 'active', 'past_due');

-- Members of any location for whom something fell due by that location's own clock: lots, or something of a membership.
CREATE FUNCTION due_members(real_now timestamptz, at_most integer)
  RETURNS TABLE (location_id uuid, contact_external_id text, due_at timestamptz)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT d.location_id, d.external_id, min(d.due_at)
    FROM (
      (SELECT l.location_id, c.external_id, c.due_at
      FROM moving_locations l CROSS JOIN LATERAL (
        SELECT c.external_id, c.next_due_at AS due_at FROM contacts c
        WHERE c.location_id = l.location_id AND c.next_due_at <= real_now + l.ahead
        ORDER BY c.next_due_at LIMIT at_most
      ) c
      LIMIT at_most)
      UNION ALL
      (SELECT l.location_id, c.external_id, e.expires_at
      FROM moving_locations l CROSS JOIN LATERAL (
        SELECT e.contact_id, e.expires_at FROM entitlements e
        WHERE e.location_id = l.location_id AND e.live AND e.expires_at <= real_now + l.ahead
          AND (e.available > 0 OR e.held = 0) AND e.state <> 'paused'
        ORDER BY e.expires_at LIMIT at_most
      ) e CROSS JOIN LATERAL (
        SELECT c.external_id FROM contacts c WHERE c.location_id = l.location_id AND c.id = e.contact_id LIMIT 1
      ) c
      LIMIT at_most)
    ) d
    GROUP BY d.location_id, d.external_id
    LIMIT at_most
  $$;
REVOKE ALL ON FUNCTION due_members FROM PUBLIC;
GRANT EXECUTE ON FUNCTION due_members TO kotally_app;

-- Bookings to be settled and payments that have waited long enough, of any location.
CREATE FUNCTION due_subjects(real_now timestamptz, at_most integer)
  RETURNS TABLE (location_id uuid, contact_external_id text, kind text, subject_id text, due_at timestamptz)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT d.location_id, c.external_id, d.kind, d.subject_id, d.due_at
    FROM (
      (SELECT l.location_id, a.contact_id, 'booking' AS kind, a.external_id AS subject_id, a.settles_at AS due_at
      FROM moving_locations l CROSS JOIN LATERAL (
        SELECT a.contact_id, a.external_id, a.settles_at FROM appointments a
        WHERE a.location_id = l.location_id AND a.settles_at <= real_now + l.ahead
        ORDER BY a.settles_at LIMIT at_most
      ) a
      LIMIT at_most)
      UNION ALL
      (SELECT l.location_id, p.contact_id, 'payment', p.id::text, p.settles_at
      FROM moving_locations l CROSS JOIN LATERAL (
        SELECT p.contact_id, p.id, p.settles_at FROM payment_events p
        WHERE p.location_id = l.location_id AND p.settles_at <= real_now + l.ahead
        ORDER BY p.settles_at LIMIT at_most
      ) p
      LIMIT at_most)
    ) d
    CROSS JOIN LATERAL (
      SELECT c.external_id FROM contacts c WHERE c.location_id = d.location_id AND c.id = d.contact_id LIMIT 1
    ) c
    LIMIT at_most
  $$;
REVOKE ALL ON FUNCTION due_subjects FROM PUBLIC;
GRANT EXECUTE ON FUNCTION due_subjects TO kotally_app;

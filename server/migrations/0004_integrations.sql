-- Makes true: what a provider delivers is kept raw and once per event, waits in a queue until its effect is recorded, and shows
-- its attempts; credentials are kept sealed. The inbox is open to a role of its own, which sees no member's data, because a
-- delivery comes before its location is known; the application's role sees of all this the locations of its transaction.

DO $$ BEGIN
  CREATE ROLE kotally_inbox NOLOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;
DO $$ BEGIN
  EXECUTE format('GRANT kotally_inbox TO %I', current_user);
EXCEPTION WHEN unique_violation OR SQLSTATE 'XX000' THEN NULL; -- another database of this cluster grants it at this moment
END $$;
GRANT USAGE ON SCHEMA public TO kotally_inbox;
GRANT SELECT ON workspaces, locations TO kotally_inbox;

CREATE TABLE webhook_events (
  id uuid PRIMARY KEY,
  provider text NOT NULL CHECK (provider IN ('ghl', 'stripe')),
  -- The Stripe connection that it came through; GoHighLevel has one address for all.
  connection_id uuid,
  -- webhookId, Stripe's event id, or the hash of the body: the same delivery again is the same row.
  dedupe_key text NOT NULL CHECK (length(dedupe_key) BETWEEN 1 AND 255),
  type text NOT NULL CHECK (length(type) <= 255),
  external_location_id text CHECK (length(external_location_id) <= 255),
  company_id text CHECK (length(company_id) <= 255),
  location_id uuid REFERENCES locations,
  headers jsonb NOT NULL,
  body bytea NOT NULL CHECK (length(body) <= 1048576),
  verification text NOT NULL CHECK (verification IN ('verified', 'sandbox', 'polled')),
  -- It came more than a few minutes after its provider told of it: sent again, or held up.
  is_late boolean NOT NULL DEFAULT false,
  told_at timestamptz NOT NULL,
  received_at timestamptz NOT NULL,
  status text NOT NULL CHECK (status IN ('received', 'waiting', 'done', 'ignored', 'failed', 'dead')),
  reason_code text CHECK (length(reason_code) <= 100),
  detail text CHECK (length(detail) <= 1000),
  attempts integer NOT NULL DEFAULT 0 CHECK (attempts >= 0),
  attempts_allowed integer NOT NULL CHECK (attempts_allowed >= 0),
  -- When it is taken next; while it is taken, when it counts as lost. Null: it is in no queue.
  next_attempt_at timestamptz,
  finished_at timestamptz,
  correlation_id uuid NOT NULL,
  -- Contacts that it touched, by their external ids.
  contacts text[] NOT NULL DEFAULT '{}' CHECK (cardinality(contacts) <= 100),
  CONSTRAINT queued_until_finished CHECK (next_attempt_at IS NULL OR status IN ('received', 'waiting', 'failed'))
);
CREATE UNIQUE INDEX webhook_events_once ON webhook_events
  (provider, COALESCE(connection_id, '00000000-0000-0000-0000-000000000000'::uuid), dedupe_key);
-- The queue: each location is a lane of its own, so that one location's trouble holds up no other.
CREATE INDEX webhook_events_queue ON webhook_events
  (COALESCE(location_id, '00000000-0000-0000-0000-000000000000'::uuid), told_at, id) INCLUDE (next_attempt_at)
  WHERE next_attempt_at IS NOT NULL;
CREATE INDEX webhook_events_waiting ON webhook_events (reason_code, location_id, external_location_id)
  WHERE status = 'waiting' AND next_attempt_at IS NULL;
-- A location catches up while any of these is left.
CREATE INDEX webhook_events_suspended ON webhook_events (location_id) WHERE reason_code = 'BILLING_SUSPENDED';
CREATE INDEX webhook_events_log ON webhook_events (location_id, received_at DESC, id DESC);
CREATE INDEX webhook_events_log_status ON webhook_events (location_id, status, received_at DESC, id DESC);
CREATE INDEX webhook_events_contacts ON webhook_events USING gin (contacts) WHERE cardinality(contacts) > 0;
CREATE INDEX webhook_events_correlation ON webhook_events (correlation_id);
CREATE INDEX webhook_events_dedupe ON webhook_events (dedupe_key);

CREATE TABLE webhook_attempts (
  event_id uuid NOT NULL REFERENCES webhook_events ON DELETE CASCADE,
  number integer NOT NULL CHECK (number > 0),
  started_at timestamptz NOT NULL,
  -- Null: under way, or cut off by the end of its process.
  finished_at timestamptz,
  outcome text CHECK (outcome IN ('done', 'ignored', 'waiting', 'failed')),
  reason_code text,
  error text CHECK (length(error) <= 1000),
  PRIMARY KEY (event_id, number)
);

CREATE TABLE ghl_connections (
  id uuid PRIMARY KEY,
  company_id text NOT NULL CHECK (length(company_id) BETWEEN 1 AND 255),
  -- Null: the installation of a whole agency.
  ghl_location_id text CHECK (length(ghl_location_id) BETWEEN 1 AND 255),
  -- Null until somebody claims it.
  workspace_id uuid REFERENCES workspaces,
  location_id uuid REFERENCES locations,
  user_type text NOT NULL CHECK (user_type IN ('Company', 'Location')),
  status text NOT NULL CHECK (status IN ('unclaimed', 'connected', 'disconnected', 'needs_reinstall')),
  access_token text CHECK (access_token LIKE 's1.%'),
  refresh_token text CHECK (refresh_token LIKE 's1.%'),
  issued_at timestamptz,
  expires_at timestamptz,
  -- Until then one process fetches the next pair, and no other: a refresh token is good once.
  refresh_leased_until timestamptz,
  scopes text[] NOT NULL DEFAULT '{}',
  is_bulk boolean NOT NULL DEFAULT false,
  company_name text,
  whitelabel_domain text,
  installed_at timestamptz NOT NULL,
  uninstalled_at timestamptz,
  updated_at timestamptz NOT NULL,
  CONSTRAINT ghl_connections_once UNIQUE NULLS NOT DISTINCT (company_id, ghl_location_id),
  FOREIGN KEY (location_id, workspace_id) REFERENCES locations (location_id, workspace_id),
  CONSTRAINT nothing_left_after_uninstall
    CHECK (status <> 'disconnected' OR (access_token IS NULL AND refresh_token IS NULL))
);
CREATE UNIQUE INDEX ghl_connections_location ON ghl_connections (location_id) WHERE location_id IS NOT NULL;
CREATE INDEX ghl_connections_workspace ON ghl_connections (workspace_id);

-- An OAuth state is used once.
CREATE TABLE oauth_states (
  id uuid PRIMARY KEY,
  used_at timestamptz NOT NULL
);

CREATE TABLE stripe_connections (
  location_id uuid NOT NULL REFERENCES locations,
  id uuid NOT NULL,
  -- Random, in the address that Stripe delivers to.
  url_key text NOT NULL CHECK (url_key ~ '^[A-Za-z0-9_-]{22,64}$'),
  mode text NOT NULL CHECK (mode IN ('webhook', 'poll')),
  is_live boolean NOT NULL,
  status text NOT NULL CHECK (status IN ('connected', 'disconnected')),
  restricted_key text CHECK (restricted_key LIKE 's1.%'),
  webhook_secret text CHECK (webhook_secret LIKE 's1.%'),
  webhook_endpoint_id text,
  poll_cursor text,
  polled_at timestamptz,
  last_event_at timestamptz,
  -- Why the last poll failed; null: it did not.
  trouble text CHECK (length(trouble) <= 1000),
  created_at timestamptz NOT NULL,
  disconnected_at timestamptz,
  PRIMARY KEY (location_id, id),
  CONSTRAINT nothing_left_after_disconnect
    CHECK (status = 'connected' OR (restricted_key IS NULL AND webhook_secret IS NULL))
);
CREATE UNIQUE INDEX stripe_connections_url ON stripe_connections (url_key);
CREATE UNIQUE INDEX stripe_connections_live ON stripe_connections (location_id) WHERE status = 'connected';

GRANT SELECT, INSERT ON webhook_events TO kotally_inbox;
GRANT UPDATE (location_id, status, reason_code, detail, attempts, attempts_allowed, next_attempt_at, finished_at, contacts)
  ON webhook_events TO kotally_inbox;
GRANT SELECT, INSERT, UPDATE ON webhook_attempts, ghl_connections TO kotally_inbox;
GRANT SELECT, INSERT, DELETE ON oauth_states TO kotally_inbox;
GRANT SELECT ON stripe_connections TO kotally_inbox;
GRANT UPDATE (poll_cursor, polled_at, last_event_at, trouble) ON stripe_connections TO kotally_inbox;

GRANT SELECT ON webhook_events, webhook_attempts, ghl_connections, stripe_connections TO kotally_app;
GRANT UPDATE (status, attempts_allowed, next_attempt_at, finished_at) ON webhook_events TO kotally_app;

ALTER TABLE webhook_events ENABLE ROW LEVEL SECURITY;
CREATE POLICY inbox ON webhook_events TO kotally_inbox USING (true);
CREATE POLICY tenant ON webhook_events TO kotally_app USING (array_position((SELECT tenant_locations()), location_id) IS NOT NULL);
ALTER TABLE webhook_attempts ENABLE ROW LEVEL SECURITY;
CREATE POLICY inbox ON webhook_attempts TO kotally_inbox USING (true);
-- Of the events that the transaction sees: their own policy holds inside.
CREATE POLICY tenant ON webhook_attempts TO kotally_app USING (EXISTS (SELECT FROM webhook_events e WHERE e.id = event_id));
ALTER TABLE ghl_connections ENABLE ROW LEVEL SECURITY;
CREATE POLICY inbox ON ghl_connections TO kotally_inbox USING (true);
CREATE POLICY tenant ON ghl_connections TO kotally_app USING (array_position((SELECT tenant_locations()), location_id) IS NOT NULL);
ALTER TABLE oauth_states ENABLE ROW LEVEL SECURITY;
CREATE POLICY inbox ON oauth_states TO kotally_inbox USING (true);
ALTER TABLE stripe_connections ENABLE ROW LEVEL SECURITY;
CREATE POLICY inbox ON stripe_connections TO kotally_inbox USING (true);
CREATE POLICY tenant ON stripe_connections TO kotally_app USING (array_position((SELECT tenant_locations()), location_id) IS NOT NULL);

-- A location that comes back into service first takes what arrived meanwhile, in the order of time; then its jobs go on.
CREATE OR REPLACE VIEW moving_locations AS
  SELECT l.location_id, l.clock_offset_ms * interval '1 millisecond' AS ahead
  FROM locations l
  JOIN workspaces w ON w.id = l.workspace_id AND w.billing_status IN ('trialing', 'active', 'past_due')
  WHERE NOT EXISTS (
    SELECT FROM webhook_events e WHERE e.location_id = l.location_id AND e.reason_code = 'BILLING_SUSPENDED');

-- Makes true: workspaces own locations, locations own their catalogue and API clients; the application's role is not the owner,
-- sees only the locations of its transaction, and learns of a location first through the token index (api_clients).

DO $$ BEGIN
  CREATE ROLE kotally_app NOLOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;
DO $$ BEGIN
  EXECUTE format('GRANT kotally_app TO %I', current_user);
EXCEPTION WHEN unique_violation OR SQLSTATE 'XX000' THEN NULL; -- another database of this cluster grants it at this moment
END $$;
GRANT USAGE ON SCHEMA public TO kotally_app;

CREATE TABLE workspaces (
  id uuid PRIMARY KEY,
  key text NOT NULL UNIQUE CHECK (length(key) BETWEEN 1 AND 255),
  name text NOT NULL,
  billing_status text NOT NULL DEFAULT 'active'
    CHECK (billing_status IN ('none', 'trialing', 'active', 'past_due', 'suspended', 'cancelled')),
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE users (
  id uuid PRIMARY KEY,
  email text NOT NULL UNIQUE CHECK (email = lower(email)),
  name text,
  password_hash text NOT NULL CHECK (password_hash LIKE '$argon2id$%'),
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE workspace_members (
  workspace_id uuid NOT NULL REFERENCES workspaces,
  user_id uuid NOT NULL REFERENCES users,
  role text NOT NULL CHECK (role IN ('owner', 'admin', 'viewer')),
  PRIMARY KEY (workspace_id, user_id)
);

CREATE TABLE locations (
  location_id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspaces,
  key text NOT NULL CHECK (length(key) BETWEEN 1 AND 255),
  name text NOT NULL,
  status text NOT NULL DEFAULT 'active' CHECK (status IN ('pending', 'active', 'disconnected')),
  ghl_location_id text,
  timezone text NOT NULL,
  currency text NOT NULL DEFAULT 'USD' CHECK (currency ~ '^[A-Z]{3}$'),
  sandbox boolean NOT NULL DEFAULT false,
  clock_offset_ms bigint NOT NULL DEFAULT 0 CHECK (clock_offset_ms = 0 OR (sandbox AND clock_offset_ms > 0)),
  cancellation_window_hours integer NOT NULL DEFAULT 24 CHECK (cancellation_window_hours >= 0),
  make_good_days integer NOT NULL DEFAULT 7 CHECK (make_good_days >= 0),
  auto_settle boolean NOT NULL DEFAULT false,
  -- Changes with every change of its settings, catalogue or API clients: what was read under a version holds while it stands.
  version bigint NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (location_id, workspace_id)
);
CREATE UNIQUE INDEX locations_key ON locations (workspace_id, key);
CREATE UNIQUE INDEX locations_ghl ON locations (ghl_location_id) WHERE ghl_location_id IS NOT NULL;

CREATE TABLE api_clients (
  location_id uuid NOT NULL REFERENCES locations,
  id uuid NOT NULL,
  key text NOT NULL,
  name text NOT NULL,
  scopes text[] NOT NULL CHECK (scopes <@ ARRAY['grant', 'check', 'deduct', 'restore', 'summary', 'manage'] AND cardinality(scopes) > 0),
  active boolean NOT NULL DEFAULT true,
  token_hash bytea NOT NULL CHECK (length(token_hash) = 32),
  last_used_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (location_id, id),
  UNIQUE (location_id, key)
);
CREATE INDEX api_clients_id ON api_clients (id);

CREATE TABLE service_families (
  location_id uuid NOT NULL REFERENCES locations,
  key text NOT NULL,
  name text NOT NULL,
  calendars text[] NOT NULL CHECK (cardinality(calendars) BETWEEN 1 AND 200),
  PRIMARY KEY (location_id, key)
);

CREATE TABLE product_configs (
  location_id uuid NOT NULL REFERENCES locations,
  id text NOT NULL CHECK (id ~ '^pc_[0-9a-z]{26}$'),
  key text NOT NULL,
  name text NOT NULL,
  type text NOT NULL CHECK (type IN ('package', 'membership')),
  active boolean NOT NULL DEFAULT true,
  -- All other fields, in the words of the apply file; validated by the same schema that reads the file.
  terms jsonb NOT NULL CHECK (
    CASE type
      WHEN 'package' THEN (terms ->> 'credits_total') ~ '^[1-9][0-9]{0,6}$'
      ELSE (terms ->> 'monthly_credits') ~ '^([1-9][0-9]{0,6}|unlimited)$'
    END
  ),
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (location_id, id),
  UNIQUE (location_id, key)
);

-- Workspace-wide and location-wide changes by a person or a command: append-only.
CREATE TABLE audit_events (
  workspace_id uuid NOT NULL REFERENCES workspaces,
  id uuid NOT NULL,
  location_id uuid REFERENCES locations,
  actor text NOT NULL,
  action text NOT NULL,
  subject text NOT NULL,
  before jsonb,
  after jsonb,
  recorded_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (workspace_id, id)
);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER audit_events_append_only BEFORE UPDATE OR DELETE ON audit_events
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_events_no_truncate BEFORE TRUNCATE ON audit_events
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

GRANT SELECT ON workspaces, locations TO kotally_app;
GRANT SELECT ON api_clients, service_families, product_configs TO kotally_app;
GRANT UPDATE (last_used_at) ON api_clients TO kotally_app;
GRANT INSERT ON audit_events TO kotally_app;

-- The second wall: a transaction names its locations in kotally.locations, and sees no others.
-- The policies hold the setting beside the row, out of the planner's sight: as a condition on location_id it would be multiplied
-- into every estimate, and any index that begins with location_id would look as good as the right one.
CREATE FUNCTION tenant_locations() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE
  RETURN current_setting('kotally.locations')::uuid[];

ALTER TABLE api_clients ENABLE ROW LEVEL SECURITY;
-- A token is looked up before its location is known; what it shows is a hash.
CREATE POLICY token_index ON api_clients FOR SELECT TO kotally_app USING (true);
CREATE POLICY tenant ON api_clients FOR UPDATE TO kotally_app USING (array_position((SELECT tenant_locations()), location_id) IS NOT NULL);
ALTER TABLE service_families ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON service_families TO kotally_app USING (array_position((SELECT tenant_locations()), location_id) IS NOT NULL);
ALTER TABLE audit_events ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON audit_events TO kotally_app USING (array_position((SELECT tenant_locations()), location_id) IS NOT NULL);
ALTER TABLE product_configs ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON product_configs TO kotally_app USING (array_position((SELECT tenant_locations()), location_id) IS NOT NULL);

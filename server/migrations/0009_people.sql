-- Makes true: people sign in, belong to workspaces in a role, are invited, and let Kotally's support look for a while. What signing
-- in takes belongs to a role of its own, which sees no tenant; of what belongs to a workspace the application's role sees the
-- workspace of its transaction, or what the person of its transaction belongs to. Every change by a person says who and from where.

DO $$ BEGIN
  CREATE ROLE kotally_sign_in NOLOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;
DO $$ BEGIN
  EXECUTE format('GRANT kotally_sign_in TO %I', current_user);
EXCEPTION WHEN unique_violation OR SQLSTATE 'XX000' THEN NULL; -- another database of this cluster grants it at this moment
END $$;
GRANT USAGE ON SCHEMA public TO kotally_sign_in;

ALTER TABLE users
  -- Whoever was put here by the one who runs the server was vouched for.
  ADD COLUMN email_verified boolean NOT NULL DEFAULT true,
  ADD COLUMN image text,
  ADD COLUMN two_factor_enabled boolean NOT NULL DEFAULT false,
  -- What the workspace is to be called that opens when the e-mail is verified; null: it is open, or none is wanted.
  ADD COLUMN workspace_name text CHECK (length(workspace_name) BETWEEN 1 AND 255),
  -- Kotally's own support: whom a workspace's owner may let in to look.
  ADD COLUMN is_support boolean NOT NULL DEFAULT false,
  ADD COLUMN updated_at timestamptz NOT NULL DEFAULT now();
ALTER TABLE users ALTER COLUMN email_verified SET DEFAULT false;

CREATE TABLE sign_in_methods (
  id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  provider_id text NOT NULL,
  account_id text NOT NULL,
  password_hash text CHECK (password_hash LIKE '$argon2id$%'),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (provider_id, account_id)
);
CREATE INDEX sign_in_methods_user ON sign_in_methods (user_id);
INSERT INTO sign_in_methods (id, user_id, provider_id, account_id, password_hash, created_at)
  SELECT gen_random_uuid(), id, 'credential', id::text, password_hash, created_at FROM users;
ALTER TABLE users DROP COLUMN password_hash;

CREATE TABLE sessions (
  id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  -- Worth nothing by itself: the cookie carries it signed.
  token text NOT NULL UNIQUE,
  ip_address text,
  user_agent text,
  expires_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX sessions_user ON sessions (user_id);

-- What was sent by mail and is awaited back; identifiers are hashed.
CREATE TABLE verifications (
  id uuid PRIMARY KEY,
  identifier text NOT NULL,
  value text NOT NULL,
  expires_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX verifications_identifier ON verifications (identifier);

CREATE TABLE two_factors (
  id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  -- Both are encrypted with a key that is derived from KOTALLY_SECRET.
  secret text NOT NULL,
  backup_codes text NOT NULL,
  verified boolean NOT NULL DEFAULT true,
  failed_verification_count integer NOT NULL DEFAULT 0,
  locked_until timestamptz
);
CREATE INDEX two_factors_user ON two_factors (user_id);

CREATE TABLE passkeys (
  id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  name text,
  credential_id text NOT NULL UNIQUE,
  public_key text NOT NULL,
  counter bigint NOT NULL,
  device_type text NOT NULL,
  backed_up boolean NOT NULL,
  transports text,
  aaguid text,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX passkeys_user ON passkeys (user_id);

-- How often something was tried within its window, by a key that names no person.
CREATE TABLE attempts (
  key text PRIMARY KEY CHECK (length(key) <= 255),
  count integer NOT NULL,
  ends_at timestamptz NOT NULL
);
CREATE INDEX attempts_ends ON attempts (ends_at);

-- Mail that is to leave, and what there is to read of it where none leaves.
CREATE TABLE mails (
  id uuid PRIMARY KEY,
  recipient text NOT NULL CHECK (length(recipient) BETWEEN 3 AND 320),
  subject text NOT NULL CHECK (length(subject) <= 255),
  -- Text with its links, sealed: whoever reads the table can follow none.
  sealed_text text NOT NULL,
  created_at timestamptz NOT NULL,
  attempts integer NOT NULL DEFAULT 0 CHECK (attempts >= 0),
  -- Null: it is sent, given up, or only to be read here.
  next_attempt_at timestamptz,
  trouble text CHECK (length(trouble) <= 1000)
);
CREATE INDEX mails_due ON mails (next_attempt_at) WHERE next_attempt_at IS NOT NULL;
CREATE INDEX mails_created ON mails (created_at DESC, id DESC);

CREATE TABLE invitations (
  workspace_id uuid NOT NULL REFERENCES workspaces,
  id uuid NOT NULL,
  email text NOT NULL CHECK (email = lower(email)),
  role text NOT NULL CHECK (role IN ('owner', 'admin', 'viewer')),
  token_hash bytea NOT NULL CHECK (length(token_hash) = 32),
  invited_by uuid REFERENCES users,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  accepted_at timestamptz,
  revoked_at timestamptz,
  PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX invitations_open ON invitations (workspace_id, email) WHERE accepted_at IS NULL AND revoked_at IS NULL;

CREATE TABLE support_grants (
  workspace_id uuid NOT NULL REFERENCES workspaces,
  id uuid NOT NULL,
  user_id uuid NOT NULL REFERENCES users,
  granted_by uuid NOT NULL REFERENCES users,
  reason text NOT NULL CHECK (length(reason) BETWEEN 1 AND 1000),
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  ended_at timestamptz,
  PRIMARY KEY (workspace_id, id),
  CHECK (expires_at <= created_at + interval '7 days')
);
CREATE INDEX support_grants_user ON support_grants (user_id) WHERE ended_at IS NULL;

CREATE INDEX workspace_members_user ON workspace_members (user_id);
ALTER TABLE workspace_members ADD COLUMN joined_at timestamptz NOT NULL DEFAULT now();

-- Who may look at or change a workspace at this moment, and how far.
CREATE VIEW memberships_now WITH (security_invoker = true) AS
  SELECT workspace_id, user_id, role, false AS is_support FROM workspace_members
  UNION ALL
  SELECT g.workspace_id, g.user_id, 'viewer', true FROM support_grants g JOIN users u ON u.id = g.user_id AND u.is_support
  WHERE g.ended_at IS NULL AND g.expires_at > now();

-- A workspace that has an owner keeps one; those who go at the same time wait for each other.
CREATE FUNCTION keep_an_owner() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM workspaces WHERE id = OLD.workspace_id FOR NO KEY UPDATE;
  IF NOT EXISTS (SELECT FROM workspace_members WHERE workspace_id = OLD.workspace_id AND role = 'owner') THEN
    RAISE EXCEPTION 'a workspace keeps an owner' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER workspace_members_owner AFTER UPDATE OR DELETE ON workspace_members
  FOR EACH ROW WHEN (OLD.role = 'owner') EXECUTE FUNCTION keep_an_owner();

ALTER TABLE audit_events
  -- The person, where it was one; and where they were.
  ADD COLUMN user_id uuid REFERENCES users,
  ADD COLUMN ip text CHECK (length(ip) <= 64),
  -- The request's: its ledger entries carry it too.
  ADD COLUMN correlation_id uuid;
CREATE INDEX audit_events_action ON audit_events (workspace_id, action);

CREATE FUNCTION tenant_workspace() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
  RETURN NULLIF(current_setting('kotally.workspace', true), '')::uuid;
CREATE FUNCTION tenant_person() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
  RETURN NULLIF(current_setting('kotally.person', true), '')::uuid;

GRANT SELECT, INSERT, UPDATE, DELETE ON sign_in_methods, sessions, verifications, two_factors, passkeys, attempts, mails
  TO kotally_sign_in;
GRANT SELECT, DELETE ON users TO kotally_sign_in;
GRANT INSERT (id, email, name, email_verified, image, two_factor_enabled, workspace_name, created_at, updated_at),
  UPDATE (email, name, email_verified, image, two_factor_enabled, workspace_name, updated_at) ON users TO kotally_sign_in;

GRANT SELECT (id, email, name, two_factor_enabled, is_support, workspace_name) ON users TO kotally_app;
GRANT UPDATE (workspace_name) ON users TO kotally_app;
GRANT INSERT, UPDATE (name) ON workspaces TO kotally_app;
GRANT SELECT, INSERT, DELETE, UPDATE (role) ON workspace_members TO kotally_app;
GRANT SELECT, INSERT, UPDATE (accepted_at, revoked_at, token_hash, role, expires_at, invited_by, created_at) ON invitations
  TO kotally_app;
GRANT SELECT, INSERT, UPDATE (ended_at) ON support_grants TO kotally_app;
GRANT SELECT ON memberships_now, audit_events TO kotally_app;
GRANT INSERT ON mails TO kotally_app;

ALTER TABLE workspaces ENABLE ROW LEVEL SECURITY;
-- The register: which workspaces there are is asked before one is chosen.
CREATE POLICY register ON workspaces FOR SELECT USING (true);
CREATE POLICY opening ON workspaces FOR INSERT TO kotally_app WITH CHECK (id = (SELECT tenant_workspace()));
CREATE POLICY tenant ON workspaces FOR UPDATE TO kotally_app USING (id = (SELECT tenant_workspace()));
ALTER TABLE workspace_members ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON workspace_members TO kotally_app USING (workspace_id = (SELECT tenant_workspace()));
CREATE POLICY own ON workspace_members FOR SELECT TO kotally_app USING (user_id = (SELECT tenant_person()));
ALTER TABLE invitations ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON invitations TO kotally_app USING (workspace_id = (SELECT tenant_workspace()));
ALTER TABLE support_grants ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON support_grants TO kotally_app USING (workspace_id = (SELECT tenant_workspace()));
CREATE POLICY own ON support_grants FOR SELECT TO kotally_app USING (user_id = (SELECT tenant_person()));
CREATE POLICY workspace ON audit_events TO kotally_app USING (workspace_id = (SELECT tenant_workspace()));

ALTER TABLE users ENABLE ROW LEVEL SECURITY;
CREATE POLICY sign_in ON users TO kotally_sign_in USING (true);
CREATE POLICY own ON users TO kotally_app USING (id = (SELECT tenant_person()));
-- Those whom the workspace's members, helpers and trail name: their own policies hold inside.
CREATE POLICY tenant ON users FOR SELECT TO kotally_app USING (
  is_support
  OR EXISTS (SELECT FROM workspace_members m WHERE m.user_id = users.id AND m.workspace_id = (SELECT tenant_workspace())));
ALTER TABLE sign_in_methods ENABLE ROW LEVEL SECURITY;
CREATE POLICY sign_in ON sign_in_methods TO kotally_sign_in USING (true);
ALTER TABLE sessions ENABLE ROW LEVEL SECURITY;
CREATE POLICY sign_in ON sessions TO kotally_sign_in USING (true);
ALTER TABLE verifications ENABLE ROW LEVEL SECURITY;
CREATE POLICY sign_in ON verifications TO kotally_sign_in USING (true);
ALTER TABLE two_factors ENABLE ROW LEVEL SECURITY;
CREATE POLICY sign_in ON two_factors TO kotally_sign_in USING (true);
ALTER TABLE passkeys ENABLE ROW LEVEL SECURITY;
CREATE POLICY sign_in ON passkeys TO kotally_sign_in USING (true);

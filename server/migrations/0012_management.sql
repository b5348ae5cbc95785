-- Makes true: people manage a location from the console: what it sells, who may call it, its settings and connections; whoever
-- edits what another has changed meanwhile is told. Work on many members is kept item by item, so that it goes on where it stopped.

ALTER TABLE product_configs ADD COLUMN version integer NOT NULL DEFAULT 1 CHECK (version > 0);
ALTER TABLE service_families ADD COLUMN version integer NOT NULL DEFAULT 1 CHECK (version > 0);
ALTER TABLE api_clients ADD COLUMN version integer NOT NULL DEFAULT 1 CHECK (version > 0);
ALTER TABLE locations
  ADD COLUMN no_show_penalty integer NOT NULL DEFAULT 0 CHECK (no_show_penalty >= 0),
  ADD COLUMN shows_balances boolean NOT NULL DEFAULT true,
  -- Changes of the settings alone; `version` counts everything that a process remembers of a location.
  ADD COLUMN settings_version integer NOT NULL DEFAULT 1 CHECK (settings_version > 0);

-- Each row counts its own changes, whoever makes them.
CREATE FUNCTION count_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.version := OLD.version + 1;
  RETURN NEW;
END $$;
CREATE TRIGGER product_configs_changes BEFORE UPDATE OF name, active, terms ON product_configs FOR EACH ROW
  WHEN ((OLD.name, OLD.active, OLD.terms) IS DISTINCT FROM (NEW.name, NEW.active, NEW.terms))
  EXECUTE FUNCTION count_changes();
CREATE TRIGGER service_families_changes BEFORE UPDATE OF name, calendars ON service_families FOR EACH ROW
  WHEN ((OLD.name, OLD.calendars) IS DISTINCT FROM (NEW.name, NEW.calendars)) EXECUTE FUNCTION count_changes();
CREATE TRIGGER api_clients_changes BEFORE UPDATE OF name, scopes, active, token_hash ON api_clients FOR EACH ROW
  WHEN ((OLD.name, OLD.scopes, OLD.active, OLD.token_hash)
    IS DISTINCT FROM (NEW.name, NEW.scopes, NEW.active, NEW.token_hash)) EXECUTE FUNCTION count_changes();
CREATE FUNCTION count_settings_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.settings_version := OLD.settings_version + 1;
  RETURN NEW;
END $$;
CREATE TRIGGER locations_settings_changes BEFORE UPDATE ON locations FOR EACH ROW
  WHEN ((OLD.name, OLD.timezone, OLD.currency, OLD.cancellation_window_hours, OLD.make_good_days, OLD.auto_settle,
      OLD.no_show_penalty, OLD.shows_balances)
    IS DISTINCT FROM (NEW.name, NEW.timezone, NEW.currency, NEW.cancellation_window_hours, NEW.make_good_days,
      NEW.auto_settle, NEW.no_show_penalty, NEW.shows_balances)) EXECUTE FUNCTION count_settings_changes();

GRANT INSERT, UPDATE (name, active, terms) ON product_configs TO kotally_app;
GRANT INSERT, UPDATE (name, calendars), DELETE ON service_families TO kotally_app;
GRANT DELETE ON no_credit_products TO kotally_app;
GRANT INSERT, UPDATE (name, scopes, active, token_hash) ON api_clients TO kotally_app;
CREATE POLICY new_clients ON api_clients FOR INSERT TO kotally_app
  WITH CHECK (array_position((SELECT tenant_locations()), location_id) IS NOT NULL);
GRANT INSERT, UPDATE (name, status, timezone, currency, sandbox, cancellation_window_hours, make_good_days, auto_settle,
  ghl_location_id, no_show_penalty, shows_balances) ON locations TO kotally_app;
CREATE POLICY opening ON locations FOR INSERT TO kotally_app WITH CHECK (workspace_id = (SELECT tenant_workspace()));
GRANT INSERT, UPDATE (status, restricted_key, webhook_secret, disconnected_at) ON stripe_connections TO kotally_app;
GRANT UPDATE (status, access_token, refresh_token, expires_at, refresh_leased_until, uninstalled_at, updated_at,
  balance_field_id) ON ghl_connections TO kotally_app;

-- Where a location does not want its balances shown, nothing is written.
CREATE OR REPLACE FUNCTION locations_to_write_back(real_now timestamptz, at_most integer) RETURNS TABLE (location_id uuid)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
  AS $$
    SELECT l.location_id
    FROM ghl_connections c
    JOIN locations l ON l.location_id = c.location_id AND NOT l.sandbox AND l.status <> 'disconnected' AND l.shows_balances
    WHERE c.status = 'connected' AND EXISTS (
      SELECT FROM balance_write_backs b
      WHERE b.location_id = l.location_id AND b.due_at <= real_now AND COALESCE(b.leased_until, '-infinity') <= real_now
    )
    LIMIT at_most
  $$;

-- Flags of a payment that staff have seen: they stay, and wait for nobody any more.
ALTER TABLE payment_events ADD COLUMN acknowledged text[] NOT NULL DEFAULT '{}';

-- What came in may be given up by a person, who says why.
GRANT UPDATE (reason_code, detail) ON webhook_events TO kotally_app;

-- Work on many members that somebody asked for: each item is done once, whoever is stopped in between.
CREATE TABLE bulk_jobs (
  location_id uuid NOT NULL REFERENCES locations,
  id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('freeze', 'unfreeze', 'extend', 'settle', 'backfill')),
  -- True: each item is only told, by the very decision that would change it.
  is_preview boolean NOT NULL,
  ask jsonb NOT NULL,
  status text NOT NULL CHECK (status IN ('running', 'done', 'cancelled')),
  total integer NOT NULL CHECK (total >= 0),
  done integer NOT NULL DEFAULT 0,
  refused integer NOT NULL DEFAULT 0,
  summary jsonb NOT NULL DEFAULT '{}',
  -- Whoever asked for it: id, e-mail, address.
  requested_by jsonb NOT NULL,
  -- The preview that it runs, or the run that it undoes.
  of_job uuid,
  leased_by uuid,
  leased_until timestamptz,
  created_at timestamptz NOT NULL,
  finished_at timestamptz,
  PRIMARY KEY (location_id, id),
  FOREIGN KEY (location_id, of_job) REFERENCES bulk_jobs (location_id, id),
  CONSTRAINT never_more_than_all CHECK (done >= 0 AND refused >= 0 AND done + refused <= total),
  CONSTRAINT finished_when_not_running CHECK ((status = 'running') = (finished_at IS NULL))
);
CREATE INDEX bulk_jobs_recent ON bulk_jobs (location_id, created_at DESC, id DESC);
CREATE INDEX bulk_jobs_running ON bulk_jobs (location_id, leased_until) WHERE status = 'running';
-- A preview is run once, a run undone once.
CREATE UNIQUE INDEX bulk_jobs_follow ON bulk_jobs (location_id, of_job) WHERE of_job IS NOT NULL AND status <> 'cancelled';

CREATE TABLE bulk_items (
  location_id uuid NOT NULL,
  job_id uuid NOT NULL,
  number integer NOT NULL CHECK (number > 0),
  contact_external_id text NOT NULL,
  -- What of the contact is meant; null: the contact.
  subject_id text,
  status text NOT NULL DEFAULT 'waiting' CHECK (status IN ('waiting', 'done', 'refused')),
  reason_code text,
  answer jsonb,
  PRIMARY KEY (location_id, job_id, number),
  FOREIGN KEY (location_id, job_id) REFERENCES bulk_jobs (location_id, id),
  CONSTRAINT answered_when_not_waiting CHECK ((status = 'waiting') = (reason_code IS NULL))
);
CREATE INDEX bulk_items_waiting ON bulk_items (location_id, job_id, number) WHERE status = 'waiting';
CREATE INDEX bulk_items_refused ON bulk_items (location_id, job_id, number) WHERE status = 'refused';

ALTER TABLE bulk_jobs ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON bulk_jobs TO kotally_app USING (array_position((SELECT tenant_locations()), location_id) IS NOT NULL);
ALTER TABLE bulk_items ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON bulk_items TO kotally_app USING (array_position((SELECT tenant_locations()), location_id) IS NOT NULL);
GRANT SELECT, INSERT, UPDATE (status, done, refused, summary, leased_by, leased_until, finished_at) ON bulk_jobs TO kotally_app;
GRANT SELECT, INSERT, UPDATE (status, reason_code, answer) ON bulk_items TO kotally_app;

-- Work of any location that nobody is at: which locations have any is not known before.
CREATE FUNCTION bulk_jobs_to_run(real_now timestamptz, at_most integer) RETURNS TABLE (location_id uuid, id uuid)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
  AS $$
    SELECT location_id, id FROM bulk_jobs
    WHERE status = 'running' AND COALESCE(leased_until, '-infinity') <= real_now
    ORDER BY created_at, id LIMIT at_most
  $$;
REVOKE ALL ON FUNCTION bulk_jobs_to_run FROM PUBLIC;
GRANT EXECUTE ON FUNCTION bulk_jobs_to_run TO kotally_app;

-- The schema as it is after all migrations, for reading and review. Written by `npm run schema -- server/schema.sql`,
-- kept current by a test; never run.

CREATE TYPE account AS ENUM ('available', 'held', 'issued', 'used', 'no_show', 'late_cancel', 'expired', 'refunded', 'adjusted', 'shortfall');

CREATE TYPE entry_source AS ENUM ('api', 'ghl', 'stripe', 'console', 'import', 'system');

CREATE TYPE entry_type AS ENUM ('grant', 'deduct', 'restore', 'hold', 'release', 'settle_used', 'settle_no_show', 'settle_late_cancel', 'expire', 'unsettle_used', 'unsettle_no_show', 'unsettle_late_cancel', 'reinstate', 'refund_undone', 'shortfall_undone', 'rollover', 'transfer', 'make_good', 'refund', 'shortfall', 'adjust_up', 'adjust_down', 'usage', 'usage_restore');

CREATE OR REPLACE FUNCTION bulk_jobs_to_run(real_now timestamp with time zone, at_most integer)
 RETURNS TABLE(location_id uuid, id uuid)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public'
AS $function$
    SELECT location_id, id FROM bulk_jobs
    WHERE status = 'running' AND COALESCE(leased_until, '-infinity') <= real_now
    ORDER BY created_at, id LIMIT at_most
  $function$;
REVOKE ALL ON FUNCTION bulk_jobs_to_run FROM PUBLIC;
GRANT EXECUTE ON FUNCTION bulk_jobs_to_run TO kotally_app;

CREATE OR REPLACE FUNCTION chain_step(previous bytea, head bytea, content bytea)
 RETURNS bytea
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN sha256((COALESCE(previous, head) || content));

CREATE OR REPLACE FUNCTION count_changes()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  NEW.version := OLD.version + 1;
  RETURN NEW;
END $function$;

CREATE OR REPLACE FUNCTION count_settings_changes()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  NEW.settings_version := OLD.settings_version + 1;
  RETURN NEW;
END $function$;

CREATE OR REPLACE FUNCTION due_members(real_now timestamp with time zone, at_most integer)
 RETURNS TABLE(location_id uuid, contact_external_id text, due_at timestamp with time zone)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public'
AS $function$
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
  $function$;
REVOKE ALL ON FUNCTION due_members FROM PUBLIC;
GRANT EXECUTE ON FUNCTION due_members TO kotally_app;

CREATE OR REPLACE FUNCTION due_subjects(real_now timestamp with time zone, at_most integer)
 RETURNS TABLE(location_id uuid, contact_external_id text, kind text, subject_id text, due_at timestamp with time zone)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public'
AS $function$
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
  $function$;
REVOKE ALL ON FUNCTION due_subjects FROM PUBLIC;
GRANT EXECUTE ON FUNCTION due_subjects TO kotally_app;

CREATE AGGREGATE entry_chain(head bytea, content bytea) (SFUNC = chain_step, STYPE = bytea);

CREATE OR REPLACE FUNCTION entry_content(location_id uuid, contact_id uuid, entry_number bigint, occurred_at timestamp with time zone, recorded_at timestamp with time zone, entitlement_id uuid, to_entitlement_id uuid, type text, debit text, credit text, amount integer, balance_after integer, reverses bigint, service_on date, source text, actor_id uuid, correlation_id uuid, reason text, request_id text, external_ref text)
 RETURNS bytea
 LANGUAGE sql
 STABLE PARALLEL SAFE
RETURN record_send(ROW(location_id, contact_id, entry_number, occurred_at, recorded_at, entitlement_id, to_entitlement_id, type, debit, credit, amount, balance_after, reverses, service_on, source, actor_id, correlation_id, reason, request_id, external_ref));

CREATE OR REPLACE FUNCTION follow_contact_keys()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    DELETE FROM contact_keys k WHERE k.location_id = NEW.location_id AND k.contact_id = NEW.id;
  END IF;
  INSERT INTO contact_keys (location_id, contact_id, key)
    SELECT DISTINCT NEW.location_id, NEW.id, key
    FROM unnest(search_keys(NEW.external_id, NEW.name, NEW.email, NEW.phone)) AS key;
  RETURN NULL;
END $function$;

CREATE OR REPLACE FUNCTION keep_an_owner()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  PERFORM FROM workspaces WHERE id = OLD.workspace_id AND deleting_since IS NULL FOR NO KEY UPDATE;
  IF FOUND AND NOT EXISTS (SELECT FROM workspace_members WHERE workspace_id = OLD.workspace_id AND role = 'owner') THEN
    RAISE EXCEPTION 'a workspace keeps an owner' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END $function$;

CREATE OR REPLACE FUNCTION locations_to_write_back(real_now timestamp with time zone, at_most integer)
 RETURNS TABLE(location_id uuid)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public'
AS $function$
    SELECT l.location_id
    FROM ghl_connections c
    JOIN locations l ON l.location_id = c.location_id AND NOT l.sandbox AND l.status <> 'disconnected' AND l.shows_balances
    WHERE c.status = 'connected' AND EXISTS (
      SELECT FROM balance_write_backs b
      WHERE b.location_id = l.location_id AND b.due_at <= real_now AND COALESCE(b.leased_until, '-infinity') <= real_now
    )
    LIMIT at_most
  $function$;
REVOKE ALL ON FUNCTION locations_to_write_back FROM PUBLIC;
GRANT EXECUTE ON FUNCTION locations_to_write_back TO kotally_app;

CREATE OR REPLACE FUNCTION refuse_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
DECLARE
  gone jsonb;
BEGIN
  IF TG_OP = 'DELETE' THEN
    gone := to_jsonb(OLD);
    IF EXISTS (
      SELECT FROM workspaces w WHERE w.deleting_since IS NOT NULL AND w.id = COALESCE((gone ->> 'workspace_id')::uuid,
        (SELECT l.workspace_id FROM locations l WHERE l.location_id = (gone ->> 'location_id')::uuid)))
    THEN
      RETURN OLD;
    END IF;
  END IF;
  RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $function$;

CREATE OR REPLACE FUNCTION search_key(said text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN (said ~ '^[-+0-9 ()./]*[0-9][-+0-9 ()./]*$'::text) THEN "left"(ltrim(regexp_replace(said, '[^0-9]'::text, ''::text, 'g'::text), '0'::text), 255) ELSE "left"(btrim(regexp_replace(lower(regexp_replace(NORMALIZE(said, NFKD), '[\u0300-\u036f]'::text, ''::text, 'g'::text)), '[\s,;]+'::text, ' '::text, 'g'::text)), 255) END;

CREATE OR REPLACE FUNCTION search_keys(external_id text, name text, email text, phone text)
 RETURNS text[]
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE
AS $function$
DECLARE
  keys text[] := ARRAY[search_key(external_id)];
  words text[] := string_to_array(search_key(name), ' ');
  digits text := regexp_replace(phone, '[^0-9]', '', 'g');
  many integer := COALESCE(cardinality(words), 0);
BEGIN
  IF email IS NOT NULL THEN keys := keys || search_key(email); END IF;
  FOR i IN 1 .. least(many, 5) LOOP
    keys := keys || array_to_string(words[i:], ' ');
  END LOOP;
  IF many > 1 THEN keys := keys || (words[many] || ' ' || array_to_string(words[:many - 1], ' ')); END IF;
  IF digits IS NOT NULL THEN keys := keys || ARRAY[ltrim(digits, '0'), ltrim(right(digits, 10), '0'), ltrim(right(digits, 7), '0')]; END IF;
  RETURN array_remove(keys, '');
END $function$;

CREATE OR REPLACE FUNCTION tenant_locations()
 RETURNS uuid[]
 LANGUAGE sql
 STABLE PARALLEL SAFE
RETURN (current_setting('kotally.locations'::text))::uuid[];

CREATE OR REPLACE FUNCTION tenant_person()
 RETURNS uuid
 LANGUAGE sql
 STABLE PARALLEL SAFE
RETURN (NULLIF(current_setting('kotally.person'::text, true), ''::text))::uuid;

CREATE OR REPLACE FUNCTION tenant_workspace()
 RETURNS uuid
 LANGUAGE sql
 STABLE PARALLEL SAFE
RETURN (NULLIF(current_setting('kotally.workspace'::text, true), ''::text))::uuid;

CREATE OR REPLACE FUNCTION webhook_events_of_contact(of_location uuid, contact text)
 RETURNS SETOF uuid
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public'
AS $function$
    SELECT e.id FROM webhook_events e
    WHERE e.contacts @> ARRAY[contact] AND cardinality(e.contacts) > 0 AND e.location_id = of_location
      AND of_location = ANY (tenant_locations())
  $function$;
REVOKE ALL ON FUNCTION webhook_events_of_contact FROM PUBLIC;
GRANT EXECUTE ON FUNCTION webhook_events_of_contact TO kotally_app;

CREATE TABLE api_client_days (
  location_id uuid NOT NULL,
  client_id uuid NOT NULL,
  day date NOT NULL,
  requests bigint NOT NULL,
  refused bigint NOT NULL,
  rate_limited bigint NOT NULL,
  last_rate_limited_at timestamp with time zone,
  CONSTRAINT api_client_days_pkey PRIMARY KEY (location_id, client_id, day),
  CONSTRAINT api_client_days_location_id_client_id_fkey FOREIGN KEY (location_id, client_id) REFERENCES api_clients(location_id, id) ON DELETE CASCADE,
  CONSTRAINT api_client_days_rate_limited_check CHECK (rate_limited >= 0),
  CONSTRAINT api_client_days_refused_check CHECK (refused >= 0),
  CONSTRAINT api_client_days_requests_check CHECK (requests >= 0)
);
ALTER TABLE api_client_days ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON api_client_days FOR ALL TO kotally_app USING (array_position(( SELECT tenant_locations() AS tenant_locations), location_id) IS NOT NULL);
GRANT SELECT, INSERT, UPDATE, DELETE ON api_client_days TO kotally_app;

CREATE TABLE api_client_requests (
  location_id uuid NOT NULL,
  client_id uuid NOT NULL,
  correlation_id uuid NOT NULL,
  received_at timestamp with time zone NOT NULL,
  method text NOT NULL,
  route text NOT NULL,
  status integer NOT NULL,
  reason_code text,
  duration_ms integer NOT NULL,
  CONSTRAINT api_client_requests_pkey PRIMARY KEY (location_id, client_id, received_at, correlation_id),
  CONSTRAINT api_client_requests_location_id_client_id_fkey FOREIGN KEY (location_id, client_id) REFERENCES api_clients(location_id, id) ON DELETE CASCADE,
  CONSTRAINT api_client_requests_duration_ms_check CHECK (duration_ms >= 0),
  CONSTRAINT api_client_requests_method_check CHECK (length(method) <= 10),
  CONSTRAINT api_client_requests_reason_code_check CHECK (length(reason_code) <= 100),
  CONSTRAINT api_client_requests_route_check CHECK (length(route) <= 255)
);
ALTER TABLE api_client_requests ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON api_client_requests FOR ALL TO kotally_app USING (array_position(( SELECT tenant_locations() AS tenant_locations), location_id) IS NOT NULL);
GRANT SELECT, INSERT, DELETE ON api_client_requests TO kotally_app;

CREATE TABLE api_clients (
  location_id uuid NOT NULL,
  id uuid NOT NULL,
  key text NOT NULL,
  name text NOT NULL,
  scopes text[] NOT NULL,
  active boolean NOT NULL DEFAULT true,
  token_hash bytea NOT NULL,
  last_used_at timestamp with time zone,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  version integer NOT NULL DEFAULT 1,
  CONSTRAINT api_clients_pkey PRIMARY KEY (location_id, id),
  CONSTRAINT api_clients_location_id_key_key UNIQUE (location_id, key),
  CONSTRAINT api_clients_location_id_fkey FOREIGN KEY (location_id) REFERENCES locations(location_id),
  CONSTRAINT api_clients_scopes_check CHECK (scopes <@ ARRAY['grant'::text, 'check'::text, 'deduct'::text, 'restore'::text, 'summary'::text, 'manage'::text] AND cardinality(scopes) > 0),
  CONSTRAINT api_clients_token_hash_check CHECK (length(token_hash) = 32),
  CONSTRAINT api_clients_version_check CHECK (version > 0)
);
CREATE INDEX api_clients_id ON api_clients (id);
CREATE TRIGGER api_clients_changes BEFORE UPDATE OF name, scopes, active, token_hash ON api_clients FOR EACH ROW WHEN (old.name IS DISTINCT FROM new.name OR old.scopes IS DISTINCT FROM new.scopes OR old.active IS DISTINCT FROM new.active OR old.token_hash IS DISTINCT FROM new.token_hash) EXECUTE FUNCTION count_changes();
ALTER TABLE api_clients ENABLE ROW LEVEL SECURITY;
CREATE POLICY new_clients ON api_clients FOR INSERT TO kotally_app WITH CHECK (array_position(( SELECT tenant_locations() AS tenant_locations), location_id) IS NOT NULL);
CREATE POLICY tenant ON api_clients FOR UPDATE TO kotally_app USING (array_position(( SELECT tenant_locations() AS tenant_locations), location_id) IS NOT NULL);
CREATE POLICY token_index ON api_clients FOR SELECT TO kotally_app USING (true);
GRANT SELECT, INSERT ON api_clients TO kotally_app;
GRANT UPDATE (name, scopes, active, token_hash, last_used_at) ON api_clients TO kotally_app;

CREATE TABLE appointment_versions (
  location_id uuid NOT NULL,
  external_id text NOT NULL,
  updated_at timestamp with time zone NOT NULL,
  payload_hash text NOT NULL,
  contact_external_id text NOT NULL,
  calendar_id text NOT NULL,
  status text NOT NULL,
  starts_at timestamp with time zone NOT NULL,
  ends_at timestamp with time zone,
  added_at timestamp with time zone NOT NULL,
  recorded_at timestamp with time zone NOT NULL,
  CONSTRAINT appointment_versions_pkey PRIMARY KEY (location_id, external_id, updated_at, payload_hash),
  CONSTRAINT appointment_versions_location_id_fkey FOREIGN KEY (location_id) REFERENCES locations(location_id),
  CONSTRAINT appointment_versions_status_check CHECK (status = ANY (ARRAY['confirmed'::text, 'showed'::text, 'noshow'::text, 'cancelled'::text, 'invalid'::text, 'deleted'::text]))
);
CREATE INDEX appointment_versions_time ON appointment_versions (location_id, starts_at);
CREATE TRIGGER appointment_versions_append_only BEFORE DELETE OR UPDATE ON appointment_versions FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER appointment_versions_no_truncate BEFORE TRUNCATE ON appointment_versions FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE appointment_versions ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON appointment_versions FOR ALL TO kotally_app USING (array_position(( SELECT tenant_locations() AS tenant_locations), location_id) IS NOT NULL);
GRANT SELECT, INSERT ON appointment_versions TO kotally_app;

CREATE TABLE appointments (
  location_id uuid NOT NULL,
  external_id text NOT NULL,
  contact_id uuid NOT NULL,
  calendar_id text,
  status text NOT NULL,
  starts_at timestamp with time zone,
  ends_at timestamp with time zone,
  booked_at timestamp with time zone NOT NULL,
  source text NOT NULL,
  updated_at timestamp with time zone,
  generation integer NOT NULL,
  cancelled_at timestamp with time zone,
  cancelled_by text,
  unfunded jsonb,
  flags text[] NOT NULL,
  settles_at timestamp with time zone,
  followed jsonb,
  CONSTRAINT appointments_pkey PRIMARY KEY (location_id, external_id, contact_id),
  CONSTRAINT appointments_location_id_contact_id_fkey FOREIGN KEY (location_id, contact_id) REFERENCES contacts(location_id, id),
  CONSTRAINT appointments_cancelled_by_check CHECK (cancelled_by = ANY (ARRAY['member'::text, 'studio'::text])),
  CONSTRAINT appointments_generation_check CHECK (generation > 0),
  CONSTRAINT appointments_source_check CHECK (source = ANY (ARRAY['api'::text, 'ghl'::text])),
  CONSTRAINT appointments_status_check CHECK (status = ANY (ARRAY['confirmed'::text, 'showed'::text, 'noshow'::text, 'cancelled'::text, 'invalid'::text, 'deleted'::text]))
);
CREATE INDEX appointments_flagged ON appointments (location_id, booked_at DESC, external_id DESC, contact_id DESC) WHERE flags <> '{}'::text[];
CREATE INDEX appointments_location ON appointments (location_id, (
CASE
    WHEN starts_at IS NULL THEN booked_at
    ELSE starts_at
END), external_id, contact_id);
CREATE INDEX appointments_missed ON appointments (location_id, status, (
CASE
    WHEN starts_at IS NULL THEN booked_at
    ELSE starts_at
END), external_id, contact_id) WHERE status = ANY (ARRAY['noshow'::text, 'cancelled'::text]);
CREATE INDEX appointments_settling ON appointments (location_id, settles_at) WHERE settles_at IS NOT NULL;
CREATE INDEX appointments_time ON appointments (location_id, contact_id, (
CASE
    WHEN starts_at IS NULL THEN booked_at
    ELSE starts_at
END) DESC, external_id DESC);
CREATE INDEX appointments_unfunded ON appointments (location_id, contact_id) WHERE unfunded IS NOT NULL;
ALTER TABLE appointments ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON appointments FOR ALL TO kotally_app USING (array_position(( SELECT tenant_locations() AS tenant_locations), location_id) IS NOT NULL);
GRANT SELECT, INSERT, UPDATE ON appointments TO kotally_app;

CREATE TABLE attempts (
  key text NOT NULL,
  count integer NOT NULL,
  ends_at timestamp with time zone NOT NULL,
  CONSTRAINT attempts_pkey PRIMARY KEY (key),
  CONSTRAINT attempts_key_check CHECK (length(key) <= 255)
);
CREATE INDEX attempts_ends ON attempts (ends_at);
GRANT SELECT, INSERT, UPDATE, DELETE ON attempts TO kotally_sign_in;

CREATE TABLE audit_events (
  workspace_id uuid NOT NULL,
  id uuid NOT NULL,
  location_id uuid,
  actor text NOT NULL,
  action text NOT NULL,
  subject text NOT NULL,
  before jsonb,
  after jsonb,
  recorded_at timestamp with time zone NOT NULL DEFAULT now(),
  user_id uuid,
  ip text,
  correlation_id uuid,
  CONSTRAINT audit_events_pkey PRIMARY KEY (workspace_id, id),
  CONSTRAINT audit_events_location_id_fkey FOREIGN KEY (location_id) REFERENCES locations(location_id),
  CONSTRAINT audit_events_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id),
  CONSTRAINT audit_events_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id),
  CONSTRAINT audit_events_ip_check CHECK (length(ip) <= 64)
);
CREATE INDEX audit_events_action ON audit_events (workspace_id, action);
CREATE INDEX audit_events_subject ON audit_events (location_id, subject, recorded_at);
CREATE TRIGGER audit_events_append_only BEFORE DELETE OR UPDATE ON audit_events FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_events_no_truncate BEFORE TRUNCATE ON audit_events FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE audit_events ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON audit_events FOR ALL TO kotally_app USING (array_position(( SELECT tenant_locations() AS tenant_locations), location_id) IS NOT NULL);
CREATE POLICY workspace ON audit_events FOR ALL TO kotally_app USING (workspace_id = (( SELECT tenant_workspace() AS tenant_workspace)));
GRANT SELECT, INSERT ON audit_events TO kotally_app;

CREATE TABLE balance_write_backs (
  location_id uuid NOT NULL,
  contact_id uuid NOT NULL,
  change bigint NOT NULL DEFAULT 1,
  due_at timestamp with time zone,
  leased_until timestamp with time zone,
  written bigint,
  written_at timestamp with time zone,
  failures integer NOT NULL DEFAULT 0,
  trouble text,
  CONSTRAINT balance_write_backs_pkey PRIMARY KEY (location_id, contact_id),
  CONSTRAINT balance_write_backs_location_id_contact_id_fkey FOREIGN KEY (location_id, contact_id) REFERENCES contacts(location_id, id) ON DELETE CASCADE,
  CONSTRAINT balance_write_backs_change_check CHECK (change > 0),
  CONSTRAINT balance_write_backs_failures_check CHECK (failures >= 0),
  CONSTRAINT balance_write_backs_trouble_check CHECK (length(trouble) <= 1000),
  CONSTRAINT balance_write_backs_written_check CHECK (written >= 0)
) WITH (fillfactor=75);
CREATE INDEX balance_write_backs_due ON balance_write_backs (location_id, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX balance_write_backs_trouble ON balance_write_backs (location_id, contact_id) WHERE trouble IS NOT NULL;
ALTER TABLE balance_write_backs ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON balance_write_backs FOR ALL TO kotally_app USING (array_position(( SELECT tenant_locations() AS tenant_locations), location_id) IS NOT NULL);
GRANT SELECT, INSERT, UPDATE ON balance_write_backs TO kotally_app;

CREATE TABLE billing_accounts (
  workspace_id uuid NOT NULL,
  customer_id text NOT NULL,
  checkout_session_id text,
  had_trial boolean NOT NULL DEFAULT false,
  subscription_id text,
  item_id text,
  subscription_status text,
  quantity integer,
  trial_ends_at timestamp with time zone,
  period_ends_at timestamp with time zone,
  cancels_at timestamp with time zone,
  ended_at timestamp with time zone,
  past_due_since timestamp with time zone,
  quantity_changes integer NOT NULL DEFAULT 0,
  readings_begun integer NOT NULL DEFAULT 0,
  reading_written integer NOT NULL DEFAULT 0,
  next_reading_at timestamp with time zone NOT NULL,
  read_at timestamp with time zone,
  trouble text,
  created_at timestamp with time zone NOT NULL,
  CONSTRAINT billing_accounts_pkey PRIMARY KEY (workspace_id),
  CONSTRAINT billing_accounts_customer_id_key UNIQUE (customer_id),
  CONSTRAINT billing_accounts_subscription_id_key UNIQUE (subscription_id),
  CONSTRAINT billing_accounts_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id),
  CONSTRAINT billing_accounts_check CHECK (reading_written <= readings_begun),
  CONSTRAINT billing_accounts_checkout_session_id_check CHECK (length(checkout_session_id) <= 255),
  CONSTRAINT billing_accounts_customer_id_check CHECK (length(customer_id) >= 1 AND length(customer_id) <= 255),
  CONSTRAINT billing_accounts_item_id_check CHECK (length(item_id) <= 255),
  CONSTRAINT billing_accounts_quantity_changes_check CHECK (quantity_changes >= 0),
  CONSTRAINT billing_accounts_quantity_check CHECK (quantity >= 0),
  CONSTRAINT billing_accounts_subscription_id_check CHECK (length(subscription_id) <= 255),
  CONSTRAINT billing_accounts_subscription_status_check CHECK (length(subscription_status) <= 100),
  CONSTRAINT billing_accounts_trouble_check CHECK (length(trouble) <= 1000),
  CONSTRAINT past_due_while_it_is CHECK ((past_due_since IS NOT NULL) = (NOT subscription_status IS DISTINCT FROM 'past_due'::text)),
  CONSTRAINT subscription_whole CHECK (num_nulls(subscription_id, item_id, subscription_status, quantity) = ANY (ARRAY[0, 4]))
);
CREATE INDEX billing_accounts_due ON billing_accounts (next_reading_at, workspace_id);
ALTER TABLE billing_accounts ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON billing_accounts FOR ALL TO kotally_app USING (workspace_id = (( SELECT tenant_workspace() AS tenant_workspace)));
GRANT INSERT (workspace_id, customer_id, next_reading_at, created_at) ON billing_accounts TO kotally_app;
GRANT SELECT ON billing_accounts TO kotally_app;
GRANT UPDATE (checkout_session_id) ON billing_accounts TO kotally_app;

CREATE TABLE billing_events (
  id text NOT NULL,
  type text NOT NULL,
  workspace_id uuid,
  told_at timestamp with time zone NOT NULL,
  received_at timestamp with time zone NOT NULL,
  CONSTRAINT billing_events_pkey PRIMARY KEY (id),
  CONSTRAINT billing_events_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id),
  CONSTRAINT billing_events_id_check CHECK (length(id) >= 1 AND length(id) <= 255),
  CONSTRAINT billing_events_type_check CHECK (length(type) <= 255)
);
CREATE INDEX billing_events_received ON billing_events (received_at);
ALTER TABLE billing_events ENABLE ROW LEVEL SECURITY;

CREATE TABLE bulk_items (
  location_id uuid NOT NULL,
  job_id uuid NOT NULL,
  number integer NOT NULL,
  contact_external_id text NOT NULL,
  subject_id text,
  status text NOT NULL DEFAULT 'waiting'::text,
  reason_code text,
  answer jsonb,
  CONSTRAINT bulk_items_pkey PRIMARY KEY (location_id, job_id, number),
  CONSTRAINT bulk_items_location_id_job_id_fkey FOREIGN KEY (location_id, job_id) REFERENCES bulk_jobs(location_id, id),
  CONSTRAINT answered_when_not_waiting CHECK ((status = 'waiting'::text) = (reason_code IS NULL)),
  CONSTRAINT bulk_items_number_check CHECK (number > 0),
  CONSTRAINT bulk_items_status_check CHECK (status = ANY (ARRAY['waiting'::text, 'done'::text, 'refused'::text]))
);
CREATE INDEX bulk_items_refused ON bulk_items (location_id, job_id, number) WHERE status = 'refused'::text;
CREATE INDEX bulk_items_waiting ON bulk_items (location_id, job_id, number) WHERE status = 'waiting'::text;
ALTER TABLE bulk_items ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON bulk_items FOR ALL TO kotally_app USING (array_position(( SELECT tenant_locations() AS tenant_locations), location_id) IS NOT NULL);
GRANT SELECT, INSERT ON bulk_items TO kotally_app;
GRANT UPDATE (status, reason_code, answer) ON bulk_items TO kotally_app;

CREATE TABLE bulk_jobs (
  location_id uuid NOT NULL,
  id uuid NOT NULL,
  kind text NOT NULL,
  is_preview boolean NOT NULL,
  ask jsonb NOT NULL,
  status text NOT NULL,
  total integer NOT NULL,
  done integer NOT NULL DEFAULT 0,
  refused integer NOT NULL DEFAULT 0,
  summary jsonb NOT NULL DEFAULT '{}'::jsonb,
  requested_by jsonb NOT NULL,
  of_job uuid,
  leased_by uuid,
  leased_until timestamp with time zone,
  created_at timestamp with time zone NOT NULL,
  finished_at timestamp with time zone,
  CONSTRAINT bulk_jobs_pkey PRIMARY KEY (location_id, id),
  CONSTRAINT bulk_jobs_location_id_fkey FOREIGN KEY (location_id) REFERENCES locations(location_id),
  CONSTRAINT bulk_jobs_location_id_of_job_fkey FOREIGN KEY (location_id, of_job) REFERENCES bulk_jobs(location_id, id),
  CONSTRAINT bulk_jobs_kind_check CHECK (kind = ANY (ARRAY['freeze'::text, 'unfreeze'::text, 'extend'::text, 'settle'::text, 'backfill'::text])),
  CONSTRAINT bulk_jobs_status_check CHECK (status = ANY (ARRAY['running'::text, 'done'::text, 'cancelled'::text])),
  CONSTRAINT bulk_jobs_total_check CHECK (total >= 0),
  CONSTRAINT finished_when_not_running CHECK ((status = 'running'::text) = (finished_at IS NULL)),
  CONSTRAINT never_more_than_all CHECK (done >= 0 AND refused >= 0 AND (done + refused) <= total)
);
CREATE UNIQUE INDEX bulk_jobs_follow ON bulk_jobs (location_id, of_job) WHERE of_job IS NOT NULL AND status <> 'cancelled'::text;
CREATE INDEX bulk_jobs_recent ON bulk_jobs (location_id, created_at DESC, id DESC);
CREATE INDEX bulk_jobs_running ON bulk_jobs (location_id, leased_until) WHERE status = 'running'::text;
ALTER TABLE bulk_jobs ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON bulk_jobs FOR ALL TO kotally_app USING (array_position(( SELECT tenant_locations() AS tenant_locations), location_id) IS NOT NULL);
GRANT SELECT, INSERT ON bulk_jobs TO kotally_app;
GRANT UPDATE (status, done, refused, summary, leased_by, leased_until, finished_at) ON bulk_jobs TO kotally_app;

CREATE TABLE contact_keys (
  location_id uuid NOT NULL,
  contact_id uuid NOT NULL,
  key text NOT NULL,
  CONSTRAINT contact_keys_pkey PRIMARY KEY (location_id, contact_id, key),
  CONSTRAINT contact_keys_location_id_contact_id_fkey FOREIGN KEY (location_id, contact_id) REFERENCES contacts(location_id, id) ON DELETE CASCADE,
  CONSTRAINT contact_keys_key_check CHECK (length(key) >= 1 AND length(key) <= 600)
);
CREATE INDEX contact_keys_key ON contact_keys (location_id, key, contact_id);
ALTER TABLE contact_keys ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON contact_keys FOR ALL TO kotally_app USING (array_position(( SELECT tenant_locations() AS tenant_locations), location_id) IS NOT NULL);
GRANT SELECT, INSERT, DELETE ON contact_keys TO kotally_app;

CREATE TABLE contacts (
  location_id uuid NOT NULL,
  id uuid NOT NULL,
  external_id text NOT NULL,
  email text,
  name text,
  phone text,
  email_key text DEFAULT lower(email),
  told_at timestamp with time zone,
  next_due_at timestamp with time zone,
  merged_into uuid,
  entry_count bigint NOT NULL DEFAULT 0,
  chain_head bytea NOT NULL DEFAULT '\x'::bytea,
  created_at timestamp with time zone NOT NULL,
  sort_key text DEFAULT "left"(search_key(
CASE
    WHEN (name IS NOT NULL) THEN name
    WHEN (email IS NOT NULL) THEN email
    ELSE external_id
END), 100),
  CONSTRAINT contacts_pkey PRIMARY KEY (location_id, id),
  CONSTRAINT contacts_location_id_external_id_key UNIQUE (location_id, external_id),
  CONSTRAINT contacts_location_id_fkey FOREIGN KEY (location_id) REFERENCES locations(location_id),
  CONSTRAINT contacts_location_id_merged_into_fkey FOREIGN KEY (location_id, merged_into) REFERENCES contacts(location_id, id),
  CONSTRAINT contacts_entry_count_check CHECK (entry_count >= 0),
  CONSTRAINT contacts_external_id_check CHECK (length(external_id) >= 1 AND length(external_id) <= 255)
) WITH (fillfactor=75);
CREATE INDEX contacts_due ON contacts (location_id, next_due_at) WHERE next_due_at IS NOT NULL;
CREATE INDEX contacts_email ON contacts (location_id, email_key) WHERE email_key IS NOT NULL;
CREATE INDEX contacts_merged ON contacts (location_id, merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX contacts_phone ON contacts (location_id, phone) WHERE phone IS NOT NULL;
CREATE INDEX contacts_sorted ON contacts (location_id, sort_key, id) WHERE merged_into IS NULL;
CREATE TRIGGER contacts_keys_inserted AFTER INSERT ON contacts FOR EACH ROW EXECUTE FUNCTION follow_contact_keys();
CREATE TRIGGER contacts_keys_updated AFTER UPDATE OF name, email, phone ON contacts FOR EACH ROW WHEN (old.name IS DISTINCT FROM new.name OR old.email IS DISTINCT FROM new.email OR old.phone IS DISTINCT FROM new.phone) EXECUTE FUNCTION follow_contact_keys();
ALTER TABLE contacts ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON contacts FOR ALL TO kotally_app USING (array_position(( SELECT tenant_locations() AS tenant_locations), location_id) IS NOT NULL);
GRANT SELECT, INSERT, UPDATE, DELETE ON contacts TO kotally_app;

CREATE TABLE deleted_workspaces (
  workspace_id uuid NOT NULL,
  cancelled_at timestamp with time zone NOT NULL,
  deleted_at timestamp with time zone NOT NULL,
  CONSTRAINT deleted_workspaces_pkey PRIMARY KEY (workspace_id)
);
ALTER TABLE deleted_workspaces ENABLE ROW LEVEL SECURITY;

CREATE TABLE embed_contexts (
  fingerprint bytea NOT NULL,
  used_at timestamp with time zone NOT NULL,
  CONSTRAINT embed_contexts_pkey PRIMARY KEY (fingerprint),
  CONSTRAINT embed_contexts_fingerprint_check CHECK (length(fingerprint) = 32)
);
CREATE INDEX embed_contexts_used ON embed_contexts (used_at);
ALTER TABLE embed_contexts ENABLE ROW LEVEL SECURITY;
CREATE POLICY inbox ON embed_contexts FOR ALL TO kotally_inbox USING (true);
GRANT SELECT, INSERT, DELETE ON embed_contexts TO kotally_inbox;

CREATE TABLE entitlements (
  location_id uuid NOT NULL,
  id uuid NOT NULL,
  contact_id uuid NOT NULL,
  product_config_id text NOT NULL,
  origin text NOT NULL,
  state text NOT NULL,
  unlimited boolean NOT NULL,
  live boolean NOT NULL,
  granted integer NOT NULL,
  available integer NOT NULL,
  held integer NOT NULL,
  effective_at timestamp with time zone NOT NULL,
  expires_at timestamp with time zone,
  activation jsonb,
  parent_id uuid,
  membership_id uuid,
  period_start_at timestamp with time zone,
  period_end_at timestamp with time zone,
  payment_event_id uuid,
  payment_item integer,
  freezes jsonb,
  created_at timestamp with time zone NOT NULL,
  CONSTRAINT entitlements_pkey PRIMARY KEY (location_id, id),
  CONSTRAINT entitlements_location_id_contact_id_fkey FOREIGN KEY (location_id, contact_id) REFERENCES contacts(location_id, id),
  CONSTRAINT entitlements_location_id_membership_id_fkey FOREIGN KEY (location_id, membership_id) REFERENCES memberships(location_id, id),
  CONSTRAINT entitlements_location_id_parent_id_fkey FOREIGN KEY (location_id, parent_id) REFERENCES entitlements(location_id, id),
  CONSTRAINT entitlements_location_id_payment_event_id_fkey FOREIGN KEY (location_id, payment_event_id) REFERENCES payment_events(location_id, id) DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT entitlements_location_id_product_config_id_fkey FOREIGN KEY (location_id, product_config_id) REFERENCES product_configs(location_id, id),
  CONSTRAINT entitlements_available_check CHECK (available >= 0),
  CONSTRAINT entitlements_granted_check CHECK (granted >= 0),
  CONSTRAINT entitlements_held_check CHECK (held >= 0),
  CONSTRAINT entitlements_origin_check CHECK (origin = ANY (ARRAY['purchase'::text, 'period'::text, 'rollover'::text, 'make_good'::text, 'adjustment'::text])),
  CONSTRAINT entitlements_state_check CHECK (state = ANY (ARRAY['open'::text, 'paused'::text, 'revoked'::text])),
  CONSTRAINT item_of_a_payment CHECK ((payment_event_id IS NULL) = (payment_item IS NULL)),
  CONSTRAINT never_more_than_was_put_in CHECK ((available + held) <= granted),
  CONSTRAINT unlimited_holds_nothing CHECK (NOT unlimited OR granted = 0)
) WITH (fillfactor=75);
CREATE INDEX entitlements_contact ON entitlements (location_id, contact_id, created_at DESC, id DESC);
CREATE INDEX entitlements_due ON entitlements (location_id, expires_at) WHERE live;
CREATE INDEX entitlements_live ON entitlements (location_id, contact_id) WHERE live;
CREATE UNIQUE INDEX entitlements_payment ON entitlements (location_id, payment_event_id, payment_item) WHERE payment_event_id IS NOT NULL;
CREATE UNIQUE INDEX entitlements_period ON entitlements (location_id, membership_id, period_start_at) WHERE origin = 'period'::text;
ALTER TABLE entitlements ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON entitlements FOR ALL TO kotally_app USING (array_position(( SELECT tenant_locations() AS tenant_locations), location_id) IS NOT NULL);
GRANT SELECT, INSERT, UPDATE ON entitlements TO kotally_app;

CREATE TABLE ghl_connections (
  id uuid NOT NULL,
  company_id text NOT NULL,
  ghl_location_id text,
  workspace_id uuid,
  location_id uuid,
  user_type text NOT NULL,
  status text NOT NULL,
  access_token text,
  refresh_token text,
  issued_at timestamp with time zone,
  expires_at timestamp with time zone,
  refresh_leased_until timestamp with time zone,
  scopes text[] NOT NULL DEFAULT '{}'::text[],
  is_bulk boolean NOT NULL DEFAULT false,
  company_name text,
  whitelabel_domain text,
  installed_at timestamp with time zone NOT NULL,
  uninstalled_at timestamp with time zone,
  updated_at timestamp with time zone NOT NULL,
  balance_field_id text,
  CONSTRAINT ghl_connections_pkey PRIMARY KEY (id),
  CONSTRAINT ghl_connections_once UNIQUE NULLS NOT DISTINCT (company_id, ghl_location_id),
  CONSTRAINT ghl_connections_location_id_fkey FOREIGN KEY (location_id) REFERENCES locations(location_id),
  CONSTRAINT ghl_connections_location_id_workspace_id_fkey FOREIGN KEY (location_id, workspace_id) REFERENCES locations(location_id, workspace_id),
  CONSTRAINT ghl_connections_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id),
  CONSTRAINT ghl_connections_access_token_check CHECK (access_token ~~ 's1.%'::text),
  CONSTRAINT ghl_connections_balance_field_id_check CHECK (length(balance_field_id) >= 1 AND length(balance_field_id) <= 255),
  CONSTRAINT ghl_connections_company_id_check CHECK (length(company_id) >= 1 AND length(company_id) <= 255),
  CONSTRAINT ghl_connections_ghl_location_id_check CHECK (length(ghl_location_id) >= 1 AND length(ghl_location_id) <= 255),
  CONSTRAINT ghl_connections_refresh_token_check CHECK (refresh_token ~~ 's1.%'::text),
  CONSTRAINT ghl_connections_status_check CHECK (status = ANY (ARRAY['unclaimed'::text, 'connected'::text, 'disconnected'::text, 'needs_reinstall'::text])),
  CONSTRAINT ghl_connections_user_type_check CHECK (user_type = ANY (ARRAY['Company'::text, 'Location'::text])),
  CONSTRAINT nothing_left_after_uninstall CHECK (status <> 'disconnected'::text OR access_token IS NULL AND refresh_token IS NULL)
);
CREATE UNIQUE INDEX ghl_connections_location ON ghl_connections (location_id) WHERE location_id IS NOT NULL;
CREATE INDEX ghl_connections_workspace ON ghl_connections (workspace_id);
ALTER TABLE ghl_connections ENABLE ROW LEVEL SECURITY;
CREATE POLICY inbox ON ghl_connections FOR ALL TO kotally_inbox USING (true);
CREATE POLICY tenant ON ghl_connections FOR ALL TO kotally_app USING (array_position(( SELECT tenant_locations() AS tenant_locations), location_id) IS NOT NULL);
GRANT SELECT ON ghl_connections TO kotally_app;
GRANT UPDATE (status, access_token, refresh_token, expires_at, refresh_leased_until, uninstalled_at, updated_at, balance_field_id) ON ghl_connections TO kotally_app;
GRANT SELECT, INSERT, UPDATE ON ghl_connections TO kotally_inbox;

CREATE TABLE ghl_polls (
  location_id uuid NOT NULL,
  kind text NOT NULL,
  began_at timestamp with time zone NOT NULL,
  cursor_at timestamp with time zone,
  next_at timestamp with time zone NOT NULL,
  succeeded_at timestamp with time zone,
  failures integer NOT NULL DEFAULT 0,
  trouble text,
  CONSTRAINT ghl_polls_pkey PRIMARY KEY (location_id, kind),
  CONSTRAINT ghl_polls_location_id_fkey FOREIGN KEY (location_id) REFERENCES locations(location_id),
  CONSTRAINT ghl_polls_failures_check CHECK (failures >= 0),
  CONSTRAINT ghl_polls_kind_check CHECK (kind = ANY (ARRAY['transactions'::text, 'transactions_sweep'::text, 'subscriptions'::text, 'bookings'::text])),
  CONSTRAINT ghl_polls_trouble_check CHECK (length(trouble) <= 1000)
);
ALTER TABLE ghl_polls ENABLE ROW LEVEL SECURITY;
CREATE POLICY inbox ON ghl_polls FOR ALL TO kotally_inbox USING (true);
CREATE POLICY tenant ON ghl_polls FOR ALL TO kotally_app USING (array_position(( SELECT tenant_locations() AS tenant_locations), location_id) IS NOT NULL);
GRANT SELECT ON ghl_polls TO kotally_app;
GRANT SELECT, INSERT, UPDATE ON ghl_polls TO kotally_inbox;

CREATE TABLE invitations (
  workspace_id uuid NOT NULL,
  id uuid NOT NULL,
  email text NOT NULL,
  role text NOT NULL,
  token_hash bytea NOT NULL,
  invited_by uuid,
  created_at timestamp with time zone NOT NULL,
  expires_at timestamp with time zone NOT NULL,
  accepted_at timestamp with time zone,
  revoked_at timestamp with time zone,
  CONSTRAINT invitations_pkey PRIMARY KEY (workspace_id, id),
  CONSTRAINT invitations_invited_by_fkey FOREIGN KEY (invited_by) REFERENCES users(id),
  CONSTRAINT invitations_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id),
  CONSTRAINT invitations_email_check CHECK (email = lower(email)),
  CONSTRAINT invitations_role_check CHECK (role = ANY (ARRAY['owner'::text, 'admin'::text, 'viewer'::text])),
  CONSTRAINT invitations_token_hash_check CHECK (length(token_hash) = 32)
);
CREATE UNIQUE INDEX invitations_open ON invitations (workspace_id, email) WHERE accepted_at IS NULL AND revoked_at IS NULL;
ALTER TABLE invitations ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON invitations FOR ALL TO kotally_app USING (workspace_id = (( SELECT tenant_workspace() AS tenant_workspace)));
GRANT SELECT, INSERT ON invitations TO kotally_app;
GRANT UPDATE (role, token_hash, invited_by, created_at, expires_at, accepted_at, revoked_at) ON invitations TO kotally_app;

CREATE TABLE kotally_migrations (
  name text NOT NULL,
  checksum text NOT NULL,
  applied_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT kotally_migrations_pkey PRIMARY KEY (name)
);

CREATE TABLE ledger_entries (
  location_id uuid NOT NULL,
  contact_id uuid NOT NULL,
  entry_number bigint NOT NULL,
  occurred_at timestamp with time zone NOT NULL,
  recorded_at timestamp with time zone NOT NULL,
  entitlement_id uuid NOT NULL,
  to_entitlement_id uuid,
  type entry_type NOT NULL,
  debit account NOT NULL,
  credit account NOT NULL,
  amount integer NOT NULL,
  balance_after integer NOT NULL,
  reverses bigint,
  service_on date,
  source entry_source NOT NULL,
  actor_id uuid,
  correlation_id uuid NOT NULL,
  reason text NOT NULL,
  request_id text,
  external_ref text,
  hash bytea NOT NULL,
  CONSTRAINT ledger_entries_pkey PRIMARY KEY (location_id, contact_id, entry_number),
  CONSTRAINT ledger_entries_location_id_contact_id_fkey FOREIGN KEY (location_id, contact_id) REFERENCES contacts(location_id, id),
  CONSTRAINT ledger_entries_location_id_entitlement_id_fkey FOREIGN KEY (location_id, entitlement_id) REFERENCES entitlements(location_id, id),
  CONSTRAINT ledger_entries_location_id_to_entitlement_id_fkey FOREIGN KEY (location_id, to_entitlement_id) REFERENCES entitlements(location_id, id),
  CONSTRAINT earlier_entry_reversed CHECK (reverses < entry_number),
  CONSTRAINT ledger_entries_amount_check CHECK (amount > 0),
  CONSTRAINT ledger_entries_balance_after_check CHECK (balance_after >= 0),
  CONSTRAINT ledger_entries_entry_number_check CHECK (entry_number > 0),
  CONSTRAINT ledger_entries_hash_check CHECK (length(hash) = 32),
  CONSTRAINT legal_movement CHECK (type = 'grant'::entry_type AND debit = 'issued'::account AND credit = 'available'::account OR type = 'deduct'::entry_type AND debit = 'available'::account AND credit = 'used'::account OR type = 'restore'::entry_type AND debit = 'used'::account AND credit = 'available'::account OR type = 'hold'::entry_type AND debit = 'available'::account AND credit = 'held'::account OR type = 'release'::entry_type AND debit = 'held'::account AND credit = 'available'::account OR type = 'settle_used'::entry_type AND debit = 'held'::account AND credit = 'used'::account OR type = 'settle_no_show'::entry_type AND debit = 'held'::account AND credit = 'no_show'::account OR type = 'settle_late_cancel'::entry_type AND debit = 'held'::account AND credit = 'late_cancel'::account OR type = 'unsettle_used'::entry_type AND debit = 'used'::account AND credit = 'held'::account OR type = 'unsettle_no_show'::entry_type AND debit = 'no_show'::account AND credit = 'held'::account OR type = 'unsettle_late_cancel'::entry_type AND debit = 'late_cancel'::account AND credit = 'held'::account OR type = 'reinstate'::entry_type AND debit = 'expired'::account AND credit = 'available'::account OR type = 'refund_undone'::entry_type AND debit = 'refunded'::account AND credit = 'available'::account OR type = 'shortfall_undone'::entry_type AND debit = 'refunded'::account AND credit = 'shortfall'::account OR type = 'expire'::entry_type AND debit = 'available'::account AND credit = 'expired'::account OR type = 'rollover'::entry_type AND debit = 'available'::account AND credit = 'available'::account OR type = 'transfer'::entry_type AND debit = 'available'::account AND credit = 'available'::account OR type = 'make_good'::entry_type AND debit = 'available'::account AND credit = 'available'::account OR type = 'refund'::entry_type AND debit = 'available'::account AND credit = 'refunded'::account OR type = 'shortfall'::entry_type AND debit = 'shortfall'::account AND credit = 'refunded'::account OR type = 'adjust_up'::entry_type AND debit = 'adjusted'::account AND credit = 'available'::account OR type = 'adjust_down'::entry_type AND debit = 'available'::account AND credit = 'adjusted'::account OR type = 'usage'::entry_type AND debit = 'issued'::account AND credit = 'used'::account OR type = 'usage_restore'::entry_type AND debit = 'used'::account AND credit = 'issued'::account),
  CONSTRAINT reversal_names_its_entry CHECK ((type = ANY (ARRAY['restore'::entry_type, 'usage_restore'::entry_type, 'release'::entry_type, 'settle_used'::entry_type, 'settle_no_show'::entry_type, 'settle_late_cancel'::entry_type, 'unsettle_used'::entry_type, 'unsettle_no_show'::entry_type, 'unsettle_late_cancel'::entry_type, 'reinstate'::entry_type])) = (reverses IS NOT NULL)),
  CONSTRAINT two_lots CHECK ((type = ANY (ARRAY['rollover'::entry_type, 'transfer'::entry_type, 'make_good'::entry_type])) = (to_entitlement_id IS NOT NULL))
);
CREATE INDEX ledger_entries_ref ON ledger_entries (location_id, external_ref, contact_id) WHERE external_ref IS NOT NULL;
CREATE INDEX ledger_entries_reversal ON ledger_entries (location_id, contact_id, reverses) WHERE reverses IS NOT NULL;
CREATE INDEX ledger_entries_time ON ledger_entries (location_id, occurred_at) INCLUDE (type, amount);
CREATE TRIGGER ledger_entries_append_only BEFORE DELETE OR UPDATE ON ledger_entries FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ledger_entries_no_truncate BEFORE TRUNCATE ON ledger_entries FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE ledger_entries ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON ledger_entries FOR ALL TO kotally_app USING (array_position(( SELECT tenant_locations() AS tenant_locations), location_id) IS NOT NULL);
GRANT SELECT, INSERT ON ledger_entries TO kotally_app;

CREATE TABLE ledger_verifications (
  location_id uuid NOT NULL,
  verified_at timestamp with time zone NOT NULL,
  findings jsonb NOT NULL,
  CONSTRAINT ledger_verifications_pkey PRIMARY KEY (location_id),
  CONSTRAINT ledger_verifications_location_id_fkey FOREIGN KEY (location_id) REFERENCES locations(location_id)
);
ALTER TABLE ledger_verifications ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON ledger_verifications FOR ALL TO kotally_app USING (array_position(( SELECT tenant_locations() AS tenant_locations), location_id) IS NOT NULL);
GRANT SELECT ON ledger_verifications TO kotally_app;

CREATE TABLE locations (
  location_id uuid NOT NULL,
  workspace_id uuid NOT NULL,
  key text NOT NULL,
  name text NOT NULL,
  status text NOT NULL DEFAULT 'active'::text,
  ghl_location_id text,
  timezone text NOT NULL,
  currency text NOT NULL DEFAULT 'USD'::text,
  sandbox boolean NOT NULL DEFAULT false,
  clock_offset_ms bigint NOT NULL DEFAULT 0,
  cancellation_window_hours integer NOT NULL DEFAULT 24,
  make_good_days integer NOT NULL DEFAULT 7,
  auto_settle boolean NOT NULL DEFAULT false,
  version bigint NOT NULL DEFAULT 1,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  no_show_penalty integer NOT NULL DEFAULT 0,
  shows_balances boolean NOT NULL DEFAULT true,
  settings_version integer NOT NULL DEFAULT 1,
  CONSTRAINT locations_pkey PRIMARY KEY (location_id),
  CONSTRAINT locations_location_id_workspace_id_key UNIQUE (location_id, workspace_id),
  CONSTRAINT locations_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id),
  CONSTRAINT locations_cancellation_window_hours_check CHECK (cancellation_window_hours >= 0),
  CONSTRAINT locations_check CHECK (clock_offset_ms = 0 OR sandbox AND clock_offset_ms > 0),
  CONSTRAINT locations_currency_check CHECK (currency ~ '^[A-Z]{3}$'::text),
  CONSTRAINT locations_key_check CHECK (length(key) >= 1 AND length(key) <= 255),
  CONSTRAINT locations_make_good_days_check CHECK (make_good_days >= 0),
  CONSTRAINT locations_no_show_penalty_check CHECK (no_show_penalty >= 0),
  CONSTRAINT locations_settings_version_check CHECK (settings_version > 0),
  CONSTRAINT locations_status_check CHECK (status = ANY (ARRAY['pending'::text, 'active'::text, 'disconnected'::text]))
);
CREATE UNIQUE INDEX locations_ghl ON locations (ghl_location_id) WHERE ghl_location_id IS NOT NULL;
CREATE UNIQUE INDEX locations_key ON locations (workspace_id, key);
CREATE TRIGGER locations_settings_changes BEFORE UPDATE ON locations FOR EACH ROW WHEN (old.name IS DISTINCT FROM new.name OR old.timezone IS DISTINCT FROM new.timezone OR old.currency IS DISTINCT FROM new.currency OR old.cancellation_window_hours IS DISTINCT FROM new.cancellation_window_hours OR old.make_good_days IS DISTINCT FROM new.make_good_days OR old.auto_settle IS DISTINCT FROM new.auto_settle OR old.no_show_penalty IS DISTINCT FROM new.no_show_penalty OR old.shows_balances IS DISTINCT FROM new.shows_balances) EXECUTE FUNCTION count_settings_changes();
ALTER TABLE locations ENABLE ROW LEVEL SECURITY;
CREATE POLICY opening ON locations FOR INSERT TO kotally_app WITH CHECK (workspace_id = (( SELECT tenant_workspace() AS tenant_workspace)));
CREATE POLICY register ON locations FOR SELECT TO PUBLIC USING (true);
CREATE POLICY tenant ON locations FOR UPDATE TO kotally_app USING (array_position(( SELECT tenant_locations() AS tenant_locations), location_id) IS NOT NULL);
GRANT SELECT, INSERT ON locations TO kotally_app;
GRANT UPDATE (name, status, ghl_location_id, timezone, currency, sandbox, cancellation_window_hours, make_good_days, auto_settle, version, no_show_penalty, shows_balances) ON locations TO kotally_app;
GRANT SELECT ON locations TO kotally_inbox;

CREATE TABLE mails (
  id uuid NOT NULL,
  recipient text NOT NULL,
  subject text NOT NULL,
  sealed_text text NOT NULL,
  created_at timestamp with time zone NOT NULL,
  attempts integer NOT NULL DEFAULT 0,
  next_attempt_at timestamp with time zone,
  trouble text,
  CONSTRAINT mails_pkey PRIMARY KEY (id),
  CONSTRAINT mails_attempts_check CHECK (attempts >= 0),
  CONSTRAINT mails_recipient_check CHECK (length(recipient) >= 3 AND length(recipient) <= 320),
  CONSTRAINT mails_subject_check CHECK (length(subject) <= 255),
  CONSTRAINT mails_trouble_check CHECK (length(trouble) <= 1000)
);
CREATE INDEX mails_created ON mails (created_at DESC, id DESC);
CREATE INDEX mails_due ON mails (next_attempt_at) WHERE next_attempt_at IS NOT NULL;
GRANT INSERT ON mails TO kotally_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON mails TO kotally_sign_in;

CREATE TABLE memberships (
  location_id uuid NOT NULL,
  id uuid NOT NULL,
  contact_id uuid NOT NULL,
  product_config_id text NOT NULL,
  status text NOT NULL,
  renewal text NOT NULL,
  started_at timestamp with time zone NOT NULL,
  anchor_on date NOT NULL,
  periods jsonb NOT NULL,
  open_until timestamp with time zone NOT NULL,
  prepaid_through integer NOT NULL,
  grace_until timestamp with time zone,
  lots_in_grace jsonb NOT NULL,
  ends_at timestamp with time zone,
  next_config_id text,
  subscription_id text,
  subscription_told jsonb,
  cancelled_at timestamp with time zone,
  freezes jsonb NOT NULL,
  created_at timestamp with time zone NOT NULL,
  CONSTRAINT memberships_pkey PRIMARY KEY (location_id, id),
  CONSTRAINT memberships_location_id_contact_id_fkey FOREIGN KEY (location_id, contact_id) REFERENCES contacts(location_id, id),
  CONSTRAINT memberships_location_id_next_config_id_fkey FOREIGN KEY (location_id, next_config_id) REFERENCES product_configs(location_id, id),
  CONSTRAINT memberships_location_id_product_config_id_fkey FOREIGN KEY (location_id, product_config_id) REFERENCES product_configs(location_id, id),
  CONSTRAINT grace_only_past_due CHECK ((status = 'past_due'::text) = (grace_until IS NOT NULL)),
  CONSTRAINT memberships_prepaid_through_check CHECK (prepaid_through >= 0),
  CONSTRAINT memberships_renewal_check CHECK (renewal = ANY (ARRAY['payment'::text, 'schedule'::text, 'provider'::text])),
  CONSTRAINT memberships_status_check CHECK (status = ANY (ARRAY['active'::text, 'past_due'::text, 'suspended'::text, 'ended'::text]))
);
CREATE INDEX memberships_contact ON memberships (location_id, contact_id);
CREATE INDEX memberships_frozen ON memberships (location_id, contact_id) WHERE freezes @> '[{"status": "active"}]'::jsonb OR freezes @> '[{"status": "planned"}]'::jsonb;
CREATE UNIQUE INDEX memberships_live ON memberships (location_id, contact_id, product_config_id) WHERE status <> 'ended'::text;
CREATE INDEX memberships_past_due ON memberships (location_id, contact_id) WHERE status = 'past_due'::text;
CREATE INDEX memberships_product ON memberships (location_id, product_config_id, open_until, id);
CREATE INDEX memberships_renewing ON memberships (location_id, open_until, id) WHERE status <> 'ended'::text;
CREATE INDEX memberships_status ON memberships (location_id, status, open_until, id);
CREATE INDEX memberships_subscription ON memberships (location_id, subscription_id) WHERE subscription_id IS NOT NULL;
ALTER TABLE memberships ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON memberships FOR ALL TO kotally_app USING (array_position(( SELECT tenant_locations() AS tenant_locations), location_id) IS NOT NULL);
GRANT SELECT, INSERT, UPDATE ON memberships TO kotally_app;

CREATE TABLE no_credit_products (
  location_id uuid NOT NULL,
  provider text NOT NULL,
  product_id text NOT NULL,
  CONSTRAINT no_credit_products_pkey PRIMARY KEY (location_id, provider, product_id),
  CONSTRAINT no_credit_products_location_id_fkey FOREIGN KEY (location_id) REFERENCES locations(location_id)
);
ALTER TABLE no_credit_products ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON no_credit_products FOR ALL TO kotally_app USING (array_position(( SELECT tenant_locations() AS tenant_locations), location_id) IS NOT NULL);
GRANT SELECT, INSERT, DELETE ON no_credit_products TO kotally_app;

CREATE TABLE oauth_states (
  id uuid NOT NULL,
  used_at timestamp with time zone NOT NULL,
  CONSTRAINT oauth_states_pkey PRIMARY KEY (id)
);
ALTER TABLE oauth_states ENABLE ROW LEVEL SECURITY;
CREATE POLICY inbox ON oauth_states FOR ALL TO kotally_inbox USING (true);
GRANT SELECT, INSERT, DELETE ON oauth_states TO kotally_inbox;

CREATE TABLE passkeys (
  id uuid NOT NULL,
  user_id uuid NOT NULL,
  name text,
  credential_id text NOT NULL,
  public_key text NOT NULL,
  counter bigint NOT NULL,
  device_type text NOT NULL,
  backed_up boolean NOT NULL,
  transports text,
  aaguid text,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT passkeys_pkey PRIMARY KEY (id),
  CONSTRAINT passkeys_credential_id_key UNIQUE (credential_id),
  CONSTRAINT passkeys_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
);
CREATE INDEX passkeys_user ON passkeys (user_id);
ALTER TABLE passkeys ENABLE ROW LEVEL SECURITY;
CREATE POLICY sign_in ON passkeys FOR ALL TO kotally_sign_in USING (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON passkeys TO kotally_sign_in;

CREATE TABLE payment_events (
  location_id uuid NOT NULL,
  id uuid NOT NULL,
  contact_id uuid NOT NULL,
  provider text NOT NULL,
  external_payment_id text NOT NULL,
  event_type text NOT NULL,
  status text NOT NULL,
  flags text[] NOT NULL,
  attention text[] NOT NULL,
  amount_cents bigint,
  currency text,
  refunded_cents bigint NOT NULL,
  paid_at timestamp with time zone NOT NULL,
  settles_at timestamp with time zone,
  duplicate_of uuid,
  subscription_id text,
  period_start_at timestamp with time zone,
  period_end_at timestamp with time zone,
  external_ref text,
  metadata jsonb,
  items jsonb NOT NULL,
  refunds jsonb NOT NULL,
  disputes jsonb NOT NULL,
  recorded_at timestamp with time zone NOT NULL,
  acknowledged text[] NOT NULL DEFAULT '{}'::text[],
  CONSTRAINT payment_events_pkey PRIMARY KEY (location_id, id),
  CONSTRAINT payment_events_location_id_contact_id_fkey FOREIGN KEY (location_id, contact_id) REFERENCES contacts(location_id, id),
  CONSTRAINT payment_events_location_id_duplicate_of_fkey FOREIGN KEY (location_id, duplicate_of) REFERENCES payment_events(location_id, id),
  CONSTRAINT payment_events_amount_cents_check CHECK (amount_cents >= 0),
  CONSTRAINT payment_events_currency_check CHECK (currency ~ '^[A-Z]{3}$'::text),
  CONSTRAINT payment_events_refunded_cents_check CHECK (refunded_cents >= 0),
  CONSTRAINT payment_events_status_check CHECK (status = ANY (ARRAY['pending'::text, 'settling'::text, 'probable_duplicate'::text, 'recorded'::text, 'failed'::text, 'dismissed'::text])),
  CONSTRAINT settling_waits CHECK ((status = 'settling'::text) = (settles_at IS NOT NULL))
);
CREATE INDEX payment_events_attention ON payment_events (location_id, paid_at DESC, id DESC) WHERE attention <> '{}'::text[];
CREATE INDEX payment_events_duplicates ON payment_events (location_id, duplicate_of) WHERE duplicate_of IS NOT NULL;
CREATE INDEX payment_events_location ON payment_events (location_id, paid_at DESC, id DESC);
CREATE INDEX payment_events_paid ON payment_events (location_id, contact_id, paid_at DESC, id DESC) INCLUDE (amount_cents, refunded_cents, currency, status);
CREATE INDEX payment_events_reversed ON payment_events (location_id, paid_at DESC, id DESC) WHERE refunded_cents > 0 OR disputes <> '[]'::jsonb;
CREATE INDEX payment_events_settling ON payment_events (location_id, settles_at) WHERE settles_at IS NOT NULL;
ALTER TABLE payment_events ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON payment_events FOR ALL TO kotally_app USING (array_position(( SELECT tenant_locations() AS tenant_locations), location_id) IS NOT NULL);
GRANT SELECT, INSERT, UPDATE ON payment_events TO kotally_app;

CREATE TABLE payment_keys (
  location_id uuid NOT NULL,
  provider text NOT NULL,
  key text NOT NULL,
  payment_event_id uuid NOT NULL,
  CONSTRAINT payment_keys_pkey PRIMARY KEY (location_id, provider, key),
  CONSTRAINT payment_keys_location_id_payment_event_id_fkey FOREIGN KEY (location_id, payment_event_id) REFERENCES payment_events(location_id, id) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX payment_keys_event ON payment_keys (location_id, payment_event_id);
CREATE INDEX payment_keys_key ON payment_keys (location_id, key);
ALTER TABLE payment_keys ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON payment_keys FOR ALL TO kotally_app USING (array_position(( SELECT tenant_locations() AS tenant_locations), location_id) IS NOT NULL);
GRANT SELECT, INSERT ON payment_keys TO kotally_app;

CREATE TABLE product_configs (
  location_id uuid NOT NULL,
  id text NOT NULL,
  key text NOT NULL,
  name text NOT NULL,
  type text NOT NULL,
  active boolean NOT NULL DEFAULT true,
  terms jsonb NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  version integer NOT NULL DEFAULT 1,
  CONSTRAINT product_configs_pkey PRIMARY KEY (location_id, id),
  CONSTRAINT product_configs_location_id_key_key UNIQUE (location_id, key),
  CONSTRAINT product_configs_location_id_fkey FOREIGN KEY (location_id) REFERENCES locations(location_id),
  CONSTRAINT product_configs_check CHECK (
CASE type
    WHEN 'package'::text THEN (terms ->> 'credits_total'::text) ~ '^[1-9][0-9]{0,6}$'::text
    ELSE (terms ->> 'monthly_credits'::text) ~ '^([1-9][0-9]{0,6}|unlimited)$'::text
END),
  CONSTRAINT product_configs_id_check CHECK (id ~ '^pc_[0-9a-z]{26}$'::text),
  CONSTRAINT product_configs_type_check CHECK (type = ANY (ARRAY['package'::text, 'membership'::text])),
  CONSTRAINT product_configs_version_check CHECK (version > 0)
);
CREATE TRIGGER product_configs_changes BEFORE UPDATE OF name, active, terms ON product_configs FOR EACH ROW WHEN (old.name IS DISTINCT FROM new.name OR old.active IS DISTINCT FROM new.active OR old.terms IS DISTINCT FROM new.terms) EXECUTE FUNCTION count_changes();
ALTER TABLE product_configs ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON product_configs FOR ALL TO kotally_app USING (array_position(( SELECT tenant_locations() AS tenant_locations), location_id) IS NOT NULL);
GRANT SELECT, INSERT ON product_configs TO kotally_app;
GRANT UPDATE (name, active, terms) ON product_configs TO kotally_app;

CREATE TABLE requests (
  location_id uuid NOT NULL,
  request_id text NOT NULL,
  operation text NOT NULL,
  payload_hash bytea NOT NULL,
  body text NOT NULL,
  explanation jsonb,
  recorded_at timestamp with time zone NOT NULL,
  CONSTRAINT requests_pkey PRIMARY KEY (location_id, request_id),
  CONSTRAINT requests_location_id_fkey FOREIGN KEY (location_id) REFERENCES locations(location_id)
);
CREATE TRIGGER requests_append_only BEFORE DELETE OR UPDATE ON requests FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER requests_no_truncate BEFORE TRUNCATE ON requests FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE requests ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON requests FOR ALL TO kotally_app USING (array_position(( SELECT tenant_locations() AS tenant_locations), location_id) IS NOT NULL);
GRANT SELECT, INSERT ON requests TO kotally_app;

CREATE TABLE retention_notices (
  workspace_id uuid NOT NULL,
  cancelled_at timestamp with time zone NOT NULL,
  days_before smallint NOT NULL,
  sent_at timestamp with time zone NOT NULL,
  CONSTRAINT retention_notices_pkey PRIMARY KEY (workspace_id, cancelled_at, days_before),
  CONSTRAINT retention_notices_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id),
  CONSTRAINT retention_notices_days_before_check CHECK (days_before = ANY (ARRAY[30, 7, 1]))
);
ALTER TABLE retention_notices ENABLE ROW LEVEL SECURITY;

CREATE TABLE service_families (
  location_id uuid NOT NULL,
  key text NOT NULL,
  name text NOT NULL,
  calendars text[] NOT NULL,
  version integer NOT NULL DEFAULT 1,
  CONSTRAINT service_families_pkey PRIMARY KEY (location_id, key),
  CONSTRAINT service_families_location_id_fkey FOREIGN KEY (location_id) REFERENCES locations(location_id),
  CONSTRAINT service_families_calendars_check CHECK (cardinality(calendars) >= 1 AND cardinality(calendars) <= 200),
  CONSTRAINT service_families_version_check CHECK (version > 0)
);
CREATE TRIGGER service_families_changes BEFORE UPDATE OF name, calendars ON service_families FOR EACH ROW WHEN (old.name IS DISTINCT FROM new.name OR old.calendars IS DISTINCT FROM new.calendars) EXECUTE FUNCTION count_changes();
ALTER TABLE service_families ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON service_families FOR ALL TO kotally_app USING (array_position(( SELECT tenant_locations() AS tenant_locations), location_id) IS NOT NULL);
GRANT SELECT, INSERT, DELETE ON service_families TO kotally_app;
GRANT UPDATE (name, calendars) ON service_families TO kotally_app;

CREATE TABLE sessions (
  id uuid NOT NULL,
  user_id uuid NOT NULL,
  token text NOT NULL,
  ip_address text,
  user_agent text,
  expires_at timestamp with time zone NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT sessions_pkey PRIMARY KEY (id),
  CONSTRAINT sessions_token_key UNIQUE (token),
  CONSTRAINT sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
);
CREATE INDEX sessions_user ON sessions (user_id);
ALTER TABLE sessions ENABLE ROW LEVEL SECURITY;
CREATE POLICY sign_in ON sessions FOR ALL TO kotally_sign_in USING (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON sessions TO kotally_sign_in;

CREATE TABLE sign_in_methods (
  id uuid NOT NULL,
  user_id uuid NOT NULL,
  provider_id text NOT NULL,
  account_id text NOT NULL,
  password_hash text,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT sign_in_methods_pkey PRIMARY KEY (id),
  CONSTRAINT sign_in_methods_provider_id_account_id_key UNIQUE (provider_id, account_id),
  CONSTRAINT sign_in_methods_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE,
  CONSTRAINT sign_in_methods_password_hash_check CHECK (password_hash ~~ '$argon2id$%'::text)
);
CREATE INDEX sign_in_methods_user ON sign_in_methods (user_id);
ALTER TABLE sign_in_methods ENABLE ROW LEVEL SECURITY;
CREATE POLICY sign_in ON sign_in_methods FOR ALL TO kotally_sign_in USING (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON sign_in_methods TO kotally_sign_in;

CREATE TABLE stripe_connections (
  location_id uuid NOT NULL,
  id uuid NOT NULL,
  url_key text NOT NULL,
  mode text NOT NULL,
  is_live boolean NOT NULL,
  status text NOT NULL,
  restricted_key text,
  webhook_secret text,
  webhook_endpoint_id text,
  poll_cursor text,
  polled_at timestamp with time zone,
  last_event_at timestamp with time zone,
  trouble text,
  created_at timestamp with time zone NOT NULL,
  disconnected_at timestamp with time zone,
  CONSTRAINT stripe_connections_pkey PRIMARY KEY (location_id, id),
  CONSTRAINT stripe_connections_location_id_fkey FOREIGN KEY (location_id) REFERENCES locations(location_id),
  CONSTRAINT nothing_left_after_disconnect CHECK (status = 'connected'::text OR restricted_key IS NULL AND webhook_secret IS NULL),
  CONSTRAINT stripe_connections_mode_check CHECK (mode = ANY (ARRAY['webhook'::text, 'poll'::text])),
  CONSTRAINT stripe_connections_restricted_key_check CHECK (restricted_key ~~ 's1.%'::text),
  CONSTRAINT stripe_connections_status_check CHECK (status = ANY (ARRAY['connected'::text, 'disconnected'::text])),
  CONSTRAINT stripe_connections_trouble_check CHECK (length(trouble) <= 1000),
  CONSTRAINT stripe_connections_url_key_check CHECK (url_key ~ '^[A-Za-z0-9_-]{22,64}$'::text),
  CONSTRAINT stripe_connections_webhook_secret_check CHECK (webhook_secret ~~ 's1.%'::text)
);
CREATE UNIQUE INDEX stripe_connections_live ON stripe_connections (location_id) WHERE status = 'connected'::text;
CREATE UNIQUE INDEX stripe_connections_url ON stripe_connections (url_key);
ALTER TABLE stripe_connections ENABLE ROW LEVEL SECURITY;
CREATE POLICY inbox ON stripe_connections FOR ALL TO kotally_inbox USING (true);
CREATE POLICY tenant ON stripe_connections FOR ALL TO kotally_app USING (array_position(( SELECT tenant_locations() AS tenant_locations), location_id) IS NOT NULL);
GRANT SELECT, INSERT ON stripe_connections TO kotally_app;
GRANT UPDATE (status, restricted_key, webhook_secret, disconnected_at) ON stripe_connections TO kotally_app;
GRANT SELECT ON stripe_connections TO kotally_inbox;
GRANT UPDATE (poll_cursor, polled_at, last_event_at, trouble) ON stripe_connections TO kotally_inbox;

CREATE TABLE support_grants (
  workspace_id uuid NOT NULL,
  id uuid NOT NULL,
  user_id uuid NOT NULL,
  granted_by uuid NOT NULL,
  reason text NOT NULL,
  created_at timestamp with time zone NOT NULL,
  expires_at timestamp with time zone NOT NULL,
  ended_at timestamp with time zone,
  CONSTRAINT support_grants_pkey PRIMARY KEY (workspace_id, id),
  CONSTRAINT support_grants_granted_by_fkey FOREIGN KEY (granted_by) REFERENCES users(id),
  CONSTRAINT support_grants_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id),
  CONSTRAINT support_grants_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id),
  CONSTRAINT support_grants_check CHECK (expires_at <= (created_at + '7 days'::interval)),
  CONSTRAINT support_grants_reason_check CHECK (length(reason) >= 1 AND length(reason) <= 1000)
);
CREATE INDEX support_grants_user ON support_grants (user_id) WHERE ended_at IS NULL;
ALTER TABLE support_grants ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON support_grants FOR SELECT TO kotally_app USING (user_id = (( SELECT tenant_person() AS tenant_person)));
CREATE POLICY tenant ON support_grants FOR ALL TO kotally_app USING (workspace_id = (( SELECT tenant_workspace() AS tenant_workspace)));
GRANT SELECT, INSERT ON support_grants TO kotally_app;
GRANT UPDATE (ended_at) ON support_grants TO kotally_app;

CREATE TABLE two_factors (
  id uuid NOT NULL,
  user_id uuid NOT NULL,
  secret text NOT NULL,
  backup_codes text NOT NULL,
  verified boolean NOT NULL DEFAULT true,
  failed_verification_count integer NOT NULL DEFAULT 0,
  locked_until timestamp with time zone,
  CONSTRAINT two_factors_pkey PRIMARY KEY (id),
  CONSTRAINT two_factors_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
);
CREATE INDEX two_factors_user ON two_factors (user_id);
ALTER TABLE two_factors ENABLE ROW LEVEL SECURITY;
CREATE POLICY sign_in ON two_factors FOR ALL TO kotally_sign_in USING (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON two_factors TO kotally_sign_in;

CREATE TABLE unattached_reversals (
  location_id uuid NOT NULL,
  provider text NOT NULL,
  key text NOT NULL,
  kind text NOT NULL,
  reversal_id text NOT NULL,
  document jsonb NOT NULL,
  told_at timestamp with time zone NOT NULL,
  payment_event_id uuid,
  CONSTRAINT unattached_reversals_pkey PRIMARY KEY (location_id, provider, key, kind, reversal_id),
  CONSTRAINT unattached_reversals_location_id_fkey FOREIGN KEY (location_id) REFERENCES locations(location_id),
  CONSTRAINT unattached_reversals_location_id_payment_event_id_fkey FOREIGN KEY (location_id, payment_event_id) REFERENCES payment_events(location_id, id),
  CONSTRAINT unattached_reversals_kind_check CHECK (kind = ANY (ARRAY['refund'::text, 'dispute'::text]))
);
CREATE INDEX unattached_reversals_open ON unattached_reversals (location_id, told_at) WHERE payment_event_id IS NULL;
ALTER TABLE unattached_reversals ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON unattached_reversals FOR ALL TO kotally_app USING (array_position(( SELECT tenant_locations() AS tenant_locations), location_id) IS NOT NULL);
GRANT SELECT, INSERT, UPDATE ON unattached_reversals TO kotally_app;

CREATE TABLE users (
  id uuid NOT NULL,
  email text NOT NULL,
  name text,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  email_verified boolean NOT NULL DEFAULT false,
  image text,
  two_factor_enabled boolean NOT NULL DEFAULT false,
  workspace_name text,
  is_support boolean NOT NULL DEFAULT false,
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT users_pkey PRIMARY KEY (id),
  CONSTRAINT users_email_key UNIQUE (email),
  CONSTRAINT users_email_check CHECK (email = lower(email)),
  CONSTRAINT users_workspace_name_check CHECK (length(workspace_name) >= 1 AND length(workspace_name) <= 255)
);
ALTER TABLE users ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON users FOR ALL TO kotally_app USING (id = (( SELECT tenant_person() AS tenant_person)));
CREATE POLICY sign_in ON users FOR ALL TO kotally_sign_in USING (true);
CREATE POLICY tenant ON users FOR SELECT TO kotally_app USING (is_support OR (EXISTS ( SELECT
   FROM workspace_members m
  WHERE m.user_id = users.id AND m.workspace_id = (( SELECT tenant_workspace() AS tenant_workspace)))));
GRANT SELECT (id, email, name, two_factor_enabled, workspace_name, is_support) ON users TO kotally_app;
GRANT UPDATE (workspace_name) ON users TO kotally_app;
GRANT INSERT (id, email, name, created_at, email_verified, image, two_factor_enabled, workspace_name, updated_at) ON users TO kotally_sign_in;
GRANT SELECT, DELETE ON users TO kotally_sign_in;
GRANT UPDATE (email, name, email_verified, image, two_factor_enabled, workspace_name, updated_at) ON users TO kotally_sign_in;

CREATE TABLE verifications (
  id uuid NOT NULL,
  identifier text NOT NULL,
  value text NOT NULL,
  expires_at timestamp with time zone NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT verifications_pkey PRIMARY KEY (id)
);
CREATE INDEX verifications_identifier ON verifications (identifier);
ALTER TABLE verifications ENABLE ROW LEVEL SECURITY;
CREATE POLICY sign_in ON verifications FOR ALL TO kotally_sign_in USING (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON verifications TO kotally_sign_in;

CREATE TABLE webhook_attempts (
  event_id uuid NOT NULL,
  number integer NOT NULL,
  started_at timestamp with time zone NOT NULL,
  finished_at timestamp with time zone,
  outcome text,
  reason_code text,
  error text,
  CONSTRAINT webhook_attempts_pkey PRIMARY KEY (event_id, number),
  CONSTRAINT webhook_attempts_event_id_fkey FOREIGN KEY (event_id) REFERENCES webhook_events(id) ON DELETE CASCADE,
  CONSTRAINT webhook_attempts_error_check CHECK (length(error) <= 1000),
  CONSTRAINT webhook_attempts_number_check CHECK (number > 0),
  CONSTRAINT webhook_attempts_outcome_check CHECK (outcome = ANY (ARRAY['done'::text, 'ignored'::text, 'waiting'::text, 'failed'::text]))
);
ALTER TABLE webhook_attempts ENABLE ROW LEVEL SECURITY;
CREATE POLICY inbox ON webhook_attempts FOR ALL TO kotally_inbox USING (true);
CREATE POLICY tenant ON webhook_attempts FOR ALL TO kotally_app USING ((EXISTS ( SELECT
   FROM webhook_events e
  WHERE e.id = webhook_attempts.event_id)));
GRANT SELECT ON webhook_attempts TO kotally_app;
GRANT SELECT, INSERT, UPDATE ON webhook_attempts TO kotally_inbox;

CREATE TABLE webhook_events (
  id uuid NOT NULL,
  provider text NOT NULL,
  connection_id uuid,
  dedupe_key text NOT NULL,
  type text NOT NULL,
  external_location_id text,
  company_id text,
  location_id uuid,
  headers jsonb NOT NULL,
  body bytea NOT NULL,
  verification text NOT NULL,
  is_late boolean NOT NULL DEFAULT false,
  told_at timestamp with time zone NOT NULL,
  received_at timestamp with time zone NOT NULL,
  status text NOT NULL,
  reason_code text,
  detail text,
  attempts integer NOT NULL DEFAULT 0,
  attempts_allowed integer NOT NULL,
  next_attempt_at timestamp with time zone,
  finished_at timestamp with time zone,
  correlation_id uuid NOT NULL,
  contacts text[] NOT NULL DEFAULT '{}'::text[],
  timeline_contact text DEFAULT 
CASE
    WHEN (type ~~ 'Opportunity%'::text) THEN contacts[1]
    ELSE NULL::text
END,
  CONSTRAINT webhook_events_pkey PRIMARY KEY (id),
  CONSTRAINT webhook_events_location_id_fkey FOREIGN KEY (location_id) REFERENCES locations(location_id),
  CONSTRAINT queued_until_finished CHECK (next_attempt_at IS NULL OR (status = ANY (ARRAY['received'::text, 'waiting'::text, 'failed'::text]))),
  CONSTRAINT webhook_events_attempts_allowed_check CHECK (attempts_allowed >= 0),
  CONSTRAINT webhook_events_attempts_check CHECK (attempts >= 0),
  CONSTRAINT webhook_events_body_check CHECK (length(body) <= 1048576),
  CONSTRAINT webhook_events_company_id_check CHECK (length(company_id) <= 255),
  CONSTRAINT webhook_events_contacts_check CHECK (cardinality(contacts) <= 100),
  CONSTRAINT webhook_events_dedupe_key_check CHECK (length(dedupe_key) >= 1 AND length(dedupe_key) <= 255),
  CONSTRAINT webhook_events_detail_check CHECK (length(detail) <= 1000),
  CONSTRAINT webhook_events_external_location_id_check CHECK (length(external_location_id) <= 255),
  CONSTRAINT webhook_events_provider_check CHECK (provider = ANY (ARRAY['ghl'::text, 'stripe'::text])),
  CONSTRAINT webhook_events_reason_code_check CHECK (length(reason_code) <= 100),
  CONSTRAINT webhook_events_status_check CHECK (status = ANY (ARRAY['received'::text, 'waiting'::text, 'done'::text, 'ignored'::text, 'failed'::text, 'dead'::text])),
  CONSTRAINT webhook_events_type_check CHECK (length(type) <= 255),
  CONSTRAINT webhook_events_verification_check CHECK (verification = ANY (ARRAY['verified'::text, 'sandbox'::text, 'polled'::text]))
);
CREATE INDEX webhook_events_contacts ON webhook_events USING gin (contacts) WHERE cardinality(contacts) > 0;
CREATE INDEX webhook_events_correlation ON webhook_events (correlation_id);
CREATE INDEX webhook_events_dedupe ON webhook_events (dedupe_key);
CREATE INDEX webhook_events_log ON webhook_events (location_id, received_at DESC, id DESC);
CREATE INDEX webhook_events_log_status ON webhook_events (location_id, status, received_at DESC, id DESC);
CREATE UNIQUE INDEX webhook_events_once ON webhook_events (provider, COALESCE(connection_id, '00000000-0000-0000-0000-000000000000'::uuid), dedupe_key);
CREATE INDEX webhook_events_provider ON webhook_events (location_id, provider, received_at DESC);
CREATE INDEX webhook_events_queue ON webhook_events (COALESCE(location_id, '00000000-0000-0000-0000-000000000000'::uuid), told_at, id) INCLUDE (next_attempt_at) WHERE next_attempt_at IS NOT NULL;
CREATE INDEX webhook_events_suspended ON webhook_events (location_id) WHERE reason_code = 'BILLING_SUSPENDED'::text;
CREATE INDEX webhook_events_timeline ON webhook_events (location_id, timeline_contact, told_at DESC, id DESC) WHERE timeline_contact IS NOT NULL;
CREATE INDEX webhook_events_waiting ON webhook_events (reason_code, location_id, external_location_id) WHERE status = 'waiting'::text AND next_attempt_at IS NULL;
ALTER TABLE webhook_events ENABLE ROW LEVEL SECURITY;
CREATE POLICY inbox ON webhook_events FOR ALL TO kotally_inbox USING (true);
CREATE POLICY tenant ON webhook_events FOR ALL TO kotally_app USING (array_position(( SELECT tenant_locations() AS tenant_locations), location_id) IS NOT NULL);
GRANT SELECT ON webhook_events TO kotally_app;
GRANT UPDATE (status, reason_code, detail, attempts_allowed, next_attempt_at, finished_at) ON webhook_events TO kotally_app;
GRANT SELECT, INSERT ON webhook_events TO kotally_inbox;
GRANT UPDATE (location_id, status, reason_code, detail, attempts, attempts_allowed, next_attempt_at, finished_at, contacts) ON webhook_events TO kotally_inbox;

CREATE TABLE workspace_members (
  workspace_id uuid NOT NULL,
  user_id uuid NOT NULL,
  role text NOT NULL,
  joined_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT workspace_members_pkey PRIMARY KEY (workspace_id, user_id),
  CONSTRAINT workspace_members_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id),
  CONSTRAINT workspace_members_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id),
  CONSTRAINT workspace_members_role_check CHECK (role = ANY (ARRAY['owner'::text, 'admin'::text, 'viewer'::text]))
);
CREATE INDEX workspace_members_user ON workspace_members (user_id);
CREATE CONSTRAINT TRIGGER workspace_members_owner AFTER DELETE OR UPDATE ON workspace_members NOT DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW WHEN (old.role = 'owner'::text) EXECUTE FUNCTION keep_an_owner();
ALTER TABLE workspace_members ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON workspace_members FOR SELECT TO kotally_app USING (user_id = (( SELECT tenant_person() AS tenant_person)));
CREATE POLICY tenant ON workspace_members FOR ALL TO kotally_app USING (workspace_id = (( SELECT tenant_workspace() AS tenant_workspace)));
GRANT SELECT, INSERT, DELETE ON workspace_members TO kotally_app;
GRANT UPDATE (role) ON workspace_members TO kotally_app;

CREATE TABLE workspaces (
  id uuid NOT NULL,
  key text NOT NULL,
  name text NOT NULL,
  billing_status text NOT NULL DEFAULT 'active'::text,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  cancelled_at timestamp with time zone,
  deleting_since timestamp with time zone,
  CONSTRAINT workspaces_pkey PRIMARY KEY (id),
  CONSTRAINT workspaces_key_key UNIQUE (key),
  CONSTRAINT cancelled_at_of_the_cancelled CHECK ((cancelled_at IS NOT NULL) = (billing_status = 'cancelled'::text)),
  CONSTRAINT only_cancelled_ones_are_deleted CHECK (deleting_since IS NULL OR billing_status = 'cancelled'::text),
  CONSTRAINT workspaces_billing_status_check CHECK (billing_status = ANY (ARRAY['none'::text, 'trialing'::text, 'active'::text, 'past_due'::text, 'suspended'::text, 'cancelled'::text])),
  CONSTRAINT workspaces_key_check CHECK (length(key) >= 1 AND length(key) <= 255)
);
CREATE INDEX workspaces_cancelled ON workspaces (cancelled_at) WHERE cancelled_at IS NOT NULL;
ALTER TABLE workspaces ENABLE ROW LEVEL SECURITY;
CREATE POLICY opening ON workspaces FOR INSERT TO kotally_app WITH CHECK (id = (( SELECT tenant_workspace() AS tenant_workspace)));
CREATE POLICY register ON workspaces FOR SELECT TO PUBLIC USING (true);
CREATE POLICY tenant ON workspaces FOR UPDATE TO kotally_app USING (id = (( SELECT tenant_workspace() AS tenant_workspace)));
GRANT SELECT, INSERT ON workspaces TO kotally_app;
GRANT UPDATE (name) ON workspaces TO kotally_app;
GRANT SELECT ON workspaces TO kotally_inbox;

-- Makes true: whoever is at the desk finds any member by the beginning of a name, an e-mail address, a phone number or an id, reads the
-- location's memberships, bookings and payments page by page in the order of one index, sees what moved in a month, what an API
-- client asked and was refused, and when the books were last verified.

-- What is typed and what is kept are compared in this one form: no capitals, no accents, single spaces; of what looks like a phone
-- number the digits, without leading zeros.
CREATE FUNCTION search_key(said text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN CASE
    WHEN said ~ '^[-+0-9 ()./]*[0-9][-+0-9 ()./]*$' THEN left(ltrim(regexp_replace(said, '[^0-9]', '', 'g'), '0'), 255)
    ELSE left(btrim(regexp_replace(
      lower(regexp_replace(normalize(said, NFKD), '[\u0300-\u036f]', '', 'g')), '[\s,;]+', ' ', 'g')), 255)
  END;

-- A name is found from each of its words on, and by its last word first; a phone number also without what stands before it.
CREATE FUNCTION search_keys(external_id text, name text, email text, phone text) RETURNS text[]
  LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
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
END $$;

ALTER TABLE contacts ADD COLUMN sort_key text COLLATE "C"
  GENERATED ALWAYS AS (left(search_key(CASE WHEN name IS NOT NULL THEN name WHEN email IS NOT NULL THEN email ELSE external_id END), 100)) STORED;
CREATE INDEX contacts_sorted ON contacts (location_id, sort_key, id) WHERE merged_into IS NULL;

-- Under row-level security neither a pattern nor an expression may enter an index; a range of stored keys may.
CREATE TABLE contact_keys (
  location_id uuid NOT NULL,
  contact_id uuid NOT NULL,
  key text COLLATE "C" NOT NULL CHECK (length(key) BETWEEN 1 AND 600),
  PRIMARY KEY (location_id, contact_id, key),
  FOREIGN KEY (location_id, contact_id) REFERENCES contacts (location_id, id) ON DELETE CASCADE
);
CREATE INDEX contact_keys_key ON contact_keys (location_id, key, contact_id);
GRANT SELECT, INSERT, DELETE ON contact_keys TO kotally_app;
ALTER TABLE contact_keys ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON contact_keys TO kotally_app USING (array_position((SELECT tenant_locations()), location_id) IS NOT NULL);

CREATE FUNCTION follow_contact_keys() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    DELETE FROM contact_keys k WHERE k.location_id = NEW.location_id AND k.contact_id = NEW.id;
  END IF;
  INSERT INTO contact_keys (location_id, contact_id, key)
    SELECT DISTINCT NEW.location_id, NEW.id, key
    FROM unnest(search_keys(NEW.external_id, NEW.name, NEW.email, NEW.phone)) AS key;
  RETURN NULL;
END $$;
CREATE TRIGGER contacts_keys_inserted AFTER INSERT ON contacts FOR EACH ROW EXECUTE FUNCTION follow_contact_keys();
CREATE TRIGGER contacts_keys_updated AFTER UPDATE OF name, email, phone ON contacts FOR EACH ROW
  WHEN ((OLD.name, OLD.email, OLD.phone) IS DISTINCT FROM (NEW.name, NEW.email, NEW.phone))
  EXECUTE FUNCTION follow_contact_keys();
INSERT INTO contact_keys (location_id, contact_id, key)
  SELECT DISTINCT c.location_id, c.id, key
  FROM contacts c, unnest(search_keys(c.external_id, c.name, c.email, c.phone)) AS key;

-- A payment is found by any of its names, whoever told it.
CREATE INDEX payment_keys_key ON payment_keys (location_id, key);

-- The few payments that were given back.
CREATE INDEX payment_events_reversed ON payment_events (location_id, paid_at DESC, id DESC)
  WHERE refunded_cents > 0 OR disputes <> '[]';

-- Memberships in the order in which they renew.
CREATE INDEX memberships_renewing ON memberships (location_id, open_until, id) WHERE status <> 'ended';
CREATE INDEX memberships_status ON memberships (location_id, status, open_until, id);
CREATE INDEX memberships_product ON memberships (location_id, product_config_id, open_until, id);
CREATE INDEX memberships_frozen ON memberships (location_id, contact_id)
  WHERE freezes @> '[{"status": "active"}]' OR freezes @> '[{"status": "planned"}]';
CREATE INDEX memberships_past_due ON memberships (location_id, contact_id) WHERE status = 'past_due';

-- The location's bookings by their time, and those that cost a credit without a visit.
CREATE INDEX appointments_location ON appointments
  (location_id, (CASE WHEN starts_at IS NULL THEN booked_at ELSE starts_at END), external_id, contact_id);
CREATE INDEX appointments_missed ON appointments
  (location_id, status, (CASE WHEN starts_at IS NULL THEN booked_at ELSE starts_at END), external_id, contact_id)
  WHERE status IN ('noshow', 'cancelled');

-- What moved in a range of time, read from the index alone.
CREATE INDEX ledger_entries_time ON ledger_entries (location_id, occurred_at) INCLUDE (type, amount);

CREATE INDEX webhook_events_provider ON webhook_events (location_id, provider, received_at DESC);

-- What an API client asked last: which route, when, and what it was told. No body, no id of a member.
CREATE TABLE api_client_requests (
  location_id uuid NOT NULL,
  client_id uuid NOT NULL,
  -- Of the request's answer too, and of the ledger entries that it caused.
  correlation_id uuid NOT NULL,
  received_at timestamptz NOT NULL,
  method text NOT NULL CHECK (length(method) <= 10),
  route text NOT NULL CHECK (length(route) <= 255),
  status integer NOT NULL,
  reason_code text CHECK (length(reason_code) <= 100),
  duration_ms integer NOT NULL CHECK (duration_ms >= 0),
  PRIMARY KEY (location_id, client_id, received_at, correlation_id),
  FOREIGN KEY (location_id, client_id) REFERENCES api_clients (location_id, id) ON DELETE CASCADE
);

-- By the UTC day: how much a client asked, and how often its rate limit refused it.
CREATE TABLE api_client_days (
  location_id uuid NOT NULL,
  client_id uuid NOT NULL,
  day date NOT NULL,
  requests bigint NOT NULL CHECK (requests >= 0),
  -- Of these: answered with ok false, for whatever reason.
  refused bigint NOT NULL CHECK (refused >= 0),
  rate_limited bigint NOT NULL CHECK (rate_limited >= 0),
  last_rate_limited_at timestamptz,
  PRIMARY KEY (location_id, client_id, day),
  FOREIGN KEY (location_id, client_id) REFERENCES api_clients (location_id, id) ON DELETE CASCADE
);
GRANT SELECT, INSERT, DELETE ON api_client_requests TO kotally_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON api_client_days TO kotally_app;

-- How the last verification of each location's books came out.
CREATE TABLE ledger_verifications (
  location_id uuid PRIMARY KEY REFERENCES locations,
  verified_at timestamptz NOT NULL,
  -- What is off, the first of each invariant: [{ invariant, subject }]; empty: the books are clean.
  findings jsonb NOT NULL
);
GRANT SELECT ON ledger_verifications TO kotally_app;

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['api_client_requests', 'api_client_days', 'ledger_verifications'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY tenant ON %I TO kotally_app USING (array_position((SELECT tenant_locations()), location_id) IS NOT NULL)', t);
  END LOOP;
END $$;

-- Makes true: what GoHighLevel does not tell by itself is asked for, by one process at a time, and a failure to ask stays visible;
-- a change of a member's balance is noted in the transaction that made it, until it stands at GoHighLevel or is given up.

-- How far a location was read. All instants are by the location's own clock, so that a sandbox's can be moved.
CREATE TABLE ghl_polls (
  location_id uuid NOT NULL REFERENCES locations,
  kind text NOT NULL CHECK (kind IN ('transactions', 'transactions_sweep', 'subscriptions', 'bookings')),
  -- Nothing older than this is read: it was paid before the connection.
  began_at timestamptz NOT NULL,
  -- What was told before was read; null: nothing yet.
  cursor_at timestamptz,
  -- When it is read next; while it is read, when its process counts as lost.
  next_at timestamptz NOT NULL,
  succeeded_at timestamptz,
  failures integer NOT NULL DEFAULT 0 CHECK (failures >= 0),
  -- Why the last reading failed; null: it did not.
  trouble text CHECK (length(trouble) <= 1000),
  PRIMARY KEY (location_id, kind)
);

-- A member whose balance GoHighLevel shows in a custom field of the contact.
CREATE TABLE balance_write_backs (
  location_id uuid NOT NULL,
  contact_id uuid NOT NULL,
  -- Counts what may have changed the balance: a change that comes during a writing is not lost.
  change bigint NOT NULL DEFAULT 1 CHECK (change > 0),
  -- When the balance is looked at next; null: not before the next change.
  due_at timestamptz,
  -- Until then one process writes, and no other.
  leased_until timestamptz,
  -- What stands at GoHighLevel, as far as it is known; null: nothing was written.
  written bigint CHECK (written >= 0),
  written_at timestamptz,
  failures integer NOT NULL DEFAULT 0 CHECK (failures >= 0),
  trouble text CHECK (length(trouble) <= 1000),
  PRIMARY KEY (location_id, contact_id),
  FOREIGN KEY (location_id, contact_id) REFERENCES contacts (location_id, id) ON DELETE CASCADE
) WITH (fillfactor = 75);
CREATE INDEX balance_write_backs_due ON balance_write_backs (location_id, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX balance_write_backs_trouble ON balance_write_backs (location_id, contact_id) WHERE trouble IS NOT NULL;

-- The custom field of the location's contacts that holds the balance; null: not looked up yet.
ALTER TABLE ghl_connections ADD COLUMN balance_field_id text CHECK (length(balance_field_id) BETWEEN 1 AND 255);

-- Opportunities stand on the contact's timeline only (clarification 26). A column of its own, because the operators of arrays may
-- not enter an index under row-level security.
ALTER TABLE webhook_events ADD COLUMN timeline_contact text
  GENERATED ALWAYS AS (CASE WHEN type LIKE 'Opportunity%' THEN contacts[1] END) STORED;
CREATE INDEX webhook_events_timeline ON webhook_events (location_id, timeline_contact, told_at DESC, id DESC)
  WHERE timeline_contact IS NOT NULL;

-- Bookings of the coming weeks are compared with GoHighLevel's.
CREATE INDEX appointment_versions_time ON appointment_versions (location_id, starts_at);

-- Connected locations whose balances wait to be written: which these are is not known before.
CREATE FUNCTION locations_to_write_back(real_now timestamptz, at_most integer)
  RETURNS TABLE (location_id uuid)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT l.location_id
    FROM ghl_connections c
    JOIN locations l ON l.location_id = c.location_id AND NOT l.sandbox AND l.status <> 'disconnected'
    WHERE c.status = 'connected' AND EXISTS (
      SELECT FROM balance_write_backs b
      WHERE b.location_id = l.location_id AND b.due_at <= real_now AND COALESCE(b.leased_until, '-infinity') <= real_now
    )
    LIMIT at_most
  $$;
REVOKE ALL ON FUNCTION locations_to_write_back FROM PUBLIC;
GRANT EXECUTE ON FUNCTION locations_to_write_back TO kotally_app;

GRANT SELECT, INSERT, UPDATE ON ghl_polls TO kotally_inbox;
GRANT SELECT ON ghl_polls TO kotally_app;
GRANT SELECT, INSERT, UPDATE ON balance_write_backs TO kotally_app;

ALTER TABLE ghl_polls ENABLE ROW LEVEL SECURITY;
CREATE POLICY inbox ON ghl_polls TO kotally_inbox USING (true);
CREATE POLICY tenant ON ghl_polls TO kotally_app USING (array_position((SELECT tenant_locations()), location_id) IS NOT NULL);
ALTER TABLE balance_write_backs ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON balance_write_backs TO kotally_app USING (array_position((SELECT tenant_locations()), location_id) IS NOT NULL);

-- Makes true: a workspace has one account at Kotally's own Stripe, and what Stripe said of its subscription is on record, never
-- overwritten by what was read earlier; an event of Stripe is taken once; after a cancellation each notice is sent once. What is
-- append-only leaves with its whole workspace, and in no other way.

-- Since when a cancelled workspace waits for its deletion.
ALTER TABLE workspaces ADD COLUMN cancelled_at timestamptz;
UPDATE workspaces SET cancelled_at = now() WHERE billing_status = 'cancelled';
ALTER TABLE workspaces ADD CONSTRAINT cancelled_at_of_the_cancelled
  CHECK ((cancelled_at IS NOT NULL) = (billing_status = 'cancelled'));
CREATE INDEX workspaces_cancelled ON workspaces (cancelled_at) WHERE cancelled_at IS NOT NULL;
-- Since when its rows are being deleted: there is no way back.
ALTER TABLE workspaces ADD COLUMN deleting_since timestamptz
  CONSTRAINT only_cancelled_ones_are_deleted CHECK (deleting_since IS NULL OR billing_status = 'cancelled');

-- Locations whose books are incomplete because they are being deleted.
CREATE VIEW leaving_locations AS
  SELECT l.location_id FROM locations l JOIN workspaces w ON w.id = l.workspace_id WHERE w.deleting_since IS NOT NULL;

-- That there was a workspace, and nothing of what it was.
CREATE TABLE deleted_workspaces (
  workspace_id uuid PRIMARY KEY,
  cancelled_at timestamptz NOT NULL,
  deleted_at timestamptz NOT NULL
);
ALTER TABLE deleted_workspaces ENABLE ROW LEVEL SECURITY;

CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
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
END $$;

CREATE OR REPLACE FUNCTION keep_an_owner() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM workspaces WHERE id = OLD.workspace_id AND deleting_since IS NULL FOR NO KEY UPDATE;
  IF FOUND AND NOT EXISTS (SELECT FROM workspace_members WHERE workspace_id = OLD.workspace_id AND role = 'owner') THEN
    RAISE EXCEPTION 'a workspace keeps an owner' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END $$;

CREATE TABLE billing_accounts (
  workspace_id uuid PRIMARY KEY REFERENCES workspaces,
  -- Stripe's customer.
  customer_id text NOT NULL UNIQUE CHECK (length(customer_id) BETWEEN 1 AND 255),
  -- The payment page that was opened last.
  checkout_session_id text CHECK (length(checkout_session_id) <= 255),
  -- A workspace is given one trial.
  had_trial boolean NOT NULL DEFAULT false,
  subscription_id text UNIQUE CHECK (length(subscription_id) <= 255),
  item_id text CHECK (length(item_id) <= 255),
  -- Stripe's own word.
  subscription_status text CHECK (length(subscription_status) <= 100),
  quantity integer CHECK (quantity >= 0),
  trial_ends_at timestamptz,
  period_ends_at timestamptz,
  cancels_at timestamptz,
  ended_at timestamptz,
  past_due_since timestamptz,
  -- Counts the changes of quantity: each has an idempotency key of its own.
  quantity_changes integer NOT NULL DEFAULT 0 CHECK (quantity_changes >= 0),
  -- Readings of Stripe that were begun, and the latest one that was written; one that was overtaken is not.
  readings_begun integer NOT NULL DEFAULT 0,
  reading_written integer NOT NULL DEFAULT 0 CHECK (reading_written <= readings_begun),
  -- When Stripe is asked next; while it is asked, when that counts as lost.
  next_reading_at timestamptz NOT NULL,
  read_at timestamptz,
  -- Why the last reading failed; null: it did not.
  trouble text CHECK (length(trouble) <= 1000),
  created_at timestamptz NOT NULL,
  CONSTRAINT subscription_whole CHECK (
    num_nulls(subscription_id, item_id, subscription_status, quantity) IN (0, 4)),
  CONSTRAINT past_due_while_it_is CHECK ((past_due_since IS NOT NULL) = (subscription_status IS NOT DISTINCT FROM 'past_due'))
);
CREATE INDEX billing_accounts_due ON billing_accounts (next_reading_at, workspace_id);

-- What Stripe told of, by its own event id.
CREATE TABLE billing_events (
  id text PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 255),
  type text NOT NULL CHECK (length(type) <= 255),
  -- Null: of a customer that is none of ours.
  workspace_id uuid REFERENCES workspaces,
  told_at timestamptz NOT NULL,
  received_at timestamptz NOT NULL
);
CREATE INDEX billing_events_received ON billing_events (received_at);

-- Rule 39.
CREATE TABLE retention_notices (
  workspace_id uuid NOT NULL REFERENCES workspaces,
  cancelled_at timestamptz NOT NULL,
  days_before smallint NOT NULL CHECK (days_before IN (30, 7, 1)),
  sent_at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, cancelled_at, days_before)
);

-- People at the console see their own workspace's account, open it and begin to pay; what Stripe said is written by the owner's role,
-- which also keeps the rest.
ALTER TABLE billing_accounts ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON billing_accounts TO kotally_app USING (workspace_id = (SELECT tenant_workspace()));
GRANT SELECT, INSERT (workspace_id, customer_id, next_reading_at, created_at), UPDATE (checkout_session_id) ON billing_accounts
  TO kotally_app;
ALTER TABLE billing_events ENABLE ROW LEVEL SECURITY;
ALTER TABLE retention_notices ENABLE ROW LEVEL SECURITY;

-- Makes true: what GoHighLevel seals about who looks at an embedded page opens that page once.

CREATE TABLE embed_contexts (
  -- SHA-256 of what makes one telling of it another than all before.
  fingerprint bytea PRIMARY KEY CHECK (length(fingerprint) = 32),
  used_at timestamptz NOT NULL
);
CREATE INDEX embed_contexts_used ON embed_contexts (used_at);
GRANT SELECT, INSERT, DELETE ON embed_contexts TO kotally_inbox;
ALTER TABLE embed_contexts ENABLE ROW LEVEL SECURITY;
CREATE POLICY inbox ON embed_contexts TO kotally_inbox USING (true);

-- Makes true: what happened to a membership beside movements of credits is read with its member's history.

CREATE INDEX audit_events_subject ON audit_events (location_id, subject, recorded_at);
GRANT SELECT ON audit_events TO kotally_app;

-- Makes true: staff find every booking with a flag, one that was told late for one, without a search through all of them.

CREATE INDEX appointments_flagged ON appointments (location_id, booked_at DESC, external_id DESC, contact_id DESC)
  WHERE flags <> '{}';

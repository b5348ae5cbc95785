import type { Transaction } from "../platform/database.ts";
import { instant } from "../platform/sql.ts";
import type { BookingVersion } from "../rules/bookings/booking-version.ts";
import type { Instant } from "../rules/time/local-days.ts";

const LATEST = {
  name: "view_bookings_of_window",
  text: `
    SELECT v.external_id, v.updated_at, v.payload_hash, v.contact_external_id, v.calendar_id, v.status, v.starts_at, v.ends_at,
      v.added_at
    FROM (
      SELECT DISTINCT external_id FROM appointment_versions
      WHERE location_id = $1 AND starts_at >= $2 AND starts_at < $3
    ) seen
    CROSS JOIN LATERAL (
      SELECT * FROM appointment_versions a WHERE a.location_id = $1 AND a.external_id = seen.external_id
      ORDER BY a.updated_at DESC, a.payload_hash DESC LIMIT 1
    ) v
    WHERE v.starts_at >= $2 AND v.starts_at < $3
    ORDER BY v.starts_at, v.external_id`,
};

/** The latest that was told of every booking of a location that starts in `[from, to)`. */
export function findBookings(
  tx: Transaction,
  location_id: string,
  { from, to }: { from: Instant; to: Instant },
): Promise<BookingVersion[]> {
  return tx.query<BookingVersion & Record<string, unknown>>(LATEST, [location_id, instant(from), instant(to)]);
}

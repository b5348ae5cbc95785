import type { Database } from "../../platform/database.ts";
import { findContactsOfBooking } from "../../store/appointments.ts";

/** Everybody whom a booking was ever told to be of, by external ids: each of them gets the difference (rule 29). */
export function findBookingContacts(db: Database, location_id: string, external_id: string): Promise<string[]> {
  return db.transaction([location_id], (tx) => findContactsOfBooking(tx, location_id, external_id), {
    read_only: true,
  });
}

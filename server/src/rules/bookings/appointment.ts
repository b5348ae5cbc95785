import type { Instant } from "../time/local-days.ts";

/** A booking as last known. One that came through the API's deduct has the caller's `external_ref` as its id. */
export interface Appointment {
  external_id: string;
  calendar_id: string | null;
  status: "confirmed" | "cancelled";
  /** Null where the caller did not say. */
  starts_at: Instant | null;
  booked_at: Instant;
}

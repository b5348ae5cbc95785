import type { Instant } from "../time/local-days.ts";

/** A provider's status in our words: `new`, `active`, `booked` are confirmed, `completed` is showed. Rule 27. */
export type BookingStatus = "confirmed" | "showed" | "noshow" | "cancelled" | "invalid" | "deleted";

/** One state of a booking as its provider told it; all of them are kept (clarification 23). */
export interface BookingVersion {
  /** The provider's id of the appointment. */
  external_id: string;
  contact_external_id: string;
  calendar_id: string;
  status: BookingStatus;
  starts_at: Instant;
  ends_at: Instant | null;
  /** When it was first booked. */
  added_at: Instant;
  /** The provider's update time: versions are applied in this order, whenever they arrive. */
  updated_at: Instant;
  /** SHA-256, hex, of what the version says: tells two versions of one instant apart. */
  payload_hash: string;
}

import type { Detail } from "../reasons.ts";
import type { Instant } from "../time/local-days.ts";
import type { BookingStatus } from "./booking-version.ts";

/** A booking as last known. One that came through the API's deduct has the caller's `external_ref` as its id. */
export interface Appointment {
  external_id: string;
  calendar_id: string | null;
  status: BookingStatus;
  /** Null where the caller did not say. */
  starts_at: Instant | null;
  ends_at: Instant | null;
  booked_at: Instant;
  /** `ghl`: its provider tells of it, and its charge follows what the provider says. */
  source: "api" | "ghl";
  /** The provider's time of the last applied version; null for `api`. */
  updated_at: Instant | null;
  /** How often it was booked afresh after a cancellation, from 1. Rule 29. */
  generation: number;
  /** When it was cancelled, by the provider's time, and who did; unknown means the member (clarification 24). */
  cancelled_at: Instant | null;
  cancelled_by: "member" | "studio" | null;
  /** Why it could not be charged; null: it was, or need not be. Rule 30. */
  unfunded: Unfunded | null;
  /** What staff should see of it, in a fixed order. */
  flags: readonly AppointmentFlag[];
  /** When a hold without a final status is settled as used: a day after its end (clarification 1); null: nothing waits. */
  settles_at: Instant | null;
  /** How far it follows its provider; null while no version of it was applied. */
  followed: Followed | null;
}

export interface Followed {
  /** Number of versions that were looked at: none of them is news (rule 27). */
  versions: number;
  /** Generations that cost nothing any more: the studio cancelled them, or they went by unfunded. */
  waived: readonly number[];
  /** What its charges that stand were made for. */
  charges: readonly ChargedFor[];
}

export interface ChargedFor {
  /** Number of the first entry of the charge. */
  entry_number: number;
  calendar_id: string | null;
  starts_at: Instant | null;
}

export interface Unfunded {
  reason: "CONFIG_NOT_FOUND" | "NO_ENTITLEMENT" | "SERVICE_FAMILY_MISMATCH" | "INSUFFICIENT_CREDITS";
  detail: Detail | null;
  /** Only because its membership's period was not open yet: the renewal settles it (clarification 23). */
  awaits_period: boolean;
  since: Instant;
}

/** `funding_refunded`: a refund took the credits it was held by; `late`: told when its visit had begun, or more than a day after it was true; `partly_funded_penalty`: see rule 27. */
export const APPOINTMENT_FLAGS = ["funding_refunded", "late", "partly_funded_penalty"] as const;
export type AppointmentFlag = (typeof APPOINTMENT_FLAGS)[number];

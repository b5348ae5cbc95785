import { bookingsTexts } from "../../texts/bookings.ts";
import { Badge } from "../../ui/status-badge.tsx";
import type { Booking } from "./booking-why.ts";

type Standing = Booking["standing"];

const TONES: Partial<Record<Standing, "good" | "warn" | "bad">> = {
  held: "good",
  no_show: "warn",
  late_cancel: "warn",
  unfunded: "bad",
};

/** Whether a booking is covered, and what became of what it cost. */
export function Standing({ of }: { of: Standing }) {
  return <Badge tone={TONES[of] ?? "quiet"}>{bookingsTexts.standings[of]}</Badge>;
}

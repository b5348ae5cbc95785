import { DETAILS, type Detail } from "../../../../server/src/rules/reasons.ts";
import type { Answer } from "../../api/location-api.ts";
import { bookingWhyTexts as texts } from "../../texts/bookings.ts";

export type Booking = Answer<"/bookings">["bookings"][number];

type Explained = Pick<
  Booking,
  | "standing"
  | "status"
  | "credits_held"
  | "credits_used"
  | "products"
  | "unfunded"
  | "cancelled_by"
  | "hours_before_start"
  | "window_hours"
>;

/** Why a booking costs what it costs, or could not be charged. */
export function whyOf(booking: Explained): string {
  const { standing, credits_held, credits_used, hours_before_start: notice, window_hours: window } = booking;
  const products = booking.products.join(", ");
  if (standing === "unfunded") return whyUnfunded(booking.unfunded);
  if (standing === "held") return texts.held(credits_held, products);
  if (standing === "no_show") return texts.no_show(credits_used, products);
  if (standing === "late_cancel") return texts.late_cancel(notice, window, credits_used, products);
  if (standing === "released") return whyReleased(booking, products);
  return booking.status === "showed" ? texts.attended(credits_used, products) : texts.used(credits_used, products);
}

type Unfunded = Pick<NonNullable<Explained["unfunded"]>, "reason" | "detail" | "awaits_period">;

/** Why a booking could not be charged, to the finer reason. */
export function whyUnfunded(unfunded: Unfunded | null): string {
  if (!unfunded) return "";
  const detail = unfunded.detail !== null && unfunded.detail in DETAILS ? DETAILS[unfunded.detail as Detail] : null;
  const sentences = [
    texts.unfunded[unfunded.reason],
    detail?.meaning,
    unfunded.awaits_period ? texts.awaits_period : undefined,
  ];
  return sentences.filter((sentence) => sentence !== undefined).join(" ");
}

function whyReleased({ status, cancelled_by, hours_before_start: notice, window_hours }: Explained, products: string) {
  if (cancelled_by === "studio") return texts.by_studio;
  if (status === "cancelled") {
    return notice !== null && notice >= window_hours ? texts.in_time(notice, window_hours) : texts.cancelled;
  }
  if (status === "invalid" || status === "deleted") return texts.invalid;
  return products === "" ? texts.free : texts.covered(products);
}

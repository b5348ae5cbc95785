import { expect, test } from "vitest";
import { whyOf } from "./booking-why.ts";

const BOOKING: Parameters<typeof whyOf>[0] = {
  standing: "held",
  status: "confirmed",
  credits_held: 1,
  credits_used: 0,
  products: ["10-class pack"],
  unfunded: null,
  cancelled_by: null,
  hours_before_start: null,
  window_hours: 24,
};

test("a late cancellation is told with the notice that was given and the window that it missed", () => {
  const late = { standing: "late_cancel", status: "cancelled", credits_used: 1, hours_before_start: 3 } as const;
  expect(whyOf({ ...BOOKING, ...late })).toBe(
    "Cancelled 3 hours before its start; the window is 24 hours, so it kept 1 credit of 10-class pack.",
  );
});

test("a cancellation in time says that it was", () => {
  const early = { standing: "released", status: "cancelled", hours_before_start: 30 } as const;
  expect(whyOf({ ...BOOKING, ...early })).toContain("30 hours before its start");
  expect(whyOf({ ...BOOKING, ...early, cancelled_by: "studio" })).toBe("The studio cancelled: every credit went back.");
});

test("an unfunded booking tells the finer reason, and whether it settles itself", () => {
  const unfunded = {
    reason: "NO_ENTITLEMENT",
    detail: "ENTITLEMENT_EXPIRED",
    awaits_period: true,
    since: "2026-11-21T09:00:00.000Z",
  } as const;
  const why = whyOf({ ...BOOKING, standing: "unfunded", credits_held: 0, products: [], unfunded });
  expect(why).toBe(
    "The member holds nothing that is usable for it. The entitlement has expired, or will have by the asked date. The renewal of its membership will settle it by itself.",
  );
});

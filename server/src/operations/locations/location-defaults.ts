import type { Location } from "../../store/locations.ts";

/** What holds for a new location where nobody says otherwise. */
export const LOCATION_DEFAULTS = {
  currency: "USD",
  sandbox: false,
  clock_offset_ms: 0,
  cancellation_window_hours: 24,
  make_good_days: 7,
  auto_settle: false,
  no_show_penalty: 0,
  shows_balances: true,
  version: 1,
  settings_version: 1,
} as const satisfies Partial<Location>;

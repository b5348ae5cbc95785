import { z } from "zod";
import type { Transaction } from "../platform/database.ts";
import { instant } from "../platform/sql.ts";
import type { Instant } from "../rules/time/local-days.ts";

export const settingsAnswer = z.object({
  settings: z.object({
    name: z.string(),
    timezone: z.string(),
    currency: z.string(),
    cancellation_window_hours: z.int().describe("Cancelled later than this before its start a booking is kept."),
    make_good_days: z.int().describe("Days that a credit lives that comes back to an expired lot; 0: it does not."),
    auto_settle: z.boolean().describe("Unfunded bookings are charged by themselves as soon as credits come."),
    no_show_penalty: z
      .int()
      .describe("Credits that a no-show costs beside the booking's own, where the product says nothing."),
    shows_balances: z.boolean().describe("GoHighLevel shows each member's balance in a custom field."),
  }),
  version: z.int().describe("Counts the changes of the settings: an edit names the one that it began with."),
  key: z.string(),
  status: z.enum(["pending", "active", "disconnected"]),
  sandbox: z.boolean(),
  now: z.iso.datetime().describe("What its clock shows."),
  balance_field_id: z.string().nullable().describe("GoHighLevel's custom field; null: it is found or made by itself."),
});

type Row = z.output<typeof settingsAnswer>["settings"] & {
  key: string;
  status: "pending" | "active" | "disconnected";
  sandbox: boolean;
  settings_version: number;
  clock_offset_ms: number;
  balance_field_id: string | null;
};

const FIND = {
  name: "view_location_settings",
  text: `
    SELECT l.key, l.status, l.sandbox, l.settings_version, l.clock_offset_ms, l.name, l.timezone, l.currency,
      l.cancellation_window_hours, l.make_good_days, l.auto_settle, l.no_show_penalty, l.shows_balances,
      c.balance_field_id
    FROM locations l LEFT JOIN ghl_connections c ON c.location_id = l.location_id WHERE l.location_id = $1`,
};

/** What was decided for a location. */
export async function findSettings(
  tx: Transaction,
  location_id: string,
  real_now: Instant,
): Promise<z.output<typeof settingsAnswer>> {
  const [row] = await tx.query<Row>(FIND, [location_id]);
  if (!row) throw new Error(`there is no location ${location_id}`);
  const { key, status, sandbox, settings_version: version, clock_offset_ms, balance_field_id, ...settings } = row;
  return { settings, version, key, status, sandbox, now: instant(real_now + clock_offset_ms), balance_field_id };
}

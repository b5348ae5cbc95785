import type { Transaction } from "../../platform/database.ts";
import type { Instant } from "../../rules/time/local-days.ts";
import { bumpVersion, lockLocation, putLocation, type Location } from "../../store/locations.ts";
import { queueAllWriteBacks } from "../../store/write-backs.ts";
import { editConflict, type Edited } from "../catalog/edit-conflict.ts";
import { locationSubject } from "../catalog/told-config.ts";

/** What a person decides for all members of a location. */
export type Settings = Pick<
  Location,
  | "name"
  | "timezone"
  | "currency"
  | "cancellation_window_hours"
  | "make_good_days"
  | "auto_settle"
  | "no_show_penalty"
  | "shows_balances"
>;

/** Changes a location's settings: they hold for every decision from now on, and undo none. */
export async function editSettings(
  tx: Transaction,
  location_id: string,
  { expected_version, ...settings }: Settings & { expected_version: number },
  real_now: Instant,
): Promise<Edited> {
  const before = await lockLocation(tx, location_id);
  const subject = locationSubject(before);
  const versions = { expected: expected_version, current: before.settings_version };
  const conflict = await editConflict(tx, location_id, subject, versions, { ...settingsOf(before) });
  if (conflict) return conflict;
  await putLocation(tx, { ...before, ...settings });
  await bumpVersion(tx, location_id);
  const begins_to_show = settings.shows_balances && !before.shows_balances && before.ghl_location_id !== null;
  if (begins_to_show) await queueAllWriteBacks(tx, location_id, real_now);
  const after = await lockLocation(tx, location_id);
  return {
    answer: { version: after.settings_version },
    audit: { subject, before: settingsOf(before), after: settingsOf(after) },
  };
}

function settingsOf(location: Location): Settings {
  const { name, timezone, currency, cancellation_window_hours, make_good_days } = location;
  const { auto_settle, no_show_penalty, shows_balances } = location;
  return {
    name,
    timezone,
    currency,
    cancellation_window_hours,
    make_good_days,
    auto_settle,
    no_show_penalty,
    shows_balances,
  };
}

import { expect, test } from "vitest";
import { syncBooking } from "../../src/operations/bookings/sync-booking.ts";
import { submitOwn } from "../../src/operations/credits/submit-own.ts";
import { locationUuid } from "../../src/platform/ids.ts";
import type { BookingVersion } from "../../src/rules/bookings/booking-version.ts";
import { DAY, HOUR } from "../../src/rules/time/local-days.ts";
import { useServer } from "../support.ts";
import { openStudio, PACK } from "./studio.ts";

const server = useServer();
const from_ghl = { source: "ghl", urgency: "interactive", is_level: true } as const;

test("rule 12: bookings that one payment settled count each for itself, and one of them given back counts no more", async () => {
  const studio = await openStudio(server, { products: [{ ...PACK, limits: { per_day: 3 } }], auto_settle: true });
  const maya = studio.newMember();
  const now = Date.now();
  const starts_at = now + 5 * DAY;
  const tell = async (external_id: string, changes: Partial<BookingVersion> = {}) => {
    const version: BookingVersion = {
      external_id,
      contact_external_id: maya.id,
      calendar_id: "yoga",
      status: "confirmed",
      starts_at,
      ends_at: starts_at + HOUR,
      added_at: now - HOUR,
      updated_at: now - HOUR,
      payload_hash: JSON.stringify(changes),
      ...changes,
    };
    const location = locationUuid(studio.location_id) ?? "";
    return submitOwn(server.service.ledger, syncBooking, location, { contact_external_id: maya.id, version }, from_ghl);
  };
  const deduct = async () => {
    const { body } = await maya.deduct({ calendar_id: "yoga", appointment_time: new Date(starts_at).toISOString() });
    return body.ok ? "deducted" : body["detail"];
  };
  await tell("first");
  await tell("second");
  await maya.grant("pack");
  const { body } = await studio.api.get(`/contacts/${maya.id}/credits`);
  expect(body["credits"]).toMatchObject({ credits_available: 8, credits_held: 2 });

  expect([await deduct(), await deduct()]).toEqual(["deducted", "USAGE_LIMIT_REACHED"]);
  await tell("first", { status: "cancelled", updated_at: now });
  expect([await deduct(), await deduct()]).toEqual(["deducted", "USAGE_LIMIT_REACHED"]);
});

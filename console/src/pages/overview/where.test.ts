import { expect, test } from "vitest";
import { whereOf } from "./where.ts";

const NOW = "2026-03-10T12:00:00.000Z";
const row = (id: string, at: string | null = null) => ({
  id,
  title: null,
  reason: null,
  external_contact_id: null,
  contact_name: null,
  amount_cents: null,
  currency: null,
  at,
});

test("one payment that waits is led to itself, several to the list of those alone", () => {
  const one = { kind: "unmatched_payment" as const, count: 1, first: [row("p1")] };
  expect(whereOf("loc_1", one, NOW)).toBe("/locations/loc_1/payments/p1");
  expect(whereOf("loc_1", { ...one, count: 2 }, NOW)).toBe("/locations/loc_1/payments?state=unmatched");
});

test("unfunded bookings are looked for where the latest of them takes place", () => {
  const unfunded = (at: string) => ({ kind: "unfunded_booking" as const, count: 1, first: [row("b1", at)] });
  expect(whereOf("loc_1", unfunded("2026-03-09T12:00:00.000Z"), NOW)).toBe(
    "/locations/loc_1/bookings?only=unfunded&list=past",
  );
  expect(whereOf("loc_1", unfunded("2026-03-11T12:00:00.000Z"), NOW)).toBe("/locations/loc_1/bookings?only=unfunded");
});

test("a lost connection is mended where connections are", () => {
  expect(whereOf("loc_1", { kind: "disconnected", count: 1, first: [row("ghl")] }, NOW)).toBe(
    "/locations/loc_1/settings",
  );
});

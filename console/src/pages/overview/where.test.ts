import { expect, test } from "vitest";
import { whereOf } from "./where.ts";

const row = (id: string) => ({
  id,
  title: null,
  reason: null,
  external_contact_id: null,
  contact_name: null,
  amount_cents: null,
  currency: null,
  at: null,
});

test("one payment that waits is led to itself, several to the list of those alone", () => {
  const one = { kind: "unmatched_payment" as const, count: 1, first: [row("p1")] };
  expect(whereOf("loc_1", one)).toBe("/locations/loc_1/payments/p1");
  expect(whereOf("loc_1", { ...one, count: 2 })).toBe("/locations/loc_1/payments?state=unmatched");
});

test("unfunded bookings are settled in one list, whenever they take place", () => {
  const unfunded = { kind: "unfunded_booking" as const, count: 2, first: [row("b1")] };
  expect(whereOf("loc_1", unfunded)).toBe("/locations/loc_1/bookings?only=unfunded&list=all");
});

test("a lost connection is mended where connections are", () => {
  expect(whereOf("loc_1", { kind: "disconnected", count: 1, first: [row("ghl")] })).toBe("/locations/loc_1/settings");
});

import { describe, expect, test } from "vitest";
import type { BookingVersion } from "../../rules/bookings/booking-version.ts";
import { readAppointment } from "./read-appointment.ts";

const seen_at = Date.parse("2026-03-02T14:00:05Z");
const told_at = Date.parse("2026-03-02T14:00:02Z");

const wire = {
  id: "a1",
  contactId: "c1",
  calendarId: "k1",
  appointmentStatus: "confirmed",
  startTime: "2026-03-05T09:00:00-05:00",
  endTime: "2026-03-05T10:00:00-05:00",
  dateAdded: "2026-03-01T08:00:00Z",
  dateUpdated: "2026-03-02T14:00:00Z",
};

const bookingOf = (
  facts: Record<string, unknown>,
  times = { told_at, seen_at } as Parameters<typeof readAppointment>[1],
): BookingVersion => {
  const read = readAppointment({ ...wire, ...facts }, times);
  if (!("booking" in read)) throw new Error(JSON.stringify(read));
  return read.booking;
};

describe("Rule 27. GoHighLevel's words for a status become ours, however they are spelt", () => {
  test.each([
    ["new", "confirmed"],
    ["Confirmed", "confirmed"],
    ["active", "confirmed"],
    ["booked", "confirmed"],
    ["showed", "showed"],
    ["completed", "showed"],
    ["noshow", "noshow"],
    ["no_show", "noshow"],
    ["No-Show", "noshow"],
    ["cancelled", "cancelled"],
    ["canceled", "cancelled"],
    ["invalid", "invalid"],
  ])("%s is %s", (appointmentStatus, status) => {
    expect(bookingOf({ appointmentStatus }).status).toBe(status);
  });

  test("what says that it is deleted is, whatever its status", () => {
    expect(bookingOf({ deleted: true }).status).toBe("deleted");
  });
});

describe("Rule 28. The time of a change is the provider's, as near as it is told", () => {
  test("its update time, else the delivery's, else when it was added, else when it reached us", () => {
    expect(bookingOf({}).updated_at).toBe(Date.parse("2026-03-02T14:00:00Z"));
    expect(bookingOf({ dateUpdated: null }).updated_at).toBe(told_at);
    expect(bookingOf({ dateUpdated: null }, { told_at: null, seen_at }).updated_at).toBe(Date.parse(wire.dateAdded));
    expect(bookingOf({ dateUpdated: null, dateAdded: "?" }, { told_at: null, seen_at })).toMatchObject({
      updated_at: seen_at,
      added_at: seen_at,
    });
  });

  test("a time without an offset is UTC, wherever the server stands", () => {
    expect(bookingOf({ startTime: "2026-03-05T09:00:00" }).starts_at).toBe(Date.parse("2026-03-05T09:00:00Z"));
    expect(bookingOf({ startTime: Date.parse("2026-03-05T09:00:00Z") }).starts_at).toBe(
      Date.parse("2026-03-05T09:00:00Z"),
    );
  });
});

test("an end before its start is none", () => {
  expect(bookingOf({}).ends_at).toBe(Date.parse("2026-03-05T15:00:00Z"));
  expect(bookingOf({ endTime: wire.startTime }).ends_at).toBe(Date.parse("2026-03-05T14:00:00Z"));
  expect(bookingOf({ endTime: "2026-03-05T08:59:59-05:00" }).ends_at).toBeNull();
});

test("two versions have the same hash exactly where they say the same", () => {
  const same = bookingOf({ title: "another", dateUpdated: "2026-03-02T15:00:00Z" });
  expect(same.payload_hash).toBe(bookingOf({}).payload_hash);
  expect(same.payload_hash).toMatch(/^[0-9a-f]{64}$/);
  const changes = [
    { appointmentStatus: "showed" },
    { contactId: "c2" },
    { calendarId: "k2" },
    { startTime: "2026-03-05T09:01:00-05:00" },
  ];
  const hashes = changes.map((facts) => bookingOf(facts).payload_hash);
  expect(new Set([...hashes, same.payload_hash]).size).toBe(5);
});

test.each([
  [{ id: null }, { unreadable: "appointment.id: missing" }],
  [{ calendarId: "" }, { unreadable: "appointment.calendarId: missing" }],
  [{ startTime: "soon" }, { unreadable: "appointment.startTime: not a time" }],
  [{ startTime: "999999-01-01" }, { unreadable: "appointment.startTime: not a time" }],
  [{ contactId: undefined }, { no_member: "an appointment without a contact" }],
])("%j is not made a booking", (facts, outcome) => {
  expect(readAppointment({ ...wire, ...facts }, { told_at, seen_at })).toEqual(outcome);
});

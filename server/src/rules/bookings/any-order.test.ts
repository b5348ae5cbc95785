import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MOVEMENTS } from "../credits/entry.ts";
import { brokenInvariants } from "../credits/testing-audit.ts";
import { TestLedger } from "../credits/testing-ledger.ts";
import { catalogOf, packOf } from "../testing.ts";
import { DAY, HOUR } from "../time/local-days.ts";
import type { BookingVersion } from "./booking-version.ts";
import { decideSyncBooking } from "./sync-booking.ts";
import { BOOKED_AT, STARTS_AT, versionOf } from "./testing-bookings.ts";

const configs = [
  packOf("pack", {
    credits_total: 100,
    cost_by_calendar: { pool: 3 },
    calendars: ["yoga", "pool"],
    no_show_penalty: 2,
  }),
  packOf("spa", { credits_total: 100, calendars: ["spa"], cancellation_window_hours: 24 }),
];
/** All was told by then, so that nothing depends on when we hear of it. */
const NOW = STARTS_AT + 30 * DAY;

function start(external_id = "ext"): TestLedger {
  const ledger = new TestLedger(catalogOf(configs), NOW);
  ledger.contact = { ...ledger.contact, external_id };
  for (const { id } of configs) ledger.grant(id, { paid_at: BOOKED_AT - DAY });
  return ledger;
}

const anyVersion = fc
  .record({
    status: fc.constantFrom(
      "confirmed",
      "confirmed",
      "showed",
      "noshow",
      "cancelled",
      "cancelled",
      "invalid",
      "deleted",
    ),
    calendar_id: fc.constantFrom("yoga", "yoga", "pool", "spa"),
    contact_external_id: fc.constantFrom("ext", "other"),
    hours_before: fc.integer({ min: -40, max: 200 }),
    moved_hours: fc.constantFrom(0, 0, 0, 30, -20),
  })
  .map(({ hours_before, moved_hours, ...version }) =>
    versionOf({
      ...version,
      updated_at: STARTS_AT - hours_before * HOUR,
      starts_at: STARTS_AT + moved_hours * HOUR,
      ends_at: null,
    }),
  );
const anyVersions = fc.uniqueArray(anyVersion, {
  minLength: 1,
  maxLength: 7,
  selector: ({ updated_at }) => updated_at,
});
const anyDice = fc.array(fc.nat(1000), { minLength: 40, maxLength: 40 });

const shuffled = <T>(items: readonly T[], dice: readonly number[]): T[] =>
  items
    .map((item, i) => ({ item, place: dice[i % dice.length]! }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);

/** Where the credits of the booking stand: by account, what it took and gave back. */
function standing(ledger: TestLedger) {
  const sums: Record<string, number> = { available: 0, held: 0, used: 0, no_show: 0, late_cancel: 0 };
  for (const { type, amount, external_ref } of ledger.entries) {
    if (external_ref !== "b") continue;
    const { debit, credit } = MOVEMENTS[type];
    sums[debit] = (sums[debit] ?? 0) - amount;
    sums[credit] = (sums[credit] ?? 0) + amount;
  }
  return sums;
}

/** The booking as it is known, but for the numbers of its entries. */
function bookingOf(ledger: TestLedger) {
  const booking = ledger.appointments.get("b");
  const charges = booking?.followed?.charges.map(({ calendar_id, starts_at }) => ({ calendar_id, starts_at }));
  return { ...booking, followed: { ...booking?.followed, charges } };
}

const usageOf = (ledger: TestLedger) =>
  ledger.usage().toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));

function tellOf(ledger: TestLedger, version: BookingVersion): void {
  const ask = { contact_external_id: ledger.contact.external_id, version };
  ledger.decide(decideSyncBooking, ask, ledger.facts("b"));
}

describe("Rule 27. Duplicates, replays and wrong order do no harm", () => {
  test("whatever the order, the same stands in the same accounts, and the books are whole after every step", () => {
    fc.assert(
      fc.property(anyVersions, anyDice, (told, dice) => {
        const versions = told.map((version) => ({ ...version, contact_external_id: "ext" }));
        const [one, other] = [start(), start()];
        for (const version of versions.toSorted((a, b) => a.updated_at - b.updated_at)) {
          tellOf(one, version);
          expect(brokenInvariants(one)).toEqual([]);
        }
        for (const version of shuffled([...versions, ...versions.slice(0, 3)], dice)) {
          tellOf(other, version);
          expect(brokenInvariants(other)).toEqual([]);
        }
        expect(standing(other)).toEqual(standing(one));
        expect(bookingOf(other)).toEqual(bookingOf(one));
        expect(usageOf(other)).toEqual(usageOf(one));
      }),
      { numRuns: 200 },
    );
  });

  test("told once more in any order, nothing is posted", () => {
    fc.assert(
      fc.property(anyVersions, anyDice, (versions, dice) => {
        const ledger = start();
        for (const version of versions) tellOf(ledger, version);
        const { length } = ledger.entries;
        for (const version of shuffled(versions, dice)) tellOf(ledger, version);
        expect(ledger.entries).toHaveLength(length);
      }),
      { numRuns: 50 },
    );
  });
});

describe("Rule 29. Another contact: restored to the one, charged to the other", () => {
  /** Both contacts' books, each of which knows what was kept of the booking, as in one database. */
  function tellBoth(version: BookingVersion, ledgers: readonly TestLedger[]): void {
    for (const ledger of ledgers) {
      tellOf(ledger, version);
      const kept = [version, ...ledgers.flatMap(({ booking_versions }) => booking_versions)];
      for (const { booking_versions } of ledgers) {
        const unknown = kept.filter(
          (other) => !booking_versions.some(({ payload_hash }) => payload_hash === other.payload_hash),
        );
        booking_versions.push(...new Map(unknown.map((other) => [other.payload_hash, other])).values());
      }
    }
  }

  test("from one to the other and back", () => {
    const [one, other] = [start("ext"), start("other")];
    const both = [one, other];
    const ends_at = STARTS_AT + 60 * DAY;
    tellBoth(versionOf({ ends_at }), both);
    tellBoth(versionOf({ ends_at, contact_external_id: "other", updated_at: BOOKED_AT + HOUR }), both);
    expect([standing(one), standing(other)]).toMatchObject([{ held: 0 }, { held: 1 }]);
    expect(one.appointments.get("b")).toMatchObject({ status: "deleted", settles_at: null });
    expect(one.entries.at(-1)).toMatchObject({
      type: "release",
      reason: "contact_changed",
      occurred_at: BOOKED_AT + HOUR,
    });
    tellBoth(versionOf({ ends_at, updated_at: BOOKED_AT + 2 * HOUR }), both);
    expect([standing(one), standing(other)]).toMatchObject([{ held: 1 }, { held: 0 }]);
  });

  test("however split and ordered, each is charged at most once, and in the end the same", () => {
    fc.assert(
      fc.property(anyVersions, anyDice, (versions, dice) => {
        const inOrder = [start("ext"), start("other")];
        for (const version of versions.toSorted((a, b) => a.updated_at - b.updated_at)) tellBoth(version, inOrder);
        const mixed = [start("ext"), start("other")];
        shuffled(versions, dice).forEach((version, i) => {
          // Its own contact hears of it at once; the other one now, or only at the end.
          const own = mixed.filter(({ contact }) => contact.external_id === version.contact_external_id);
          tellBoth(version, dice[i]! % 3 === 0 ? own : shuffled(mixed, dice.slice(i)));
          for (const ledger of mixed) ledger.booking_versions.push(...missingIn(ledger, mixed));
        });
        for (const version of versions) tellBoth(version, mixed);
        expect(mixed.map(standing)).toEqual(inOrder.map(standing));
        expect(mixed.flatMap(brokenInvariants)).toEqual([]);
        const generations = 1 + versions.filter(({ status }) => status === "cancelled").length;
        for (const sums of mixed.map(standing)) expect(-sums["available"]!).toBeLessThanOrEqual(3 * generations + 2);
      }),
      { numRuns: 200 },
    );
  });

  const missingIn = ({ booking_versions }: TestLedger, all: readonly TestLedger[]) => {
    const known = new Set(booking_versions.map(({ payload_hash }) => payload_hash));
    const others = all
      .flatMap((ledger) => ledger.booking_versions)
      .filter(({ payload_hash }) => !known.has(payload_hash));
    return new Map(others.map((version) => [version.payload_hash, version])).values();
  };

  test("a contact that was merged into another goes by both names", () => {
    const ledger = start("survivor");
    const facts = { ...ledger.facts("b"), aliases: ["ext"] };
    ledger.decide(decideSyncBooking, { contact_external_id: "ext", version: versionOf({ ends_at: NOW }) }, facts);
    expect(standing(ledger)).toMatchObject({ held: 1 });
    const moved = versionOf({ ends_at: NOW, contact_external_id: "survivor", updated_at: BOOKED_AT + HOUR });
    ledger.decide(
      decideSyncBooking,
      { contact_external_id: "survivor", version: moved },
      { ...ledger.facts("b"), aliases: ["ext"] },
    );
    expect(ledger.entries.filter(({ external_ref }) => external_ref === "b")).toHaveLength(1);
  });
});

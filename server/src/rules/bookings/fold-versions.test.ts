import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { at } from "../testing.ts";
import { DAY, HOUR } from "../time/local-days.ts";
import type { BookingVersion } from "./booking-version.ts";
import { foldVersions } from "./fold-versions.ts";
import { BOOKED_AT, STARTS_AT, versionOf } from "./testing-bookings.ts";

const current = (versions: Partial<BookingVersion>[], window_hours = 24) => {
  const { generations } = foldVersions(versions.map(versionOf), window_hours);
  return generations.at(-1)!;
};
const before = (hours: number) => STARTS_AT - hours * HOUR;

describe("Rule 27. What is true of a booking is a fold over all its versions in the provider's order", () => {
  test("the latest word counts for contact, calendar, time and status", () => {
    const moved = {
      updated_at: BOOKED_AT + DAY,
      calendar_id: "pool",
      contact_external_id: "other",
      starts_at: STARTS_AT + HOUR,
    };
    expect(current([{}, moved])).toMatchObject({
      calendar_id: "pool",
      contact_external_id: "other",
      starts_at: STARTS_AT + HOUR,
      status: "confirmed",
      booked_at: BOOKED_AT + DAY,
    });
  });

  test("it has its status since that was told first, and is booked since it was added", () => {
    const showed = { status: "showed", updated_at: STARTS_AT + HOUR } as const;
    const again = { status: "showed", updated_at: STARTS_AT + 2 * HOUR } as const;
    expect(current([{ updated_at: BOOKED_AT + HOUR }, showed, again])).toMatchObject({
      status_at: STARTS_AT + HOUR,
      booked_at: BOOKED_AT,
    });
  });

  test("two versions of one instant: the same one wins, whichever came first", () => {
    const one = versionOf({ status: "showed", payload_hash: "a" });
    const other = versionOf({ status: "noshow", payload_hash: "b" });
    expect(foldVersions([one, other], 24)).toEqual(foldVersions([other, one], 24));
    expect(foldVersions([one, other], 24).generations[0].status).toBe("noshow");
  });

  test.each(["showed", "noshow", "cancelled", "invalid"] as const)(
    "of one instant %s is later than the confirmation, whatever the hashes",
    (status) => {
      for (const payload_hash of ["0", "f"]) {
        const told = { status, payload_hash: "7" };
        expect(current([{ payload_hash }, told]).status).toBe(status);
        expect(current([told, { payload_hash }]).status).toBe(status);
      }
    },
  );

  test("a deletion that says no time of its own is the last word of its instant, whatever the hashes", () => {
    for (const payload_hash of ["0", "f"]) {
      const deleted = { status: "deleted", payload_hash: "deleted-0" } as const;
      expect(current([{ payload_hash }, deleted]).status).toBe("deleted");
      expect(current([deleted, { payload_hash }]).status).toBe("deleted");
    }
  });

  test("neither the order of arrival nor a repetition changes it", () => {
    fc.assert(
      fc.property(
        fc.array(anyVersion, { minLength: 1, maxLength: 8 }),
        fc.infiniteStream(fc.nat()),
        (versions, dice) => {
          const shuffled = versions
            .flatMap((version) => (dice.next().value! % 3 === 0 ? [version, version] : [version]))
            .map((version) => ({ version, place: dice.next().value! }))
            .sort((a, b) => a.place - b.place)
            .map(({ version }) => version);
          expect(foldVersions(shuffled, 24)).toEqual(foldVersions(versions, 24));
        },
      ),
    );
  });
});

const anyVersion = fc
  .record({
    status: fc.constantFrom("confirmed", "showed", "noshow", "cancelled", "invalid", "deleted"),
    calendar_id: fc.constantFrom("yoga", "pool"),
    contact_external_id: fc.constantFrom("ext", "other"),
    hours: fc.nat(500),
    start_days: fc.integer({ min: -2, max: 2 }),
  })
  .map(({ hours, start_days, ...version }) =>
    versionOf({ ...version, updated_at: BOOKED_AT + hours * HOUR, starts_at: STARTS_AT + start_days * DAY }),
  );

describe("Rule 28. The first cancellation counts, against the start that it was still in time for", () => {
  test("a cancellation that is told again keeps its first time", () => {
    const first = { status: "cancelled", updated_at: before(30) } as const;
    const again = { status: "cancelled", updated_at: before(2) } as const;
    expect(current([{}, first, again])).toMatchObject({ cancelled_at: before(30), status_at: before(30) });
  });

  test.each<[string, [hours_before: number, days_later: number][], number, number]>([
    ["moved in time: the new start", [[25, 7]], 24, 7],
    ["exactly at the window is in time", [[24, 7]], 24, 7],
    ["moved inside the window: the original start", [[23, 7]], 24, 0],
    [
      "moved inside it and then again: still the original",
      [
        [23, 7],
        [10, 14],
      ],
      24,
      0,
    ],
    [
      "moved in time, then inside the window of the new start",
      [
        [100, 1],
        [-4, 8],
      ],
      24,
      1,
    ],
    ["no window: a move before the start counts", [[1, 7]], 0, 7],
    ["no window: a move after the start does not", [[-1, 7]], 0, 0],
  ])("%s", (_, moves, window_hours, expected_days) => {
    const versions = moves.map(([hours, days]) => ({ updated_at: before(hours), starts_at: STARTS_AT + days * DAY }));
    expect(current([{}, ...versions], window_hours).yardstick_at).toBe(STARTS_AT + expected_days * DAY);
  });

  test("a start that the cancellation itself tells is not held against it", () => {
    const cancelled = { status: "cancelled", updated_at: before(30), starts_at: before(28) } as const;
    expect(current([{}, cancelled]).yardstick_at).toBe(STARTS_AT);
  });
});

describe("Rule 29. Confirmed again after a cancellation is a new generation", () => {
  const cancelled = { status: "cancelled", updated_at: before(48) } as const;
  const confirmed = { status: "confirmed", updated_at: before(40), starts_at: STARTS_AT + DAY } as const;

  test("booked since that confirmation, not cancelled, with its own start as yardstick", () => {
    const { generations } = foldVersions([{}, cancelled, confirmed].map(versionOf), 24);
    expect(generations).toMatchObject([
      { status: "cancelled", cancelled_at: before(48), booked_at: BOOKED_AT },
      { status: "confirmed", cancelled_at: null, booked_at: before(40), yardstick_at: STARTS_AT + DAY },
    ]);
  });

  test("also when it comes with its final status, or after it was invalid", () => {
    const showed = { status: "showed", updated_at: at("2026-11-20T19:00") } as const;
    expect(foldVersions([{}, cancelled, showed].map(versionOf), 24).generations).toHaveLength(2);
    const invalid = { status: "invalid", updated_at: before(48) } as const;
    expect(foldVersions([{}, invalid, confirmed].map(versionOf), 24).generations).toHaveLength(2);
  });

  test("a correction from no-show to showed is none", () => {
    const noshow = { status: "noshow", updated_at: STARTS_AT } as const;
    const showed = { status: "showed", updated_at: STARTS_AT + HOUR } as const;
    expect(foldVersions([{}, noshow, showed].map(versionOf), 24).generations).toHaveLength(1);
  });
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { lotOf, packOf } from "../testing.ts";
import { compareBurnOrder, type Candidate } from "./burn-order.ts";
import type { Lot, LotOrigin } from "./lot.ts";

interface Traits {
  priority?: number;
  unlimited?: boolean;
  expires_at?: number | null;
  origin?: LotOrigin;
  calendars?: number;
  effective_at?: number;
  created_at?: number;
  id?: string;
}

function candidate({ priority = 100, calendars = 1, ...lot }: Traits): Candidate {
  const names = Array.from({ length: calendars }, (_, i) => `calendar-${String(i)}`);
  const defaults: Partial<Lot> = { expires_at: 5000, effective_at: 1000, created_at: 1000, id: "m" };
  return { lot: lotOf({ ...defaults, ...lot }), config: packOf("pack", { priority, calendars: names }) };
}

describe("Rule 8. Each key of the burn order decides in its turn, whatever the later ones say", () => {
  // Every key in order, with a value that burns first and one that burns later.
  const keys: [name: string, first: Traits, later: Traits][] = [
    ["lower priority", { priority: 1 }, { priority: 2 }],
    ["unlimited within its priority", { unlimited: true }, { unlimited: false }],
    ["soonest expiry", { expires_at: 2000 }, { expires_at: 3000 }],
    ["rollover and make-good before fresh", { origin: "make_good" }, { origin: "purchase" }],
    ["narrower scope", { calendars: 1 }, { calendars: 2 }],
    ["earlier effective", { effective_at: 1 }, { effective_at: 2 }],
    ["earlier created", { created_at: 1 }, { created_at: 2 }],
    ["id", { id: "a" }, { id: "b" }],
  ];

  test.each(keys.map((key, i) => [...key, i] as const))("%s", (_, first, later, i) => {
    // All later keys speak for the other one.
    const against = Object.assign({}, ...keys.slice(i + 1).map(([, , worse]) => worse)) as Traits;
    const with_it = Object.assign({}, ...keys.slice(i + 1).map(([, better]) => better)) as Traits;
    expect(compareBurnOrder(candidate({ ...against, ...first }), candidate({ ...with_it, ...later }))).toBeLessThan(0);
    expect(compareBurnOrder(candidate({ ...with_it, ...later }), candidate({ ...against, ...first }))).toBeGreaterThan(
      0,
    );
  });

  test("T4: among lots of one class the sooner expiry burns first and none burns last", () => {
    const lots = [null, 3000, 2000, 9000].map((expires_at) => candidate({ expires_at }));
    expect(lots.sort(compareBurnOrder).map(({ lot }) => lot.expires_at)).toEqual([2000, 3000, 9000, null]);
  });

  test.each(["rollover", "make_good"] as const)("a %s lot burns before any fresh one", (origin) => {
    for (const fresh of ["purchase", "period", "adjustment"] as const) {
      expect(compareBurnOrder(candidate({ origin, id: "z" }), candidate({ origin: fresh, id: "a" }))).toBeLessThan(0);
    }
  });
});

describe("Rule 8. The burn order is total: same state, same answer", () => {
  // Few values, so that ties are the rule and every key has to decide.
  const few = fc.constantFrom(1, 2);
  const anyCandidate = fc
    .record({
      priority: few,
      unlimited: fc.boolean(),
      expires_at: fc.constantFrom(null, 2000, 3000),
      origin: fc.constantFrom<LotOrigin>("purchase", "period", "rollover", "make_good", "adjustment"),
      calendars: few,
      effective_at: few,
      created_at: few,
      id: fc.constantFrom("a", "b", "c"),
    })
    .map(candidate);

  test("antisymmetric, and equal only for the same id", () => {
    fc.assert(
      fc.property(anyCandidate, anyCandidate, (a, b) => {
        expect(Math.sign(compareBurnOrder(a, b)) + Math.sign(compareBurnOrder(b, a))).toBe(0);
        if (compareBurnOrder(a, b) === 0) expect(a.lot.id).toBe(b.lot.id);
      }),
    );
  });

  test("transitive", () => {
    fc.assert(
      fc.property(anyCandidate, anyCandidate, anyCandidate, (a, b, c) => {
        if (compareBurnOrder(a, b) <= 0 && compareBurnOrder(b, c) <= 0) {
          expect(compareBurnOrder(a, c)).toBeLessThanOrEqual(0);
        }
      }),
      { numRuns: 5000 },
    );
  });

  test("the same under any permutation of the lots", () => {
    const lots = fc
      .array(anyCandidate, { maxLength: 8 })
      .map((all) => all.map((one, i) => ({ ...one, lot: { ...one.lot, id: String(i) } })));
    const shuffled = lots.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length })),
    );
    fc.assert(
      fc.property(shuffled, ([all, other]) => {
        expect(other.sort(compareBurnOrder)).toEqual(all.sort(compareBurnOrder));
      }),
    );
  });
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Histogram, median, ratios } from "./statistics.ts";

describe("a histogram", () => {
  test("tells a percentile within one part in thirty-two, never too low", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 100_000_000 }), { minLength: 1, maxLength: 300 }),
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        (values, share) => {
          const histogram = new Histogram();
          for (const value of values) histogram.record(value);
          const exact = values.toSorted((a, b) => a - b)[Math.max(1, Math.ceil(values.length * share)) - 1]!;
          const told = histogram.percentile(share) * 1000;
          expect(told).toBeGreaterThan(exact);
          expect(told).toBeLessThanOrEqual(Math.max(exact + 1, exact * (1 + 1 / 32)));
        },
      ),
    );
  });

  test("is the same after its counts were sent to another process", () => {
    const histogram = new Histogram();
    for (const value of [5, 70, 1234, 99_999_999, 2 ** 40]) histogram.record(value);
    const received = new Histogram(JSON.parse(JSON.stringify([...histogram.counts])) as number[]);
    expect(received.total).toBe(5);
    expect(received.percentile(0.5)).toBe(histogram.percentile(0.5));
  });

  test("that recorded nothing says so", () => {
    expect(new Histogram().percentile(0.99)).toBeNaN();
  });
});

describe("rounds", () => {
  test("have the middle value as their median, or the mean of the two in the middle", () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
    expect(median([])).toBeNaN();
  });

  test("are compared each with its neighbour", () => {
    expect(ratios([10, 30], [5, 10])).toEqual([2, 3]);
  });
});

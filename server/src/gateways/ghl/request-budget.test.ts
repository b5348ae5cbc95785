import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { GhlError } from "./ghl-error.ts";
import { BURST_MS, BURST_REQUESTS, DAILY_REQUESTS, RequestBudget, RequestBudgets } from "./request-budget.ts";

/** A clock that moves only by waiting. */
function idleClock(start = Date.parse("2026-03-02T10:00:00Z")) {
  const clock = { at: start, now: () => clock.at };
  const wait = async (milliseconds: number) => {
    clock.at += milliseconds;
    await Promise.resolve();
  };
  return { clock, wait };
}

const hour = 3_600_000;

describe("Requests stay within what GoHighLevel allows", () => {
  test("whatever the pauses between them, never more than 100 in any ten seconds, and all are sent", async () => {
    const pauses = fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 150, maxLength: 450 });
    await fc.assert(
      fc.asyncProperty(pauses, async (waits) => {
        const { clock, wait } = idleClock();
        const budget = new RequestBudget(clock, wait);
        const sent: number[] = [];
        for (const pause of waits) {
          clock.at += pause;
          await budget.take();
          sent.push(clock.at);
        }
        for (let i = BURST_REQUESTS; i < sent.length; i++) {
          expect((sent[i] ?? 0) - (sent[i - BURST_REQUESTS] ?? 0)).toBeGreaterThanOrEqual(BURST_MS);
        }
      }),
      { numRuns: 30 },
    );
  });

  test("callers at the same moment go in the order in which they asked", async () => {
    const { clock, wait } = idleClock();
    const budget = new RequestBudget(clock, wait);
    const order: number[] = [];
    await Promise.all(Array.from({ length: 250 }, async (_, i) => budget.take().then(() => order.push(i))));
    expect(order).toEqual(order.toSorted((a, b) => a - b));
    expect(clock.at - Date.parse("2026-03-02T10:00:00Z")).toBeGreaterThanOrEqual(2 * BURST_MS);
  });

  test("an answer that says the burst is used up by others holds the next request back", async () => {
    const { clock, wait } = idleClock();
    const budget = new RequestBudget(clock, wait);
    const began = clock.at;
    budget.observe(new Headers({ "x-ratelimit-remaining": "0", "x-ratelimit-interval-milliseconds": "10000" }));
    await budget.take();
    expect(clock.at - began).toBe(10_000);
  });

  test.each([
    [5, 11, 2 * BURST_MS],
    [1000, 500, 0],
  ])("an answer that allows %i in ten seconds is believed", async (allowed, requests, wait_ms) => {
    const { clock, wait } = idleClock();
    const budget = new RequestBudget(clock, wait);
    const began = clock.at;
    budget.observe(new Headers({ "x-ratelimit-max": String(allowed) }));
    for (let i = 0; i < requests; i += 1) await budget.take();
    expect(clock.at - began).toBeGreaterThanOrEqual(wait_ms);
    expect(clock.at - began).toBeLessThan(wait_ms + BURST_MS);
  });

  test("a day that is used up is said, with the time until the next, and does not block those behind", async () => {
    const { clock, wait } = idleClock(Date.parse("2026-03-02T22:00:00Z"));
    const budget = new RequestBudget(clock, wait);
    budget.observe(new Headers({ "x-ratelimit-daily-remaining": "0" }));
    await expect(budget.take()).rejects.toMatchObject({ kind: "rate_limited", retry_after_ms: 2 * hour });
    clock.at += 2 * hour;
    await budget.take();
  });

  test("the day's own count ends at the daily limit", async () => {
    const { clock, wait } = idleClock(Date.parse("2026-03-02T00:00:00Z"));
    const budget = new RequestBudget(clock, wait);
    let sent = 0;
    const error = await (async (): Promise<GhlError> => {
      for (;;) {
        try {
          await budget.take();
          sent += 1;
        } catch (refused) {
          return refused as GhlError;
        }
      }
    })();
    expect(sent).toBe(DAILY_REQUESTS);
    expect(error.kind).toBe("rate_limited");
  });

  test("each location has its own budget, the same one for whoever asks", () => {
    const { clock, wait } = idleClock();
    const budgets = new RequestBudgets(clock, wait);
    expect(budgets.of("a")).toBe(budgets.of("a"));
    expect(budgets.of("a")).not.toBe(budgets.of("b"));
  });
});

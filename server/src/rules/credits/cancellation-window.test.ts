import { describe, expect, test } from "vitest";
import { at, catalogOf, lotOf, packOf } from "../testing.ts";
import type { RestoreAsk } from "./restore.ts";
import { TestLedger } from "./testing-ledger.ts";

const now = at("2026-11-04T09:00");
const starts_at = at("2026-11-20T18:00");
const HOUR = 3_600_000;
const late = { reason_code: "CANCELLATION_WINDOW_EXPIRED" };
const restored = { reason_code: "restored" };

const configs = [
  packOf("pack"),
  packOf("strict", { cancellation_window_hours: 48, calendars: ["yoga", "pool"], priority: 2 }),
  packOf("lenient", { cancellation_window_hours: 6, calendars: ["spa", "pool"], priority: 1 }),
  packOf("free", { cancellation_window_hours: 0 }),
];

/** Books at `now`, moves the clock, and gives back. */
function cancel(config: string, cancelled_at: number, ask: RestoreAsk = {}, window_hours = 24, booked_for?: number) {
  const catalog = catalogOf(configs, { cancellation_window_hours: window_hours });
  const ledger = new TestLedger(catalog, now, [lotOf({ product_config_id: config })]);
  ledger.deduct({ product_config_id: config, external_ref: "b", appointment_time: booked_for });
  ledger.now = cancelled_at;
  return ledger.restore({ external_ref: "b", ...ask });
}

describe("Rule 28. In time: start − cancelled_at ≥ window; exactly at the window is in time", () => {
  test.each([
    ["the location's 24 hours", "pack", 24],
    ["the product's own", "strict", 48],
    ["the product's own, shorter than the location's", "lenient", 6],
    ["none: any time until the start", "free", 0],
  ])("%s", (_, config, hours) => {
    const until = starts_at - hours * HOUR;
    expect(cancel(config, until, { appointment_time: starts_at })).toMatchObject(restored);
    expect(cancel(config, until + 1, { appointment_time: starts_at })).toMatchObject({
      ...late,
      cancellation_window_hours: hours,
      restorable_until: new Date(until).toISOString(),
    });
  });

  test("hours are hours, also over a change of the clocks", () => {
    const sunday = at("2026-11-01T09:00"); // An hour longer ago than the wall clock says.
    const ledger = new TestLedger(catalogOf(configs), at("2026-10-20T09:00"), [lotOf()]);
    ledger.deduct({ calendar_id: "yoga", external_ref: "b", appointment_time: sunday });
    ledger.now = at("2026-10-31T10:00");
    expect(ledger.restore({ external_ref: "b" })).toMatchObject(restored);
  });
});

describe("Rule 28. Which start is held against the window", () => {
  test("the one recorded with the deduction of the same reference", () => {
    expect(cancel("pack", starts_at - 24 * HOUR, {}, 24, starts_at)).toMatchObject(restored);
    expect(cancel("pack", starts_at - 24 * HOUR + 1, {}, 24, starts_at)).toMatchObject(late);
  });

  test("the caller's own, where it names one", () => {
    expect(cancel("pack", starts_at, { appointment_time: starts_at + 24 * HOUR }, 24, starts_at)).toMatchObject(
      restored,
    );
  });

  test("no start known: no window (clarification 12)", () => {
    expect(cancel("strict", now + 9000 * HOUR)).toMatchObject(restored);
  });

  test.each([
    ["each command alone", false],
    ["all within one batch", true],
  ])("a start that this deduction did not name stays the one that an earlier one named, %s", (_, is_batch) => {
    const booking = { external_ref: "b", calendar_id: "yoga" };
    const ledger = new TestLedger(catalogOf(configs), now, [lotOf()]);
    ledger.is_batch = is_batch;
    ledger.deduct({ ...booking, appointment_time: starts_at });
    ledger.deduct(booking);
    ledger.now = starts_at - 24 * HOUR + 1;
    expect(ledger.restore({ external_ref: "b" })).toMatchObject(late);
  });
});

describe("Clarification 12. The shortest window among the configs that were drawn on, else the location's", () => {
  const pool = { calendar_id: "pool", amount: 5, external_ref: "b", appointment_time: starts_at };
  const lots = [
    lotOf({ id: "lenient", product_config_id: "lenient", available: 2 }),
    lotOf({ id: "strict", product_config_id: "strict" }),
  ];
  const cancelled = (hours_before: number, ask: RestoreAsk) => {
    const ledger = new TestLedger(catalogOf(configs), now, lots);
    ledger.deduct(pool);
    ledger.now = starts_at - hours_before * HOUR;
    return ledger.restore({ external_ref: "b", ...ask });
  };

  test.each<[string, RestoreAsk]>([
    ["for the whole", { amount: 5 }],
    ["for a part that lies in the stricter product alone", { amount: 1 }],
    ["for the stricter product by name", { amount: 3, product_config_id: "strict" }],
    ["for the lenient product by name", { amount: 2, product_config_id: "lenient" }],
    ["for more than there is, which is only told in time", { amount: 6 }],
  ])("%s", (_, ask) => {
    const in_time = ask.amount === 6 ? { reason_code: "NOTHING_TO_RESTORE" } : restored;
    expect(cancelled(6, ask)).toMatchObject(in_time);
    expect(cancelled(5.9, ask)).toMatchObject(late);
  });

  test("an earlier booking of the same reference has no say", () => {
    const ledger = new TestLedger(catalogOf(configs), now, lots);
    ledger.deduct({ ...pool, amount: 2 });
    ledger.deduct({ ...pool, amount: 1 });
    ledger.now = starts_at - 47 * HOUR;
    expect(ledger.restore({ external_ref: "b" })).toMatchObject({ ...late, cancellation_window_hours: 48 });
  });

  test("the location's where nothing was drawn: too late is told before nothing to restore", () => {
    const ask = { external_ref: "never", appointment_time: starts_at };
    const ledger = new TestLedger(catalogOf(configs), starts_at - 24 * HOUR, [lotOf()]);
    expect(ledger.restore(ask)).toMatchObject({ reason_code: "NOTHING_TO_RESTORE" });
    ledger.now += 1;
    expect(ledger.restore(ask)).toMatchObject(late);
  });
});

test("Precedence of a restore's refusals: billing, entitlement, window, nothing to restore", () => {
  const ledger = new TestLedger(catalogOf(configs), starts_at, []);
  const ask = { external_ref: "b", calendar_id: "yoga", appointment_time: starts_at };
  ledger.is_billing_live = false;
  expect(ledger.restore(ask)).toEqual({ reason_code: "BILLING_SUSPENDED" });
  ledger.is_billing_live = true;
  expect(ledger.restore(ask)).toMatchObject({ reason_code: "NO_ENTITLEMENT" });
  ledger.seed(lotOf());
  expect(ledger.restore(ask)).toMatchObject(late);
  ledger.now = starts_at - 24 * HOUR;
  expect(ledger.restore(ask)).toMatchObject({ reason_code: "NOTHING_TO_RESTORE" });
});

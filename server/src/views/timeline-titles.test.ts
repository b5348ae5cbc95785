import { describe, expect, test } from "vitest";
import type { LedgerEntryShape, PaymentShape } from "./shapes.ts";
import { titleOfAppointment, titleOfEntry, titleOfPayment } from "./timeline-titles.ts";

const entry = (type: LedgerEntryShape["type"], amount: number, quantity = Math.abs(amount), to = "used") =>
  titleOfEntry({ type, amount, quantity, credit_account: to } as LedgerEntryShape);
const ten_classes = [{ product_name: "Ten classes", name: "10er" }];
const payment = (fields: object) =>
  titleOfPayment(
    { amount_cents: null, currency: null, status: "recorded", items: ten_classes, ...fields } as PaymentShape,
    "EUR",
  );

describe("a timeline's title", () => {
  test.each([
    [entry("grant", 10), "10 credits granted"],
    [entry("deduct", -1), "1 credit used"],
    [entry("restore", 1), "1 credit given back"],
    [entry("expire", -3), "3 credits expired"],
    [entry("settle", 0, 2), "2 credits settled after the visit"],
    [entry("settle", 0, 1, "late_cancel"), "1 credit kept for a late cancellation"],
    [entry("settle", 0, 2, "no_show"), "2 credits kept for a no-show"],
    [entry("usage", 0, 1), "1 credit covered by an unlimited membership"],
    [entry("rollover", -3), "3 credits rolled over out"],
    [entry("rollover", 3), "3 credits rolled over in"],
    [entry("adjust", 2), "2 credits added by adjustment"],
    [entry("adjust", -2), "2 credits removed by adjustment"],
  ])("of an entry says %s", (title, expected) => {
    expect(title).toBe(expected);
  });

  test("of a payment says what was paid for what, in its own currency or the location's", () => {
    expect(payment({ amount_cents: 12_000, currency: "USD" })).toBe("Payment of USD 120.00 for Ten classes");
    expect(payment({ amount_cents: 950 })).toBe("Payment of EUR 9.50 for Ten classes");
    expect(payment({ amount_cents: 950, currency: "JPY" })).toBe("Payment of JPY 950 for Ten classes");
    expect(payment({})).toBe("Payment for Ten classes");
    const items = [...ten_classes, { product_name: null, name: "Mat" }, { product_name: null, name: null }];
    expect(payment({ items })).toBe("Payment for Ten classes, Mat");
    expect(payment({ items: [] })).toBe("Payment");
    expect(payment({ status: "pending" })).toBe("Payment for Ten classes, not paid yet");
    expect(payment({ status: "failed" })).toBe("Payment for Ten classes, failed");
  });

  test("of a booking says where, and whether it was cancelled", () => {
    const booking = { status: "confirmed", calendar_id: "yoga" } as const;
    expect(titleOfAppointment(booking)).toBe("Booking on yoga");
    expect(titleOfAppointment({ ...booking, status: "cancelled", calendar_id: null })).toBe("Booking, cancelled");
  });
});

import { describe, expect, test } from "vitest";
import { renderOutcome } from "./outcome.ts";
import { DETAILS, foremostDetail, REFUSALS, SUCCESSES, TRANSPORT_ERRORS } from "./reasons.ts";

describe("Codes in lower case come with ok: true, codes in upper case with ok: false", () => {
  test.each(Object.keys(SUCCESSES))("%s", (reason_code) => {
    expect(reason_code).toMatch(/^[a-z_]+$/u);
    const body = renderOutcome({ reason_code: reason_code as keyof typeof SUCCESSES, fact: 1 }, "id");
    expect(body).toEqual({ ok: true, reason_code, correlation_id: "id", fact: 1 });
  });

  test.each(Object.keys(REFUSALS))("%s", (reason_code) => {
    expect(reason_code).toMatch(/^[A-Z_]+$/u);
    const body = renderOutcome({ reason_code: reason_code as keyof typeof REFUSALS, detail: null }, "id");
    expect(body).toMatchObject({ ok: false, reason_code, correlation_id: "id", detail: null });
    expect(body.message).toEqual(expect.any(String));
  });

  test("every code says what it means and what to do", () => {
    for (const table of [SUCCESSES, REFUSALS, DETAILS, TRANSPORT_ERRORS]) {
      for (const { meaning, remedy } of Object.values(table)) {
        expect(meaning).toMatch(/^[A-Z].*\.$/u);
        expect(remedy).toMatch(/^[A-Z].*[.]$/u);
      }
    }
  });
});

test("Precedence: the refusals of the table stand in the order in which they are told", () => {
  const first = [
    "BILLING_SUSPENDED",
    "CONFIG_NOT_FOUND",
    "NO_ENTITLEMENT",
    "MEMBERSHIP_NOT_FOUND",
    "CANCELLATION_WINDOW_EXPIRED",
    "NOTHING_TO_RESTORE",
    "INSUFFICIENT_CREDITS",
  ];
  expect(Object.keys(REFUSALS).filter((code) => first.includes(code))).toEqual(first);
});

test("Clarification 13. Of several details the first of the order is told", () => {
  const order = [
    "USAGE_LIMIT_REACHED",
    "ENTITLEMENT_PAUSED",
    "NOT_YET_ACTIVE",
    "ENTITLEMENT_EXPIRED",
    "SERVICE_FAMILY_MISMATCH",
    "UNKNOWN_CONTACT",
  ] as const;
  expect(Object.keys(DETAILS)).toEqual(order);
  order.forEach((detail, i) => expect(foremostDetail(new Set(order.slice(i).toReversed()))).toBe(detail));
  expect(foremostDetail(new Set())).toBeNull();
});

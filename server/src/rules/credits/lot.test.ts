import { describe, expect, test } from "vitest";
import { lotOf } from "../testing.ts";
import { isExpired, statusOf, type Lot } from "./lot.ts";

const now = 5000;

describe("Rule 15. Expiry holds at read time: the instant of expiry no longer belongs to the lot", () => {
  test.each([
    ["a millisecond before", 5001, false],
    ["exactly then", 5000, true],
    ["a millisecond after", 4999, true],
    ["never", null, false],
  ])("%s", (_, expires_at, expected) => {
    expect(isExpired(lotOf({ expires_at }), now)).toBe(expected);
    expect(statusOf(lotOf({ expires_at, effective_at: 0 }), now) === "expired").toBe(expected);
  });
});

describe("Rule 7. A lot's status says why it can or cannot be spent now", () => {
  const live: Partial<Lot> = { effective_at: 5000, expires_at: 5001 };

  test.each<[string, Partial<Lot>, string]>([
    ["active from exactly its first instant", {}, "active"],
    ["scheduled until then", { effective_at: 5001, expires_at: null }, "scheduled"],
    ["exhausted when nothing is left or held", { available: 0 }, "exhausted"],
    ["active while a booking still holds its last credit", { available: 0, held: 1 }, "active"],
    ["active when it is unlimited, though it holds no number", { unlimited: true }, "active"],
    ["paused", { state: "paused" }, "paused"],
    ["paused before scheduled", { state: "paused", effective_at: 5001, expires_at: null }, "paused"],
    ["paused before expired: its clock stands still", { state: "paused", expires_at: 5000 }, "paused"],
    ["expired before exhausted", { available: 0, expires_at: 5000 }, "expired"],
    ["revoked before everything", { state: "revoked", expires_at: 5000 }, "revoked"],
  ])("%s", (_, changes, status) => {
    expect(statusOf(lotOf({ ...live, ...changes }), now)).toBe(status);
  });
});

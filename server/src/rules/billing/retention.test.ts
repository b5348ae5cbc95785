import { describe, expect, test } from "vitest";
import { DAY } from "../time/local-days.ts";
import { deletionAt, deletionDue, noticeDue } from "./retention.ts";

const ENDED = Date.UTC(2026, 0, 1);
const notices = (...days: number[]) => days.map((days_before) => ({ days_before, sent_at: 0 }));
const before = (days: number) => deletionDue(ENDED) - days * DAY;

describe("Rule 39. A cancelled workspace", () => {
  test("is kept for ninety days", () => {
    expect(deletionDue(ENDED)).toBe(Date.UTC(2026, 3, 1));
  });

  test.each([
    [90, [], null],
    [30.01, [], null],
    [30, [], 30],
    [29, [30], null],
    [7, [30], 7],
    [3, [30, 7], null],
    [1, [30, 7], 1],
    [0, [30, 7, 1], null],
  ])("%d days before the deletion, after the notices %j: %j is due", (days, sent, due) => {
    expect(noticeDue(ENDED, notices(...sent), before(days))).toBe(due);
  });

  test("gets one notice where the server slept over several, the nearest", () => {
    expect(noticeDue(ENDED, [], before(5))).toBe(7);
    expect(noticeDue(ENDED, notices(7), before(5))).toBeNull();
  });

  test("is deleted then, but never without a day's notice", () => {
    const last = (days: number) => [{ days_before: 1, sent_at: before(days) }];
    expect(deletionAt(ENDED, notices(30, 7))).toBeNull();
    expect(deletionAt(ENDED, last(1))).toBe(before(0));
    expect(deletionAt(ENDED, last(-20))).toBe(before(-21));
  });
});

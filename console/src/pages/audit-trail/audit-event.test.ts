import { expect, test } from "vitest";
import { actorOf, changesOf } from "./audit-event.ts";

test("what changed stands before what stayed, and a field that was not there is none", () => {
  const before = { name: "Yoga", timezone: "America/New_York" };
  const after = { name: "Yoga & Pilates", timezone: "America/New_York", window: { hours: 12 } };
  expect(changesOf({ before, after })).toEqual([
    { field: "name", before: "Yoga", after: "Yoga & Pilates" },
    { field: "window", before: null, after: '{\n "hours": 12\n}' },
    { field: "timezone", before: "America/New_York", after: "America/New_York" },
  ]);
  expect(changesOf({ before: null, after: null })).toEqual([]);
});

test("a person is told by their address, an API client by its name, an id by what it is", () => {
  const id = "8544c029-e2b8-4dcf-bfc3-7b5f2f9cbee9";
  const told = (actor: string, user_id: string | null = null, client_name: string | null = null) =>
    actorOf({ actor, user_id, client_name });
  expect(told("owner@demo-studio.test", id)).toBe("owner@demo-studio.test");
  expect(told(id, null, "Front desk")).toBe("API client “Front desk”");
  expect(told(id)).toBe("An automation");
  expect(told("command line")).toBe("command line");
});

import pg from "pg";
import { expect, test } from "vitest";
import { reasonOf, redact } from "./redact.ts";

test.each([
  ["a token of ours", "refused ktly_019aa5b0-8e1f-7a2b-9c3d-4e5f60718293_canary"],
  ["a restricted key", "Invalid API Key provided: rk_live_canary123"],
  ["an endpoint's secret", "secret whsec_canary is wrong"],
  ["a JWT", "token eyJhbGciOi.eyJjYW5hcnkiOjF9.canary expired"],
  ["a header", 'authorization: "Bearer canary/x+y=="'],
  ["JSON fields", '{"refresh_token":"canary","client_secret":"canary","code":"canary"}'],
  ["a form", "grant_type=refresh_token&refresh_token=canary&client_secret=canary"],
  ["an address", "no contact canary@example.test"],
  ["an address in a query", "/contacts?query=canary%40example.test"],
  ["a sealed credential", "row s1.01234567.canary"],
])("a message loses %s", (_, message) => {
  expect(redact(message)).not.toContain("canary");
});

test.each(["+12125550147", "%2B12125550147", "+1 (212) 555-0147", "+44 20 7946 0958"])(
  "a message loses the phone number %s, and no time loses its offset",
  (phone) => {
    expect(redact(`no contact ${phone}; 2026-11-21 14:05:00.000+00`)).toBe(
      "no contact [phone]; 2026-11-21 14:05:00.000+00",
    );
  },
);

test("other words stay, the end is cut, and what PostgreSQL refuses is gone", () => {
  expect(redact("connect ECONNREFUSED 127.0.0.1:5432")).toBe("connect ECONNREFUSED 127.0.0.1:5432");
  expect(redact("x".repeat(5000))).toHaveLength(500);
  expect(redact("a\u0000b\ud800")).toBe("ab\ufffd");
});

test("of what PostgreSQL refuses the place is told, none of its words", () => {
  const error = new pg.DatabaseError('invalid input syntax for type uuid: "canary"', 42, "error");
  Object.assign(error, { code: "22P02", table: "contacts", detail: "canary", routine: "string_to_uuid" });
  expect(reasonOf(error)).toBe("PostgreSQL refused: code 22P02, table contacts, routine string_to_uuid");
  expect(reasonOf(new Error("connect ECONNREFUSED 127.0.0.1:5432"))).toBe("connect ECONNREFUSED 127.0.0.1:5432");
});

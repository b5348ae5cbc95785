import { expect, test } from "vitest";
import { isAmong } from "./frame-origins.ts";

const ORIGINS = ["https://*.gohighlevel.com", "https://crm.agency.test", "http://localhost:4000"];

test.each([
  "https://app.gohighlevel.com",
  "https://a.b.gohighlevel.com",
  "https://crm.agency.test",
  "http://localhost:4000",
])("%s may frame the page", (origin) => {
  expect(isAmong(ORIGINS, origin)).toBe(true);
});

test.each([
  "https://gohighlevel.com",
  "http://app.gohighlevel.com",
  "https://app.gohighlevel.com:8443",
  "https://app.gohighlevel.com.evil.test",
  "https://evilgohighlevel.com",
  "https://x.crm.agency.test",
  "https://crm.agency.test:444",
  "http://localhost:4001",
  "null",
  "",
])("%s may not", (origin) => {
  expect(isAmong(ORIGINS, origin)).toBe(false);
});

import { expect, test } from "vitest";
import { nextPage } from "./next-page.ts";

const after = (next: string) => nextPage(`?${new URLSearchParams({ next }).toString()}`);

test.each(["/", "/locations/loc_1/contacts?filter=frozen", "/account"])(
  "goes on to a page of the console: %s",
  (page) => {
    expect(after(page)).toBe(page);
  },
);

test.each([
  "//evil.test",
  "/\\evil.test",
  "https://evil.test",
  "javascript:alert(1)",
  "evil.test",
  "/\t/evil.test",
  "",
])("never leaves for another site: %j", (page) => {
  expect(after(page)).toBe("/");
});

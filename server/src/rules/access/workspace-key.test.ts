import { expect, test } from "vitest";
import { keyOfName } from "./workspace-key.ts";

test.each([
  ["Acme Agency", "acme-agency"],
  ["  Café Olé & Söhne  ", "cafe-ole-sohne"],
  ["瑜伽", "workspace"],
  ["a".repeat(47) + " b", "a".repeat(47)],
])("the workspace %j is called %j on the command line", (name, key) => {
  expect(keyOfName(name)).toBe(key);
});

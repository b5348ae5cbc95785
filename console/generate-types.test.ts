import { expect, test } from "vitest";
import { staleTypes } from "./generate-types.ts";

test("the console's types are those of the server's routes: else run npm run console:types", async () => {
  expect(await staleTypes()).toEqual([]);
});

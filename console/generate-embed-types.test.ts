import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { generateEmbedTypes } from "./generate-embed-types.ts";

test("the embed's types are those of the server: else run npm run console:types", async () => {
  const kept = await readFile(new URL("src/embed/embed-api.generated.ts", import.meta.url), "utf8");
  expect(kept).toBe(await generateEmbedTypes());
});

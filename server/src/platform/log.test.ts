import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";

const program = `
  import pg from "pg";
  import { createLogger } from ${JSON.stringify(new URL("./log.ts", import.meta.url).href)};
  const error = new pg.DatabaseError('invalid input syntax for type uuid: "canary"', 42, "error");
  Object.assign(error, { code: "22P02", routine: "string_to_uuid", detail: "canary", where: "canary" });
  createLogger("info").error({ err: new Error("a batch failed", { cause: error }) }, "a request failed");
`;

test("an error of PostgreSQL is logged by its code and place, wherever it lies, without a value", () => {
  const line = execFileSync(process.execPath, ["--input-type=module", "--eval", program], { encoding: "utf8" });
  expect(JSON.parse(line)).toMatchObject({
    level: "error",
    msg: "a request failed",
    err: { message: "a batch failed", cause: { type: "DatabaseError", code: "22P02", routine: "string_to_uuid" } },
  });
  expect(line).not.toContain("canary");
});

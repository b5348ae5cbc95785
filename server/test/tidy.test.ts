import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { readTree, treeOf } from "./source-tree.ts";
import {
  environmentHasOneHome,
  filesHaveAtMost,
  functionsHaveAtMost,
  importsKeepTheLaw,
  medianFileHasAtMost,
  namesAreKebabCase,
  namesSaySomething,
  nothingIsABarrel,
  nothingIsExportedAsDefault,
  rulesKnowNothingOutside,
  sqlHasItsHomes,
  timeHasOneHome,
  type ImportLaw,
  type TidyRule,
} from "./tidy-rules.ts";

/** Who may import whom: the table of ARCHITECTURE.md. */
const law: ImportLaw = {
  rules: ["rules"],
  platform: ["platform"],
  store: ["rules", "platform", "store"],
  ledger: ["rules", "platform", "store", "ledger"],
  views: ["rules", "platform", "views"],
  gateways: ["rules", "platform", "gateways"],
  operations: ["rules", "store", "ledger", "platform", "operations"],
  http: ["rules", "platform", "operations", "views", "gateways", "http"],
  webhooks: ["rules", "platform", "operations", "views", "gateways", "webhooks"],
  jobs: ["rules", "platform", "operations", "views", "gateways", "jobs"],
  commands: ["rules", "platform", "operations", "views", "config.ts", "commands"],
  "config.ts": ["rules", "platform"],
  "main.ts": "everything",
  "service.ts": "everything",
  "doors.ts": "everything",
  "listening.ts": "everything",
};

/** Those of platform/ are the exceptions: connecting, migrating and locking speak SQL, about no table of the product. */
const homes_of_sql = [
  "ledger/",
  "store/",
  "views/",
  "platform/database.ts",
  "platform/migrate.ts",
  "platform/postgres-connection.ts",
  "platform/data-directory-lock.ts",
];

interface Example {
  promise: string;
  rule: TidyRule;
  broken: Record<string, string>;
  kept: Record<string, string>;
}

const lines = (count: number): string => "f();\n".repeat(count);

const examples: Example[] = [
  {
    promise: "every folder imports only what the law allows",
    rule: importsKeepTheLaw(law),
    broken: {
      "server/src/operations/credits/grant.ts": 'import { send } from "../../gateways/mail/send.ts";',
      "server/src/http/routes.ts": 'export const lots = await import("../store/lots.ts");',
      "server/src/rules/lot.ts": 'export type Row = import("../store/lots.ts").Row;',
      "server/src/store/lots.ts": 'export { post } from "../ledger/post.ts";',
      "server/src/platform/ids.ts": 'import type { Lot } from "../rules/lot.ts";',
      "server/src/views/summary.ts": 'import manifest from "../../package.json" with { type: "json" };',
      "server/src/extras/grant.ts": "export const x = 1;",
    },
    kept: {
      "server/src/operations/credits/grant.ts": 'import { post } from "../../ledger/post.ts"; import { z } from "zod";',
      "server/src/main.ts": 'import { post } from "./ledger/post.ts"; import { routes } from "./http/routes.ts";',
      "server/src/http/routes.test.ts": 'import { lots } from "../store/lots.ts";',
    },
  },
  {
    promise: "rules know nothing: no package, no environment, no chance, no waiting",
    rule: rulesKnowNothingOutside,
    broken: {
      "server/src/rules/a.ts": 'import { readFileSync } from "node:fs";',
      "server/src/rules/b.ts": 'import { z } from "zod";',
      "server/src/rules/c.ts": "export const roll = () => Math.random();",
      "server/src/rules/d.ts": "export const log = () => console.log(1);",
      "server/src/rules/e.ts": "export const wait = async (p) => { await p; };",
    },
    kept: {
      "server/src/rules/a.ts": 'import { b } from "./b.ts"; export const c = (calls) => Math.max(b, calls.fetch);',
      "server/src/store/b.ts": 'import pg from "pg"; await pg.connect();',
    },
  },
  {
    promise: "time has one home, platform/clock.ts",
    rule: timeHasOneHome("platform/clock.ts"),
    broken: {
      "server/src/rules/a.ts": "export const a = Date.now();",
      "server/src/http/b.ts": "export const b = new Date();",
      "server/src/jobs/c.ts": "export const c = Temporal.Now.instant();",
      "server/src/ledger/d.ts": "export const d = performance.now();",
      "server/src/store/e.ts": 'export const e = Date["now"]() + Date();',
    },
    kept: {
      "server/src/platform/clock.ts": "export const now = () => Date.now();",
      "server/src/http/b.ts": "export const b = (text) => new Date(text);",
      "server/src/http/b.test.ts": "const began = performance.now();",
    },
  },
  {
    promise: "the environment has one home, config.ts",
    rule: environmentHasOneHome("config.ts"),
    broken: {
      "server/src/http/a.ts": "export const port = process.env.PORT;",
      "server/src/http/b.ts": "export const { env } = process;",
      "server/src/http/c.ts": 'import { env } from "node:process";',
      "server/src/main.ts": "process.loadEnvFile();",
    },
    kept: {
      "server/src/config.ts": "export const port = process.env.PORT;",
      "server/src/main.ts": "process.exitCode = 1;",
    },
  },
  {
    promise: "SQL lives in ledger, store and views, and in platform only to connect and migrate",
    rule: sqlHasItsHomes(homes_of_sql),
    broken: {
      "server/src/operations/a.ts": 'export const a = "SELECT 1";',
      "server/src/http/b.ts": "export const b = `\n  -- lots\n  UPDATE lots SET amount = ${1}`;",
      "server/src/jobs/c.ts": 'export const c = "insert into lots values (1)";',
      "server/src/rules/d.ts": "export const d = `WITH due AS (SELECT 1) DELETE FROM lots`;",
      "server/src/commands/e.ts": 'export const e = "BEGIN";',
      "server/src/platform/log.ts": 'export const f = "DELETE FROM lots";',
    },
    kept: {
      "server/src/store/lots.ts": 'export const a = "SELECT 1";',
      "server/src/platform/migrate.ts": 'export const a = "CREATE TABLE migrations ()";',
      "server/src/http/b.ts": 'export const b = ["DELETE", "UPDATE", "Update the lot", "with one calendar", "grant"];',
      "server/src/http/c.test.ts": 'const a = "SELECT 1";',
    },
  },
  {
    promise: "no file is longer than 400 lines",
    rule: filesHaveAtMost(400),
    broken: { "bench/main.ts": lines(401) },
    kept: { "bench/main.ts": lines(400) },
  },
  {
    promise: "no function is longer than 70 lines",
    rule: functionsHaveAtMost(70),
    broken: {
      "server/src/http/a.ts": `function a() {\n${lines(69)}}`,
      "simulation/b.ts": `export const b = () => {\n${lines(69)}};`,
      "bench/c.ts": `class C { m() {\n${lines(69)}} }`,
      "server/test/d.test.ts": `describe("d", () => { test("e", () => {\n${lines(69)}}); });`,
    },
    kept: {
      "server/src/http/a.ts": `function a() {\n${lines(68)}}`,
      "server/test/d.test.ts": `describe("d", () => {\n${lines(100)}});`,
    },
  },
  {
    promise: "the median file of the server has at most 130 lines",
    rule: medianFileHasAtMost(130),
    broken: { "server/src/b.ts": lines(131) },
    kept: { "server/src/a.ts": lines(10), "server/src/b.ts": lines(130), "server/src/c.ts": lines(200) },
  },
  {
    promise: "file and folder names are kebab-case",
    rule: namesAreKebabCase,
    broken: { "server/src/http/apiKeys.ts": "", "server/src/Store/lots.ts": "", "bench/load_gen.ts": "" },
    kept: { "server/src/http/api-keys.test.ts": "", "vitest.config.ts": "" },
  },
  {
    promise: "no file or folder is named handle, process, manage, util, helper, common or misc",
    rule: namesSaySomething,
    broken: {
      "server/src/http/error-handler.ts": "",
      "server/src/jobs/process-webhook.ts": "",
      "server/src/store/manage.ts": "",
      "server/src/utils/a.ts": "",
      "server/test/helpers.ts": "",
      "bench/common.ts": "",
      "simulation/misc.ts": "",
    },
    kept: { "server/src/http/uncommon-sense.ts": "" },
  },
  {
    promise: "nothing is exported as default",
    rule: nothingIsExportedAsDefault,
    broken: {
      "server/src/a.ts": "export default 1;",
      "server/src/b.ts": "const b = 1; export { b as default };",
    },
    kept: { "vitest.config.ts": "export default {};", "server/src/a.ts": "export const a = 1;" },
  },
  {
    promise: "nothing is a barrel",
    rule: nothingIsABarrel,
    broken: {
      "server/src/rules/index.ts": "export const a = 1;",
      "server/src/store/all.ts": 'export * from "./lots.ts"; export { a } from "./a.ts";',
      "server/src/store/some.ts": 'import { a } from "./a.ts"; export { a };',
    },
    kept: { "server/src/rules/a.ts": 'export { b } from "./b.ts"; export const a = 1;' },
  },
];

const tree = readTree(fileURLToPath(new URL("../..", import.meta.url)));

test("the tree is read whole", () => {
  const paths = tree.map((file) => file.path);
  expect(paths).toContain("server/test/tidy.test.ts");
  expect(paths).toContain("bin/kotally.js");
  expect(paths.filter((path) => path.includes("node_modules"))).toEqual([]);
});

for (const { promise, rule, broken, kept } of examples) {
  describe(promise, () => {
    test("holds in this tree", () => {
      expect(rule(tree)).toEqual([]);
    });

    test("is seen when it is broken, in every listed way", () => {
      const findings = rule(treeOf(broken)).join("\n");
      expect(Object.keys(broken).filter((path) => !findings.includes(path))).toEqual([]);
    });

    test("does not cry wolf", () => {
      expect(rule(treeOf(kept))).toEqual([]);
    });
  });
}

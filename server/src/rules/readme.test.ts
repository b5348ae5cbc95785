import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { treeOf, visit } from "../../test/source-tree.ts";

const here = import.meta.dirname;

/** The README's numbered rules with the files that each names. */
const rules = readFileSync(join(here, "README.md"), "utf8")
  .split(/^### (?=\d+\. )/mu)
  .slice(1)
  .map((section) => {
    const files = /^Files: (.+)$/mu.exec(section)?.[1] ?? "";
    return { number: Number.parseInt(section, 10), files: [...files.matchAll(/`([^`]+)`/gu)].map(([, file]) => file!) };
  });

/** Numbers that titles of tests name: "Rule 14. …", "Rules 8, 14. …", "… (rule 20)". */
function rulesOfTitles(files: Record<string, string>): Set<number> {
  const titles = treeOf(files).flatMap((file) => {
    const found: string[] = [];
    visit(file, {
      CallExpression: ({ callee, arguments: [title] }) => {
        const is_test = /^(?:test|describe)\b/u.test(file.text.slice(callee.start, callee.end));
        if (is_test && title?.type === "Literal" && typeof title.value === "string") found.push(title.value);
      },
    });
    return found;
  });
  const lists = titles.flatMap((title) => [...title.matchAll(/\brules? (\d+(?:, \d+)*)/giu)].map(([, list]) => list!));
  return new Set(lists.flatMap((list) => list.split(", ").map(Number)));
}

const test_files = globSync("**/*.test.ts", { cwd: here });
const tested = rulesOfTitles(
  Object.fromEntries(test_files.map((path) => [path, readFileSync(join(here, path), "utf8")])),
);

describe("The README of the rules is true", () => {
  test("each number stands once, in order", () => {
    const numbers = rules.map(({ number }) => number);
    expect(numbers.length).toBeGreaterThan(20);
    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
  });

  test.each(rules)("rule $number names files that exist", ({ files }) => {
    expect(files).not.toEqual([]);
    expect(files.filter((file) => !existsSync(join(here, file)))).toEqual([]);
  });

  test.each(rules)("rule $number is named by the title of a test", ({ number }) => {
    expect([...tested]).toContain(number);
  });

  test("no test speaks of a rule that the README does not know", () => {
    expect([...tested].filter((number) => !rules.some((rule) => rule.number === number))).toEqual([]);
  });

  test("a number in a comment or in the body of a test is no title", () => {
    const body = '// Rule 3.\ntest("Rules 5, 7. Both (rule 9)", () => { expect("Rule 11. x").toBe("Rule 11. x"); });';
    expect([...rulesOfTitles({ "a.test.ts": body })]).toEqual([5, 7, 9]);
  });
});

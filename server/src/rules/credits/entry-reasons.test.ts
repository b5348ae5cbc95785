import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ENTRY_REASONS, meaningOf } from "./entry-reasons.ts";

const rules = join(import.meta.dirname, "..");

/** Every reason in lower case that stands in the rules' source: those of refusals are in upper case. */
function reasonsOfSource(): Set<string> {
  const files = globSync("*/*.ts", { cwd: rules }).filter((file) => !/test|reasons\.ts/.test(file));
  const texts = files.map((file) => readFileSync(join(rules, file), "utf8"));
  const lines = texts.flatMap((text) => text.split("\n").filter((line) => /\breason: /.test(line)));
  const named = new Set(lines.flatMap((line) => [...line.matchAll(/\b[A-Z_]{4,}\b/g)].map(([name]) => name)));
  const found = texts.flatMap((text) => [
    ...text.matchAll(/\breason(?:: | = )"([a-z_]+)"/g),
    ...text.matchAll(/\breason: \w+ \? "([a-z_]+)" : "([a-z_]+)"/g),
    ...[...text.matchAll(/^(?:export )?const ([A-Z_]+) = ("[a-z_]+");$/gm)].flatMap(([, name, value = ""]) =>
      named.has(name ?? "") ? [["", JSON.parse(value) as string]] : [],
    ),
  ]);
  return new Set(found.flatMap(([, ...reasons]) => reasons));
}

describe("rule 2. an entry says why it was booked", () => {
  test("every reason that a rule books under has its meaning and the rule's number", () => {
    const known = Object.keys(ENTRY_REASONS);
    const missing = [...reasonsOfSource()].filter((reason) => !known.includes(reason));
    expect(missing).toEqual([]);
    expect(reasonsOfSource().size).toBeGreaterThan(20);
  });

  test("no meaning is left over from a reason that nobody books under any more", () => {
    const of_status = ["booking_invalid", "booking_deleted"];
    const used = reasonsOfSource();
    expect(Object.keys(ENTRY_REASONS).filter((reason) => !used.has(reason))).toEqual(of_status);
  });

  test("an adjustment is in its maker's own words, even where these are a rule's", () => {
    expect(meaningOf({ type: "expire", reason: "expired" }).rule).toBe(15);
    expect(meaningOf({ type: "adjust_down", reason: "expired" }).rule).toBeNull();
    expect(meaningOf({ type: "adjust_up", reason: "plan_upgraded" }).rule).toBe(25);
    expect(meaningOf({ type: "grant", reason: "toString" }).rule).toBeNull();
  });
});

import { writeFileSync } from "node:fs";
import { Arena, type Sample, type Scenario } from "./arena.ts";
import { readOptions } from "./options.ts";
import { BenchPostgres } from "./postgres.ts";
import { describeMachine, machineLine, rowLines } from "./report.ts";
import { COLD_START } from "./rows/cold-start.ts";
import { COST } from "./rows/cost.ts";
import { EXPIRY } from "./rows/expiry.ts";
import { GROWTH } from "./rows/growth.ts";
import { OVERLOAD } from "./rows/overload.ts";
import { RENEWALS_ROW } from "./rows/renewals.ts";
import type { ComparedRow, OwnRow, RowResult } from "./rows/row.ts";
import { THROUGHPUT } from "./rows/throughput.ts";
import { VERIFY } from "./rows/verify.ts";
import { WEBHOOKS } from "./rows/webhooks.ts";

const COMPARED: ComparedRow[] = [...THROUGHPUT, WEBHOOKS, ...GROWTH];
const OWN: OwnRow[] = [COST, OVERLOAD, VERIFY, EXPIRY, RENEWALS_ROW, COLD_START];

const say = (line: string) => process.stdout.write(`${line}\n`);
const options = readOptions(process.argv.slice(2));
const known = [...COMPARED, ...OWN].map(({ key }) => key);
const unknown = options.only.find((key) => !known.includes(key));
if (unknown !== undefined) {
  say(`There is no row ${unknown}; there are ${known.join(", ")}.`);
  process.exit(1);
}
const isWanted = ({ key }: { key: string }) => options.only.length === 0 || options.only.includes(key);

const postgres = await BenchPostgres.open();
const arena = new Arena(options, postgres, say);
// What was started is ended, whatever ends the run.
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => void arena.close().then(() => process.exit(1)));
try {
  const machine = await describeMachine(postgres);
  say(machineLine(machine));
  say(`${options.rounds} rounds of ${options.seconds} s, interleaved; median, and worst in brackets.`);
  const results: RowResult[] = [];
  const report = (result: RowResult) => {
    results.push(result);
    for (const line of rowLines(result)) say(line);
  };

  const compared = COMPARED.filter(isWanted);
  const samples = await measureInTurns(compared.flatMap((row) => row.scenarios));
  for (const { key, title, judge } of compared) report({ key, title, ...judge(samples) });
  for (const { key, title, measure } of OWN.filter(isWanted)) {
    try {
      report({ key, title, ...(await measure(arena)) });
    } catch (error) {
      // The other rows are worth having; the run has failed all the same.
      say(`\n${title}  [${key}]\n  FAILED  ${error instanceof Error ? error.message : String(error)}`);
      process.exitCode = 1;
    }
  }

  if (options.json !== null) writeFileSync(options.json, `${JSON.stringify({ machine, options, results }, null, 2)}\n`);
} finally {
  await arena.close();
}

/** Round by round, each scenario once: what is compared is never more than a round apart. */
async function measureInTurns(wanted: readonly Scenario[]): Promise<Map<string, Sample[]>> {
  const scenarios = [...new Set(wanted)];
  const samples = new Map<string, Sample[]>();
  for (let round = 1; round <= options.rounds; round += 1) {
    for (const scenario of scenarios) {
      const sample = await scenario.run(arena);
      if (sample) samples.set(scenario.key, [...(samples.get(scenario.key) ?? []), sample]);
    }
    say(`Round ${round} of ${options.rounds} is done.`);
  }
  return samples;
}

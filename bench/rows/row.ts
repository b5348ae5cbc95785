import type { Arena, Sample, Scenario } from "../arena.ts";
import { median, ratios } from "../statistics.ts";

export interface Figure {
  name: string;
  unit: string;
  median: number;
  worst: number;
}

export interface Goal {
  text: string;
  /** `at_least` the limit or `at_most`. */
  sense: "at_least" | "at_most";
  limit: number;
  median: number;
  worst: number;
  unit: string;
}

export interface RowResult {
  key: string;
  title: string;
  figures: Figure[];
  goals: Goal[];
  notes: string[];
}

/** All samples of the scenarios that were measured side by side, by scenario. */
export type Samples = ReadonlyMap<string, readonly Sample[]>;

/** A row that compares scenarios which run in turns. */
export interface ComparedRow {
  key: string;
  title: string;
  scenarios: readonly Scenario[];
  judge(samples: Samples): Pick<RowResult, "figures" | "goals" | "notes">;
}

/** A row that measures by itself; null where it cannot be measured here, with the reason said. */
export interface OwnRow {
  key: string;
  title: string;
  measure(arena: Arena): Promise<Pick<RowResult, "figures" | "goals" | "notes">>;
}

export function isMet({ sense, limit, median: value }: Goal): boolean {
  return sense === "at_least" ? value >= limit : value <= limit;
}

export function samplesOf(samples: Samples, { key }: Scenario): readonly Sample[] {
  return samples.get(key) ?? [];
}

export function throughput(name: string, samples: readonly Sample[]): Figure {
  const values = samples.map((sample) => sample.per_second);
  return { name, unit: "/s", median: median(values), worst: Math.min(...values) };
}

export function latency(name: string, samples: readonly Sample[], of: "p50_ms" | "p99_ms"): Figure {
  const values = samples.map((sample) => sample[of]);
  return { name: `${name} ${of.slice(0, 3)}`, unit: "ms", median: median(values), worst: Math.max(...values) };
}

/** Processor time: hardly disturbed by what else the machine does. */
export function processorTime(name: string, samples: readonly Sample[]): Figure {
  const values = samples.map((sample) => sample.server_cpu_us + sample.database_cpu_us);
  return { name: `${name} processor time`, unit: "µs each", median: median(values), worst: Math.max(...values) };
}

export function ratioGoal(
  text: string,
  sense: Goal["sense"],
  limit: number,
  over: readonly Sample[],
  under: readonly Sample[],
  of: "per_second" | "p50_ms" | "p99_ms" = "per_second",
): Goal {
  const quotients = ratios(
    over.map((sample) => sample[of]),
    under.map((sample) => sample[of]),
  );
  const worst = sense === "at_least" ? Math.min(...quotients) : Math.max(...quotients);
  return { text, sense, limit, median: median(quotients), worst, unit: "×" };
}

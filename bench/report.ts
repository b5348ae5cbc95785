import { cpus, totalmem } from "node:os";
import type { BenchPostgres } from "./postgres.ts";
import { isMet, type Figure, type Goal, type RowResult } from "./rows/row.ts";

export interface Machine {
  cores: number;
  cpu: string;
  memory_gb: number;
  postgres: string;
  node: string;
  measured_at: string;
}

export async function describeMachine(postgres: BenchPostgres): Promise<Machine> {
  const [row] = await postgres
    .ask<{ version: string }>("SHOW server_version AS version")
    .catch(() => postgres.ask<{ version: string }>("SELECT current_setting('server_version') AS version"));
  const all = cpus();
  return {
    cores: all.length,
    cpu: all[0]?.model ?? "unknown",
    memory_gb: Math.round(totalmem() / 2 ** 30),
    postgres: `${row?.version ?? "unknown"}${postgres.is_embedded ? " (embedded)" : ""}`,
    node: process.version,
    measured_at: new Date().toISOString(),
  };
}

export function machineLine({ cores, cpu, memory_gb, postgres, node, measured_at }: Machine): string {
  return `${cores} cores (${cpu}), ${memory_gb} GB, PostgreSQL ${postgres}, Node ${node}, ${measured_at.slice(0, 16)}Z`;
}

/** One row for a person: what was measured, then each goal with what was reached. */
export function rowLines({ key, title, figures, goals, notes }: RowResult): string[] {
  return [
    "",
    `${title}  [${key}]`,
    ...figures.map(figureLine),
    ...goals.map(goalLine),
    ...notes.map((note) => `    ${note}`),
  ];
}

function figureLine({ name, unit, median, worst }: Figure): string {
  const spread = worst === median ? "" : `  (worst ${number(worst)})`;
  return `    ${name.padEnd(42)} ${number(median).padStart(10)} ${unit}${spread}`;
}

function goalLine(goal: Goal): string {
  const { text, sense, limit, median, worst, unit } = goal;
  const reached = unit === "×" ? `${number(median)} × ${text}` : `${text}: ${number(median)} ${unit}`;
  const spread = worst === median ? "" : `, worst ${number(worst)}`;
  const wanted = `goal ${sense === "at_least" ? "≥" : "≤"} ${limit}`;
  return `  ${isMet(goal) ? "met   " : "MISSED"}  ${reached}  (${wanted}${spread})`;
}

function number(value: number): string {
  if (Number.isNaN(value)) return "–";
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString("en-US");
  return value.toFixed(Math.abs(value) >= 10 ? 1 : 2);
}

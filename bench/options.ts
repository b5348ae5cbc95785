import { parseArgs } from "node:util";

export interface Options {
  seconds: number;
  warmup_seconds: number;
  rounds: number;
  /** The published form: long rounds with a checkpoint inside, large data. */
  is_full: boolean;
  /** Rows to measure; empty: all. */
  only: string[];
  json: string | null;
}

export function readOptions(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      full: { type: "boolean", default: false },
      only: { type: "string", default: "" },
      seconds: { type: "string" },
      rounds: { type: "string" },
      json: { type: "string" },
    },
  });
  return {
    seconds: Number(values.seconds ?? (values.full ? 60 : 10)),
    rounds: Number(values.rounds ?? (values.full ? 5 : 3)),
    warmup_seconds: values.full ? 5 : 2,
    is_full: values.full,
    only: values.only.split(",").filter((key) => key !== ""),
    json: values.json ?? null,
  };
}

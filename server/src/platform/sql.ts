/** A statement that the server prepares once per connection under its name. */
export interface Statement {
  name: string;
  text: string;
}

/** Array parameters as PostgreSQL array literals: built for whole batches, where the driver's own way is the slowest part. */
export function uuidArray(values: readonly (string | null)[]): string {
  return `{${values.map((value) => value ?? "NULL").join(",")}}`;
}

export function numberArray(values: readonly (number | null)[]): string {
  return `{${values.map((value) => value ?? "NULL").join(",")}}`;
}

export function booleanArray(values: readonly boolean[]): string {
  return `{${values.join(",")}}`;
}

const NEEDS_ESCAPE = /["\\]/g;

export function textArray(values: readonly (string | null)[]): string {
  const quoted = values.map((value) => (value === null ? "NULL" : `"${value.replace(NEEDS_ESCAPE, "\\$&")}"`));
  return `{${quoted.join(",")}}`;
}

/** Instants in whole milliseconds since the epoch. */
export function instantArray(values: readonly (number | null)[]): string {
  return `{${values.map((value) => (value === null ? "NULL" : instant(value))).join(",")}}`;
}

let last_instant = { at: Number.NaN, text: "" };

/** ISO 8601 in UTC. Most rows of a batch carry the same instant. */
export function instant(at: number): string {
  if (last_instant.at !== at) last_instant = { at, text: new Date(at).toISOString() };
  return last_instant.text;
}

/** JSON documents as an array of text, to be cast to jsonb. */
export function jsonArray(values: readonly unknown[]): string {
  return textArray(values.map((value) => (value === null || value === undefined ? null : JSON.stringify(value))));
}

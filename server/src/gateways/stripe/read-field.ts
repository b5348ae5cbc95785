import type { Instant } from "../../rules/time/local-days.ts";

/** Characters of an id; Stripe promises at most 255. */
const MAX_ID_LENGTH = 255;
/** Characters of a name, an e-mail address or a phone number that are kept. */
const MAX_TEXT_LENGTH = 500;
/** The end of the year 9999, in seconds. */
const MAX_SECONDS = 253_402_300_799;

export type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Paths are written in the readers, a hundred or so; each is taken apart once. */
const steps_of = new Map<string, string[]>();

/** What stands at a dotted path; undefined where the way breaks off. */
export function at(value: unknown, path: string): unknown {
  let here = value;
  for (const name of steps_of.get(path) ?? takeApart(path)) {
    if (!isFields(here) || !Object.hasOwn(here, name)) return undefined;
    here = here[name];
  }
  return here;
}

function takeApart(path: string): string[] {
  const steps = path.split(".");
  steps_of.set(path, steps);
  return steps;
}

/** The id at the first of the paths that has one: Stripe gives the bare id, or the object where it was expanded. */
export function idAt(value: unknown, ...paths: string[]): string | null {
  for (const path of paths) {
    const found = at(value, path);
    const id = isFields(found) ? at(found, "id") : found;
    if (typeof id === "string" && id !== "" && id.length <= MAX_ID_LENGTH && isStorable(id)) return id;
  }
  return null;
}

/** The text at the first of the paths that has one, trimmed and cut to its limit. */
export function textAt(value: unknown, ...paths: string[]): string | null {
  for (const path of paths) {
    const found = at(value, path);
    if (typeof found !== "string" || !isStorable(found)) continue;
    const text = found.trim().slice(0, MAX_TEXT_LENGTH).toWellFormed();
    if (text !== "") return text;
  }
  return null;
}

/** A whole number, exact. */
export function integerAt(value: unknown, path: string): number | null {
  const found = at(value, path);
  return Number.isSafeInteger(found) ? (found as number) + 0 : null;
}

/** An amount in the smallest unit of its currency, not below zero. */
export function amountAt(value: unknown, path: string): number | null {
  const amount = integerAt(value, path);
  return amount !== null && amount >= 0 ? amount : null;
}

/** Stripe counts seconds. */
export function instantAt(value: unknown, ...paths: string[]): Instant | null {
  for (const path of paths) {
    const seconds = integerAt(value, path);
    if (seconds !== null && seconds > 0 && seconds <= MAX_SECONDS) return seconds * 1000;
  }
  return null;
}

/** The objects of a list, bare or in Stripe's envelope. */
export function listAt(value: unknown, path: string): Fields[] {
  const found = at(value, path);
  const list = Array.isArray(found) ? (found as unknown[]) : at(found, "data");
  return Array.isArray(list) ? (list as unknown[]).filter(isFields) : [];
}

/** PostgreSQL's text has no NUL, and a lone surrogate is no character. */
function isStorable(text: string): boolean {
  return !text.includes("\0") && text.isWellFormed();
}

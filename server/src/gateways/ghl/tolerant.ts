import { z } from "zod";
import { storable } from "../../platform/storable.ts";
import type { Instant } from "../../rules/time/local-days.ts";

const MAX_ID_LENGTH = 200;
const MAX_TEXT_LENGTH = 1000;
/** Longer lists in one object are cut: no order has as many lines, no contact as many tags. */
const MAX_LIST_LENGTH = 1000;
/** The last millisecond of the year 9999. */
const MAX_INSTANT: Instant = 253_402_300_799_999;
const NUL = String.fromCharCode(0);

/** A name that a provider gives: text or number as text, without white space around; null for anything that cannot be one. */
export function readId(value: unknown): string | null {
  const text = typeof value === "number" && Number.isSafeInteger(value) ? String(value) : value;
  if (typeof text !== "string") return null;
  const trimmed = text.trim();
  const is_id = trimmed !== "" && trimmed.length <= MAX_ID_LENGTH && trimmed.isWellFormed() && !trimmed.includes(NUL);
  return is_id ? trimmed : null;
}

/** Words for people: what PostgreSQL cannot store is taken out, the end is cut; null where nothing is left. */
export function readText(value: unknown): string | null {
  if (typeof value !== "string") return null;
  const text = storable(value, MAX_TEXT_LENGTH).trim();
  return text === "" ? null : text;
}

/** ISO 8601, UTC where it names no offset, or milliseconds since the epoch, also as text. */
export function readInstant(value: unknown): Instant | null {
  let at = Number.NaN;
  if (typeof value === "number") at = value;
  else if (typeof value === "string") at = /^\d{10,15}$/.test(value) ? Number(value) : parseDate(value.trim());
  return Number.isInteger(at) && at > 0 && at <= MAX_INSTANT ? at : null;
}

function parseDate(text: string): number {
  if (!/^\d{4}-\d{2}-\d{2}/.test(text)) return Number.NaN;
  const names_offset = /(Z|[+-]\d{2}:?\d{2})$/i.test(text) && text.length > 10;
  return Date.parse(names_offset || text.length <= 10 ? text : `${text}Z`);
}

const absent = z.unknown().optional();

/** Pieces of parsers that let a page live when one field of one object is odd: it reads as null. */
export const id = absent.transform(readId);
export const text = absent.transform(readText);
export const instant = absent.transform(readInstant);
export const flag = absent.transform((value) => (typeof value === "boolean" ? value : null));
export const number = absent.transform((value) => {
  const figure = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof figure === "number" && Number.isFinite(figure) ? figure : null;
});
/** An amount in major units, kept as it was written. */
export const decimal = absent.transform((value) =>
  typeof value === "number" || typeof value === "string" ? value : null,
);
/** Any object; an empty one where there is none. */
export const record = absent.transform(readRecord);

/** Objects that read as `item`; those that do not are left out. */
export function list<T>(item: z.ZodType<T>) {
  return absent.transform((value): T[] =>
    (Array.isArray(value) ? value : []).slice(0, MAX_LIST_LENGTH).flatMap((each: unknown) => {
      const read = item.safeParse(each);
      return read.success ? [read.data] : [];
    }),
  );
}

export function readRecord(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {};
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

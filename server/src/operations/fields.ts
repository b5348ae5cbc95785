import { z } from "zod";
import { isCredible } from "../rules/time/credible.ts";

/** Limits of the wire (api-v2.md, Conventions). */
const MAX_TEXT = 255;
export const MAX_AMOUNT = 1_000_000;
const MAX_METADATA_BYTES = 16 * 1024;
const MAX_METADATA_KEYS = 50;
const MAX_METADATA_DEPTH = 10;

// oxlint-disable-next-line no-control-regex -- control characters are exactly what it looks for
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;

function isClean(value: string): boolean {
  return value.isWellFormed() && !CONTROL.test(value);
}

/** A trimmed string of 1 to 255 characters without control characters or lone surrogates. */
export const text = z
  .string()
  .trim()
  .min(1)
  .max(MAX_TEXT)
  .refine(isClean, "must not contain control characters or lone surrogates");

/** Why staff decided so. */
export const reason = text.describe("Why, in words: it stands in the audit trail.");

/** An e-mail address, in lower case. */
export const emailAddress = z.string().trim().toLowerCase().max(254).pipe(z.email("must be an e-mail address"));

const NOT_A_TIME = "must be an ISO 8601 time with an offset, such as 2026-11-21T09:00:00Z";

/** ISO 8601 with an offset, as milliseconds since the epoch. */
export const time = z
  .string()
  .trim()
  .max(64)
  .meta({ format: "date-time" })
  .transform((value, context) => {
    const at = instantOf(value);
    if (at !== null && isCredible(at)) return at;
    const message = at === null ? NOT_A_TIME : "must lie between the years 2000 and 2100";
    context.issues.push({ code: "custom", input: value, message });
    return z.NEVER;
  });

function instantOf(value: string): number | null {
  try {
    return Temporal.Instant.from(value).epochMilliseconds;
  } catch {
    return null;
  }
}

/** A calendar date in the location's time zone, of this century. */
export const date = z.iso
  .date("must be a date such as 2026-11-21")
  .refine((value) => value >= "2000-01-01" && value < "2100-01-01", "must lie between the years 2000 and 2100");

/** A whole number in a range. Not z.int(): what it refuses ends the parse before the other fields' errors are found. */
export function whole(least: number, most: number) {
  const message = `must be a whole number of at least ${least}`;
  return z.number().refine(Number.isSafeInteger, message).min(least).max(most).meta({ type: "integer" });
}

export const amount = whole(1, MAX_AMOUNT);

/** At most 16 KiB and 50 keys; keys in one order, so that the same metadata is the same payload. */
export const metadata = z
  .record(z.string(), z.unknown())
  .superRefine((value, context) => {
    const message = flawOf(value);
    if (message !== null) context.addIssue({ code: "custom", message });
  })
  .transform((value) => sorted(value) as Record<string, unknown>);

/** The first flaw only: what is nested too deep cannot even be measured. */
function flawOf(value: Record<string, unknown>): string | null {
  if (Object.keys(value).length > MAX_METADATA_KEYS) return `must have at most ${MAX_METADATA_KEYS} keys`;
  if (depthOf(value) > MAX_METADATA_DEPTH) return `must be nested at most ${MAX_METADATA_DEPTH} deep`;
  if (Buffer.byteLength(JSON.stringify(value)) > MAX_METADATA_BYTES) return "must be at most 16 KiB of JSON";
  return isStorable(value) ? null : "must not contain NUL characters or lone surrogates";
}

function depthOf(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  let deepest = 0;
  let level: unknown[] = [value];
  while (level.length > 0 && deepest <= MAX_METADATA_DEPTH) {
    deepest += 1;
    level = level
      .flatMap((item): unknown[] => Object.values(item as object))
      .filter((item) => typeof item === "object" && item !== null);
  }
  return deepest;
}

export function isStorable(value: unknown): boolean {
  if (typeof value === "string") return value.isWellFormed() && !value.includes("\0");
  if (typeof value !== "object" || value === null) return true;
  return Object.entries(value).every(([key, item]) => isStorable(key) && isStorable(item));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, sorted(item)]));
}

/** The two interchangeable names of a contact's external id. */
export const contactFields = {
  external_contact_id: text.optional().describe("The contact's id in your system (the GoHighLevel contact id)."),
  ghl_contact_id: text.optional().describe("Another name of external_contact_id, which wins where both are sent."),
};

/** One of the two contact ids; the first rule of every body that names a contact. */
export function namesContact(input: { external_contact_id?: unknown; ghl_contact_id?: unknown }): boolean {
  return input.external_contact_id !== undefined || input.ghl_contact_id !== undefined;
}

/** When a rule over several fields is looked at: together with the other fields' errors, not after they are mended. */
export function isObject({ value }: { value: unknown }): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export const contactRule = {
  path: ["external_contact_id"],
  message: "is required (or ghl_contact_id)",
  when: isObject,
};

export const locationField = {
  location_id: text.optional().describe("The token's own location (loc_…); omitted: that location."),
};

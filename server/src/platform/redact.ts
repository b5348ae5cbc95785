import pg from "pg";
import { storable } from "./storable.ts";

const MAX_LENGTH = 500;

/** What tokens, keys and addresses of our providers and of our own look like. */
const SECRETS: readonly [RegExp, string][] = [
  [/\b(?:ktly|[rsp]k_(?:live|test)|whsec)_[\w-]+/g, "[secret]"],
  [/\bs1\.[0-9a-f]{8}\.[\w-]+/g, "[secret]"],
  [/\beyJ[\w-]+(?:\.[\w-]+)*/g, "[secret]"],
  [/\b(bearer|basic)\s+[^\s"',;]+/gi, "$1 [secret]"],
  [
    /\b((?:access|refresh)_?token|client_?secret|password|code|authorization)(["']?\s*[:=]\s*["']?)[^\s"'&,;}]+/gi,
    "$1$2[secret]",
  ],
  [/[\w.+-]+(?:@|%40)[\w-]+(?:\.[\w-]+)+/gi, "[email]"],
  [/(?:\+|%2B)[1-9][\d ().-]{6,18}\d/gi, "[phone]"],
];

/** A message that may be kept and shown: nothing in it opens anything or names a person, and it is short. */
export function redact(message: string): string {
  const clean = storable(message, MAX_LENGTH * 4);
  return SECRETS.reduce((text, [pattern, shown]) => text.replaceAll(pattern, shown), clean).slice(0, MAX_LENGTH);
}

/** Why something failed, as it may be kept and shown. PostgreSQL's words repeat values, so that of its errors only the place is told. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof pg.DatabaseError)) return redact(error instanceof Error ? error.message : String(error));
  const places = Object.entries(placesOf(error)).map(([place, name]) => `${place} ${name}`);
  return `PostgreSQL refused: ${places.join(", ")}`;
}

/** Where in the database something failed. */
export function placesOf({ code, table, column, constraint, routine }: pg.DatabaseError): Record<string, string> {
  const places = Object.entries({ code, table, column, constraint, routine });
  return Object.fromEntries(places.flatMap(([place, name]) => (name ? [[place, name]] : [])));
}

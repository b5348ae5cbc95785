import { z } from "zod";
import { text } from "../../operations/fields.ts";
import { decodeCursor, DEFAULT_LIMIT, MAX_LIMIT, type Page } from "../../views/page.ts";

/** What every list of the console is asked with beside its filters; `cursor`: a position in it. */
export function pageFields<C>(cursor: z.ZodType<C>) {
  return {
    limit: z.coerce.number().int().min(1).max(MAX_LIMIT).default(DEFAULT_LIMIT).describe("Items on the page."),
    cursor: z
      .string()
      .refine((given) => decodeCursor(cursor, given) !== null, "is not a next_cursor of this list")
      .optional()
      .describe("next_cursor of the page before; omitted: the beginning."),
  };
}

export function pageOf<C>(
  schema: z.ZodType<C>,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Page<C> {
  return { limit, cursor: cursor === undefined ? null : decodeCursor(schema, cursor) };
}

/** What somebody types into a search box; nothing but blanks is no search. */
export const search = z
  .string()
  .max(255)
  .transform((given) => given.trim())
  .pipe(z.union([z.literal(""), text]))
  .transform((given) => (given === "" ? null : given))
  .optional();

/** Several of these words, separated by commas. */
export function wordsOf<const W extends readonly [string, ...string[]]>(words: W) {
  return z
    .string()
    .max(255)
    .transform((given) => [...new Set(given.split(",").flatMap((word) => word.trim() || []))])
    .pipe(z.array(z.enum(words)))
    .optional()
    .describe(`Some of ${words.join(", ")}, separated by commas.`);
}

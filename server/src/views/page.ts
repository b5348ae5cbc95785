import { z } from "zod";

/** Items on a page: how many without a wish, and at most. */
export const DEFAULT_LIMIT = 20;
export const MAX_LIMIT = 100;
/** Longest cursor that is looked at: an external id of 255 characters of four bytes, in base64. */
const MAX_CURSOR = 2000;

/** What a list is asked for; a null cursor is its beginning. */
export interface Page<C> {
  limit: number;
  cursor: C | null;
}

/** Where a page starts in SQL when nothing came before it: behind everything. */
export const BEHIND_ALL_TIME = "infinity";
export const BEHIND_ALL_NUMBERS = Number.MAX_SAFE_INTEGER;

/** An instant in a cursor: any that PostgreSQL and ISO 8601 both can say. */
export const cursorInstant = z
  .int()
  .min(Date.UTC(1900, 0, 1))
  .max(Date.UTC(2999, 11, 31));
export const cursorNumber = z.int().min(0);
/** An external id in a cursor: any that PostgreSQL takes. */
export const cursorId = z
  .string()
  .max(255)
  .refine((id) => id.isWellFormed() && !id.includes("\0"));

export function encodeCursor(position: object): string {
  return Buffer.from(JSON.stringify(position)).toString("base64url");
}

/** Null where the text is no position of this list: cursors come from outside. */
export function decodeCursor<C>(schema: z.ZodType<C>, text: string): C | null {
  if (text.length > MAX_CURSOR || !/^[\w-]+$/.test(text)) return null;
  try {
    return schema.safeParse(JSON.parse(Buffer.from(text, "base64url").toString())).data ?? null;
  } catch {
    return null;
  }
}

/** Cuts what was found, one more than wanted, to a page; the position of its last item leads to the next. */
export function cutPage<T>(
  found: readonly T[],
  limit: number,
  positionOf: (last: T) => object,
): { items: T[]; next_cursor: string | null } {
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return { items, next_cursor: found.length > limit && last !== undefined ? encodeCursor(positionOf(last)) : null };
}

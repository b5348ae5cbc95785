import type { z } from "zod";
import { GhlError } from "./ghl-error.ts";

/** How many are asked for at once. */
const PAGE_SIZE = 100;
/** No list is followed further: a location with more of one kind needs a narrower question. */
const MAX_LIST_LENGTH = 50_000;

interface Page {
  items: unknown;
  /** How many there are in all; null where the answer does not say. */
  total: number | null;
}

/** All objects of a list, page by page. Throws `GhlError` `unreadable` for a list that is none or does not end. */
export async function readAllPages<T>(
  item: z.ZodType<T | null>,
  askForPage: (limit: number, offset: number) => Promise<Page>,
): Promise<T[]> {
  const found: T[] = [];
  for (let offset = 0; ;) {
    const { items, total } = await askForPage(PAGE_SIZE, offset);
    if (!Array.isArray(items)) throw new GhlError("unreadable", "an answer without the list that was asked for");
    found.push(...readItems(item, items));
    offset += items.length;
    const is_last = total === null ? items.length < PAGE_SIZE : offset >= total;
    if (items.length === 0 || is_last) return found;
    if (offset >= MAX_LIST_LENGTH) throw new GhlError("unreadable", `a list of more than ${MAX_LIST_LENGTH}`);
  }
}

/** The objects that can be read; one without an id is left out, the others live. */
export function readItems<T>(item: z.ZodType<T | null>, items: unknown[]): T[] {
  return items.flatMap((each) => {
    const read = item.safeParse(each);
    return read.success && read.data !== null ? [read.data] : [];
  });
}

/** One object that was asked for. Throws `GhlError` `unreadable`. */
export function readOne<T>(item: z.ZodType<T | null>, value: unknown): T {
  const read = item.safeParse(value);
  if (!read.success || read.data === null) throw new GhlError("unreadable", "an answer without what was asked for");
  return read.data;
}

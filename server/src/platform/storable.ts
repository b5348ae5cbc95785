/** At most so much of a text, as PostgreSQL takes it: without NUL, and without half a character. */
export function storable(text: string, at_most: number): string {
  return text.slice(0, at_most).toWellFormed().replaceAll("\0", "");
}

/** With a tail that tells two apart a key has 63 characters at most. */
const MAX_WORDS = 50;

/** A key that a person can type, from a name: its letters and digits, joined by hyphens. May be empty. */
export function keyOf(name: string): string {
  const words =
    name
      .normalize("NFKD")
      .toLowerCase()
      .match(/[a-z0-9]+/g) ?? [];
  return words.join("-").slice(0, MAX_WORDS).replace(/-$/, "");
}

/** The same, told apart by a number from those that are taken; `otherwise` where the name has no letters. */
export function freeKeyOf(name: string, taken: ReadonlySet<string>, otherwise: string): string {
  const words = keyOf(name) || otherwise;
  if (!taken.has(words)) return words;
  let number = 2;
  while (taken.has(`${words}-${String(number)}`)) number += 1;
  return `${words}-${String(number)}`;
}

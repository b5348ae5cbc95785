import { keyOfName } from "../../rules/access/workspace-key.ts";

/** A key from a name, told apart by a number from those that are taken; `otherwise` where the name has no letters. */
export function freeKeyOf(name: string, taken: ReadonlySet<string>, otherwise: string): string {
  const words = keyOfName(name, otherwise);
  if (!taken.has(words)) return words;
  let number = 2;
  while (taken.has(`${words}-${String(number)}`)) number += 1;
  return `${words}-${String(number)}`;
}

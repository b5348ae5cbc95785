import { at } from "../read-field.ts";

/** Characters of an address at most. */
const MAX_ADDRESS = 2000;

/** An address that a person is led to. */
export function addressAt(value: unknown, path: string): string | null {
  const found = at(value, path);
  if (typeof found !== "string" || found.length > MAX_ADDRESS || !/^https?:\/\//u.test(found)) return null;
  return URL.canParse(found) ? found : null;
}

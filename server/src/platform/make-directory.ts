import { existsSync, mkdirSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";

/**
 * Makes a directory for this user alone, and those above it that are missing. Node's own `recursive` never returns where the
 * system says of an existing parent that there is none, as Linux does in /proc.
 */
export function makeDirectory(path: string): void {
  const parent = dirname(resolve(path));
  if (!existsSync(parent)) makeDirectory(parent);
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw error;
  }
}

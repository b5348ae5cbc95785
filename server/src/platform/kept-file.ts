import { randomUUID } from "node:crypto";
import { link, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeDirectory } from "./make-directory.ts";

/** What a file of the data directory holds; the first process that asks writes it, readable by its user only. */
export async function keepFile(data_dir: string, name: string, make: () => string): Promise<string> {
  const path = join(data_dir, name);
  const known = await readIfThere(path);
  if (known !== null) return known;
  makeDirectory(data_dir);
  // Written beside and linked whole: two processes that start at once agree, and a kill leaves no half of it.
  const draft = `${path}.${randomUUID()}`;
  await writeFile(draft, make(), { mode: 0o600, flag: "wx", flush: true });
  try {
    await link(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    await rm(draft, { force: true });
  }
  return readFile(path, "utf8");
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

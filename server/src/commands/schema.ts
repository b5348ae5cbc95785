import { writeFile } from "node:fs/promises";
import type { Database } from "../platform/database.ts";
import { readSchema } from "../views/schema.ts";
import type { CommandResult } from "./result.ts";

/** `kotally schema [FILE]`: prints the schema as it is in the database, or writes it to the file that is named. */
export async function schema(db: Database, path: string | undefined): Promise<CommandResult> {
  const text = await readSchema(db);
  if (path === undefined) return { document: { schema: text }, lines: [text.trimEnd()] };
  await writeFile(path, text);
  return { document: { written: path }, lines: [`Wrote ${path}.`] };
}

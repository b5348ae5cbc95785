import { readFile } from "node:fs/promises";
import { parse, YAMLParseError } from "yaml";
import { billsByStripe, type StripeSettings } from "../config.ts";
import { applyFile, parseApplyFile } from "../operations/catalog/apply-file.ts";
import type { Database } from "../platform/database.ts";
import { CommandError, type CommandResult } from "./result.ts";

/** `kotally apply FILE [--dry-run]`: makes the database match a YAML or JSON file. */
export async function apply(
  { db, stripe }: { db: Database; stripe: StripeSettings },
  path: string,
  { dryRun = false }: { dryRun?: boolean | undefined },
): Promise<CommandResult> {
  const file = parseApplyFile(await readDocument(path));
  const { changes, ...applied } = await applyFile(db, file, {
    is_dry_run: dryRun,
    is_billed: billsByStripe(stripe) !== null,
  });
  const lines = changes.map(({ action, subject, fields }) => {
    return `${action} ${subject}${fields.length > 0 ? ` (${fields.join(", ")})` : ""}`;
  });
  if (lines.length === 0) lines.push("Nothing to change.");
  if (dryRun) return { document: { dry_run: true, changes }, lines: [...lines, "Dry run: nothing was written."] };
  for (const [key, location] of Object.entries(applied.locations)) {
    lines.push(`location ${key}: ${location.location_id}`);
    for (const [product, id] of Object.entries(location.products)) lines.push(`  product ${product}: ${id}`);
    for (const [client, { id, token }] of Object.entries(location.api_clients)) {
      lines.push(`  api client ${client}: ${id}${token ? `, token (shown once): ${token}` : ""}`);
    }
  }
  return { document: { ...applied, changes }, lines };
}

async function readDocument(path: string): Promise<unknown> {
  const text = await readFile(path, "utf8").catch(() => {
    throw new CommandError(`The file ${path} could not be read.`);
  });
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof YAMLParseError) throw new CommandError(`${path} is not valid YAML or JSON: ${error.message}`);
    throw error;
  }
}

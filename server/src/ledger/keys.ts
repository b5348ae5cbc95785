import type { Command } from "./operation.ts";

/** One text from several, unambiguous: no id holds a NUL. */
export function joinKey(...parts: string[]): string {
  return parts.join("\0");
}

/** A member by location and external contact id. */
export function memberKey(command: Command): string {
  return joinKey(command.location_id, command.keys.contact_external_id);
}

export function tenantsOf(commands: readonly Command[]): string[] {
  return [...new Set(commands.map((command) => command.location_id))];
}

import type { Command } from "./operation.ts";

/** One text from several, unambiguous: no id holds a NUL. */
export function joinKey(...parts: string[]): string {
  return parts.join("\0");
}

/** A member by location and external contact id. */
export function memberKey(command: Command): string {
  return joinKey(command.location_id, command.keys.contact_external_id);
}

/** The second member of a command; null: it has none. */
export function relatedKey({ location_id, keys }: Command): string | null {
  return keys.related_contact === undefined ? null : joinKey(location_id, keys.related_contact);
}

export function tenantsOf(commands: readonly Command[]): string[] {
  return [...new Set(commands.map((command) => command.location_id))];
}

/** Asks only where there is something to ask for. */
export function ifAny<K, R>(keys: readonly K[], ask: (keys: readonly K[]) => Promise<R[]>): Promise<R[]> {
  return keys.length > 0 ? ask(keys) : Promise.resolve([]);
}

export function distinct<T extends object>(keys: readonly T[]): T[] {
  return [...new Map(keys.map((key) => [JSON.stringify(key), key])).values()];
}

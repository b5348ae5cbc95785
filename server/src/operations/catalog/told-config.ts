import type { ApiClient } from "../../store/api-clients.ts";
import type { ProductConfigRow, ServiceFamily } from "../../store/product-configs.ts";

/** A product config as the audit trail and a file tell it: its terms beside its identity. */
export function toldConfig({ terms, ...identity }: Omit<ProductConfigRow, "version">): Record<string, unknown> {
  return { ...withoutVersion(identity), ...terms };
}

export function toldFamily(family: ServiceFamily): Omit<ServiceFamily, "version"> {
  return withoutVersion(family);
}

/** What may be known of an API client: nothing of its token. */
export function toldClient({ name, scopes, active }: Pick<ApiClient, "name" | "scopes" | "active">) {
  return { name, scopes: [...scopes].sort(), active };
}

function withoutVersion<T extends object>(row: T): Omit<T, "version"> {
  const { version: _, ...rest } = row as T & { version?: number };
  return rest;
}

/** What the audit trail calls a product config, whoever changed it. */
export function productSubject(location: { key: string }, key: string): string {
  return `product ${location.key}/${key}`;
}

export function familySubject(location: { key: string }, key: string): string {
  return `family ${location.key}/${key}`;
}

export function clientSubject(location: { key: string }, key: string): string {
  return `api client ${location.key}/${key}`;
}

export function locationSubject({ key }: { key: string }): string {
  return `location ${key}`;
}

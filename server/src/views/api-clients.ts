import { z } from "zod";
import type { Transaction } from "../platform/database.ts";
import { instant } from "../platform/sql.ts";
import type { Instant } from "../rules/time/local-days.ts";

const clientShape = z.object({
  id: z.string(),
  key: z.string(),
  name: z.string(),
  scopes: z.array(z.string()),
  active: z.boolean(),
  version: z.int().describe("Counts its changes: an edit names the one that it began with."),
  token_start: z.string().describe("How its token begins; the rest of it was shown once."),
  last_used_at: z.iso.datetime().nullable().describe("To the minute; null: never."),
  created_at: z.iso.datetime(),
});

export const clientsAnswer = z.object({ api_clients: z.array(clientShape) });

type Row = {
  id: string;
  key: string;
  name: string;
  scopes: string[];
  active: boolean;
  version: number;
  last_used_at: Instant | null;
  created_at: Instant;
};

const LIST = {
  name: "view_api_clients",
  text: `
    SELECT id, key, name, scopes, active, version, last_used_at, created_at FROM api_clients
    WHERE location_id = $1 ORDER BY active DESC, name, id`,
};

/** Every API client of a location, those that are switched off last. */
export async function listClients(tx: Transaction, location_id: string): Promise<z.output<typeof clientsAnswer>> {
  const rows = await tx.query<Row>(LIST, [location_id]);
  const api_clients = rows.map(({ last_used_at, created_at, ...client }) => ({
    ...client,
    token_start: `ktly_${client.id}_`,
    last_used_at: last_used_at === null ? null : instant(last_used_at),
    created_at: instant(created_at),
  }));
  return { api_clients };
}

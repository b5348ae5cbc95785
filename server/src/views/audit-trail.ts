import { z } from "zod";
import type { Transaction } from "../platform/database.ts";
import { locationPublicId } from "../platform/ids.ts";
import { instant } from "../platform/sql.ts";
import { cutPage, type Page } from "./page.ts";

const line = z.object({
  id: z.guid(),
  at: z.string().describe("When."),
  actor: z.string().describe("A person's e-mail, or what else it was."),
  user_id: z.guid().nullable().describe("Null: no person."),
  client_name: z.string().nullable().describe("What an API client is called; null: it was none."),
  ip: z.string().nullable().describe("From where; null: no person."),
  action: z.string(),
  subject: z.string(),
  location: z.object({ location_id: z.string(), key: z.string(), name: z.string() }).nullable(),
  before: z.record(z.string(), z.unknown()).nullable(),
  after: z.record(z.string(), z.unknown()).nullable(),
  correlation_id: z.guid().nullable().describe("The request's: its ledger entries carry it too."),
});

export const auditTrailAnswer = z.object({
  audit_events: z.array(line),
  next_cursor: z.string().nullable(),
});

/** Ids are made in the order of time; those of one millisecond have some order, and it stays. */
export const auditCursor = z.object({ id: z.guid() });
type AuditCursor = z.output<typeof auditCursor>;

export interface AuditFilter {
  /** Part of an actor, action, subject or reason, in any case. */
  search?: string | undefined;
  user_id?: string | undefined;
  action?: string | undefined;
  /** A UUID. */
  location_id?: string | undefined;
  from?: number | undefined;
  to?: number | undefined;
}

interface Row extends Omit<z.output<typeof line>, "at" | "location"> {
  recorded_at: number;
  location_id: string | null;
  key: string | null;
  name: string | null;
}

const LIST = {
  name: "audit_trail",
  text: `
    SELECT e.id, e.recorded_at, e.actor, e.user_id, e.ip, e.action, e.subject, e.before, e.after, e.correlation_id,
      e.location_id, l.key, l.name, c.name AS client_name
    FROM audit_events e LEFT JOIN locations l ON l.location_id = e.location_id
    LEFT JOIN api_clients c ON c.location_id = e.location_id AND e.actor IN (c.id::text, 'api client ' || c.id)
    WHERE e.workspace_id = $1 AND e.id < $2::uuid
      AND ($3::text IS NULL OR position(lower($3) IN lower(concat_ws(' ', e.actor, c.name, e.action, e.subject, e.after ->> 'reason'))) > 0)
      AND ($4::uuid IS NULL OR e.user_id = $4) AND ($5::text IS NULL OR e.action = $5)
      AND ($6::uuid IS NULL OR e.location_id = $6)
      AND ($7::timestamptz IS NULL OR e.recorded_at >= $7) AND ($8::timestamptz IS NULL OR e.recorded_at < $8)
    ORDER BY e.id DESC LIMIT $9`,
};

const LAST_ID = "ffffffff-ffff-ffff-ffff-ffffffffffff";

/** What people and commands changed in a workspace, newest first. */
export async function listAuditTrail(
  tx: Transaction,
  workspace_id: string,
  { search, user_id, action, location_id, from, to }: AuditFilter,
  { limit, cursor }: Page<AuditCursor>,
): Promise<z.output<typeof auditTrailAnswer>> {
  const times = [from, to].map((at) => (at === undefined ? null : instant(at)));
  const wanted = [search ?? null, user_id ?? null, action ?? null, location_id ?? null, ...times];
  const found = await tx.query<Row & Record<string, unknown>>(LIST, [
    workspace_id,
    cursor?.id ?? LAST_ID,
    ...wanted,
    limit + 1,
  ]);
  const { items, next_cursor } = cutPage(found, limit, ({ id }) => ({ id }));
  return {
    audit_events: items.map(({ recorded_at, location_id: at, key, name, ...rest }) => ({
      ...rest,
      at: instant(recorded_at),
      location: at === null ? null : { location_id: locationPublicId(at), key: key ?? "", name: name ?? "" },
    })),
    next_cursor,
  };
}

const ACTIONS = {
  name: "audit_actions",
  text: `
    WITH RECURSIVE actions AS (
      (SELECT action FROM audit_events WHERE workspace_id = $1 ORDER BY action LIMIT 1)
      UNION ALL
      SELECT (SELECT e.action FROM audit_events e WHERE e.workspace_id = $1 AND e.action > a.action ORDER BY e.action LIMIT 1)
      FROM actions a WHERE a.action IS NOT NULL)
    SELECT action FROM actions WHERE action IS NOT NULL`,
};

/** The actions that there are, to choose from. */
export async function listAuditActions(tx: Transaction, workspace_id: string): Promise<string[]> {
  const rows = await tx.query<{ action: string }>(ACTIONS, [workspace_id]);
  return rows.map(({ action }) => action);
}

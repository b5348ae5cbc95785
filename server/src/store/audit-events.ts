import type { Transaction } from "../platform/database.ts";
import { newId } from "../platform/ids.ts";
import { jsonArray, textArray, uuidArray } from "../platform/sql.ts";

/** Who made a change. */
export interface AuditActor {
  /** A person's e-mail, or what else it was. */
  actor: string;
  /** Null: no person. */
  user_id: string | null;
  /** Where the person was. */
  ip: string | null;
}

/** One change that a person or a command made: append-only. */
export interface AuditEvent extends Partial<AuditActor> {
  workspace_id: string;
  location_id: string | null;
  actor: string;
  action: string;
  subject: string;
  before: unknown;
  after: unknown;
  /** The request's that made it. */
  correlation_id?: string;
}

const INSERT = {
  name: "",
  text: `
    INSERT INTO audit_events (workspace_id, id, location_id, actor, action, subject, before, after, user_id, ip,
      correlation_id)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
};

export function insertAuditEvent(tx: Transaction, event: AuditEvent) {
  const { workspace_id, location_id, actor, action, subject, before, after, user_id = null, ip = null } = event;
  const json = (value: unknown) => (value === null || value === undefined ? null : JSON.stringify(value));
  const what = [action, subject, json(before), json(after)];
  const { correlation_id = null } = event;
  return tx.query(INSERT, [workspace_id, newId(), location_id, actor, ...what, user_id, ip, correlation_id]);
}

/** A change of one location's books that is no movement. */
export interface LocationAudit extends AuditActor, Pick<AuditEvent, "action" | "subject" | "before" | "after"> {
  location_id: string;
  /** The request's, as its ledger entries carry it. */
  correlation_id: string;
}

const INSERT_OF_LOCATIONS = {
  name: "insert_location_audits",
  text: `
    INSERT INTO audit_events (workspace_id, id, location_id, actor, action, subject, before, after, recorded_at, user_id,
      ip, correlation_id)
    SELECT l.workspace_id, k.id, k.location_id, k.actor, k.action, k.subject, k.before::jsonb, k.after::jsonb, $9,
      k.user_id, k.ip, k.correlation_id
    FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $10::uuid[],
        $11::text[], $12::uuid[])
      AS k (location_id, id, actor, action, subject, before, after, user_id, ip, correlation_id)
    JOIN locations l ON l.location_id = k.location_id AND l.location_id = ANY ($1::uuid[])`,
};

export function insertLocationAudits(
  tx: Transaction,
  tenants: readonly string[],
  audits: readonly LocationAudit[],
  recorded_at: string,
) {
  return tx.query(INSERT_OF_LOCATIONS, [
    uuidArray(tenants),
    uuidArray(audits.map((audit) => audit.location_id)),
    uuidArray(audits.map(() => newId())),
    textArray(audits.map((audit) => audit.actor)),
    textArray(audits.map((audit) => audit.action)),
    textArray(audits.map((audit) => audit.subject)),
    jsonArray(audits.map((audit) => audit.before)),
    jsonArray(audits.map((audit) => audit.after)),
    recorded_at,
    uuidArray(audits.map((audit) => audit.user_id)),
    textArray(audits.map((audit) => audit.ip)),
    uuidArray(audits.map((audit) => audit.correlation_id)),
  ]);
}

const ACTED_SINCE = {
  name: "has_acted_since",
  text: `
    SELECT FROM audit_events
    WHERE workspace_id = $1 AND location_id = $2 AND actor = $3 AND action = $4 AND recorded_at >= $5 LIMIT 1`,
};

/** Whether the trail says that this actor did the same there at that instant or later. */
export async function hasActedSince(
  tx: Transaction,
  { workspace_id, location_id, actor, action }: Pick<AuditEvent, "workspace_id" | "location_id" | "actor" | "action">,
  since: string,
): Promise<boolean> {
  return (await tx.query(ACTED_SINCE, [workspace_id, location_id, actor, action, since])).length > 0;
}

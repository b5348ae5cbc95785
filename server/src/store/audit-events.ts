import { newId } from "../platform/ids.ts";
import type { Transaction } from "../platform/database.ts";

/** One change that a person or a command made: append-only. */
export interface AuditEvent {
  workspace_id: string;
  location_id: string | null;
  actor: string;
  action: string;
  subject: string;
  before: unknown;
  after: unknown;
}

const INSERT = {
  name: "",
  text: `
    INSERT INTO audit_events (workspace_id, id, location_id, actor, action, subject, before, after)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
};

export function insertAuditEvent(tx: Transaction, event: AuditEvent) {
  const { workspace_id, location_id, actor, action, subject, before, after } = event;
  const json = (value: unknown) => (value === null || value === undefined ? null : JSON.stringify(value));
  return tx.query(INSERT, [workspace_id, newId(), location_id, actor, action, subject, json(before), json(after)]);
}

import type { WorkspaceAnswer } from "../../api/workspace-api.ts";
import { auditTexts } from "../../texts/audit.ts";

export type AuditEvent = WorkspaceAnswer<"/audit-events">["audit_events"][number];

const UUID = /^(?:api client )?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Who did it: a person by their address, an API client by its name, else what it was. */
export function actorOf({
  actor,
  user_id,
  client_name,
}: Pick<AuditEvent, "actor" | "user_id" | "client_name">): string {
  if (client_name !== null) return auditTexts.client(client_name);
  const known: Record<string, string | undefined> = auditTexts.actors;
  if (user_id === null && UUID.test(actor)) return auditTexts.actors.automation;
  return known[actor] ?? actor;
}

/** One field, as it was and as it is. */
export interface FieldChange {
  field: string;
  before: string | null;
  after: string | null;
}

/** Every field that is told of, those that changed first; values as they would be written. */
export function changesOf({ before, after }: Pick<AuditEvent, "before" | "after">): FieldChange[] {
  const fields = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])];
  const changes = fields.map((field) => ({ field, before: written(before?.[field]), after: written(after?.[field]) }));
  const isChanged = (one: FieldChange) => one.before !== one.after;
  return [...changes.filter(isChanged), ...changes.filter((one) => !isChanged(one))];
}

function written(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  return typeof value === "string" ? value : JSON.stringify(value, null, 1);
}

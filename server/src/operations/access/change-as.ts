import type { Database, Transaction, WorkspaceTenant } from "../../platform/database.ts";
import { insertAuditEvent } from "../../store/audit-events.ts";
import { auditActor } from "./caller.ts";
import { actorOf, type Member } from "./person.ts";

/** What a person changed: the answer, and what the audit trail says of it; null: nothing was changed. */
export interface Change<T> {
  answer: T;
  audit: { subject: string; before: unknown; after: unknown } | null;
}

/** Makes a change and writes who made it, in one transaction of the workspace and, where there is one, of the location. */
export async function changeAs<T>(
  db: Database,
  by: Member & { location_id?: string },
  { action, correlation_id }: { action: string; correlation_id: string },
  work: (tx: Transaction) => Promise<Change<T>>,
): Promise<Change<T>> {
  const { workspace_id, location_id = null, person } = by;
  const tenant: WorkspaceTenant = { workspace_id, user_id: person.user_id };
  if (location_id !== null) tenant.location_ids = [location_id];
  return db.transaction(tenant, async (tx) => {
    const change = await work(tx);
    if (change.audit) {
      const who = auditActor(actorOf(person));
      await insertAuditEvent(tx, { ...change.audit, ...who, workspace_id, location_id, action, correlation_id });
    }
    return change;
  });
}

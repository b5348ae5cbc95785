import { isDeepStrictEqual } from "node:util";
import type { Transaction } from "../../platform/database.ts";
import { insertAuditEvent } from "../../store/audit-events.ts";

/** One thing that an applied file would create or change. */
export interface AppliedChange {
  action: "create" | "update" | "rotate";
  subject: string;
  /** Names of the fields that differ; empty where it is new. */
  fields: string[];
}

/** The message says what in the file cannot be done and what to do about it; nothing was changed. */
export class ApplyError extends Error {}

/** Where changes are gathered and audited while a file is applied. */
export class ChangeLog {
  readonly changes: AppliedChange[] = [];
  readonly #tx: Transaction;
  readonly #actor: string;
  workspace_id = "";

  constructor(tx: Transaction, actor: string) {
    this.#tx = tx;
    this.#actor = actor;
  }

  /** Notes the change from `before` (null: new) to `after`, if there is one; answers whether there is. */
  async note(subject: string, location_id: string | null, before: object | null, after: object): Promise<boolean> {
    const fields = before === null ? [] : differingFields(before, after);
    if (before !== null && fields.length === 0) return false;
    await this.#record({ action: before === null ? "create" : "update", subject, fields }, location_id, before, after);
    return true;
  }

  async noteRotation(subject: string, location_id: string): Promise<void> {
    await this.#record({ action: "rotate", subject, fields: ["token"] }, location_id, null, null);
  }

  async #record(
    change: AppliedChange,
    location_id: string | null,
    before: object | null,
    after: object | null,
  ): Promise<void> {
    this.changes.push(change);
    const { action, subject } = change;
    const actor = this.#actor;
    await insertAuditEvent(this.#tx, {
      workspace_id: this.workspace_id,
      location_id,
      actor,
      action,
      subject,
      before,
      after,
    });
  }
}

/** Names of the fields in which two rows differ. */
export function differingFields(before: object, after: object): string[] {
  const [old, now] = [before as Record<string, unknown>, after as Record<string, unknown>];
  // A field that was cleared is only among the old ones.
  const names = new Set([...Object.keys(old), ...Object.keys(now)]);
  return [...names].filter((name) => !isDeepStrictEqual(old[name], now[name]));
}

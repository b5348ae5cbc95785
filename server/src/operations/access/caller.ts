import { SCOPES, type Scope } from "../../store/api-clients.ts";
import type { AuditActor } from "../../store/audit-events.ts";

export { SCOPES, type Scope };

/** Who acts: a program with a token of its own, a person at the console, or staff in GoHighLevel, who only look. */
export type Actor =
  | { kind: "api_client"; id: string; name: string }
  | { kind: "person"; id: string; email: string; ip: string }
  | { kind: "ghl_user"; id: string; name: string | null };

/** Somebody who may act in one location, and the version of it under which that was found. */
export interface Caller {
  actor: Actor;
  location_id: string;
  location_public_id: string;
  ghl_location_id: string | null;
  scopes: ReadonlySet<Scope>;
  version: number;
}

/** Who asks, and how to find out again: what was found holds only while the location's version stands. */
export interface Asking {
  caller: Caller;
  /** As of now; null: not any more. */
  again(): Promise<Caller | null>;
}

/** Whether the location that a request names is the caller's own. A GoHighLevel id is accepted for a connected location. */
export function isOwnLocation(caller: Caller, named: string): boolean {
  return named === caller.location_public_id || named === caller.location_id || named === caller.ghl_location_id;
}

/** Who it was, in the words of the audit trail. */
export function auditActor(actor: Actor): AuditActor {
  if (actor.kind === "person") return { actor: actor.email, user_id: actor.id, ip: actor.ip };
  const kind = actor.kind === "api_client" ? "api client" : "GoHighLevel user";
  return { actor: `${kind} ${actor.id}`, user_id: null, ip: null };
}

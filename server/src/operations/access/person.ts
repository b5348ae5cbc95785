import type { Database } from "../../platform/database.ts";
import { locationPublicId } from "../../platform/ids.ts";
import { SCOPES } from "../../store/api-clients.ts";
import { findMembership, findMembershipAt, ROLES, type Membership, type Role } from "../../store/workspace-members.ts";
import type { Actor, Asking, Caller } from "./caller.ts";

export { ROLES, type Role };

/** Somebody who is signed in. */
export interface Person {
  user_id: string;
  email: string;
  name: string | null;
  two_factor: boolean;
  session_id: string;
  /** Where they are. */
  ip: string;
}

/**
 * Who is signed in, by what a browser sent along, with the cookies that prolong it; null: nobody, or not any more.
 */
export type FindPerson = (
  headers: { cookie?: string | undefined },
  ip: string,
) => Promise<{ person: Person; set_cookies: string[] } | null>;

/** A person in a workspace. */
export interface Member extends Membership {
  person: Person;
}

/** A person in one location of a workspace: a caller as a token's is, of every scope; what they may do their role says. */
export interface LocationMember extends Member, Caller {
  actor: Extract<Actor, { kind: "person" }>;
}

const ALL_SCOPES: ReadonlySet<(typeof SCOPES)[number]> = new Set(SCOPES);

/** Whether somebody in this role may do what takes that one. */
export function isRole(has: Role, needed: Role): boolean {
  return ROLES.indexOf(has) <= ROLES.indexOf(needed);
}

export function actorOf({ user_id, email, ip }: Person): LocationMember["actor"] {
  return { kind: "person", id: user_id, email, ip };
}

/** Null: not this person's workspace, or none at all. */
export async function memberOf(db: Database, person: Person, workspace_id: string): Promise<Member | null> {
  const { user_id } = person;
  const find = db.transaction({ user_id }, (tx) => findMembership(tx, workspace_id, user_id), { read_only: true });
  const membership = await find;
  return membership && { ...membership, person };
}

/** Null: not a location of this person's, or none at all. */
export async function memberAt(db: Database, person: Person, location_id: string): Promise<LocationMember | null> {
  const { user_id } = person;
  const find = db.transaction({ user_id }, (tx) => findMembershipAt(tx, location_id, user_id), { read_only: true });
  const membership = await find;
  if (!membership) return null;
  const location_public_id = locationPublicId(location_id);
  return { ...membership, person, actor: actorOf(person), location_public_id, scopes: ALL_SCOPES };
}

/** A person asks as a token does: who they are there is looked up again when the location changed meanwhile. */
export function askingAs(db: Database, caller: LocationMember, needed: Role): Asking {
  const again = async () => {
    const now = await memberAt(db, caller.person, caller.location_id);
    return now && isRole(now.role, needed) ? now : null;
  };
  return { caller, again };
}

import type { FastifyContextConfig, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { SupportWatch } from "../../operations/access/let-support-look.ts";
import {
  askingAs,
  isRole,
  memberAt,
  memberOf,
  type FindPerson,
  type LocationMember,
  type Member,
  type Person,
  type Role,
} from "../../operations/access/person.ts";
import type { Database } from "../../platform/database.ts";
import { isUuid, locationUuid } from "../../platform/ids.ts";
import { sendError } from "../envelope.ts";
import { askingOf, fastifyPath, type Door } from "../machine-api.ts";
import { refuseForeign } from "../own-pages.ts";
import type { RateLimiter } from "../rate-limit.ts";

/** What a console route is about, and so who may come: anybody, who is signed in, or who belongs there. */
export type Realm = "anyone" | "person" | "workspace" | "location";

declare module "fastify" {
  interface FastifyRequest {
    person: Person | null;
    member: Member | null;
  }
  interface FastifyContextConfig {
    console?: { realm: Realm; role: Role };
  }
}

/** Where the routes of each realm stand. */
export const REALM_PATHS: Record<Realm, string> = {
  anyone: "/api/console",
  person: "/api/console",
  workspace: "/api/console/workspaces/{workspace_id}",
  location: "/api/console/locations/{location_id}",
};

/** People with a session: every route of the machine API once more, below the location that it is asked for. */
export const CONSOLE_DOOR: Door = {
  url: (path) => fastifyPath(REALM_PATHS.location + path.replace(/^\/api\/v2/, "")),
  needs: (_scope, changes) => consoleNeeds("location", changes ? "admin" : "viewer"),
  asking: askingOf,
};

export function consoleNeeds(realm: Realm, role: Role): FastifyContextConfig {
  return { console: { realm, role } };
}

/** Requests per second of one session: a page asks for a dozen things at once. */
export const SESSION_PER_SECOND = 40;

export interface ConsoleGuard {
  db: Database;
  find_person: FindPerson;
  /** Per session. */
  rate_limiter: RateLimiter;
  public_url: string;
  support: SupportWatch;
}

/** Every console route: from our own pages, who asks, not too often, do they belong there, may they. */
export function guardConsole(app: FastifyInstance, guard: ConsoleGuard): void {
  app.decorateRequest("person", null);
  app.decorateRequest("member", null);
  const { origin } = new URL(guard.public_url);
  app.addHook("onRequest", async (request, reply) => {
    const needs = request.routeOptions.config.console;
    if (!needs) return undefined;
    void reply.header("Cache-Control", "no-store");
    if (refuseForeign(request, reply, origin)) return reply;
    if (needs.realm === "anyone") return undefined;
    const found = await guard.find_person(request.headers, request.ip);
    if (!found) return sendError(reply, "UNAUTHORIZED", { message: "Nobody is signed in, or not any more." });
    const { person, set_cookies } = found;
    request.person = person;
    for (const cookie of set_cookies) void reply.header("Set-Cookie", cookie);
    const allowance = guard.rate_limiter.take(person.session_id);
    if (!allowance.is_allowed) return sendError(reply, "RATE_LIMITED", { retry_after: allowance.reset_seconds });
    if (needs.realm === "person") return undefined;
    if (!(await isAdmitted(guard.db, person, needs, request, reply))) return reply;
    if (request.member?.is_support) await guard.support.note(request.member, pathOfRequest(request), request.id);
    return undefined;
  });
}

/** Whether the person belongs where the path leads, and may do it; else that is answered. */
async function isAdmitted(
  db: Database,
  person: Person,
  { realm, role }: { realm: Realm; role: Role },
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<boolean> {
  const { workspace_id = "", location_id = "" } = request.params as { workspace_id?: string; location_id?: string };
  if (realm === "workspace") {
    request.member = isUuid(workspace_id) ? await memberOf(db, person, workspace_id) : null;
  } else {
    const uuid = locationUuid(location_id);
    const caller = uuid === null ? null : await memberAt(db, person, uuid);
    request.member = caller;
    request.asking = caller && askingAs(db, caller, role);
  }
  if (request.member && isRole(request.member.role, role)) return true;
  // Somebody else's is answered as what does not exist.
  if (!request.member) sendError(reply, "NOT_FOUND");
  else sendError(reply, "FORBIDDEN", { message: `This takes the role ${role}.` });
  return false;
}

/** What was looked at, without the question that may stand behind it. */
function pathOfRequest({ url }: FastifyRequest): string {
  return url.split("?", 1)[0] ?? "";
}

/** Who is signed in, as the guard found. */
export function personOf(request: FastifyRequest): Person {
  if (!request.person) throw new Error("a console route without its guard");
  return request.person;
}

/** The person in the workspace that the path names. */
export function workspaceMemberOf(request: FastifyRequest): Member {
  if (!request.member) throw new Error("a workspace route without its guard");
  return request.member;
}

/** The person in the location that the path names. */
export function locationMemberOf(request: FastifyRequest): LocationMember {
  return askingOf(request).caller as LocationMember;
}

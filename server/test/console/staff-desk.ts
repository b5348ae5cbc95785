import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { hashPassword } from "../../src/operations/access/passwords.ts";
import { newId } from "../../src/platform/ids.ts";
import { insertUser } from "../../src/store/users.ts";
import type { Role } from "../../src/store/workspace-members.ts";
import { sql } from "../support.ts";
import { PASSWORD, type ConsoleServer } from "./console-server.ts";
import type { Answer, Method, Visitor } from "./visitor.ts";

/** Somebody of a location's staff who is signed in, with short ways to its calls. */
export interface StaffDesk {
  email: string;
  visitor: Visitor;
  get(path: string, query?: Record<string, string | number>): Promise<Answer>;
  send(method: Exclude<Method, "GET">, path: string, body?: unknown): Promise<Answer>;
}

interface OfLocation {
  /** The workspace's key. */
  workspace: string;
  location_id: string;
}

/** A new person in this role of the location's workspace. */
export async function openStaffDesk(server: ConsoleServer, at: OfLocation, role: Role): Promise<StaffDesk> {
  const id = newId();
  const email = `${role}-${randomUUID()}@studio.test`;
  const password_hash = await hashPassword(PASSWORD);
  await server.db.transaction("owner", (tx) => insertUser(tx, { id, email, name: role, password_hash }));
  await sql(
    server.db,
    `INSERT INTO workspace_members (workspace_id, user_id, role)
     SELECT id, $2, $3 FROM workspaces WHERE key = $1`,
    [at.workspace, id, role],
  );
  const visitor = server.visitor();
  await visitor.signIn(email, PASSWORD);
  const ask = async (method: Method, path: string, body?: unknown): Promise<Answer> => {
    const answer = await visitor.console(method, `/locations/${at.location_id}${path}`, body);
    if (answer.status !== 429) return answer;
    await sleep(100);
    return ask(method, path, body);
  };
  return {
    email,
    visitor,
    get: (path, query = {}) => {
      const asked = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)])).toString();
      return ask("GET", asked === "" ? path : `${path}?${asked}`);
    },
    send: (method, path, body) => ask(method, path, body),
  };
}

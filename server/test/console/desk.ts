import { randomUUID } from "node:crypto";
import type { Role } from "../../src/operations/access/person.ts";
import { sql } from "../support.ts";
import { newStudio, PASSWORD, type ConsoleServer, type Studio } from "./console-server.ts";
import type { Answer, Method, Visitor } from "./visitor.ts";

/** Somebody who is signed in, at their location. */
export interface Seat {
  email: string;
  visitor: Visitor;
  /** Calls of the location. */
  at(method: Method, path: string, body?: object): Promise<Answer>;
  /** Calls of the workspace. */
  of(method: Method, path: string, body?: object): Promise<Answer>;
  /** Calls of any path behind the console's door. */
  ask(method: Method, path: string, body?: object): Promise<Answer>;
}

/** A studio with somebody of each role at their desk. */
export interface Desk extends Omit<Studio, "owner"> {
  owner: Seat;
  admin: Seat;
  viewer: Seat;
}

export async function openDesk(
  server: ConsoleServer,
  location: { products?: object[]; [field: string]: unknown } = {},
): Promise<Desk> {
  const { owner, ...studio } = await newStudio(server, location);
  const seat = async (email: string): Promise<Seat> => {
    const visitor = email === owner.email ? owner.visitor : server.visitor();
    // Everybody of a test comes from one address, and more often than any office.
    await sql(server.db, "DELETE FROM attempts");
    if (visitor !== owner.visitor) await visitor.signIn(email, PASSWORD);
    return {
      email,
      visitor,
      ask: visitor.console,
      at: (method, path, body) => visitor.console(method, `/locations/${studio.location_id}${path}`, body),
      of: (method, path, body) => visitor.console(method, `/workspaces/${studio.workspace_id}${path}`, body),
    };
  };
  const admin = await join(server, studio, owner.email, "admin");
  const viewer = await join(server, studio, owner.email, "viewer");
  return { ...studio, owner: await seat(owner.email), admin: await seat(admin), viewer: await seat(viewer) };
}

/** A colleague with the owner's password, as one who was invited would be. */
async function join({ db }: ConsoleServer, { workspace_id }: { workspace_id: string }, owner: string, role: Role) {
  const [user_id, email] = [randomUUID(), `${role}-${randomUUID()}@studio.test`];
  await sql(db, "INSERT INTO users (id, email, name, email_verified) VALUES ($1, $2, $3, true)", [
    user_id,
    email,
    role,
  ]);
  await sql(
    db,
    `INSERT INTO sign_in_methods (id, user_id, provider_id, account_id, password_hash)
     SELECT $1, $2::uuid, 'credential', $2::text, m.password_hash
     FROM sign_in_methods m JOIN users u ON u.id = m.user_id WHERE u.email = $3`,
    [randomUUID(), user_id, owner],
  );
  const member = "INSERT INTO workspace_members (workspace_id, user_id, role) VALUES ($1, $2, $3)";
  await sql(db, member, [workspace_id, user_id, role]);
  return email;
}

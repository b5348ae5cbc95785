import { randomUUID } from "node:crypto";
import { afterAll, beforeAll } from "vitest";
import { AskGhl } from "../../src/http/ask-ghl.ts";
import type { ConsoleApi } from "../../src/http/console/console-api.ts";
import { registerConsole } from "../../src/http/console/console-routes.ts";
import { RateLimiter } from "../../src/http/rate-limit.ts";
import { createHttp } from "../../src/http/server.ts";
import type { Person, Role } from "../../src/operations/access/person.ts";
import { Gate } from "../../src/operations/gate.ts";
import { systemClock } from "../../src/platform/clock.ts";
import { createLogger } from "../../src/platform/log.ts";
import { createLocation, sql, useServer, type Response, type TestLocation, type TestServer } from "../support.ts";

export interface Desk {
  server: TestServer;
  /** A new workspace with one location, and somebody of each role who is signed in there. */
  open(settings: { products: object[]; [field: string]: unknown }): Promise<OpenDesk>;
}

export interface OpenDesk extends TestLocation {
  workspace: string;
  workspace_id: string;
  owner: Seat;
  admin: Seat;
  viewer: Seat;
}

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** Somebody who is signed in, at their location. */
export interface Seat {
  email: string;
  /** Of the location's realm. */
  at(method: Method, path: string, body?: object): Promise<Response>;
  /** Of the workspace's realm. */
  of(method: Method, path: string, body?: object): Promise<Response>;
  /** Of any path behind the console's door. */
  ask(method: Method, path: string, body?: object): Promise<Response>;
}

const ORIGIN = "http://kotally.test";

/** The console's door on a started server, with seats for people who are signed in. */
export function useDesk(more: Partial<ConsoleApi> = {}): Desk {
  const server = useServer();
  const people = new Map<string, Person>();
  let base_url = "";
  let close: () => Promise<void>;
  beforeAll(async () => {
    const app = await createHttp(createLogger("silent"));
    const { db, service } = server;
    registerConsole(app, {
      db,
      clock: systemClock,
      ledger: service.ledger,
      gate: new Gate(service.ledger),
      ghl: new AskGhl(systemClock, () => Promise.resolve(null)),
      public_url: ORIGIN,
      find_person: ({ cookie }) => Promise.resolve(people.get(cookie ?? "") ?? null),
      session_limiter: new RateLimiter(10_000, systemClock),
      features: { ghl: false, stripe_billing: false },
      ...more,
    });
    base_url = await app.listen({ port: 0, host: "127.0.0.1" });
    close = () => app.close();
  });
  afterAll(() => close());

  const seat = async (workspace_id: string, location_id: string, role: Role): Promise<Seat> => {
    const user_id = randomUUID();
    const email = `${role}-${user_id}@kotally.test`;
    await sql(server.db, "INSERT INTO users (id, email, name) VALUES ($1, $2, $3)", [user_id, email, role]);
    const member = "INSERT INTO workspace_members (workspace_id, user_id, role) VALUES ($1, $2, $3)";
    await sql(server.db, member, [workspace_id, user_id, role]);
    people.set(user_id, { user_id, email, name: role, session_id: randomUUID(), ip: "192.0.2.1" });
    const ask = async (method: Method, path: string, body?: object): Promise<Response> => {
      const response = await fetch(`${base_url}/api/console${path}`, {
        method,
        headers: { cookie: user_id, origin: ORIGIN, "content-type": "application/json" },
        ...(method === "GET" ? {} : { body: JSON.stringify(body ?? {}) }),
      });
      const text = await response.text();
      return { status: response.status, headers: response.headers, text, body: JSON.parse(text) as Response["body"] };
    };
    return {
      email,
      ask,
      at: (method, path, body) => ask(method, `/locations/${location_id}${path}`, body),
      of: (method, path, body) => ask(method, `/workspaces/${workspace_id}${path}`, body),
    };
  };

  return {
    server,
    open: async (settings) => {
      const location = await createLocation(server.db, settings);
      const [row] = await sql<{ id: string }>(server.db, "SELECT id FROM workspaces WHERE key = $1", [
        location.workspace,
      ]);
      const workspace_id = row?.id ?? "";
      const seats = (["owner", "admin", "viewer"] as const).map((role) =>
        seat(workspace_id, location.location_id, role),
      );
      const [owner, admin, viewer] = (await Promise.all(seats)) as [Seat, Seat, Seat];
      return { ...location, workspace_id, owner, admin, viewer };
    },
  };
}

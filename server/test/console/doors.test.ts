import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { CONSOLE_CALLS } from "../../src/http/console/console-routes.ts";
import { applyFile, parseApplyFile } from "../../src/operations/catalog/apply-file.ts";
import { printsOfLocation, printsOfWorkspace } from "../api/book-prints.ts";
import { openFullStudio, type FullMember, type FullStudio } from "../api/full-studio.ts";
import { requestsOf } from "../api/route-requests.ts";
import { callerOf, sql } from "../support.ts";
import { PASSWORD, useConsole } from "./console-server.ts";
import { consoleRoutes, type ConsoleRoute } from "./registered-routes.ts";
import type { Answer, Visitor } from "./visitor.ts";

const server = useConsole();
const ROUTES = await consoleRoutes();
const named = ({ method, url }: ConsoleRoute) => `${method} ${url.replace("/api/console", "")}`;
const inWorkspaces = ROUTES.filter(({ needs }) => needs?.realm === "workspace" || needs?.realm === "location");
const table = (routes: ConsoleRoute[]) => routes.map((route) => [named(route), route] as const);

interface House extends FullStudio {
  workspace_id: string;
  owner: Visitor;
  viewer: Visitor;
  things: Things;
}

/** What has an id of one's own, by the part of an address that the id follows. */
const THINGS = [
  "memberships",
  "payments",
  "payment-events",
  "bookings",
  "product-configs",
  "api-clients",
  "ledger",
  "requests",
  "users",
  "invitations",
  "support",
  "webhook-events",
] as const;
type Things = Record<(typeof THINGS)[number], string>;

let mine: House;
let theirs: House;

/** A studio in which there is one of everything, with people in each role. */
async function openHouse(ids: string[]): Promise<House> {
  const studio = await openFullStudio(server, ids);
  const owner_email = `owner-${randomUUID()}@studio.test`;
  const viewer_email = `viewer-${randomUUID()}@studio.test`;
  const file = (owner: { email: string; password: string }) =>
    applyFile(server.db, parseApplyFile({ workspace: { key: studio.workspace, owner }, locations: [] }));
  const { workspace_id } = await file({ email: owner_email, password: PASSWORD });
  await file({ email: viewer_email, password: PASSWORD });
  await sql(
    server.db,
    `UPDATE workspace_members SET role = 'viewer' FROM users u WHERE u.id = user_id AND u.email = $1`,
    [viewer_email],
  );
  const [owner, viewer] = [server.visitor(), server.visitor()];
  await owner.signIn(owner_email, PASSWORD);
  await viewer.signIn(viewer_email, PASSWORD);
  return { ...studio, workspace_id, owner, viewer, things: await thingsOf(studio, workspace_id, viewer_email) };
}

/** Has what only the console and providers make, and tells the ids of all there is. */
async function thingsOf(studio: FullStudio, workspace_id: string, email: string): Promise<Things> {
  const idOf = async (text: string, values: unknown[]) =>
    (await sql<{ id: string }>(server.db, text, values))[0]?.id ?? randomUUID();
  const { product, uuid, members } = studio;
  const member = members[0]!;
  const user_id = await idOf("SELECT id FROM users WHERE email = $1", [email]);
  return {
    memberships: member.membership_id,
    payments: member.payment_id,
    "payment-events": member.payment_id,
    bookings: member.booking_id,
    "product-configs": product("pack"),
    "api-clients": await idOf("SELECT id FROM api_clients WHERE location_id = $1", [uuid]),
    ledger: await idOf(
      `SELECT contact_id || '-' || entry_number AS id FROM ledger_entries JOIN contacts c USING (location_id)
       WHERE location_id = $1 AND c.id = contact_id AND c.external_id = $2`,
      [uuid, member.id],
    ),
    requests: await idOf("SELECT request_id AS id FROM requests WHERE location_id = $1", [uuid]),
    users: user_id,
    invitations: await idOf(
      `INSERT INTO invitations (workspace_id, id, email, role, token_hash, invited_by, created_at, expires_at)
       VALUES ($1, gen_random_uuid(), 'invited@studio.test', 'viewer', sha256(gen_random_uuid()::text::bytea), $2, now(),
         now() + interval '1 day') RETURNING id`,
      [workspace_id, user_id],
    ),
    support: await idOf(
      `INSERT INTO support_grants (workspace_id, id, user_id, granted_by, reason, created_at, expires_at)
       VALUES ($1, gen_random_uuid(), $2, $2, 'a question', now(), now() + interval '1 day') RETURNING id`,
      [workspace_id, user_id],
    ),
    "webhook-events": await idOf(
      `INSERT INTO webhook_events (id, provider, dedupe_key, type, location_id, headers, body, verification, told_at, received_at,
         status, attempts, attempts_allowed, finished_at, correlation_id)
       VALUES (gen_random_uuid(), 'ghl', gen_random_uuid(), 'ContactUpdate', $1, '{}', convert_to($2, 'UTF8'), 'verified', now(), now(),
         'dead', 5, 5, now(), gen_random_uuid()) RETURNING id`,
      [uuid, member.marker],
    ),
  };
}

/** Which thing each id of an address is; a contact may have the same one everywhere. */
function thingsIn({ url }: ConsoleRoute): string[] {
  const found = [...url.matchAll(/([\w-]+)\/:\w+/g)].map(([, of = ""]) => of);
  return found.filter((of) => !["workspaces", "locations", "contacts"].includes(of));
}

const isThing = (of: string): of is keyof Things => (THINGS as readonly string[]).includes(of);

/** The address of a route in one's own house, with things of another's. */
function addressOfOthers({ url }: ConsoleRoute, own: House, { things }: House): string {
  const here = { ...things, workspaces: own.workspace_id, locations: own.location_id, contacts: "maya" };
  return url.replaceAll(/([\w-]+)\/:\w+/g, (_, of: keyof typeof here) => `${of}/${encodeURIComponent(here[of])}`);
}

beforeAll(async () => {
  mine = await openHouse(["maya", "mine alone"]);
  theirs = await openHouse(["maya", "somebody"]);
});

/** The address of a route in a house, with something there that each name of the path could mean. */
function addressIn(route: ConsoleRoute, { workspace_id, location_id, members }: House): string {
  const [member] = members;
  return route.url.replaceAll(/:(\w+)/g, (_, name: string) => {
    if (name === "workspace_id") return workspace_id;
    if (name === "location_id") return location_id;
    if (name === "id" || name === "external_contact_id") return "maya";
    return member?.[name as keyof FullMember] ?? randomUUID();
  });
}

const ask = (visitor: Visitor, { method }: ConsoleRoute, url: string, headers?: Record<string, string>) =>
  visitor.send(method, url, {}, headers);

/** What no two answers share. */
const shapeOf = ({ status, body }: Answer) => ({ status, ...body, correlation_id: "" });

describe("every route of the console", () => {
  test("is one that the guard knows", () => {
    expect(ROUTES.length).toBeGreaterThan(50);
    expect(ROUTES.filter(({ needs, url }) => !needs || !url.startsWith("/api/console/")).map(named)).toEqual([]);
  });

  test("of the console's own has a name of its own", () => {
    const names = CONSOLE_CALLS.map(({ name }) => name);
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
  });

  test.each(
    CONSOLE_CALLS.filter(({ method, path }) => method === "get" && !path.includes("{")).map(
      (call) => [call.name, call] as const,
    ),
  )("answers as it says: %s", async (_, { realm, path, answer, refusals = [] }) => {
    const { workspace_id, location_id } = theirs;
    const at = {
      anyone: "",
      person: "",
      workspace: `/workspaces/${workspace_id}`,
      location: `/locations/${location_id}`,
    };
    const { status, body } = await theirs.owner.console("GET", at[realm] + path);
    expect(status).toBe(200);
    if (!body.ok) return expect(refusals).toContain(body.reason_code);
    return expect(answer.safeParse(body).error?.issues ?? []).toEqual([]);
  });

  test("that changes something in a workspace takes more than a viewer, unless it only asks", () => {
    const open = inWorkspaces.filter(({ method, needs }) => method !== "GET" && needs?.role === "viewer");
    // Asked with a body, and nothing is written.
    expect(open.map(named).toSorted()).toEqual([
      "POST /locations/:location_id/entitlements/check-eligibility",
      "POST /locations/:location_id/product-configs/preview",
    ]);
  });
});

describe.each(table(inWorkspaces))("%s", (_, route) => {
  test("is not there for another workspace's owner, exactly as what nobody has", async () => {
    const [locations, workspaces] = [
      await printsOfLocation(server.db, theirs.uuid),
      await printsOfWorkspace(server.db, theirs.workspace_id),
    ];
    const answer = await ask(mine.owner, route, addressIn(route, theirs));
    const nowhere = { ...theirs, workspace_id: randomUUID(), location_id: "loc_01k9zzzzzzzzzzzzzzzzzzzzzz" };
    const unknown = await ask(mine.owner, route, addressIn(route, nowhere));
    expect(answer.status).toBe(404);
    expect(shapeOf(answer)).toEqual(shapeOf(unknown));
    expect(await printsOfLocation(server.db, theirs.uuid)).toEqual(locations);
    expect(await printsOfWorkspace(server.db, theirs.workspace_id)).toEqual(workspaces);
  });

  test("is closed to who is not signed in, whatever token they show", async () => {
    const url = addressIn(route, theirs);
    expect((await ask(server.visitor(), route, url)).status).toBe(401);
    const authorization = `Bearer ${theirs.token}`;
    expect((await ask(server.visitor(), route, url, { authorization })).status).toBe(401);
  });

  test("answers a viewer with what is read, and refuses what takes more: FORBIDDEN, 403", async () => {
    const answer = await ask(theirs.viewer, route, addressIn(route, theirs));
    if (route.needs?.role === "viewer") expect(answer.status).not.toBe(403);
    else expect(answer).toMatchObject({ status: 403, body: { reason_code: "FORBIDDEN" } });
  });
});

describe.each(table(ROUTES.filter(({ method }) => method !== "GET")))("%s", (_, route) => {
  test("is refused to every page but our own, and to forms", async () => {
    const url = addressIn(route, theirs);
    const from = async (headers: Record<string, string>) => (await ask(theirs.owner, route, url, headers)).status;
    expect(await from({ origin: "https://evil.test" })).toBe(403);
    expect(await from({ origin: "null" })).toBe(403);
    expect(await from({ origin: "" })).toBe(403);
    expect(await from({ origin: "https://kotally.test.evil.test" })).toBe(403);
    expect(await from({ "sec-fetch-site": "cross-site" })).toBe(403);
    expect(await from({ "sec-fetch-site": "same-site" })).toBe(403);
    expect(await from({ "content-type": "text/plain" })).toBe(415);
    expect(await from({ "content-type": "application/x-www-form-urlencoded" })).toBe(415);
  });
});

describe("what is asked of one's own location by ids of another's", () => {
  test.each(Object.keys(requestsOf({ product: () => "" }, {} as FullMember, "")))(
    "%s tells and changes nothing",
    async (route) => {
      const before = await printsOfLocation(server.db, theirs.uuid);
      const [member] = theirs.members;
      const { path, body } = requestsOf(theirs, member!, theirs.things["webhook-events"])[route]!;
      const at = `/locations/${mine.location_id}${path}`;
      const answer = await mine.owner.console(body ? "POST" : "GET", at, body ?? undefined);
      expect([200, 400]).toContain(answer.status);
      const asked = `${path} ${JSON.stringify(body)}`;
      const secrets = [member!.marker, member!.payment_id, member!.entitlement_id, theirs.location_id, theirs.uuid];
      expect(secrets.filter((secret) => !asked.includes(secret) && answer.text.includes(secret))).toEqual([]);
      expect(await printsOfLocation(server.db, theirs.uuid)).toEqual(before);
    },
  );

  const ofThings = inWorkspaces.filter((route) => thingsIn(route).length > 0 && thingsIn(route).every(isThing));
  test("is tried with each of them", () => {
    expect(new Set(ofThings.flatMap(thingsIn))).toEqual(new Set(THINGS));
  });

  test.each(table(ofThings))("%s is answered as if there were none", async (_, route) => {
    const before = await printsOfWorkspace(server.db, theirs.workspace_id);
    const books = await printsOfLocation(server.db, theirs.uuid);
    const body = { role: "viewer", external_contact_id: "maya", request_id: randomUUID() };
    const answer = await mine.owner.send(route.method, addressOfOthers(route, mine, theirs), body);
    expect(answer.body).toMatchObject({ ok: false });
    expect(answer.text).not.toContain(theirs.members[0]!.marker);
    expect(await printsOfWorkspace(server.db, theirs.workspace_id)).toEqual(before);
    expect(await printsOfLocation(server.db, theirs.uuid)).toEqual(books);
  });

  test("their location's id, in a query or a body, is not listened to: the path says where", async () => {
    const before = await printsOfLocation(server.db, theirs.uuid);
    const at = `/locations/${mine.location_id}`;
    const read = await mine.owner.console("GET", `${at}/contacts/maya?location_id=${theirs.location_id}`);
    expect(read.text).not.toContain(theirs.members[0]!.marker);
    const elsewhere = { location_id: theirs.location_id };
    const body = { request_id: randomUUID(), external_contact_id: "maya", calendar_id: "yoga", ...elsewhere };
    await mine.owner.console("POST", `${at}/entitlements/deduct`, body);
    expect(await printsOfLocation(server.db, theirs.uuid)).toEqual(before);
  });
});

describe("a session", () => {
  test("opens nothing of the machine API", async () => {
    const answer = await theirs.owner.get("/api/v2/contacts/maya");
    expect(answer.status).toBe(401);
    const api = callerOf(server.base_url, theirs.token);
    expect((await api.get("/contacts/maya")).status).toBe(200);
  });
});

describe("every answer of the console", () => {
  test("is kept by nobody and framed by nobody", async () => {
    for (const url of ["/api/console/session", "/api/console/here", "/api/auth/get-session", "/api/console/nowhere"]) {
      const { headers } = await theirs.owner.get(url);
      expect([url, headers.get("x-frame-options")]).toEqual([url, "DENY"]);
      expect(headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
      if (!url.endsWith("nowhere")) expect([url, headers.get("cache-control")]).toEqual([url, "no-store"]);
    }
  });
});

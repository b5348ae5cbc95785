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
}

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
  return { ...studio, workspace_id, owner, viewer };
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
      const { path, body } = requestsOf(theirs, member!, randomUUID())[route]!;
      const at = `/locations/${mine.location_id}${path}`;
      const answer = await mine.owner.console(body ? "POST" : "GET", at, body ?? undefined);
      expect([200, 400]).toContain(answer.status);
      const asked = `${path} ${JSON.stringify(body)}`;
      const secrets = [member!.marker, member!.payment_id, member!.entitlement_id, theirs.location_id, theirs.uuid];
      expect(secrets.filter((secret) => !asked.includes(secret) && answer.text.includes(secret))).toEqual([]);
      expect(await printsOfLocation(server.db, theirs.uuid)).toEqual(before);
    },
  );

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

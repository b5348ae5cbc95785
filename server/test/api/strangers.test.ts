import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { API_ROUTES } from "../../src/http/routes.ts";
import { applyFile, parseApplyFile } from "../../src/operations/catalog/apply-file.ts";
import { callerOf, sql, type Response } from "../support.ts";
import { printsOf, printsOfLocation } from "./book-prints.ts";
import { openFullStudio, type FullMember, type FullStudio } from "./full-studio.ts";
import { deliver, ghlBody, signGhl, useListeningServer } from "./listening-server.ts";
import { requestsOf, type RouteRequest } from "./route-requests.ts";

const server = useListeningServer();
/** Both have a member of the same name: only the token tells whose is meant. */
let mine: FullStudio;
let theirs: FullStudio;
let their_event: string;
let my_event: string;
const SCOPES = ["grant", "check", "deduct", "restore", "summary", "manage"];
/** By scope, a token of theirs that has all others. */
const lacking = new Map<string, string>();

beforeAll(async () => {
  mine = await openFullStudio(server, ["maya", "mine alone"]);
  theirs = await openFullStudio(server, ["maya", "somebody"]);
  my_event = await deliverTo(mine);
  their_event = await deliverTo(theirs);
  const clients = SCOPES.map((scope) => ({ key: `no-${scope}`, scopes: SCOPES.filter((one) => one !== scope) }));
  const locations = [{ key: theirs.key, api_clients: clients }];
  const applied = await applyFile(server.db, parseApplyFile({ workspace: { key: theirs.workspace }, locations }));
  const made = applied.locations[theirs.key]?.api_clients ?? {};
  for (const scope of SCOPES) lacking.set(scope, made[`no-${scope}`]?.token ?? "");
});

async function deliverTo({ location_id, uuid, members }: FullStudio): Promise<string> {
  const body = ghlBody({ locationId: location_id, firstName: members[0]?.marker });
  await deliver(`${server.base_url}/webhooks/ghl`, body, signGhl(body, server.keys.sandbox.privateKey));
  const [row] = await sql<{ id: string }>(server.db, "SELECT id FROM webhook_events WHERE location_id = $1", [uuid]);
  if (!row) throw new Error("the delivery was not kept");
  return row.id;
}

const ROUTES = [
  ...[...API_ROUTES.operations, ...API_ROUTES.management].map(({ path }) => `POST ${path}`),
  ...API_ROUTES.reads.map(({ path }) => `GET ${path}`),
  ...API_ROUTES.calls.map(({ method, path }) => `${method.toUpperCase()} ${path}`),
].map((route) => route.replace("/api/v2", ""));

const SCOPE_OF: Record<string, string> = Object.fromEntries(
  [
    ...[...API_ROUTES.operations, ...API_ROUTES.management].map(({ path, operation }) => [
      `POST ${path}`,
      operation.scope,
    ]),
    ...API_ROUTES.reads.map(({ path }) => [`GET ${path}`, "summary"]),
    ...API_ROUTES.calls.map(({ method, path }) => [`${method.toUpperCase()} ${path}`, "manage"]),
  ].map(([route, scope]) => [route!.replace("/api/v2", ""), scope!]),
);

function send(token: string, { path, body }: RouteRequest, change: Record<string, unknown> = {}): Promise<Response> {
  const api = callerOf(server.base_url, token);
  if (body) return api.post(path, { ...body, ...change });
  const query = new URLSearchParams(change as Record<string, string>).toString();
  return api.get(query === "" ? path : `${path}${path.includes("?") ? "&" : "?"}${query}`);
}

/** The ids that a request can name. */
const BY_ID = [
  "membership_id",
  "freeze_id",
  "entitlement_id",
  "payment_id",
  "booking_id",
  "unfunded_id",
  "waived_id",
] as const;

/** All that names the other studio or anything in it: what may never be told. */
function secretsOf({ location_id, uuid, products, members }: FullStudio): string[] {
  const of = members.flatMap((member) => [member.marker, ...BY_ID.map((name) => member[name])]);
  return [location_id, uuid, ...Object.values(products), ...of];
}

/** An answer without what differs from call to call. */
const shapeOf = ({ status, body }: Response, ...named: string[]) => {
  const text = JSON.stringify({ status, ...body, correlation_id: "" });
  return named.reduce((all, id) => all.replaceAll(id, "(id)"), text);
};

describe.each(ROUTES)("%s", (route) => {
  const request = (studio: FullStudio, member: FullMember | undefined, event_id: string) =>
    requestsOf(studio, member!, event_id)[route]!;

  test("answers UNAUTHORIZED to a stranger, a cut or changed token, and one without the scope; changes nothing", async () => {
    const [, client, secret] = theirs.token.split("_");
    const [, own_client, own_secret] = mine.token.split("_");
    const wrong = [
      "",
      theirs.token.slice(0, -1),
      `ktly_${own_client}_${secret}`,
      `ktly_${client}_${own_secret}`,
      `ktly_${client}_${randomUUID()}`,
      lacking.get(SCOPE_OF[route]!)!,
    ];
    const before = await printsOf(server.db);
    for (const token of wrong) {
      expect(await send(token, request(theirs, theirs.members[0], their_event))).toFail(401, "UNAUTHORIZED");
    }
    expect(await printsOf(server.db)).toEqual(before);
  });

  test("refuses another location's id in every form of it, and changes nothing", async () => {
    const before = await printsOf(server.db);
    for (const location_id of [theirs.location_id, theirs.uuid, ` ${theirs.location_id} `]) {
      const answer = await send(mine.token, request(mine, mine.members[0], my_event), { location_id });
      expect(answer).toFail(401, "UNAUTHORIZED");
    }
    expect(await printsOf(server.db)).toEqual(before);
  });

  test("tells and changes nothing of the other location's, by whatever id of theirs", async () => {
    const before = await printsOfLocation(server.db, theirs.uuid);
    const told: string[] = [];
    for (const member of theirs.members) {
      const whole = request(theirs, member, their_event);
      const answers = [await send(mine.token, whole)];
      for (const dry_run of whole.body && "request_id" in whole.body ? [true, false] : []) {
        for (const contact of mine.members) {
          const named = { external_contact_id: contact.id, request_id: randomUUID(), dry_run };
          answers.push(await send(mine.token, whole, SCOPE_OF[route] === "manage" ? named : {}));
        }
      }
      const asked = `${whole.path} ${JSON.stringify(whole.body)}`;
      // What a request itself says may come back; anything else of theirs may not.
      const unknown = secretsOf(theirs).filter((secret) => !asked.includes(secret));
      for (const { text } of answers) told.push(...unknown.filter((secret) => text.includes(secret)));
      expect(answers.map(({ status }) => status).filter((status) => status !== 200 && status !== 400)).toEqual([]);
    }
    expect(told).toEqual([]);
    expect(await printsOfLocation(server.db, theirs.uuid)).toEqual(before);
  });
});

describe("an id of the other location", () => {
  test.each(ROUTES)("is answered by %s as one that nobody has", async (route) => {
    const member = mine.members[0]!;
    const foreign = theirs.members[0]!;
    for (const name of BY_ID) {
      const known = { ...member, [name]: foreign[name] };
      const nobodys = { ...member, [name]: randomUUID() };
      const ask = async (asked: FullMember) =>
        shapeOf(await send(mine.token, dry(requestsOf(mine, asked, my_event)[route]!)), asked[name]);
      if (requestText(known, route) === requestText(member, route)) continue;
      expect(await ask(known)).toBe(await ask(nobodys));
    }
    const ask = async (event_id: string) =>
      shapeOf(await send(mine.token, dry(requestsOf(mine, member, event_id)[route]!)), event_id);
    if (route.includes("/webhook-events/{id}")) expect(await ask(their_event)).toBe(await ask(randomUUID()));
  });

  test.each(["POST /grants", "POST /memberships/{membership_id}/change-plan", "POST /payments/{payment_id}/resolve"])(
    "is CONFIG_NOT_FOUND where %s names a product by it",
    async (route) => {
      const foreign = { product: (key: string) => theirs.product(key) };
      const { path, body } = requestsOf(foreign, mine.members[0]!, my_event)[route]!;
      expect(await send(mine.token, { path, body })).toAnswer("CONFIG_NOT_FOUND");
    },
  );

  test("is NOT_FOUND as the contact that another is merged into, by each of its ids", async () => {
    const [row] = await sql<{ id: string }>(
      server.db,
      "SELECT id FROM contacts WHERE location_id = $1 AND external_id = 'somebody'",
      [theirs.uuid],
    );
    const before = await printsOf(server.db);
    for (const into_external_contact_id of ["somebody", row?.id]) {
      const body = { request_id: randomUUID(), into_external_contact_id };
      const { body: answer } = await mine.api.post("/contacts/maya/merge", { ...body, dry_run: true });
      expect(answer.reason_code).toBe("NOT_FOUND");
      for (const { path } of API_ROUTES.reads) {
        const read = path.replace("/api/v2", "").replace("{id}", encodeURIComponent(into_external_contact_id ?? ""));
        expect(await mine.api.get(read)).toAnswer("NOT_FOUND");
      }
    }
    expect(await printsOf(server.db)).toEqual(before);
  });

  test("used as a request_id, finds none of their answers", async () => {
    const request_id = randomUUID();
    const asked = { request_id, amount: -1, external_contact_id: "maya", reason: "mine" };
    const first = await theirs.api.post("/contacts/maya/adjust", asked);
    const mine_answer = await mine.api.post("/contacts/maya/adjust", asked);
    expect(first).toAnswer("credits_adjusted");
    expect(mine_answer).toAnswer("credits_adjusted");
    expect(mine_answer.headers.get("idempotency-replayed")).toBeNull();
    expect(mine_answer.body.correlation_id).not.toBe(first.body.correlation_id);
  });
});

describe("their own token", () => {
  test("opens every one of those doors: what was refused was the stranger", async () => {
    const covers = { external_contact_id: "maya", amount: 1, product_config_id: theirs.product("sauna") };
    await theirs.api.post("/contacts/maya/adjust", { request_id: randomUUID(), reason: "for the sauna", ...covers });
    for (const [route, request] of Object.entries(requestsOf(theirs, theirs.members[0]!, their_event))) {
      const { status, body, text } = await send(theirs.token, request);
      const code = /^GET \/ghl\/(?!connection)/.test(route) ? "NOT_CONNECTED" : body.reason_code;
      expect({ route, status, text, code }).toMatchObject({ route, status: 200, code: body.reason_code });
      expect({ route, text, ok: body.ok || code === "NOT_CONNECTED" }).toEqual({ route, text, ok: true });
    }
  });
});

/** As a dry run where the route has one, so that asking twice is asking the same. */
function dry({ path, body }: RouteRequest): RouteRequest {
  if (!body || !("request_id" in body)) return { path, body };
  return { path, body: { ...body, request_id: randomUUID(), ...(isStaffs(path) ? { dry_run: true } : {}) } };
}

const isStaffs = (path: string) => !/^\/(grants|entitlements)/.test(path);

function requestText(member: FullMember, route: string): string {
  const { path, body } = requestsOf(mine, member, my_event)[route]!;
  return `${path} ${JSON.stringify({ ...body, request_id: "", external_payment_id: "" })}`;
}

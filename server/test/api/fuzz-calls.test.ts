import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { pathFields } from "../../src/http/reference/routes-of-api.ts";
import { API_ROUTES } from "../../src/http/routes.ts";
import { callerOf, sql, type Response } from "../support.ts";
import { printsOf } from "./book-prints.ts";
import { openFullStudio, type FullStudio } from "./full-studio.ts";
import {
  garbageBodies,
  nearlyValidBodies,
  oddIds,
  oddQueriesOf,
  schemaOf,
  validBodies,
  type Known,
} from "./fuzz-bodies.ts";
import { inTime, runs } from "./fuzz-runs.ts";
import { deliver, ghlBody, signGhl, useListeningServer } from "./listening-server.ts";

const server = useListeningServer();
let studio: FullStudio;
let events: string[];
/** Paths with a cursor that leads on there. */
let cursors: Set<string>;

const calls = API_ROUTES.calls.map((call) => ({ ...call, path: call.path.replace("/api/v2", "") }));
const questions = calls.filter(({ method }) => method === "get");
const lists = questions.filter((call) => call.input.shape["cursor"]);
const commands = calls.filter(({ method }) => method === "post");

beforeAll(async () => {
  studio = await openFullStudio(server, ["contact 0", "contact 1", "contact 2"]);
  for (let n = 0; n < 3; n += 1) {
    const body = ghlBody({ locationId: studio.location_id });
    await deliver(`${server.base_url}/webhooks/ghl`, body, signGhl(body, server.keys.sandbox.privateKey));
  }
  const rows = await sql<{ id: string }>(server.db, "SELECT id FROM webhook_events WHERE location_id = $1", [
    studio.uuid,
  ]);
  events = rows.map(({ id }) => id);
  if (events.length !== 3) throw new Error("the deliveries were not kept");
  cursors = new Set();
  for (const { path } of lists) {
    const { body } = await studio.api.get(`${path}?limit=1`);
    const next = body["next_cursor"] as string | null;
    if (next !== null) cursors.add(`${path} ${next}`);
  }
  // Nothing is flagged here: its list has one page.
  if (cursors.size !== lists.length - 1) throw new Error("a list has no second page");
});

/** What the fuzz may hit, by the call that is asked. */
function knownOf(path: string): Known {
  const contacts = studio.members.map(({ id }) => id);
  return {
    location_id: [studio.location_id],
    id: [...events, ...studio.members.map(({ payment_id }) => payment_id)],
    contact: contacts,
    search: [...events, ...contacts],
    type: ["ContactUpdate"],
    cursor: [...cursors].filter((one) => one.startsWith(`${path} `)).map((one) => one.slice(path.length + 1)),
    from: [new Date(Date.now() - 86_400_000).toISOString()],
  };
}

/** An address with these fields in its path, and those of a question in its query. */
function addressOf({ path, method }: (typeof calls)[number], fields: Record<string, unknown>): string {
  const in_path = pathFields(path);
  const url = in_path.reduce((made, name) => made.replace(`{${name}}`, encodeURIComponent(String(fields[name]))), path);
  const rest = Object.entries(fields).filter(([name]) => !in_path.includes(name));
  return method === "post"
    ? url
    : `${url}?${new URLSearchParams(rest.map(([name, value]) => [name, String(value)])).toString()}`;
}

const api = () => callerOf(server.base_url, studio.token);
const codesOf = ({ status, body }: Response) => `${status} ${body.reason_code}`;
const SEEN = /^200 (\w+_(loaded|replayed)|NOT_FOUND|NOT_CONNECTED)$/;
const REFUSED =
  /^(400 VALIDATION_ERROR|401 UNAUTHORIZED|404 NOT_FOUND|413 PAYLOAD_TOO_LARGE|415 UNSUPPORTED_MEDIA_TYPE)$/;

describe.each(questions)("GET $path under fuzz", (call) => {
  test("answers every query that its own schema calls valid, and writes nothing", async () => {
    const before = await printsOf(server.db);
    const fields = validBodies(schemaOf(call.input), knownOf(call.path), []);
    const property = fc.asyncProperty(fields, async (asked) => {
      const { cursor, ...rest } = asked;
      // A cursor is the list's own or nothing.
      const query = cursors.has(`${call.path} ${String(cursor)}`) ? asked : rest;
      const answer = await inTime(call.path, api().get(addressOf(call, query)));
      expect(codesOf(answer)).toMatch(SEEN);
      expect(answer).toAnswer(answer.body.reason_code);
    });
    await fc.assert(property, runs(40));
    expect(await printsOf(server.db)).toEqual(before);
  });

  test("answers odd ids and queries with 200, 400, 401 or 404, and writes nothing", async () => {
    const before = await printsOf(server.db);
    const queries = oddQueriesOf(Object.keys(call.input.shape));
    const property = fc.asyncProperty(oddIds, queries, async (id, query) => {
      const answer = await inTime(call.path, api().get(`${call.path.replace(/\{\w+\}/, id)}${query}`));
      if (!SEEN.test(codesOf(answer))) expect(codesOf(answer)).toMatch(REFUSED);
    });
    await fc.assert(property, runs(60));
    expect(await printsOf(server.db)).toEqual(before);
  });
});

describe.each(commands)("POST $path under fuzz", (call) => {
  /** Replaying makes events due again and is written into the audit trail; everything else stays. */
  const books = async () => ({ ...(await printsOf(server.db)), webhook_events: "", audit_events: "" });

  test("takes every body that its own schema calls valid, and touches no books", async () => {
    const before = await books();
    const bodies = validBodies(schemaOf(call.input), knownOf(call.path), []);
    const property = fc.asyncProperty(bodies, async (body) => {
      expect(codesOf(await inTime(call.path, api().post(addressOf(call, body), body)))).toMatch(SEEN);
    });
    await fc.assert(property, runs(40));
    expect(await books()).toEqual(before);
  });

  test("refuses nearly valid bodies and garbage without having done anything", async () => {
    const bodies = fc.oneof(nearlyValidBodies(schemaOf(call.input), knownOf(call.path)), garbageBodies);
    const ids = fc.oneof(fc.constantFrom(...events), oddIds);
    const property = fc.asyncProperty(ids, bodies, async (id, body) => {
      const before = await printsOf(server.db);
      const answer = await inTime(call.path, api().post(call.path.replace(/\{\w+\}/, id), body));
      if (SEEN.test(codesOf(answer))) return;
      expect(codesOf(answer)).toMatch(REFUSED);
      expect(await printsOf(server.db)).toEqual(before);
    });
    await fc.assert(property, runs(60));
  });
});

/** The lists that are read page by page, and a position that is well-formed in each. */
const NOWHERE = "00000000-0000-0000-0000-000000000000";
const timed = (list: string) => ({ list, at: 0, id: NOWHERE });
const booking = { id: "booking", contact_id: NOWHERE };
const LISTS: Record<string, Record<string, unknown>> = {
  "/webhook-events": timed("webhooks"),
  "/payments": timed("location_payments"),
  "/bookings/unfunded": { list: "unfunded_bookings", since: 0, ...booking },
  "/bookings/flagged": { list: "flagged_bookings", at: 0, ...booking },
  "/contacts/{id}/entitlements": timed("entitlements"),
  "/contacts/{id}/ledger": { list: "ledger", number: 0, side: "in" },
  "/contacts/{id}/payments": timed("payments"),
  "/contacts/{id}/appointments/upcoming": timed("upcoming"),
  "/contacts/{id}/appointments/past": timed("past"),
  "/contacts/{id}/timeline": { ...timed("timeline"), kind: "payment", line: null },
};
const ODD: readonly unknown[] = [
  "",
  "a\u0000b",
  "\ud800",
  "x".repeat(256),
  "'; --",
  -1,
  1.5,
  1e308,
  Number.MAX_SAFE_INTEGER,
  8.64e15,
  null,
  true,
  ["a"],
  { number: Number.MAX_SAFE_INTEGER, side: "in" },
  { number: -1, side: "up" },
];

describe("forged cursors", () => {
  test("are known of every list there is", () => {
    const reads = API_ROUTES.reads.filter(({ read }) => read.cursor).map(({ path }) => path.replace("/api/v2", ""));
    expect(Object.keys(LISTS).sort()).toEqual([...reads, ...lists.map(({ path }) => path)].sort());
  });

  test.each(Object.entries(LISTS))(
    "GET %s answers every position with a page or a refusal of cursor",
    async (path, position) => {
      const read = (value: object) => {
        const cursor = Buffer.from(JSON.stringify(value)).toString("base64url");
        return api().get(`${path.replace("{id}", "contact%200")}?cursor=${cursor}`);
      };
      expect((await read(position)).status).toBe(200);
      const kinds = path.endsWith("timeline") ? ["payment", "opportunity", "membership", "appointment"] : [];
      for (const kind of kinds) expect((await read({ ...position, kind })).status).toBe(200);
      for (const kind of kinds)
        for (const id of ["", "a\u0000b"]) expect((await read({ ...position, kind, id })).status).not.toBe(500);
      for (const name of Object.keys(position)) {
        for (const value of ODD) {
          const answer = await read({ ...position, [name]: value });
          if (answer.status !== 200) expect(answer).toBeInvalid("cursor");
        }
      }
    },
  );
});

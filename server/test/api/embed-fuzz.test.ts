import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { sealText } from "../../src/gateways/ghl/user-context.ts";
import { comeIn, LAUNCH_TOKEN, openInstalled, SHARED_SECRET, useEmbedServer } from "./embed-studio.ts";

const server = useEmbedServer({ visitor_per_second: 1000 });
let token: string;
let member: string;

beforeAll(async () => {
  const studio = await openInstalled(server);
  const maya = studio.newMember();
  await maya.grant("pack");
  member = maya.id;
  token = await comeIn(server.base_url, studio);
});

const RUNS = { numRuns: 150 };
const odd = fc.oneof(
  fc.string({ unit: "binary", maxLength: 300 }),
  fc.constantFrom("\0", "\u202e", "%", "'; --", "__proto__", "-1", "1e9", "NaN", "[]"),
);
const query = fc.dictionary(fc.constantFrom("search", "limit", "cursor", "location_id", "x"), odd);

async function answer(path: string, init: RequestInit = {}): Promise<number> {
  const response = await fetch(server.base_url + path, { redirect: "manual", ...init });
  await response.arrayBuffer();
  return response.status;
}

function encoded(asked: Record<string, string>): string {
  return new URLSearchParams(Object.entries(asked).map(([name, value]) => [name, value.toWellFormed()])).toString();
}

const FINE = [200, 400, 401, 404];

test("whatever is asked of the embed's API, it is answered", async () => {
  const paths = fc.oneof(
    fc.constantFrom("/contacts", "/today", "/calendars", `/contacts/${member}/panel`),
    odd.map((id) => `/contacts/${encodeURIComponent(id.toWellFormed())}/panel`),
  );
  const headers = { authorization: `Bearer ${token}` };
  const ask = fc.asyncProperty(paths, query, async (path, asked) => {
    expect(FINE).toContain(await answer(`/api/embed${path}?${encoded(asked)}`, { headers }));
  });
  await fc.assert(ask, RUNS);
});

test("whatever is told at the door, nobody is let in by it", async () => {
  const sealed = fc.oneof(fc.json(), odd).map((told) => sealText(told, SHARED_SECRET));
  const bodies = fc.oneof(
    fc.json(),
    odd,
    fc.oneof(odd, sealed).map((payload) => JSON.stringify({ payload })),
  );
  const tell = fc.asyncProperty(bodies, async (body) => {
    const init = { method: "POST", headers: { "content-type": "application/json" }, body };
    expect([400, 401]).toContain(await answer("/embed/auth", init));
  });
  await fc.assert(tell, RUNS);
});

test("whatever stands in a token or an address, it opens nothing", async () => {
  const visit = fc.asyncProperty(fc.string({ maxLength: 200 }), query, async (said, asked) => {
    const headers = { authorization: `Bearer ${encodeURIComponent(said)}` };
    expect(await answer("/api/embed/today", { headers })).toBe(401);
    expect(await answer(`/embed/dashboard?${encoded(asked)}`)).toBe(200);
    const launch = encoded({ user_id: "x", agency_id: "y", token: LAUNCH_TOKEN, ...asked });
    expect([400, 403]).toContain(await answer(`/embed/sandbox-launch?${launch}`));
  });
  await fc.assert(visit, RUNS);
});

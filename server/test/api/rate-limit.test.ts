import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { readConfig } from "../../src/config.ts";
import { RateLimiter } from "../../src/http/rate-limit.ts";
import { applyFile, parseApplyFile } from "../../src/operations/catalog/apply-file.ts";
import { callerOf, useServer, type Caller, type Response } from "../support.ts";
import { bodyFor, countRows, openStudio, OPERATIONS } from "./studio.ts";

const PER_SECOND = 3;
const BURST = 6;

const server = useServer({ api_rate_limit: PER_SECOND });
const ASK = { external_contact_id: "nobody", calendar_id: "yoga" };

beforeEach(() => {
  // The limiter's clock stands still: what is left of a bucket is exactly what was not taken.
  vi.useFakeTimers({ toFake: ["Date"] });
});

afterEach(() => {
  vi.useRealTimers();
});

function check(api: Caller): Promise<Response> {
  return api.post("/entitlements/check-eligibility", ASK);
}

async function exhaust(api: Caller): Promise<void> {
  for (let i = 0; i < BURST; i += 1) expect((await check(api)).status).toBe(200);
}

function limitOf({ headers }: Response): (string | null)[] {
  return ["ratelimit", "ratelimit-policy", "retry-after"].map((name) => headers.get(name));
}

describe("the token bucket of an API client", () => {
  test("lets a burst of two seconds' worth through and refuses the next: RATE_LIMITED 429 with Retry-After", async () => {
    const { api } = await openStudio(server);
    await exhaust(api);
    const refused = await check(api);
    expect(refused).toFail(429, "RATE_LIMITED");
    expect(limitOf(refused)).toEqual(['"default";r=0;t=1', '"default";q=6;w=2', "1"]);
  });

  test("fills up again at its rate, and no further than its burst", async () => {
    const { api } = await openStudio(server);
    await exhaust(api);
    vi.advanceTimersByTime(1000);
    for (let i = 0; i < PER_SECOND; i += 1) expect((await check(api)).status).toBe(200);
    expect(await check(api)).toFail(429, "RATE_LIMITED");
    vi.advanceTimersByTime(3_600_000);
    await exhaust(api);
    expect(await check(api)).toFail(429, "RATE_LIMITED");
  });

  test("is not emptied further by what it refused", async () => {
    const { api } = await openStudio(server);
    await exhaust(api);
    for (let i = 0; i < 20; i += 1) expect(await check(api)).toFail(429, "RATE_LIMITED");
    vi.advanceTimersByTime(334);
    expect((await check(api)).status).toBe(200);
  });

  test("lets the refused request through after Retry-After seconds: a 429 is not remembered", async () => {
    const studio = await openStudio(server);
    const member = studio.newMember();
    await exhaust(studio.api);
    const before = await countRows(server.db);
    const refused = await member.grant("pack", { request_id: "once", external_payment_id: "once" });
    expect(refused).toFail(429, "RATE_LIMITED");
    expect(await countRows(server.db)).toEqual(before);
    vi.advanceTimersByTime(1000 * Number(refused.headers.get("retry-after")));
    expect(await member.grant("pack", { request_id: "once", external_payment_id: "once" })).toAnswer("grant_applied");
  });

  test("is its own: another client of the same location has another", async () => {
    const studio = await openStudio(server);
    const api_clients = [{ key: "second", scopes: ["check"] }];
    const file = { workspace: { key: studio.workspace }, locations: [{ key: studio.key, api_clients }] };
    const applied = await applyFile(server.db, parseApplyFile(file));
    const second = callerOf(server.base_url, applied.locations[studio.key]?.api_clients["second"]?.token ?? "");
    await exhaust(studio.api);
    expect(await check(studio.api)).toFail(429, "RATE_LIMITED");
    expect((await check(second)).status).toBe(200);
  });

  test("is one for all endpoints of the client", async () => {
    const studio = await openStudio(server);
    for (const { path } of OPERATIONS) await studio.api.post(path, bodyFor(studio.product("pack")));
    await studio.api.get("/contacts/somebody");
    await studio.api.get("/contacts/somebody/summary");
    expect(await check(studio.api)).toFail(429, "RATE_LIMITED");
  });
});

describe("precedence", () => {
  test("UNAUTHORIZED 401 comes before RATE_LIMITED 429: a token that is not valid, or not for this", async () => {
    const studio = await openStudio(server, { scopes: ["check"] });
    await exhaust(studio.api);
    expect(await studio.api.post("/grants", bodyFor(studio.product("pack")))).toFail(401, "UNAUTHORIZED");
    const stranger = callerOf(server.base_url, `${studio.token.slice(0, -4)}0000`);
    expect(await check(stranger)).toFail(401, "UNAUTHORIZED");
  });

  test("RATE_LIMITED 429 comes before VALIDATION_ERROR 400, 413 and 415", async () => {
    const { api } = await openStudio(server);
    await exhaust(api);
    expect(await api.post("/entitlements/check-eligibility", "{")).toFail(429, "RATE_LIMITED");
    expect(await api.post("/entitlements/check-eligibility", {}, { "content-type": "text/plain" })).toFail(
      429,
      "RATE_LIMITED",
    );
    expect(await api.post("/entitlements/check-eligibility", "x".repeat(65_537))).toFail(429, "RATE_LIMITED");
  });
});

describe("the RateLimit and RateLimit-Policy headers", () => {
  test("count down with each answer, and say when the bucket is full again", async () => {
    const { api } = await openStudio(server);
    const seen: (string | null)[] = [];
    for (let i = 0; i < BURST; i += 1) seen.push((await check(api)).headers.get("ratelimit"));
    expect(seen).toEqual(
      [5, 4, 3, 2, 1, 0].map((left) => `"default";r=${left};t=${Math.ceil((BURST - left) / PER_SECOND)}`),
    );
  });

  test("stand on every response, whatever it says", async () => {
    const studio = await openStudio(server, { scopes: ["check", "summary"] });
    const { api } = studio;
    const nobody = callerOf(server.base_url, "no token");
    const answers = [
      await check(api),
      await api.post("/entitlements/check-eligibility", {}),
      await api.post("/entitlements/check-eligibility", "{"),
      await api.post("/entitlements/check-eligibility", "{}", { "content-type": "text/plain" }),
      await api.get("/contacts/somebody"),
      await api.get("/entitlements/check-eligibility"),
      await api.get("/nowhere"),
      await api.get("/reason-codes"),
      await api.post("/grants", {}),
      await check(nobody),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 400, 400, 415, 200, 405, 404, 200, 401, 401]);
    for (const answer of answers) {
      expect(answer.headers.get("ratelimit")).toMatch(/^"default";r=\d+;t=\d+$/);
      expect(answer.headers.get("ratelimit-policy")).toBe('"default";q=6;w=2');
    }
  });
});

describe("the setting API_RATE_LIMIT", () => {
  test("is 100 per second, burst 200, unless set", () => {
    const limiter = new RateLimiter(readConfig({}).api_rate_limit, { now: () => 0 });
    expect(limiter).toMatchObject({ per_second: 100, burst: 200 });
  });
});

describe("API_RATE_LIMIT=0", () => {
  const unlimited = useServer({ api_rate_limit: 0 });

  test("turns it off: no headers, no refusal", async () => {
    const { api } = await openStudio(unlimited);
    const answers = await Promise.all(Array.from({ length: 300 }, () => check(api)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(limitOf(answers[0]!)).toEqual([null, null, null]);
  });
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { API_ROUTES } from "../../src/http/routes.ts";
import { callerOf, useServer, type Response } from "../support.ts";
import {
  garbageBodies,
  nearlyValidBodies,
  oddIds,
  oddQueries,
  schemaOf,
  validBodies,
  type Known,
} from "./fuzz-bodies.ts";
import { inTime, PATIENCE_MS, runs } from "./fuzz-runs.ts";
import { sendRaw } from "./raw-socket.ts";
import { countRows, PACK, unsoundLots, useStudio } from "./studio.ts";

const server = useServer();
const studio = useStudio(server, {
  sandbox: true,
  products: [
    { ...PACK, cost_by_calendar: { yoga: 2 } },
    { ...PACK, key: "short", expiry_days: 3, limits: { per_day: 3 } },
    { ...PACK, key: "first_use", expiry_days: 10, activation: "on_first_use" },
    { key: "monthly", type: "membership", monthly_credits: 8, calendars: ["yoga"] },
    {
      key: "unlimited",
      type: "membership",
      monthly_credits: "unlimited",
      calendars: ["yoga", "sauna"],
      limits: { per_week: 2 },
    },
  ],
});

/** What the fuzz may hit: a few contacts, bookings and payments that come again and again. */
function known(): Known {
  const some = (prefix: string, count: number) => Array.from({ length: count }, (_, i) => `${prefix} ${i}`);
  const now = new Date();
  const times = [-40, -1, 0, 0.5, 1, 20].map((days) => new Date(now.getTime() + days * 86_400_000).toISOString());
  return {
    location_id: [studio.location_id],
    product_config_id: [...Object.values(studio.products), "pc_unknown"],
    calendar_id: ["yoga", "sauna", "boxing"],
    external_contact_id: some("contact", 8),
    ghl_contact_id: some("contact", 8),
    external_ref: some("booking", 10),
    external_payment_id: some("payment", 200),
    request_id: some("request", 300),
    paid_at: times,
    appointment_time: times,
    amount: [1, 1, 2, 3, 7, 11, 1_000_000],
  };
}

const operations = API_ROUTES.operations.map(({ path, operation }) => ({
  path: path.replace("/api/v2", ""),
  operation,
}));

/** Sends within the time that a request may take. */
function send(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return inTime(path, callerOf(server.base_url, studio.token).post(path, body, headers));
}

function codesOf({ status, body }: Response): string {
  return `${status} ${body.reason_code}`;
}

/** What a refusal must leave as it was: everything but the remembered answer of a business refusal. */
async function expectUntouched(answer: Response, before: Awaited<ReturnType<typeof countRows>>): Promise<void> {
  if (answer.body.ok) return;
  const after = await countRows(server.db);
  const { ledger_entries: _entries, requests, ...rest } = after;
  expect(rest).toMatchObject({
    contacts: before.contacts,
    payment_events: before.payment_events,
    appointments: before.appointments,
  });
  expect(rest).toMatchObject({ entitlements: before.entitlements, memberships: before.memberships });
  if (answer.status !== 200) expect(after).toEqual(before);
  else expect(requests).toBeLessThanOrEqual(before.requests + 1);
}

describe.each(operations)("POST $path under fuzz", ({ path, operation }) => {
  test("takes every body that its own schema calls valid: 200, whatever it says", async () => {
    const bodies = validBodies(schemaOf(operation.input), known());
    const property = fc.asyncProperty(bodies, fc.boolean(), async (body, explain) => {
      const before = await countRows(server.db);
      const answer = await send(`${path}${explain ? "?explain=true" : ""}`, body);
      if (answer.status === 200) expect(answer).toAnswer(answer.body.reason_code);
      // Two things that only the facts can tell: an id that was used, a payment from the future.
      else expect(answer.text).toMatch(/"errors":\[\{"field":"(request_id|paid_at)"/);
      await expectUntouched(answer, before);
    });
    await fc.assert(property, runs(120));
  });

  test("answers nearly valid bodies with 200, 400, 401 or 413 and leaves nothing half done", async () => {
    const bodies = nearlyValidBodies(schemaOf(operation.input), known());
    const property = fc.asyncProperty(bodies, async (body) => {
      const before = await countRows(server.db);
      const answer = await send(path, body);
      expect(codesOf(answer)).toMatch(/^(200 \w+|400 VALIDATION_ERROR|401 UNAUTHORIZED|413 PAYLOAD_TOO_LARGE)$/);
      await expectUntouched(answer, before);
    });
    await fc.assert(property, runs(150));
  });

  test("answers garbage with 400, 413 or 415, and books nothing", async () => {
    const before = await countRows(server.db);
    const types = fc.constantFrom(
      "application/json",
      "application/json; charset=utf-16",
      "text/plain",
      "application/x-www-form-urlencoded",
    );
    const property = fc.asyncProperty(garbageBodies, types, async (body, type) => {
      const answer = await send(path, body, { "content-type": type });
      expect(codesOf(answer)).toMatch(/^(400 VALIDATION_ERROR|413 PAYLOAD_TOO_LARGE|415 UNSUPPORTED_MEDIA_TYPE)$/);
    });
    await fc.assert(property, runs(80));
    expect(await countRows(server.db)).toEqual(before);
  });

  test("refuses bodies of 10 MB without reading them: 413, or the line is cut", async () => {
    const before = await countRows(server.db);
    const head = `POST /api/v2${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${studio.token}\r\nContent-Type: application/json\r\n`;
    const text = `{"metadata":"${"x".repeat(10_000_000)}"}`;
    const whole = await sendRaw(server.base_url, `${head}Content-Length: ${text.length}\r\n\r\n${text}`, PATIENCE_MS);
    const chunk = `${text.length.toString(16)}\r\n${text}\r\n0\r\n\r\n`;
    const chunked = await sendRaw(server.base_url, `${head}Transfer-Encoding: chunked\r\n\r\n${chunk}`, PATIENCE_MS);
    for (const answer of [whole, chunked]) expect([413, undefined]).toContain(answer?.status);
    expect(await countRows(server.db)).toEqual(before);
  });
});

describe("everything at once", () => {
  test("valid, nearly valid and garbage, fifty in flight: never a 500, and the books hold", async () => {
    const requests = fc.oneof(
      ...operations.flatMap(({ path, operation }) => {
        const schema = schemaOf(operation.input);
        const valid = validBodies(schema, known()).map((body) => JSON.stringify(body));
        return [valid, valid, nearlyValidBodies(schema, known()), garbageBodies].map((bodies) =>
          bodies.map((body) => ({ path, body })),
        );
      }),
    );
    const property = fc.asyncProperty(
      fc.array(requests, { minLength: 50, maxLength: 50, size: "max" }),
      async (batch) => {
        const answers = await Promise.all(batch.map(({ path, body }) => send(path, body)));
        for (const answer of answers) expect(codesOf(answer)).toMatch(/^(200|400|401|409|413) /);
        expect(await unsoundLots(server.db)).toEqual([]);
      },
    );
    await fc.assert(property, { ...runs(8), endOnFailure: true });
  });
});

describe("headers under fuzz", () => {
  test("of any kind: never a 500, never a hang, always the envelope", async () => {
    const name = fc.constantFrom(
      "Authorization",
      "Content-Type",
      "X-Correlation-Id",
      "Accept",
      "Range",
      "Cookie",
      "Expect",
      "Upgrade",
      "X-HTTP-Method-Override",
      "If-None-Match",
      "Content-Encoding",
      "Origin",
      "Forwarded",
      "Connection",
      "A".repeat(300),
    );
    const value = fc.oneof(
      fc.constantFrom(
        "",
        "Bearer",
        "x".repeat(8000),
        "100-continue",
        "websocket",
        "GET",
        "*",
        "gzip",
        "bytes=0-1",
        "application/json, text/plain",
        "close, upgrade",
        "\u00ff\u00fe",
      ),
      fc.string({ maxLength: 60 }),
      fc.constantFrom(`Bearer ${studio.token}`, `Bearer ${studio.token}\t`, `Bearer  ${studio.token}`),
    );
    const headers = fc.array(fc.tuple(name, value), { minLength: 1, maxLength: 5 });
    const paths = fc.constantFrom(...operations.map(({ path }) => path));
    const property = fc.asyncProperty(paths, headers, async (path, odd) => {
      const lines = [...odd, ["Host", "x"], ["Content-Length", "2"]].map(([key, text]) => `${key}: ${text}`);
      const bytes = Buffer.from(`POST /api/v2${path} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n{}`, "latin1");
      const answer = await sendRaw(server.base_url, bytes, PATIENCE_MS);
      const code = answer === null ? "" : (JSON.parse(answer.text) as { reason_code: string }).reason_code;
      expect(code).toMatch(/^(VALIDATION_ERROR|UNAUTHORIZED|UNSUPPORTED_MEDIA_TYPE)$/);
      expect(answer).toFail(answer?.status ?? 0, code);
    });
    await fc.assert(property, runs(150));
  });

  test("Authorization of any kind is UNAUTHORIZED, never a 500", async () => {
    const [, client, secret] = studio.token.split("_");
    const odd = fc.oneof(
      fc.string({ unit: "binary-ascii", maxLength: 60 }),
      fc.constantFrom(
        `ktly_${client}_`,
        `ktly_${secret}_${client}`,
        `ktly_${client}_${secret}_${secret}`,
        `${studio.token} `.repeat(2),
        `ktly_${client}_${secret}`.toUpperCase(),
      ),
      fc.tuple(fc.uuid(), fc.uuid()).map(([id, other]) => `ktly_${id}_${other}`),
    );
    const property = fc.asyncProperty(odd, async (token) => {
      const head = `GET /api/v2/contacts/x HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token.replaceAll(/[\r\n\0]/g, "")}\r\n\r\n`;
      const answer = await sendRaw(server.base_url, Buffer.from(head, "latin1"), PATIENCE_MS);
      expect([400, 401]).toContain(answer?.status);
    });
    await fc.assert(property, runs(100));
  });
});

describe("reads under fuzz", () => {
  test("odd ids and query strings: 200, 400, 401 or 404, always the envelope, and nothing is written", async () => {
    const paths = fc.constantFrom(...API_ROUTES.reads.map(({ path }) => path.replace("/api/v2", "")));
    const ids = fc.oneof(oddIds, fc.constantFrom("contact%200", "contact%201", "contact%202"));
    const before = await countRows(server.db);
    const property = fc.asyncProperty(paths, ids, oddQueries, async (path, id, query) => {
      const signal = AbortSignal.timeout(PATIENCE_MS);
      const headers = { authorization: `Bearer ${studio.token}` };
      const url = `${server.base_url}/api/v2${path.replace("{id}", id)}${query}`;
      const response = await fetch(url, { headers, signal });
      const answer = { status: response.status, headers: response.headers, text: await response.text() };
      const code = (JSON.parse(answer.text) as { reason_code: string }).reason_code;
      expect([200, 400, 401, 404]).toContain(answer.status);
      if (answer.status === 200) expect(answer).toAnswer(code);
      else expect(answer).toFail(answer.status, code);
    });
    await fc.assert(property, runs(200));
    expect(await countRows(server.db)).toEqual(before);
  });
});

describe("after all of it", () => {
  test("the process lives, the books hold, and nobody's prototype was touched", async () => {
    expect((await fetch(`${server.base_url}/healthz`)).status).toBe(200);
    expect(await unsoundLots(server.db)).toEqual([]);
    expect("polluted" in {}).toBe(false);
  });
});

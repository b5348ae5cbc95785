import { request } from "node:http";
import { describe, expect, test } from "vitest";
import { useServer } from "../support.ts";
import { sendRaw } from "./raw-socket.ts";
import { bodyFor, countRows, OPERATIONS, useStudio } from "./studio.ts";

const server = useServer();
const studio = useStudio(server);

/** The reads of a contact, beneath /api/v2, and what they answer for one who is there. */
const READS = [
  { path: "/contacts/{id}", reason_code: "contact_loaded" },
  { path: "/contacts/{id}/summary", reason_code: "summary_loaded" },
  { path: "/contacts/{id}/credits", reason_code: "credits_loaded" },
  { path: "/contacts/{id}/entitlements", reason_code: "entitlements_loaded" },
  { path: "/contacts/{id}/ledger", reason_code: "ledger_loaded" },
  { path: "/contacts/{id}/payments", reason_code: "payments_loaded" },
  { path: "/contacts/{id}/appointments/upcoming", reason_code: "appointments_loaded" },
  { path: "/contacts/{id}/appointments/past", reason_code: "appointments_loaded" },
  { path: "/contacts/{id}/timeline", reason_code: "timeline_loaded" },
];

/** What is served without a token. */
const OPEN = [
  { path: "/api/v2/reason-codes", reason_code: "reason_codes_loaded" },
  { path: "/healthz", reason_code: "alive" },
  { path: "/readyz", reason_code: "ready" },
];

const pathOf = (path: string, id: string): string => `/api/v2${path.replace("{id}", id)}`;

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
}

/** Any method, any header, any bytes: more than `fetch` lets through. */
function send(
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body?: string | Buffer,
): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const outgoing = request(`${server.base_url}${path}`, { method, headers }, (response) => {
    const chunks: Buffer[] = [];
    response.on("data", (chunk: Buffer) => chunks.push(chunk));
    response.on("end", () => {
      resolve({ status: response.statusCode ?? 0, headers: response.headers, text: Buffer.concat(chunks).toString() });
    });
  });
  outgoing.on("error", reject);
  outgoing.end(body);
  return promise;
}

const authorised = (token: string) => ({ authorization: `Bearer ${token}`, "content-type": "application/json" });

describe("the envelope", () => {
  test.each(READS)("of GET $path: $reason_code for a contact, NOT_FOUND for nobody, both 200", async (read) => {
    const { path, reason_code } = read;
    const member = studio.newMember();
    await member.grant("pack");
    const headers = { authorization: `Bearer ${studio.token}` };
    expect(await send("GET", pathOf(path, member.id), headers)).toAnswer(reason_code);
    expect(await send("GET", pathOf(path, "nobody"), headers)).toAnswer("NOT_FOUND");
  });

  test.each(OPEN)("of GET $path: $reason_code, with a token and without", async ({ path, reason_code }) => {
    expect(await send("GET", path)).toAnswer(reason_code);
    expect(await send("GET", path, { authorization: "Bearer nonsense" })).toAnswer(reason_code);
  });

  test.each(OPERATIONS)("of POST $path: ok, reason_code, correlation_id, each request its own", async ({ path }) => {
    const body = () => JSON.stringify(bodyFor(studio.product("pack")));
    const answers = await Promise.all(
      [1, 2].map(() => send("POST", `/api/v2${path}`, authorised(studio.token), body())),
    );
    const codes = answers.map(({ text }) => JSON.parse(text).reason_code);
    for (const [i, answer] of answers.entries()) expect(answer).toAnswer(codes[i]);
    expect(answers[0]?.headers["x-correlation-id"]).not.toBe(answers[1]?.headers["x-correlation-id"]);
  });

  test("lower case comes with ok: true, upper case with ok: false, and a refusal with a message", async () => {
    const member = studio.newMember();
    const good = [
      await member.grant("pack"),
      await member.check({ calendar_id: "yoga" }),
      await member.deduct({ calendar_id: "yoga" }),
      await member.restore({ calendar_id: "yoga" }),
    ];
    const bad = [
      await studio.newMember().check({ calendar_id: "yoga" }),
      await member.deduct({ calendar_id: "yoga", amount: 11 }),
      await member.restore({ calendar_id: "yoga" }),
    ];
    for (const { body } of good) {
      expect(body.ok).toBe(true);
      expect(body.reason_code).toMatch(/^[a-z_]+$/);
    }
    for (const { body } of bad) {
      expect(body.ok).toBe(false);
      expect(body.reason_code).toMatch(/^[A-Z_]+$/);
      expect(body["message"]).toMatch(/\.$/);
    }
  });

  test("a caller's own X-Correlation-Id or request id header is not taken over", async () => {
    const wanted = "00000000-0000-4000-8000-000000000000";
    const headers = {
      ...authorised(studio.token),
      "x-correlation-id": wanted,
      "request-id": wanted,
      "x-request-id": wanted,
    };
    const { text } = await send("POST", "/api/v2/grants", headers, JSON.stringify(bodyFor(studio.product("pack"))));
    expect(text).not.toContain(wanted);
  });
});

describe("NOT_FOUND 404", () => {
  const strange = [
    "/api",
    "/api/v2",
    "/api/v2/",
    "/api/v1/grants",
    "/api/v2/grants/",
    "/api/v2/Grants",
    "/api/v2/grants/1",
  ];

  test.each([...strange, "//api/v2/grants", "/api/v2/contacts", "/api/v2/contacts/a/b"])(
    "for the path %s",
    async (path) => {
      expect(await send("GET", path)).toFail(404, "NOT_FOUND");
      expect(await send("POST", path, { "content-type": "application/json" }, "{}")).toFail(404, "NOT_FOUND");
    },
  );

  test.each([
    "/%",
    "/api/v2/%zz",
    "/api/v2/%E0%A4%A",
    "/api/v2/%ff%fe",
    "/api/v2/grants%00",
    `/api/v2/${"a".repeat(3000)}`,
  ])("for the badly written path %s", async (path) => {
    expect(await send("GET", path)).toFail(404, "NOT_FOUND");
  });

  test("comes before anything that is wrong with the body", async () => {
    expect(await send("POST", "/api/v2/nowhere", { "content-type": "text/plain" }, "hello")).toFail(404, "NOT_FOUND");
    expect(await send("POST", "/api/v2/nowhere", { "content-type": "application/json" }, "{")).toFail(404, "NOT_FOUND");
    expect(await send("PROPFIND", "/api/v2/nowhere")).toFail(404, "NOT_FOUND");
  });
});

describe("METHOD_NOT_ALLOWED 405", () => {
  const methods = ["GET", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "QUERY"];

  test.each(OPERATIONS)("of POST $path for every other method, with Allow", async ({ path }) => {
    for (const method of methods) {
      const answer = await send(method, `/api/v2${path}`);
      expect(answer).toFail(405, "METHOD_NOT_ALLOWED");
      expect(answer.headers["allow"]).toBe("POST");
    }
    expect(await send("HEAD", `/api/v2${path}`)).toMatchObject({ status: 405, text: "", headers: { allow: "POST" } });
  });

  test.each(READS)("of GET $path for every other method, with Allow", async ({ path }) => {
    for (const method of ["POST", "PUT", "PATCH", "DELETE", "TRACE"]) {
      const answer = await send(method, pathOf(path, "somebody"));
      expect(answer).toFail(405, "METHOD_NOT_ALLOWED");
      expect(answer.headers["allow"]).toContain("GET");
    }
  });

  test.each(OPEN)("of GET $path for every other method, with Allow", async ({ path }) => {
    for (const method of ["POST", "PUT", "PATCH", "DELETE", "TRACE"]) {
      const answer = await send(method, path);
      expect(answer).toFail(405, "METHOD_NOT_ALLOWED");
      expect(answer.headers["allow"]).toContain("GET");
    }
  });

  test("comes before anything that is wrong with the body", async () => {
    expect(await send("PUT", "/api/v2/grants", { "content-type": "text/plain" }, "hello")).toFail(
      405,
      "METHOD_NOT_ALLOWED",
    );
    expect(await send("PATCH", "/api/v2/grants", { "content-type": "application/json" }, "{")).toFail(
      405,
      "METHOD_NOT_ALLOWED",
    );
  });
});

describe.each(OPERATIONS)("the body of POST $path", ({ path }) => {
  test("malformed JSON is a VALIDATION_ERROR 400 that names the body", async () => {
    for (const text of [
      "{",
      "{'a':1}",
      "[1,]",
      "NaN",
      "undefined",
      "\u0000",
      "{}{}",
      "\uFEFF{}",
      '{"a":"\n"}',
      '"\\ud800',
    ]) {
      expect(await studio.api.post(path, text)).toBeInvalid("body");
    }
  });

  test("empty is a VALIDATION_ERROR, with and without a content type", async () => {
    expect(await studio.api.post(path, "")).toBeInvalid("body");
    expect(await studio.api.post(path, " \n")).toBeInvalid("body");
    const bare = await send("POST", `/api/v2${path}`, { authorization: `Bearer ${studio.token}` });
    expect(bare).toFail(400, "VALIDATION_ERROR");
  });

  test.each(["null", "[]", "[{}]", "1", '"text"', "true"])("that is %s is a VALIDATION_ERROR", async (text) => {
    const answer = await studio.api.post(path, text);
    expect(answer.body["errors"]).toContainEqual({ field: "body", message: "must be a JSON object" });
  });

  test("of another content type is UNSUPPORTED_MEDIA_TYPE 415", async () => {
    const types = [
      "text/plain",
      "application/x-www-form-urlencoded",
      "multipart/form-data; boundary=x",
      "application/jsonx",
      "json",
      "x",
    ];
    for (const type of [...types, "application/json, text/plain", "application/vnd.api+json"]) {
      const headers = { ...authorised(studio.token), "content-type": type };
      expect(await send("POST", `/api/v2${path}`, headers, "{}")).toFail(415, "UNSUPPORTED_MEDIA_TYPE");
    }
  });

  test("as application/json in any case, with a charset, is taken", async () => {
    for (const type of ["application/json; charset=utf-8", "Application/JSON", "application/json;charset=UTF-8"]) {
      const body = JSON.stringify(bodyFor(studio.product("pack")));
      const { status } = await send(
        "POST",
        `/api/v2${path}`,
        { ...authorised(studio.token), "content-type": type },
        body,
      );
      expect(status).toBe(200);
    }
  });

  test("of more than 64 KiB is PAYLOAD_TOO_LARGE 413; of exactly that it is read", async () => {
    const sized = (bytes: number) => {
      const body = JSON.stringify({ ...bodyFor(studio.product("pack")), padding: "" });
      return body.replace('"padding":""', `"padding":"${"x".repeat(bytes - body.length)}"`);
    };
    const answer = await send("POST", `/api/v2${path}`, authorised(studio.token), sized(64 * 1024 + 1));
    expect(answer).toFail(413, "PAYLOAD_TOO_LARGE");
    expect((await studio.api.post(path, sized(64 * 1024))).status).toBe(200);
  });

  test("that is not UTF-8 is a VALIDATION_ERROR, never a 500", async () => {
    const before = await countRows(server.db);
    const bytes = Buffer.from('{"request_id":"\u00ff\u00fe","external_contact_id":"x"}', "latin1");
    expect(await send("POST", `/api/v2${path}`, authorised(studio.token), bytes)).toFail(400, "VALIDATION_ERROR");
    expect(await countRows(server.db)).toEqual(before);
  });
});

describe("what is hardly HTTP is answered in the envelope too", () => {
  const cases: [string, string][] = [
    ["garbage", "\u0000\u0001garbage\r\n\r\n"],
    ["HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"],
    ["an unknown method", "GRANT /api/v2/grants HTTP/1.1\r\nHost: x\r\n\r\n"],
    ["a header without a colon", "GET /healthz HTTP/1.1\r\nHost: x\r\nnonsense\r\n\r\n"],
    ["a NUL in a header", "GET /healthz HTTP/1.1\r\nHost: x\r\nA: b\u0000c\r\n\r\n"],
    ["two lengths", "POST /api/v2/grants HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}"],
    [
      "length and chunks",
      "POST /api/v2/grants HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n{}",
    ],
    ["a negative length", "POST /api/v2/grants HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n{}"],
    ["64 KiB of headers", `GET /healthz HTTP/1.1\r\nHost: x\r\nA: ${"b".repeat(65_536)}\r\n\r\n`],
    ["no Host", "GET /api/v2/grants HTTP/1.1\r\n\r\n"],
  ];

  test.each(cases)("%s is a VALIDATION_ERROR 400", async (_, bytes) => {
    expect(await sendRaw(server.base_url, bytes)).toFail(400, "VALIDATION_ERROR");
  });

  test("an expectation that nobody meets is ignored", async () => {
    const head = `POST /api/v2/grants HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${studio.token}\r\nExpect: a-miracle\r\n`;
    expect(await sendRaw(server.base_url, `${head}Content-Length: 2\r\n\r\n{}`)).toFail(415, "UNSUPPORTED_MEDIA_TYPE");
  });

  test("an old HTTP/1.0 request without Host is served", async () => {
    expect(await sendRaw(server.base_url, "GET /api/v2/grants HTTP/1.0\r\n\r\n")).toFail(405, "METHOD_NOT_ALLOWED");
  });

  test("the server stays alive through all of it", async () => {
    await Promise.all(cases.map(([, bytes]) => sendRaw(server.base_url, bytes)));
    expect((await studio.newMember().grant("pack")).body.reason_code).toBe("grant_applied");
  });
});

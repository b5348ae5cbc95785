import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { pathFields } from "../../src/http/reference/routes-of-api.ts";
import { API_ROUTES } from "../../src/http/routes.ts";
import { verifyBooks } from "../../src/operations/credits/verify-books.ts";
import { callerOf, useServer, type Response } from "../support.ts";
import { printsOf, type Prints } from "./book-prints.ts";
import { openFullStudio, type FullStudio } from "./full-studio.ts";
import { garbageBodies, nearlyValidBodies, oddIds, schemaOf, validBodies, type Known } from "./fuzz-bodies.ts";
import { inTime, PATIENCE_MS, runs } from "./fuzz-runs.ts";
import { sendRaw } from "./raw-socket.ts";
import { unsoundLots } from "./studio.ts";

const server = useServer();
let studio: FullStudio;

beforeAll(async () => {
  studio = await openFullStudio(server, ["contact 0", "contact 1", "contact 2"]);
});

/** What the fuzz may hit, again and again. */
function known(): Known {
  const of = (field: keyof FullStudio["members"][number]) => studio.members.map((member) => member[field]);
  const bookings = [...of("booking_id"), ...of("unfunded_id"), ...of("waived_id")];
  return {
    location_id: [studio.location_id],
    external_contact_id: [...of("id"), "contact of nobody"],
    into_external_contact_id: [...of("id"), "contact of nobody"],
    ghl_contact_id: of("id"),
    membership_id: of("membership_id"),
    freeze_id: of("freeze_id"),
    entitlement_id: of("entitlement_id"),
    payment_id: of("payment_id"),
    booking_id: bookings,
    product_config_id: [...Object.values(studio.products), "pc_unknown"],
    request_id: Array.from({ length: 300 }, (_, i) => `request ${i}`),
    amount: [1, 2, 7, -1, -3, 1_000_000, -1_000_000],
  };
}

/** What no schema can say: only the facts, or two fields together, tell that they are wrong; and the pool's negative amounts. */
const TOLD_BY_FACTS =
  /"errors":\[\{"field":"(request_id|amount|paid_at|from_on|to_on|on|membership_id|items|product_config_id|until_on|into_\w+)"/;
const ALWAYS = ["request_id", "external_contact_id"];

const routes = API_ROUTES.management.map(({ path, operation }) => ({
  path: path.replace("/api/v2", ""),
  operation,
}));

/** An address with these ids in its path; what is no text is nobody's id. */
function addressOf(path: string, body: Record<string, unknown>): string {
  return pathFields(path).reduce((url, name) => url.replace(`{${name}}`, encodeURIComponent(String(body[name]))), path);
}

/** `.` and `..` never leave a browser or `fetch`. */
const canBeSent = (path: string) => (body: Record<string, unknown>) =>
  pathFields(path).every((name) => !/^\s*\.{1,2}\s*$/.test(String(body[name])));

function send(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return inTime(path, callerOf(server.base_url, studio.token).post(path, body, headers));
}

function codesOf({ status, body }: Response): string {
  return `${status} ${body.reason_code}`;
}

/** What a dry run and a refusal leave as it was: all but the remembered answer of a business refusal. */
async function expectUntouched(answer: Response, before: Prints, asked_dry = false): Promise<void> {
  const is_dry = asked_dry || answer.body["dry_run"] === true;
  if (answer.body.ok && !is_dry) return;
  const after = await printsOf(server.db);
  if (answer.status === 200 && !is_dry) expect({ ...after, requests: "" }).toEqual({ ...before, requests: "" });
  else expect(after).toEqual(before);
}

describe.each(routes)("POST $path under fuzz", ({ path, operation }) => {
  test("takes every body that its own schema calls valid: 200, whatever it says", async () => {
    const bodies = validBodies(schemaOf(operation.input), known(), ALWAYS).filter(canBeSent(path));
    const property = fc.asyncProperty(bodies, async (body) => {
      const before = await printsOf(server.db);
      const answer = await send(addressOf(path, body), body);
      if (answer.status === 200) expect(answer).toAnswer(answer.body.reason_code);
      else expect(answer.text).toMatch(TOLD_BY_FACTS);
      await expectUntouched(answer, before, body["dry_run"] === true);
    });
    await fc.assert(property, runs(60));
  });

  test("answers nearly valid bodies and odd ids with 200, 400, 401, 404 or 413 and leaves nothing half done", async () => {
    const bodies = nearlyValidBodies(schemaOf(operation.input), known());
    const ids = known()[pathFields(path)[0] ?? ""] ?? [];
    const places = fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom(...ids.map((id) => encodeURIComponent(String(id)))) },
      { weight: 1, arbitrary: oddIds },
    );
    const property = fc.asyncProperty(places, bodies, async (id, body) => {
      const before = await printsOf(server.db);
      const answer = await send(path.replace(/\{\w+\}/, id), body);
      expect(codesOf(answer)).toMatch(
        /^(200 \w+|400 VALIDATION_ERROR|401 UNAUTHORIZED|404 NOT_FOUND|405 METHOD_NOT_ALLOWED|413 PAYLOAD_TOO_LARGE)$/,
      );
      await expectUntouched(answer, before);
    });
    await fc.assert(property, runs(80));
  });

  test("answers garbage with 400, 413 or 415, huge bodies too, and changes nothing", async () => {
    const before = await printsOf(server.db);
    const address = path.replace(/\{\w+\}/, studio.members[0]?.payment_id ?? "");
    const types = fc.constantFrom("application/json", "application/json; charset=utf-16", "text/plain", "multipart/x");
    const property = fc.asyncProperty(garbageBodies, types, async (body, type) => {
      const answer = await send(address, body, { "content-type": type });
      expect(codesOf(answer)).toMatch(/^(400 VALIDATION_ERROR|413 PAYLOAD_TOO_LARGE|415 UNSUPPORTED_MEDIA_TYPE)$/);
    });
    await fc.assert(property, runs(40));
    const text = `{"reason":"${"x".repeat(10_000_000)}"}`;
    const head = `POST /api/v2${address} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${studio.token}\r\nContent-Type: application/json\r\nContent-Length: ${text.length}\r\n\r\n`;
    expect([413, undefined]).toContain((await sendRaw(server.base_url, `${head}${text}`, PATIENCE_MS))?.status);
    expect(await printsOf(server.db)).toEqual(before);
  });
});

describe("rules over several fields", () => {
  test.each(["1", "null", "{}", '"a"', "[null]", "[1]", "[[]]", '[{"item":{}}]'])(
    "are no 500 where a field is of no use to them: items of map as %s",
    async (items) => {
      const { id, payment_id } = studio.members[0]!;
      const text = `{"request_id":"odd items","external_contact_id":"${id}","action":"map","items":${items}}`;
      expect(await send(`/payments/${payment_id}/resolve`, text)).toFail(400, "VALIDATION_ERROR");
    },
  );
});

describe("all of management at once", () => {
  test("thirty in flight on three members: never a 500, and the books hold", async () => {
    const requests = fc.oneof(
      ...routes.map(({ path, operation }) =>
        validBodies(schemaOf(operation.input), known(), ALWAYS)
          .filter(canBeSent(path))
          .map((body) => ({ path: addressOf(path, body), body })),
      ),
    );
    const batches = fc.array(requests, { minLength: 30, maxLength: 30, size: "max" });
    const property = fc.asyncProperty(batches, async (batch) => {
      const answers = await Promise.all(batch.map(({ path, body }) => send(path, body)));
      for (const answer of answers) expect(codesOf(answer)).toMatch(/^(200|400|409) /);
      expect(await unsoundLots(server.db)).toEqual([]);
    });
    await fc.assert(property, { ...runs(6), endOnFailure: true });
  });
});

describe("after all of it", () => {
  test("verify finds nothing, and nobody's prototype was touched", async () => {
    expect(await verifyBooks(server.db, {})).toMatchObject({ findings: [] });
    expect("polluted" in {}).toBe(false);
  });
});

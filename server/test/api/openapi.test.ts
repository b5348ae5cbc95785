import { randomUUID } from "node:crypto";
import { Validator } from "@seriousme/openapi-schema-validator";
import { Ajv2020 } from "ajv/dist/2020.js";
import { beforeAll, describe, expect, test } from "vitest";
import type { OpenApiDocument } from "../../src/http/reference/document.ts";
import { OPERATION_DOCS } from "../../src/http/reference/operation-docs.ts";
import { pathFields } from "../../src/http/reference/routes-of-api.ts";
import { API_ROUTES } from "../../src/http/routes.ts";
import { DETAILS, REFUSALS, SUCCESSES, TRANSPORT_ERRORS } from "../../src/rules/reasons.ts";
import { callerOf, sql, useServer, type Response } from "../support.ts";
import { inDays, openMember } from "./reads-studio.ts";
import { openStudio, PACK } from "./studio.ts";

const server = useServer({ api_rate_limit: 1000 });
let document: OpenApiDocument;
let ajv: Ajv2020;

beforeAll(async () => {
  document = (await (await fetch(`${server.base_url}/api/v2/openapi.json`)).json()) as OpenApiDocument;
  ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
  ajv.addSchema(document, "openapi");
});

/** What is wrong with a value by the schema at a place of the document, such as `components/schemas/Error`. */
function problems(place: string, value: unknown): string[] {
  const path = place.split(" ").map((part) => part.replaceAll("~", "~0").replaceAll("/", "~1"));
  const validate = ajv.compile({ $ref: `openapi#/${path.map(encodeURIComponent).join("/")}` });
  return validate(value)
    ? []
    : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

/** What an answer has that the document does not say of this call, or lacks though it says so. */
function undocumented(answer: Response, path: string, method: "get" | "post"): string[] {
  const status = String(answer.status);
  const found = document.paths[path]?.[method]?.responses[status];
  if (!found) return [`${method} ${path} answers ${status}`];
  const named = "$ref" in found ? found.$ref.replace("#/components/responses/", "") : null;
  const place = named ? `components responses ${named}` : `paths ${path} ${method} responses ${status}`;
  const response = "$ref" in found ? document.components.responses[named ?? ""] : found;
  const headers = Object.keys(response?.headers ?? {}).filter((header) => header !== "Idempotency-Replayed");
  return [
    ...problems(`${place} content application/json schema`, answer.body),
    ...headers.filter((header) => !answer.headers.has(header)).map((header) => `no ${header}`),
    ...strangers(answer.body, response?.content?.["application/json"]?.schema ?? {}),
  ];
}

type Schema = Record<string, unknown>;

/** Fields of a value that none of the schema's alternatives knows. */
function* strangers(value: unknown, given: Schema, at = ""): Generator<string> {
  const schema = resolve(given);
  const options = [schema, ...((schema["oneOf"] ?? schema["anyOf"] ?? []) as Schema[]).map(resolve)];
  if (Array.isArray(value)) {
    const items = options.map((option) => option["items"] as Schema | undefined).find(Boolean);
    for (const item of value) yield* strangers(item, items ?? {}, `${at}[]`);
    return;
  }
  if (typeof value !== "object" || value === null) return;
  for (const [key, field] of Object.entries(value)) {
    const known = options
      .map((option) => (option["properties"] as Record<string, Schema> | undefined)?.[key])
      .find(Boolean);
    if (known) yield* strangers(field, known, `${at}.${key}`);
    else yield `${at}.${key}`;
  }
}

function resolve(schema: Schema): Schema {
  const name = (schema["$ref"] as string | undefined)?.replace("#/components/schemas/", "");
  return name === undefined ? schema : (document.components.schemas[name] as Schema);
}

const operations = () =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation: operation })),
  );

describe("the OpenAPI document", () => {
  test("is valid OpenAPI 3.1", async () => {
    const result = await new Validator().validate(structuredClone(document) as unknown as Record<string, unknown>);
    expect(result.errors ?? []).toEqual([]);
    expect(result.valid).toBe(true);
    expect(document.openapi).toMatch(/^3\.1\./);
  });

  test("describes every route of the API and no other", () => {
    const { operations: of_credits, management, reads, calls } = API_ROUTES;
    const posts = [...of_credits, ...management];
    const service = ["/api/v2/reason-codes", "/api/v2/openapi.json", "/healthz", "/readyz"];
    const routes = [
      ...posts.map(({ path }) => path),
      ...reads.map(({ path }) => path),
      ...calls.map(({ path }) => path),
      ...service,
    ];
    expect(Object.keys(document.paths)).toEqual(routes);
  });

  test("refers to nothing that is not there", () => {
    const refs = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path]) => path ?? "");
    for (const ref of refs) {
      const found = ref.split("/").reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], document);
      expect(found).toBeTypeOf("object");
    }
  });

  test("has examples that are what it says", () => {
    for (const { path, method, operation } of operations()) {
      const at = `paths ${path} ${method}`;
      const body = operation.requestBody?.content["application/json"];
      if (body) expect(problems(`${at} requestBody content application/json schema`, body.example)).toEqual([]);
      const answer = operation.responses["200"];
      const media = answer && "content" in answer ? answer.content?.["application/json"] : undefined;
      if (media?.example) {
        expect(problems(`${at} responses 200 content application/json schema`, media.example)).toEqual([]);
        expect([...strangers(media.example, media.schema as Schema)]).toEqual([]);
      }
    }
  });

  test.each([...API_ROUTES.operations, ...API_ROUTES.management])(
    "says of $path what the schema that validates it says",
    ({ path, operation }) => {
      const doc = OPERATION_DOCS[operation.name];
      const at = `paths ${path} post requestBody content application/json schema`;
      const whole = doc?.request ?? {};
      const in_path = Object.fromEntries(pathFields(path).map((name) => [name, randomUUID()]));
      expect(operation.input.safeParse({ ...whole, ...in_path }).success).toBe(true);
      const variants: Record<string, unknown>[] = Object.keys(whole).map((key) =>
        Object.fromEntries(Object.entries(whole).filter(([name]) => name !== key)),
      );
      for (const bad of [0, "", "x".repeat(256), null, {}]) {
        for (const key of Object.keys(whole)) variants.push({ ...whole, [key]: bad });
      }
      variants.push(
        { ...whole, amount: 0 },
        { ...whole, amount: 1.5 },
        { ...whole, amount: 1_000_001 },
        { ...whole, amount: "1" },
      );
      for (const body of variants) {
        const by_document = problems(at, body).length === 0;
        // Formats are told by the document and checked by the schema alone.
        const { appointment_time, ...timeless } = body;
        const is_formatted = (name: string) => typeof body[name] === "string" && body[name] !== whole[name];
        if (["appointment_time", "from_on", "to_on"].some(is_formatted)) continue;
        expect({ body, ok: by_document }).toEqual({
          body,
          ok: operation.input.safeParse({
            ...timeless,
            ...in_path,
            ...(appointment_time !== undefined && { appointment_time }),
          }).success,
        });
      }
    },
  );
});

describe("real answers are what the document says", () => {
  test("of every ledger operation, done, refused, replayed and explained", async () => {
    const { studio, member, booking } = await openMember(server, {
      products: [
        { ...PACK, expiry_days: 30 },
        { key: "open", type: "membership", monthly_credits: "unlimited" },
      ],
    });
    const grants = "/api/v2/grants";
    const again = { request_id: `again-${member.id}`, external_payment_id: `pay-${member.id}` };
    for (const answer of [
      await member.grant("pack", again),
      await member.grant("pack", again),
      await member.grant("pack", { external_payment_id: again.external_payment_id }),
      await member.grant("open"),
      await member.grant("pack", { product_config_id: "pc_none" }),
      await member.grant("pack", { amount_cents: -1 }),
    ]) {
      expect(undocumented(answer, grants, "post")).toEqual([]);
    }
    const yoga = { calendar_id: "yoga" };
    const nobody = { ...yoga, external_contact_id: "nobody" };
    const open = { product_config_id: studio.product("open") };
    const asks = [yoga, { ...yoga, amount: 1000 }, nobody, open, { calendar_id: "none" }, { amount: 0 }];
    for (const ask of asks) {
      for (const query of ["", "?explain=true"]) {
        expect(undocumented(await member.check(ask, query), "/api/v2/entitlements/check-eligibility", "post")).toEqual(
          [],
        );
        expect(undocumented(await member.deduct(ask, query), "/api/v2/entitlements/deduct", "post")).toEqual([]);
      }
    }
    const soon = { external_ref: `soon-${member.id}`, appointment_time: inDays(0.1) };
    await member.deduct({ ...yoga, ...soon });
    for (const ask of [{ external_ref: booking }, { external_ref: booking }, soon, nobody, yoga, {}]) {
      expect(undocumented(await member.restore(ask, "?explain=true"), "/api/v2/entitlements/restore", "post")).toEqual(
        [],
      );
    }
    await sql(server.db, "UPDATE workspaces SET billing_status = 'suspended' WHERE key = $1", [studio.workspace]);
    expect(undocumented(await member.deduct(yoga), "/api/v2/entitlements/deduct", "post")).toEqual([]);
  });

  test.each(API_ROUTES.reads)("of $path, found, unknown, wrong and foreign", async ({ path }) => {
    const { studio, member } = await openMember(server, {
      products: [PACK, { key: "m", type: "membership", monthly_credits: 4 }],
    });
    await member.grant("m", { amount_cents: 1 });
    const url = (id: string) => path.replace("/api/v2", "").replace("{id}", id);
    for (const id of [member.id, "nobody", "%00"])
      expect(undocumented(await studio.api.get(url(id)), path, "get")).toEqual([]);
    const wrong = callerOf(server.base_url, `${studio.token.slice(0, -1)}0`);
    expect(undocumented(await wrong.get(url(member.id)), path, "get")).toEqual([]);
  });

  test("of what needs no token", async () => {
    for (const path of ["/healthz", "/readyz", "/api/v2/reason-codes"]) {
      const response = await fetch(server.base_url + path);
      const text = await response.text();
      const body = JSON.parse(text) as Response["body"];
      expect(undocumented({ status: response.status, headers: response.headers, text, body }, path, "get")).toEqual([]);
    }
  });
});

describe("GET /api/v2/reason-codes", () => {
  test("tells every code: meaning, remedy, and the calls that may answer it", async () => {
    const studio = await openStudio(server);
    const answer = await studio.api.get("/reason-codes");
    expect(answer).toAnswer("reason_codes_loaded");
    const codes = answer.body["reason_codes"] as Record<string, unknown>[];
    const all = [SUCCESSES, REFUSALS, DETAILS, TRANSPORT_ERRORS].flatMap((table) => Object.keys(table));
    expect(codes.map(({ code }) => code)).toEqual(all);
    for (const { code, ok, meaning, remedy } of codes) {
      expect(ok).toBe(code === String(code).toLowerCase());
      expect(`${String(meaning)}${String(remedy)}`).toMatch(/.{20}/);
    }
    const find = (code: string, kind: string) => codes.find((each) => each["code"] === code && each["kind"] === kind);
    expect(find("deducted", "success")).toMatchObject({
      http_status: 200,
      used_in: ["POST /api/v2/entitlements/deduct"],
    });
    const of_one = [
      ...API_ROUTES.reads,
      ...API_ROUTES.calls.filter(({ path }) => path.includes("{id}")),
      ...API_ROUTES.management.filter(({ operation }) => operation.refusals.includes("NOT_FOUND")),
    ];
    expect(find("NOT_FOUND", "refusal")?.["used_in"]).toHaveLength(of_one.length);
    // Check, deduct, restore, and the commands of staff.
    expect(find("UNKNOWN_CONTACT", "detail")?.["used_in"]).toEqual(
      expect.arrayContaining(["POST /api/v2/entitlements/deduct", "POST /api/v2/memberships/{membership_id}/freeze"]),
    );
    expect(find("REQUEST_IN_PROGRESS", "transport")).toMatchObject({ http_status: 409, used_in: expect.any(Array) });
  });
});

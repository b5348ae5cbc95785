import { z } from "zod";
import { TRANSPORT_ERRORS, type TransportError } from "../../rules/reasons.ts";
import { contactQuery, listQuery } from "../contact-reads.ts";
import {
  JSON_TYPE,
  type OpenApiDocument,
  type Operation,
  type Parameter,
  type ResponseObject,
  type Schema,
} from "./document.ts";
import { OPERATION_DOCS } from "./operation-docs.ts";
import { READ_DOCS } from "./read-docs.ts";
import { pathFields, type ApiRoutes } from "./routes-of-api.ts";
import { componentName, componentSchemas } from "./schemas.ts";

/** The version of the contract: it only ever grows. */
const VERSION = "2.0.0";

const HEADERS: OpenApiDocument["components"]["headers"] = {
  "X-Correlation-Id": {
    description: "The correlation_id of the body; a replay repeats the first one.",
    schema: { type: "string", format: "uuid" },
  },
  RateLimit: {
    description: "What is left of the client's allowance: r requests, full again in t seconds.",
    schema: { type: "string" },
    example: '"default";r=199;t=1',
  },
  "RateLimit-Policy": {
    description: "The allowance: at most q requests at once, filled again over w seconds.",
    schema: { type: "string" },
    example: '"default";q=200;w=2',
  },
  "Idempotency-Replayed": {
    description: "true where this is the remembered first answer, byte for byte.",
    schema: { type: "string", const: "true" },
  },
  "Retry-After": { description: "Seconds after which to come again.", schema: { type: "integer", minimum: 1 } },
};

const EXPLAIN: Parameter = {
  name: "explain",
  in: "query",
  required: false,
  description: "true adds explanation: the lots that were chosen and rejected, with the reason for each.",
  schema: { type: "boolean", default: false },
};

const RETRIED = new Set<TransportError>(["REQUEST_IN_PROGRESS", "RATE_LIMITED", "UNAVAILABLE"]);
const ON_EVERY_CALL: readonly TransportError[] = [
  "VALIDATION_ERROR",
  "UNAUTHORIZED",
  "RATE_LIMITED",
  "INTERNAL_ERROR",
  "UNAVAILABLE",
];
const ON_A_BODY: readonly TransportError[] = ["PAYLOAD_TOO_LARGE", "UNSUPPORTED_MEDIA_TYPE"];

const TAGS = [
  {
    name: "Credits",
    description: "Grant, check, deduct, restore: what changes the ledger, and the question before it.",
  },
  { name: "Contacts", description: "What a member has and what happened. Nothing here changes anything." },
  {
    name: "Memberships",
    description: "Freeze, end and change what opens credits every period, with a dry run of each.",
  },
  { name: "Bookings", description: "What could not be charged, and what staff say of a booking." },
  { name: "Payments", description: "What was paid, what became of it, and what staff decide of it." },
  { name: "GHL", description: "What the location has in GoHighLevel, to choose from while products are set up." },
  { name: "Webhooks", description: "What GoHighLevel and Stripe delivered, what became of it, and once more." },
  { name: "Service", description: "About the API itself. No token is needed." },
];

const headers = (...names: string[]) =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
const EVERY_ANSWER = ["X-Correlation-Id", "RateLimit", "RateLimit-Policy"];

/** OpenAPI 3.1 of the whole API, from the schemas that validate it and the tables that decide it. */
export function describeApi(routes: ApiRoutes, public_url: string): OpenApiDocument {
  const paths: OpenApiDocument["paths"] = {};
  for (const { path, operation } of routes.operations) {
    paths[path] = { post: describeOperation(operation.name, operation.scope ?? "", operation.is_read) };
  }
  for (const { path, operation } of routes.management) paths[path] = { post: describeManagement(path, operation) };
  for (const { path, read } of routes.reads) paths[path] = { get: describeRead(read) };
  for (const route of routes.calls) paths[route.path] = { [route.method]: describeCall(route) };
  Object.assign(paths, servicePaths());
  return {
    openapi: "3.1.1",
    info: {
      title: "Kotally API",
      version: VERSION,
      summary: "Grant, check, deduct and restore credits, and read what a member has.",
      description: "A business outcome is HTTP 200 with ok and a reason_code; 4xx and 5xx are kept for transport.",
    },
    servers: [{ url: public_url || "/" }],
    tags: TAGS,
    security: [{ token: [] }],
    paths,
    components: {
      schemas: componentSchemas(routes),
      responses: Object.fromEntries(
        Object.keys(TRANSPORT_ERRORS).map((code) => [code, errorResponse(code as TransportError)]),
      ),
      headers: HEADERS,
      securitySchemes: {
        token: {
          type: "http",
          scheme: "bearer",
          description: "An API client's token, ktly_…, with the scope of the call.",
        },
      },
    },
  };
}

function errorResponse(code: TransportError): ResponseObject {
  const { meaning, remedy } = TRANSPORT_ERRORS[code];
  const example = {
    ok: false,
    reason_code: code,
    correlation_id: "3f0c9a52-6f0e-4c3f-9d0b-6c2d6a1e7b10",
    message: meaning,
    ...(code === "VALIDATION_ERROR" && {
      errors: [{ field: "amount", message: "must be a whole number of at least 1" }],
    }),
  };
  return {
    description: `${code}: ${meaning} ${remedy}`,
    headers: headers(...EVERY_ANSWER, ...(RETRIED.has(code) ? ["Retry-After"] : [])),
    content: { [JSON_TYPE]: { schema: { $ref: "#/components/schemas/Error" }, example } },
  };
}

function errorsOf(codes: readonly TransportError[]): Operation["responses"] {
  const ordered = codes.toSorted((a, b) => TRANSPORT_ERRORS[a].status - TRANSPORT_ERRORS[b].status);
  return Object.fromEntries(
    ordered.map((code) => [String(TRANSPORT_ERRORS[code].status), { $ref: `#/components/responses/${code}` }]),
  );
}

function describeOperation(name: string, scope: string, is_read: boolean): Operation {
  const doc = OPERATION_DOCS[name];
  if (!doc) throw new Error(`${name} is not documented`);
  const component = componentName(name);
  const is_remembered = !is_read;
  return {
    operationId: name,
    tags: ["Credits"],
    summary: doc.title,
    description: `${doc.about} Scope: ${scope}.`,
    ...(doc.explains && { parameters: [EXPLAIN] }),
    requestBody: {
      required: true,
      content: { [JSON_TYPE]: { schema: { $ref: `#/components/schemas/${component}Request` }, example: doc.request } },
    },
    responses: {
      "200": {
        description: "The outcome: done, or refused for a business reason.",
        headers: headers(...EVERY_ANSWER, ...(is_remembered ? ["Idempotency-Replayed"] : [])),
        content: { [JSON_TYPE]: { schema: { $ref: `#/components/schemas/${component}Answer` }, example: doc.answer } },
      },
      ...errorsOf([...ON_EVERY_CALL, ...ON_A_BODY, ...(is_remembered ? (["REQUEST_IN_PROGRESS"] as const) : [])]),
    },
  };
}

/** What stands in the path is told with it; the body is the rest. */
function describeManagement(path: string, operation: ApiRoutes["management"][number]["operation"]): Operation {
  const names = pathFields(path);
  const in_path = parametersOf(operation.input).filter(({ name }) => names.includes(name));
  const parameters = in_path.map((parameter) => ({ ...parameter, in: "path" as const, required: true }));
  const described = describeOperation(operation.name, operation.scope ?? "", operation.is_read);
  return { ...described, tags: [tagOf(path)], ...(parameters.length > 0 && { parameters }) };
}

/** The subject that the path names. */
function tagOf(path: string): string {
  const subject = path.split("/")[3] ?? "";
  return TAGS.find(({ name }) => name.toLowerCase() === subject)?.name ?? "Contacts";
}

function describeRead({ name, summary, reason_code, cursor }: ApiRoutes["reads"][number]["read"]): Operation {
  const doc = READ_DOCS[name];
  if (!doc) throw new Error(`${name} is not documented`);
  const example = { ok: true, reason_code, correlation_id: "3f0c9a52-6f0e-4c3f-9d0b-6c2d6a1e7b10", ...doc.answer };
  return {
    operationId: name,
    tags: ["Contacts"],
    summary: doc.title,
    description: `${summary} Scope: summary.`,
    parameters: parametersOf(cursor ? listQuery : contactQuery),
    responses: {
      "200": {
        description: "What was asked for, or NOT_FOUND.",
        headers: headers(...EVERY_ANSWER),
        content: { [JSON_TYPE]: { schema: { $ref: `#/components/schemas/${componentName(name)}Answer` }, example } },
      },
      ...errorsOf(ON_EVERY_CALL),
    },
  };
}

function describeCall(route: ApiRoutes["calls"][number]): Operation {
  const { name, title, about, input, method, path, reason_code, example } = route;
  const has_body = method === "post" && !path.includes("{id}");
  const schema = (kind: string): Schema => ({ $ref: `#/components/schemas/${componentName(name)}${kind}` });
  const answer = { ok: true, reason_code, correlation_id: "3f0c9a52-6f0e-4c3f-9d0b-6c2d6a1e7b10", ...example.answer };
  return {
    operationId: name,
    tags: [path.includes("/webhook") ? "Webhooks" : tagOf(path)],
    summary: title,
    description: `${about} Scope: manage.`,
    ...(has_body
      ? {
          requestBody: {
            required: true,
            content: { [JSON_TYPE]: { schema: schema("Request"), example: example.request } },
          },
        }
      : { parameters: parametersOf(input) }),
    responses: {
      "200": {
        description: "What was asked for, or why not.",
        headers: headers(...EVERY_ANSWER),
        content: { [JSON_TYPE]: { schema: schema("Answer"), example: answer } },
      },
      ...errorsOf([...ON_EVERY_CALL, ...(method === "post" ? ON_A_BODY : [])]),
    },
  };
}

function parametersOf(query: z.ZodType): Parameter[] {
  const { properties = {}, required = [] } = z.toJSONSchema(query, { io: "input" });
  return Object.entries(properties as Record<string, Schema>).map(([name, { description, ...schema }]) => ({
    name,
    in: name === "id" ? "path" : "query",
    required: required.includes(name),
    description,
    schema,
  }));
}

function servicePaths(): OpenApiDocument["paths"] {
  const about = (operationId: string, summary: string, description: string, schema: Schema): Operation => ({
    operationId,
    tags: ["Service"],
    summary,
    description,
    security: [],
    responses: {
      "200": { description: summary, headers: headers(...EVERY_ANSWER), content: { [JSON_TYPE]: { schema } } },
    },
  });
  const component = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });
  const ready = about(
    "readyz",
    "Is it ready?",
    "The database answers and its schema is up to date.",
    component("Ready"),
  );
  return {
    "/api/v2/reason-codes": {
      get: about(
        "reason_codes",
        "List reason codes",
        "Every code with its meaning and remedy.",
        component("ReasonCodes"),
      ),
    },
    "/api/v2/openapi.json": {
      get: about("openapi", "Get this document", "OpenAPI 3.1, made from the schemas that validate requests.", {
        type: "object",
      }),
    },
    "/healthz": { get: about("healthz", "Is it alive?", "The process answers.", component("Alive")) },
    "/readyz": { get: { ...ready, responses: { ...ready.responses, ...errorsOf(["UNAVAILABLE"]) } } },
  };
}

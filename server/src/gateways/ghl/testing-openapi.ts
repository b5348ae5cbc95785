import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Ajv } from "ajv";
import type { FakeRequest } from "./fake/front-door.ts";

const folder = fileURLToPath(new URL("../../../../../shared/openapi/ghl", import.meta.url));
const files = [
  "oauth",
  "payments",
  "products",
  "calendars",
  "contacts",
  "locations",
  "users",
  "marketplace",
  "invoices",
];

interface Parameter {
  in: string;
  name: string;
  required?: boolean;
  schema?: { type?: string; enum?: string[] };
}

interface Operation {
  parameters?: Parameter[];
  requestBody?: { content: Record<string, { schema: object }> };
}

interface Document {
  paths: Record<string, Record<string, Operation>>;
}

/** True where GoHighLevel's own OpenAPI files are at hand. */
export const has_openapi = existsSync(folder);

const documents = new Map<string, Document>(
  has_openapi
    ? files.map((name) => [name, JSON.parse(readFileSync(`${folder}/${name}.json`, "utf8")) as Document])
    : [],
);

/** Operations whose body the files describe as an empty object. */
const UNDESCRIBED_BODIES = new Set(["/contacts/search"]);

/** What of a request GoHighLevel's description does not allow; nothing where the description is not at hand. */
export function contradictions(request: FakeRequest): string[] {
  if (!has_openapi) return [];
  const found = operationOf(request);
  const name = `${request.method} ${request.path}`;
  if (!found) return [`${name}: no such operation`];
  const { operation, document, path } = found;
  return [
    ...parameterFaults(operation.parameters ?? [], request),
    ...(UNDESCRIBED_BODIES.has(path) ? [] : bodyFaults(operation, document, request)),
  ].map((fault) => `${name}: ${fault}`);
}

function operationOf({ method, path }: FakeRequest): { operation: Operation; document: string; path: string } | null {
  const matches: { operation: Operation; document: string; path: string }[] = [];
  for (const [document, { paths }] of documents) {
    for (const [template, operations] of Object.entries(paths)) {
      const pattern = new RegExp(`^${template.replaceAll(/\{[^}]+\}/g, "[^/]+")}$`);
      const operation = operations[method.toLowerCase()];
      if (operation && pattern.test(path)) matches.push({ operation, document, path: template });
    }
  }
  // A path without a placeholder is meant before one with.
  return matches.sort((a, b) => a.path.split("{").length - b.path.split("{").length)[0] ?? null;
}

function parameterFaults(parameters: Parameter[], { query, headers }: FakeRequest): string[] {
  const described = new Set(parameters.filter((each) => each.in === "query").map((each) => each.name));
  const unknown = Object.keys(query).filter((name) => !described.has(name));
  const faults = unknown.map((name) => `query ${name} is not described`);
  for (const { in: place, name, required, schema = {} } of parameters) {
    const value = place === "query" ? query[name] : place === "header" ? headers[name.toLowerCase()] : "in the path";
    if (value === undefined && required) faults.push(`${place} ${name} is missing`);
    if (value === undefined || place === "path") continue;
    if (schema.enum && !schema.enum.includes(value)) faults.push(`${place} ${name} is ${value}`);
    if (schema.type === "number" && !/^\d+$/.test(value)) faults.push(`${place} ${name} is no number`);
    if (schema.type === "boolean" && !/^(true|false)$/.test(value)) faults.push(`${place} ${name} is no boolean`);
  }
  return faults;
}

function bodyFaults({ requestBody }: Operation, document: string, { body, headers }: FakeRequest): string[] {
  if (!requestBody) return body === "" ? [] : ["a body is not described"];
  const type = (headers["content-type"] ?? "").split(";")[0] ?? "";
  const content = requestBody.content[type];
  if (!content) return [`a body of ${type} is not described`];
  const value: unknown = type === "application/json" ? JSON.parse(body) : Object.fromEntries(new URLSearchParams(body));
  const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true, inlineRefs: false });
  ajv.addSchema({ $id: "document", ...documents.get(document) });
  const schema = JSON.stringify(content.schema).replaceAll('"#/', '"document#/');
  const validate = ajv.compile(JSON.parse(schema) as object);
  if (validate(value)) return unknownFields(document, content.schema, value);
  return [ajv.errorsText(validate.errors, { dataVar: "body" })];
}

/** The description allows any further field; a mistyped name would pass unseen. */
function unknownFields(document: string, schema: object, value: unknown): string[] {
  const reference = "$ref" in schema ? String(schema.$ref).split("/").at(-1) : undefined;
  const components = (
    documents.get(document) as unknown as { components: { schemas: Record<string, { properties?: object }> } }
  ).components.schemas;
  const described = Object.keys(components[reference ?? ""]?.properties ?? {});
  return Object.keys(value as object)
    .filter((name) => !described.includes(name))
    .map((name) => `body ${name} is not described`);
}

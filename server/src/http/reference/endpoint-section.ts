import { JSON_TYPE, outcomesOf, type Method, type OpenApiDocument, type Operation, type Schema } from "./document.ts";
import { anchorOf, fieldsOf, fieldTable } from "./fields.ts";
import { breakableCode, html, jsonCode, type Html } from "./html.ts";
import type { ReasonCode } from "./reason-codes.ts";

export interface Endpoint {
  path: string;
  method: Method;
  operation: Operation;
}

/** What every answer has; told once for all, left out of each table. */
const ENVELOPE = new Set(["ok", "reason_code", "correlation_id", "message"]);

/** Stands for the id of anything but a contact. */
const SOME_ID = "019aa5b0-8e1f-7a2b-9c3d-4e5f60718293";

/** One endpoint: what it does, what it takes, what it answers, and one call of it. */
export function endpointSection(document: OpenApiDocument, codes: readonly ReasonCode[], endpoint: Endpoint): Html {
  const { path, method, operation } = endpoint;
  return html`<section class="endpoint" id="${operation.operationId}" aria-labelledby="${operation.operationId}-title">
    <div class="prose">
      <h3 id="${operation.operationId}-title"><a href="#${operation.operationId}">${operation.summary}</a></h3>
      <p class="path">
        <span class="method ${method}">${method.toUpperCase()}</span>
        <code>${breakable(path)}</code>
      </p>
      <p>${operation.description ?? ""}</p>
      ${parameterTable(document, operation)} ${bodyTable(document, operation)} ${answerTables(document, operation)}
      ${outcomeList(document, codes, operation)}
    </div>
    <div class="example">${exampleOf(document, endpoint)}</div>
  </section> `;
}

/** A path may be broken after each of its parts. */
function breakable(path: string): Html {
  return html`${path
    .split("/")
    .slice(1)
    .map((part) => html`<wbr />/${part}`)}`;
}

function parameterTable(document: OpenApiDocument, { parameters }: Operation): Html | null {
  if (!parameters) return null;
  const fields = parameters.map(({ name, required, description, schema }) => ({
    name,
    schema: { ...schema, description: description ?? "" },
    presence: required ? "required" : "optional",
  }));
  const has_path = parameters.some((parameter) => parameter.in === "path");
  return fieldTable(document, has_path ? "Path and query" : "Query", fields);
}

function bodyTable(document: OpenApiDocument, { requestBody }: Operation): Html | null {
  const schema = requestBody?.content[JSON_TYPE]?.schema;
  if (!schema) return null;
  const whole = document.components.schemas[(schema.$ref ?? "").replace("#/components/schemas/", "")] ?? schema;
  const groups = (whole.allOf ?? []).map((group) => (group.anyOf ?? []).flatMap((option) => option.required ?? []));
  const required = new Set(whole.required ?? []);
  const fields = Object.entries(whole.properties ?? {}).map(([name, value]) => {
    const group = groups.find((names) => names.includes(name));
    const choice = group ? oneOf(group.filter((other) => other !== name)) : "optional";
    return { name, schema: value as Schema, presence: required.has(name) ? "required" : choice };
  });
  return fieldTable(document, "Body", fields);
}

/** Of which fields one is required: this one, or those. */
function oneOf(others: readonly string[]): string {
  return `${["this", ...others.slice(0, -1)].join(", ")} or ${others.at(-1)}`;
}

function answerTables(document: OpenApiDocument, operation: Operation): Html {
  const tables = outcomesOf(document, operation).flatMap(({ code, schema }) => {
    const fields = fieldsOf(document, schema).filter(({ name }) => !ENVELOPE.has(name));
    return fields.length === 0 ? [] : [{ code, fields }];
  });
  // Codes that carry the same fields share a table.
  const shared = new Map<string, { codes: string[]; fields: (typeof tables)[number]["fields"] }>();
  for (const { code, fields } of tables) {
    const key = JSON.stringify(fields);
    const known = shared.get(key);
    if (known) known.codes.push(code);
    else shared.set(key, { codes: [code], fields });
  }
  return html`${[...shared.values()].map(({ codes, fields }) =>
    fieldTable(document, `Answer with ${codes.join(" or ")}`, fields),
  )}`;
}

function outcomeList(document: OpenApiDocument, codes: readonly ReasonCode[], operation: Operation): Html | null {
  const known = new Set(outcomesOf(document, operation).map(({ code }) => code));
  const listed = codes.filter(({ code, kind }) => known.has(code) && (kind === "success" || kind === "refusal"));
  if (listed.length === 0) return null;
  return html`<h4>Outcomes</h4>
    <dl class="outcomes">
      ${listed.map(
        ({ code, ok, meaning, remedy }) =>
          html`<div>
            <dt><code class="${ok ? "good" : "bad"}">${breakableCode(code)}</code></dt>
            <dd>${meaning} <span class="remedy">${remedy}</span></dd>
          </div>`,
      )}
    </dl>`;
}

function exampleOf(document: OpenApiDocument, { path, method, operation }: Endpoint): Html {
  const body = operation.requestBody?.content[JSON_TYPE]?.example;
  const found = operation.responses["200"];
  const answer = found && "content" in found ? found.content?.[JSON_TYPE]?.example : undefined;
  const url =
    (document.servers[0]?.url ?? "").replace(/\/$/, "") +
    path.replace("{id}", path.includes("/contacts/") ? "maya" : SOME_ID).replaceAll(/\{\w+\}/g, SOME_ID);
  return html`<figure>
      <figcaption>Call</figcaption>
      <pre tabindex="0" aria-label="${operation.summary}: call"><code>${curl(url, method, body, !operation.security)}</code></pre>
    </figure>
    ${
      answer !== undefined &&
      html`<figure>
      <figcaption>Answer <span class="status">200</span></figcaption>
      <pre tabindex="0" aria-label="${operation.summary}: answer"><code>${jsonCode(answer)}</code></pre>
    </figure>`
    }`;
}

/** A call as it is pasted into a shell where TOKEN is set. */
export function curl(url: string, method: Method, body: unknown, with_token: boolean): Html {
  const token = with_token ? ` \\\n  -H "Authorization: Bearer $TOKEN"` : "";
  if (method === "get") return html`curl ${url}${token}`;
  if (body === undefined) return html`curl -X POST ${url}${token}`;
  const quoted = jsonCode(body);
  return html`curl ${url}${token} \\
  -H "Content-Type: application/json" \\
  -d '${quoted}'`;
}

/** The objects that answers are made of, each with its own fields. */
export function objectSection(document: OpenApiDocument, name: string): Html {
  const schema = document.components.schemas[name];
  if (!schema) throw new Error(`${name} is not in the document`);
  const options = (schema.oneOf ?? schema.anyOf)?.map((option) => option) ?? [schema];
  const tables = options.map((option) => {
    const kind = (option.properties?.["kind"] as Schema | undefined)?.const;
    return fieldTable(
      document,
      typeof kind === "string" ? `Fields where kind is ${kind}` : "Fields",
      fieldsOf(document, option),
    );
  });
  return html`<section class="object" id="${anchorOf(name)}" aria-labelledby="${anchorOf(name)}-title">
    <h3 id="${anchorOf(name)}-title"><a href="#${anchorOf(name)}">${name}</a></h3>
    <p>${schema.description ?? ""}</p>
    ${tables}
  </section> `;
}

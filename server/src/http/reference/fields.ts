import type { OpenApiDocument, Schema } from "./document.ts";
import { resolveSchema } from "./document.ts";
import { html, type Html } from "./html.ts";

/** How deep the fields of fields are told in one table. */
const MAX_DEPTH = 3;

interface Field {
  name: string;
  schema: Schema;
  /** "required", "one of two", … */
  presence: string;
}

/** A table of fields: name, type, whether required, meaning, limits. */
export function fieldTable(document: OpenApiDocument, caption: string, fields: readonly Field[]): Html {
  return html`<table>
    <caption>
      ${caption}
    </caption>
    <thead>
      <tr>
        <th scope="col">Field</th>
        <th scope="col">Meaning</th>
      </tr>
    </thead>
    <tbody>
      ${fields.map((field) => fieldRow(document, field))}
    </tbody>
  </table> `;
}

function fieldRow(document: OpenApiDocument, { name, schema, presence }: Field): Html {
  const type = typeOf(schema);
  const limits = limitsOf(schema);
  const is_required = presence === "required";
  return html`<tr>
    <th scope="row">
      <code>${name}</code>
      <span class="type">${linkedType(document, schema, type)}</span>
      ${presence !== "" && html`<span class="${is_required ? "required" : "presence"}">${presence}</span>`}
    </th>
    <td>${meaningOf(document, schema)}${limits !== "" && html` <span class="limits">${limits}</span>`}</td>
  </tr> `;
}

/** A field that says nothing of itself means what the thing that it names means. */
function meaningOf(document: OpenApiDocument, schema: Schema): string {
  const name = componentIn(schema);
  return schema.description ?? (name === null ? undefined : document.components.schemas[name]?.description) ?? "";
}

/** A named thing is linked to where its own fields stand. */
function linkedType(document: OpenApiDocument, schema: Schema, type: string): Html | string {
  const name = componentIn(schema);
  if (name === null || !document.components.schemas[name]) return type;
  return html`<a href="#${anchorOf(name)}">${type}</a>`;
}

export function anchorOf(component: string): string {
  return `object-${component.toLowerCase()}`;
}

function componentIn(schema: Schema): string | null {
  const { $ref, items, anyOf } = schema;
  if ($ref !== undefined) return $ref.replace("#/components/schemas/", "");
  if (items && typeof items === "object" && !Array.isArray(items)) return componentIn(items);
  const named = anyOf?.map((option) => componentIn(option)).find((name) => name !== null);
  return named ?? null;
}

function typeOf(schema: Schema): string {
  const { $ref, type, items, anyOf, format } = schema;
  if ($ref !== undefined) return $ref.replace("#/components/schemas/", "");
  if (anyOf) {
    const options = anyOf.map((option) => typeOf(option));
    return options.includes("null")
      ? `${options.filter((option) => option !== "null").join(" or ")} or null`
      : options.join(" or ");
  }
  if (type === "array")
    return `list of ${items && !Array.isArray(items) ? plural(typeOf(items as Schema)) : "anything"}`;
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (format === "date-time") return "time";
  if (format === "uuid" || format === "date") return format === "uuid" ? "UUID" : "date";
  return Array.isArray(type) ? type.join(" or ") : (type ?? "anything");
}

function plural(type: string): string {
  if (/^[A-Z][a-z]/.test(type)) return type;
  return type === "anything" ? type : `${type}s`;
}

/** Bounds, choices and the default, in words. */
function limitsOf(schema: Schema): string {
  const inner = schema.anyOf?.map((option) => option).find((option) => option.type !== "null") ?? schema;
  const { minimum, maximum, maxLength, pattern } = inner;
  const default_value: unknown = schema.default;
  const words = [
    inner.enum && `One of ${inner.enum.map(String).join(", ")}.`,
    minimum !== undefined &&
      maximum !== undefined &&
      maximum < Number.MAX_SAFE_INTEGER &&
      `From ${minimum} to ${grouped(maximum)}.`,
    minimum !== undefined &&
      minimum > 0 &&
      !(maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER) &&
      `At least ${minimum}.`,
    maxLength !== undefined && inner.format === undefined && `At most ${maxLength} characters.`,
    pattern !== undefined && `Matches ${pattern}.`,
    inner.format === "date-time" && "ISO 8601 with an offset.",
    default_value !== undefined && `Default ${JSON.stringify(default_value)}.`,
  ];
  return words.filter((word) => typeof word === "string").join(" ");
}

function grouped(value: number): string {
  return value.toLocaleString("en-US");
}

/** The fields of an object, those of nested objects by their path. */
export function fieldsOf(document: OpenApiDocument, given: Schema, prefix = "", depth = 1): Field[] {
  const schema = resolveSchema(document, given);
  const required = new Set(schema.required ?? []);
  return Object.entries(schema.properties ?? {}).flatMap(([name, value]) => {
    const field = value as Schema;
    const presence = required.has(name) ? "" : "optional";
    const own = { name: prefix + name, schema: field, presence };
    const nested = depth < MAX_DEPTH ? inlineObject(field) : null;
    return nested ? [own, ...fieldsOf(document, nested, `${prefix}${name}.`, depth + 1)] : [own];
  });
}

/** An object that has no name of its own, whose fields are told in place. */
function inlineObject(schema: Schema): Schema | null {
  if (schema.properties) return schema;
  const option = schema.anyOf?.map((each) => each).find((each) => each.properties);
  if (option) return option;
  const { items } = schema;
  return items && typeof items === "object" && !Array.isArray(items) && items.properties ? items : null;
}

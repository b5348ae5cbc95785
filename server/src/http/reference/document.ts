import type { z } from "zod";

/** JSON Schema as OpenAPI 3.1 has it. */
export type Schema = z.core.JSONSchema.BaseSchema;

export interface Parameter {
  name: string;
  in: "path" | "query";
  required: boolean;
  description?: string | undefined;
  schema: Schema;
}

export interface Media {
  schema: Schema;
  example?: unknown;
}

export interface ResponseObject {
  description: string;
  headers?: Record<string, { $ref: string }>;
  content?: Record<string, Media>;
}

export interface Operation {
  operationId: string;
  tags: [string];
  summary: string;
  description?: string;
  security?: [];
  parameters?: Parameter[];
  requestBody?: { required: true; content: Record<string, Media> };
  responses: Record<string, ResponseObject | { $ref: string }>;
}

export type Method = "get" | "post";

/** The part of OpenAPI 3.1 that this API needs. */
export interface OpenApiDocument {
  openapi: "3.1.1";
  info: { title: string; version: string; summary: string; description: string };
  servers: { url: string }[];
  tags: { name: string; description: string }[];
  security: Record<string, []>[];
  paths: Record<string, Partial<Record<Method, Operation>>>;
  components: {
    schemas: Record<string, Schema>;
    responses: Record<string, ResponseObject>;
    headers: Record<string, { description: string; schema: Schema; example?: string }>;
    securitySchemes: Record<string, { type: "http"; scheme: "bearer"; description: string }>;
  };
}

export const JSON_TYPE = "application/json";

/** The schema itself, or the component that it refers to. */
export function resolveSchema(document: OpenApiDocument, schema: Schema): Schema {
  if (schema.$ref === undefined) return schema;
  const found = document.components.schemas[schema.$ref.replace("#/components/schemas/", "")];
  if (!found) throw new Error(`${schema.$ref} is not in the document`);
  return found;
}

/** The codes that a call may be answered with at HTTP 200, each with the schema of its body. */
export function outcomesOf(document: OpenApiDocument, operation: Operation): { code: string; schema: Schema }[] {
  const found = operation.responses["200"];
  const schema = found && "content" in found ? found.content?.[JSON_TYPE]?.schema : undefined;
  if (!schema) return [];
  const whole = resolveSchema(document, schema);
  return (whole.oneOf ?? [whole]).flatMap((each) => {
    const code = ((each.properties ?? {})["reason_code"] as Schema | undefined)?.const;
    return typeof code === "string" ? [{ code, schema: each }] : [];
  });
}

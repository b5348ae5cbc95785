import { z } from "zod";
import { opportunityShape } from "../../views/contact-opportunities.ts";
import { freezeShape, membershipEventShape, membershipShape } from "../../views/membership-shapes.ts";
import {
  appointmentShape,
  contactShape,
  creditsShape,
  entitlementShape,
  ledgerEntryShape,
  paymentShape,
  summaryShape,
  timelineEventShape,
} from "../../views/shapes.ts";
import { answerTried, answerWith, errorShape, explanationShape, movementShape } from "./answers.ts";
import type { Schema } from "./document.ts";
import { OPERATION_DOCS } from "./operation-docs.ts";
import { pathFields, type ApiRoutes } from "./routes-of-api.ts";

/** A component's name from an operation's: `deduct_credits` → `DeductCredits`. */
export function componentName(name: string): string {
  return name.replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** One code of the API, as `/api/v2/reason-codes` tells it. */
export const reasonCodeShape = z
  .object({
    code: z.string(),
    kind: z.enum(["success", "refusal", "detail", "transport"]),
    ok: z.boolean().describe("Codes in lower case come with true, codes in upper case with false."),
    http_status: z.int(),
    meaning: z.string(),
    remedy: z.string(),
    used_in: z.array(z.string()).describe("The calls that may answer it."),
  })
  .describe("What a code means and what to do about it.");

/** The JSON Schemas of everything that goes over the wire, made from the Zod schemas that the code itself uses. */
export function componentSchemas(routes: ApiRoutes): Record<string, Schema> {
  const { reads, calls } = routes;
  const operations = [...routes.operations, ...routes.management];
  const tried = new Set(routes.management.map(({ operation }) => operation.name));
  const registry = z.registry<{ id: string }>();
  const shapes: Record<string, z.ZodType> = {
    Contact: contactShape,
    Entitlement: entitlementShape,
    LedgerEntry: ledgerEntryShape,
    Membership: membershipShape,
    MembershipEvent: membershipEventShape,
    Freeze: freezeShape,
    Payment: paymentShape,
    Appointment: appointmentShape,
    Opportunity: opportunityShape,
    TimelineEvent: timelineEventShape,
    Credits: creditsShape,
    Summary: summaryShape,
    Movement: movementShape,
    Explanation: explanationShape,
    Error: errorShape,
    ReasonCode: reasonCodeShape,
    ReasonCodes: answerWith("reason_codes_loaded", { reason_codes: z.array(reasonCodeShape) }),
    Alive: answerWith("alive"),
    Ready: answerWith("ready"),
  };
  for (const { operation } of operations) {
    const name = componentName(operation.name);
    shapes[`${name}Request`] = operation.input;
    const codes = [...(OPERATION_DOCS[operation.name]?.successes ?? []), ...operation.refusals];
    shapes[`${name}Answer`] = z.union(
      codes.map((code) => (tried.has(operation.name) ? answerTried(code) : answerWith(code))),
    );
  }
  for (const { read } of reads) {
    const loaded = answerWith(read.reason_code, read.answer.shape);
    shapes[`${componentName(read.name)}Answer`] = z.union([loaded, answerWith("NOT_FOUND")]);
  }
  for (const { name, method, path, input, reason_code, answer, refusals = [] } of calls) {
    const done = answerWith(reason_code, answer.shape);
    const is_of_one = path.includes("{id}");
    const refused = [...refusals, ...(is_of_one ? (["NOT_FOUND"] as const) : [])].map((code) => answerWith(code));
    shapes[`${componentName(name)}Answer`] = refused.length > 0 ? z.union([done, ...refused]) : done;
    if (method === "post" && !is_of_one) shapes[`${componentName(name)}Request`] = input;
  }
  for (const [id, shape] of Object.entries(shapes)) registry.add(shape, { id });
  // "input" says what a sender may write; answers have no transforms, and stay open for further fields.
  const { schemas } = z.toJSONSchema(registry, {
    io: "input",
    uri: (id) => `#/components/schemas/${id}`,
    override: tidy,
  });
  for (const { path, operation } of operations) {
    const schema = schemas[`${componentName(operation.name)}Request`];
    const groups = OPERATION_DOCS[operation.name]?.one_of ?? [];
    if (schema) leaveOut(schema, pathFields(path));
    if (schema) schema.allOf = groups.map((group) => ({ anyOf: group.map((field) => ({ required: [field] })) }));
  }
  return schemas;
}

/** What stands in the path does not stand in the body. */
function leaveOut(schema: Schema, names: readonly string[]): void {
  for (const name of names) delete schema.properties?.[name];
  if (schema.required) schema.required = schema.required.filter((name) => !names.includes(name));
}

/** What the format says already needs no pattern; a union here is always told apart by one field. */
function tidy({ jsonSchema, path }: { jsonSchema: Schema; path: (string | number)[] }): void {
  const schema = jsonSchema;
  if (schema.format !== undefined) delete schema.pattern;
  if (path.length > 0) return;
  delete schema.$schema;
  delete schema.$id;
  const options = schema.anyOf ?? [];
  if (options.length > 1 && options.every((option) => option.properties?.["reason_code"] !== undefined)) {
    schema.oneOf = options;
    delete schema.anyOf;
  }
}

import fc, { type Arbitrary } from "fast-check";
import { z } from "zod";

/** The part of JSON Schema that the inputs of the operations are made of. */
interface Schema {
  type?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  minItems?: number;
  maxItems?: number;
  format?: string;
  pattern?: string;
  enum?: readonly string[];
  anyOf?: readonly Schema[];
  items?: Schema;
}

/** Values that mean something in the studio under fire, by field: fuzz that never hits anything proves little. */
export type Known = Record<string, readonly unknown[]>;

/** A body as it goes over the wire: text, so that it can hold what no JavaScript value can. */
export type BodyText = string;

/** The input schema of an operation, as the API documents it. */
export function schemaOf(input: z.ZodType): Schema {
  return z.toJSONSchema(input, { io: "input", unrepresentable: "any" }) as Schema;
}

/** What a body needs beside what its schema says: one of two names, one of two scopes, an id or a dry run. */
const ALWAYS = ["request_id", "external_contact_id", "product_config_id"];

/** Bodies that the schema calls valid. */
export function validBodies(
  schema: Schema,
  known: Known,
  always: readonly string[] = ALWAYS,
): Arbitrary<Record<string, unknown>> {
  const fields = Object.entries(schema.properties ?? {}).map(
    ([name, field]) => [name, fieldOf(name, field, known)] as const,
  );
  const is_there = (name: string) => schema.properties?.[name] !== undefined;
  const requiredKeys = [...new Set([...(schema.required ?? []), ...always.filter(is_there)])];
  return fc.record(Object.fromEntries(fields), { requiredKeys });
}

function fieldOf(name: string, schema: Schema, known: Known): Arbitrary<unknown> {
  const pool = known[name];
  const any = valueOf(schema);
  // Any other location is UNAUTHORIZED, however well written.
  if (name === "location_id") return fc.constantFrom(...(pool ?? []));
  return pool && pool.length > 0
    ? fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...pool) }, { weight: 1, arbitrary: any })
    : any;
}

const NOT_CLEAN = /\p{Cc}|\p{Cs}/u;

/** Longest list that is tried where the schema allows more. */
const MAX_ITEMS = 6;
/** How far from today most dates lie, in days. */
const NEAR_DAYS = 45;

function valueOf(schema: Schema): Arbitrary<unknown> {
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map((one) => valueOf(one)));
  if (schema.enum) return fc.constantFrom(...schema.enum);
  if (schema.type === "boolean") return fc.boolean();
  if (schema.type === "array") {
    const maxLength = Math.min(schema.maxItems ?? MAX_ITEMS, MAX_ITEMS);
    return fc.array(valueOf(schema.items ?? {}), { minLength: schema.minItems ?? 0, maxLength });
  }
  if (schema.properties) return validBodies(schema, {}, []);
  if (schema.type === "integer" || schema.type === "number") {
    return fc.integer({ min: schema.minimum ?? 0, max: Math.min(schema.maximum ?? 1e9, Number.MAX_SAFE_INTEGER) });
  }
  if (schema.type === "object") {
    const keys = fc.string({ unit: "grapheme", maxLength: 10 });
    return fc
      .dictionary(keys, fc.jsonValue({ maxDepth: 3 }), { maxKeys: 10 })
      .map((value) => JSON.parse(JSON.stringify(value)) as unknown);
  }
  if (schema.type !== "string") throw new Error(`no arbitrary for ${JSON.stringify(schema)}`);
  if (schema.format === "uuid") return fc.uuid();
  if (schema.format === "date") return dates;
  if (schema.format === "date-time") {
    const instants = fc.date({
      min: new Date("2000-01-02T00:00:00Z"),
      max: new Date("2099-12-30T00:00:00Z"),
      noInvalidDate: true,
    });
    return instants.map((date) => date.toISOString());
  }
  if (schema.pattern !== undefined) return fc.stringMatching(new RegExp(schema.pattern));
  const text = fc.string({
    unit: "binary",
    minLength: schema.minLength ?? 0,
    maxLength: Math.min(schema.maxLength ?? 60, 60),
  });
  return text.filter((value) => value.trim() !== "" && !NOT_CLEAN.test(value));
}

/** Local dates, most of them near: far away nothing happens. */
const dates = fc
  .oneof(
    { weight: 4, arbitrary: fc.integer({ min: -NEAR_DAYS, max: NEAR_DAYS }) },
    { weight: 1, arbitrary: fc.integer({ min: -9000, max: 25_000 }) },
  )
  .map((days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10));

/** What no field expects. As JSON text: some of it can be said in no other way. */
const STRANGE_NUMBERS = ["0", "-1", "1.5", "1e308", "1e999", "-1e999", "9007199254740993", "5e-324", "-0"];
const STRANGE_SHAPES = [
  "null",
  "true",
  "[]",
  "{}",
  '["a"]',
  '{"__proto__":{"polluted":true}}',
  '{"constructor":{"prototype":1}}',
];
const STRANGE_TEXTS = [
  '""',
  '" "',
  '"1"',
  '"NaN"',
  String.raw`"a\u0000b"`,
  String.raw`"\ud800"`,
  String.raw`"\udc00\ud800"`,
  String.raw`"\u0007"`,
  String.raw`"\u202e"`,
  '"2026-02-30T00:00:00Z"',
  '"2026-02-30"',
  '"0000-01-01"',
  '"99999-12-31"',
  '"00000000-0000-0000-0000-000000000000"',
  '"2026-01-01T00:00:00"',
  '"+275760-09-13T00:00:00Z"',
  `"'; DROP TABLE contacts; --"`,
  `"${"x".repeat(256)}"`,
  `"${"é".repeat(20_000)}"`,
];
const STRANGE_OBJECTS = [
  `{"a":${"[".repeat(30_000)}${"]".repeat(30_000)}}`,
  `${'{"a":'.repeat(9000)}1${"}".repeat(9000)}`,
  String.raw`{"a":"b\u0000"}`,
  String.raw`{"\u0000":1}`,
  String.raw`{"a":[{"b":"\ud800"}]}`,
  String.raw`{"\udc00":{}}`,
  '{"__proto__":{"polluted":true}}',
  '{"toJSON":1,"then":{},"length":-1}',
  `{"a":"${"x".repeat(16_400)}"}`,
];
const STRANGE = [...STRANGE_NUMBERS, ...STRANGE_SHAPES, ...STRANGE_TEXTS, ...STRANGE_OBJECTS];
const NAMES = [
  "__proto__",
  "constructor",
  "hasOwnProperty",
  "toString",
  "then",
  "length",
  "",
  "\\u0000",
  "a.b",
  "$where",
];

/** Valid but for one to three fields that are missing, strange, doubled or not known. */
export function nearlyValidBodies(schema: Schema, known: Known): Arbitrary<BodyText> {
  const names = Object.keys(schema.properties ?? {});
  const objects = names.filter((name) => schema.properties?.[name]?.type === "object");
  type Kind = "drop" | "set" | "twice";
  const changing = (kind: Kind, among: readonly string[], values: readonly string[]) =>
    fc.record({ kind: fc.constant(kind), name: fc.constantFrom(...among), value: fc.constantFrom(...values) });
  const change = fc.oneof(
    changing("drop", names, [""]),
    changing("set", names, STRANGE),
    changing("set", NAMES, STRANGE),
    changing("set", objects.length > 0 ? objects : names, STRANGE_OBJECTS),
    changing("twice", names, STRANGE),
  );
  return fc
    .tuple(validBodies(schema, known), fc.array(change, { minLength: 1, maxLength: 3 }))
    .map(([body, changes]) => {
      const fields = Object.entries(body).map(([name, value]) => [name, JSON.stringify(value)] as [string, string]);
      for (const { kind, name, value } of changes) {
        const at = fields.findIndex(([other]) => other === name);
        if (at >= 0 && kind !== "twice") fields.splice(at, 1);
        if (kind !== "drop") fields.push([name, value]);
      }
      return `{${fields.map(([name, value]) => `"${name}":${value}`).join(",")}}`;
    });
}

/** Anything that JSON can say, and much that it cannot. */
export const garbageBodies: Arbitrary<BodyText> = fc.oneof(
  fc.json({ maxDepth: 4 }),
  fc.string({ unit: "binary", maxLength: 200 }),
  fc.constantFrom(...STRANGE),
  fc.constantFrom(
    "{",
    "[1,]",
    '{"a":1',
    '{"a":}',
    "\uFEFF{}",
    "/* {} */",
    "{'a':1}",
    '{"a":01}',
    "",
    "\u0000".repeat(100),
  ),
);

/** What no parameter expects, encoded and not. */
const oddValues: Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    "",
    "0",
    "1",
    "100",
    "101",
    "-1",
    "1.5",
    "1e3",
    "99999999999999999999",
    "NaN",
    "%00",
    "%zz",
    "%ff",
    "null",
  ),
  fc.string({ unit: "binary", maxLength: 40 }).map(encoded),
  fc.base64String({ maxLength: 60 }),
  fc.json({ maxDepth: 2 }).map((json) => Buffer.from(json).toString("base64url")),
);

/** A query string for a read: known parameters with odd values, doubled, nested, badly encoded. */
export const oddQueries: Arbitrary<string> = oddQueriesOf([]);

/** The same with these parameters too. */
export function oddQueriesOf(names: readonly string[]): Arbitrary<string> {
  const known = ["limit", "cursor", "location_id", "id", "limit[]", "location_id[a]", "__proto__", "explain", "%"];
  return fc
    .array(fc.tuple(fc.constantFrom(...known, ...names), oddValues), { maxLength: 4 })
    .map((pairs) => (pairs.length === 0 ? "" : `?${pairs.map(([name, value]) => `${name}=${value}`).join("&")}`));
}

/** Ids of nobody, as they may stand in a path. */
export const oddIds: Arbitrary<string> = fc.oneof(
  fc.string({ unit: "binary", minLength: 1, maxLength: 60 }).map(encoded),
  fc.constantFrom(
    "%",
    "%00",
    "%ff",
    "%E0%A4%A",
    "..",
    "%2e%2e%2f",
    "a%2fb",
    "null",
    "undefined",
    "0",
    "x".repeat(256),
    "é".repeat(300),
    "%F0%9F%A7%98",
  ),
  fc.uuid(),
);

function encoded(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

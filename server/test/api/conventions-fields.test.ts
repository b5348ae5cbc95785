import { describe, expect, test } from "vitest";
import { sql, useServer } from "../support.ts";
import { bodyFor, countRows, entriesOf, OPERATIONS, useStudio } from "./studio.ts";

const server = useServer();
const studio = useStudio(server);

/** A fresh, well-formed body with these fields changed; undefined takes a field out. */
const withFields = (fields: object) => ({ ...bodyFor(studio.product("pack")), ...fields });

describe.each(OPERATIONS)("POST $path", ({ path, scope }) => {
  const texts = [
    "external_contact_id",
    "product_config_id",
    ...(scope === "check" ? [] : ["request_id"]),
    ...(scope === "grant"
      ? ["external_payment_id", "provider", "event_type", "email", "name", "external_ref"]
      : ["calendar_id"]),
    ...(scope === "deduct" || scope === "restore" ? ["external_ref"] : []),
  ];

  test.each(texts)("%s is trimmed: white space alone is a VALIDATION_ERROR", async (field) => {
    for (const value of ["", " ", "\t\n\r ", "\u00a0\ufeff"]) {
      expect(await studio.api.post(path, withFields({ [field]: value }))).toBeInvalid(field);
    }
  });

  test.each(texts)("%s has at most 255 characters", async (field) => {
    const whole = { [field]: `  ${scope[0]}${"é".repeat(254)}  ` };
    expect((await studio.api.post(path, withFields(whole))).status).toBe(200);
    expect(await studio.api.post(path, withFields({ [field]: "é".repeat(256) }))).toBeInvalid(field);
  });

  test.each(texts)("%s counts characters, not halves of them: 255 emoji fit", async (field) => {
    const fits = await studio.api.post(path, withFields({ [field]: `${scope[0]}${"🧘".repeat(254)}` }));
    expect(fits.status).toBe(200);
    expect(await studio.api.post(path, withFields({ [field]: "🧘".repeat(256) }))).toBeInvalid(field);
  });

  test.each(texts)("%s takes no NUL, control character or lone surrogate: never a 500", async (field) => {
    const before = await countRows(server.db);
    for (const bad of ["\u0000", "\u0001", "\u001f", "\u007f", "\u0085", "\ud800", "\udc00", "\udc00\ud800"]) {
      const text = JSON.stringify(withFields({ [field]: `a${bad}b` }));
      expect(await studio.api.post(path, text)).toBeInvalid(field);
    }
    expect(await countRows(server.db)).toEqual(before);
  });

  test.each(texts)("%s is a string: anything else is a VALIDATION_ERROR", async (field) => {
    for (const value of [1, true, null, {}, [], ["a"]]) {
      expect(await studio.api.post(path, withFields({ [field]: value }))).toBeInvalid(field);
    }
  });

  test("takes any other character in an id: quotes, braces, backslashes, right-to-left, combining, astral", async () => {
    for (const id of [`'"\\{}$1,NULL;--`, "שלום", "é́", "𐀀🧘🏽‍♀️", "%s%d", "../..", "<script>", "null", "NULL", '{"a"}']) {
      expect((await studio.api.post(path, withFields({ external_contact_id: id }))).status).toBe(200);
    }
  });

  test("unknown fields are ignored, whatever they hold and however they are called", async () => {
    const text = JSON.stringify(withFields({ unknown: "\u0000", nested: { a: [1] } }));
    const strange = text.replace(
      "{",
      '{"__proto__":{"amount":-1},"constructor":1,"toString":null,"hasOwnProperty":[],',
    );
    expect((await studio.api.post(path, strange)).status).toBe(200);
  });

  test("all that is wrong is told at once, field by field", async () => {
    const wrong =
      scope === "grant" ? { amount_cents: -1, currency: "dollars" } : { amount: 0, appointment_time: "soon" };
    const missing = { external_contact_id: undefined, product_config_id: undefined, request_id: 7 };
    const answer = await studio.api.post(path, withFields({ ...wrong, ...missing }));
    const expected = [...Object.keys(wrong), "external_contact_id", "product_config_id"];
    expect(answer).toBeInvalid(...expected, ...(scope === "check" ? [] : ["request_id"]));
  });

  test("external_contact_id or ghl_contact_id is required", async () => {
    const nameless = withFields({ external_contact_id: undefined });
    expect(await studio.api.post(path, nameless)).toBeInvalid("external_contact_id");
    const named = withFields({ external_contact_id: undefined, ghl_contact_id: "somebody" });
    expect((await studio.api.post(path, named)).status).toBe(200);
  });

  test("what is refused leaves nothing behind", async () => {
    const before = await countRows(server.db);
    expect(await studio.api.post(path, withFields({ external_contact_id: 1 }))).toFail(400, "VALIDATION_ERROR");
    expect(await countRows(server.db)).toEqual(before);
  });
});

describe("required fields", () => {
  test.each(["/grants", "/entitlements/deduct", "/entitlements/restore"])("request_id of POST %s", async (path) => {
    expect(await studio.api.post(path, withFields({ request_id: undefined }))).toBeInvalid("request_id");
  });

  test.each(["external_payment_id", "product_config_id"])("%s of POST /grants", async (field) => {
    expect(await studio.api.post("/grants", withFields({ [field]: undefined }))).toBeInvalid(field);
  });

  test.each(["/entitlements/check-eligibility", "/entitlements/deduct"])(
    "product_config_id or calendar_id of POST %s, also beside an external_ref",
    async (path) => {
      const fields = { product_config_id: undefined, external_ref: "a booking" };
      expect(await studio.api.post(path, withFields(fields))).toBeInvalid("product_config_id");
      expect((await studio.api.post(path, withFields({ ...fields, calendar_id: "yoga" }))).status).toBe(200);
    },
  );

  test("product_config_id, calendar_id or external_ref of POST /entitlements/restore", async () => {
    const fields = { product_config_id: undefined };
    const answer = await studio.api.post("/entitlements/restore", withFields(fields));
    expect(answer).toBeInvalid("product_config_id");
    const with_ref = withFields({ ...fields, external_ref: "a booking" });
    expect((await studio.api.post("/entitlements/restore", with_ref)).status).toBe(200);
  });
});

describe("the contact", () => {
  test("is the same under external_contact_id and ghl_contact_id", async () => {
    const member = studio.newMember();
    await member.grant("pack", { external_contact_id: undefined, ghl_contact_id: ` ${member.id} ` });
    expect(await member.deduct({ calendar_id: "yoga" })).toAnswer("deducted", { balance_after: 9 });
  });

  test("is the one of external_contact_id where both are sent: external_contact_id wins over ghl_contact_id", async () => {
    const [jane, joe] = [studio.newMember(), studio.newMember()];
    await jane.grant("pack", { ghl_contact_id: joe.id });
    expect(await jane.check({ calendar_id: "yoga", ghl_contact_id: joe.id })).toAnswer("eligible");
    expect(await joe.check({ calendar_id: "yoga" })).toAnswer("NO_ENTITLEMENT", { detail: "UNKNOWN_CONTACT" });
  });
});

describe.each(OPERATIONS.slice(1))("amount of POST $path", ({ path }) => {
  test.each([0, -1, 1.5, "1", 1_000_001, 1e300, -1e300, 0.1, true, null, [1], {}, "", "many"])(
    "is no %j: a VALIDATION_ERROR",
    async (amount) => {
      expect(await studio.api.post(path, withFields({ amount }))).toBeInvalid("amount");
    },
  );

  test("is no number beyond all bounds, -0 or NaN", async () => {
    for (const amount of ["1e999", "-0", "9007199254740993"]) {
      const text = JSON.stringify(withFields({ amount: 1 })).replace('"amount":1', `"amount":${amount}`);
      expect(await studio.api.post(path, text)).toBeInvalid("amount");
    }
  });

  test.each([1, 1.0, 1_000_000])("may be %d", async (amount) => {
    expect((await studio.api.post(path, withFields({ amount }))).status).toBe(200);
  });

  test("is told to be a whole number of at least 1", async () => {
    const { body } = await studio.api.post(path, withFields({ amount: 0 }));
    expect(body["errors"]).toEqual([{ field: "amount", message: "must be a whole number of at least 1" }]);
  });

  test("has the default 1", async () => {
    const member = studio.newMember();
    await member.grant("pack");
    expect(await member.check({ calendar_id: "yoga" })).toAnswer("eligible", { balance_after: 9 });
    expect(await member.deduct({ calendar_id: "yoga" })).toAnswer("deducted", { balance_after: 9 });
    expect(await member.restore({ calendar_id: "yoga" })).toAnswer("restored", { balance_after: 10 });
  });
});

describe.each([
  { path: "/grants", field: "paid_at" },
  { path: "/entitlements/check-eligibility", field: "appointment_time" },
  { path: "/entitlements/deduct", field: "appointment_time" },
  { path: "/entitlements/restore", field: "appointment_time" },
])("$field of POST $path", ({ path, field }) => {
  const bad = [
    "2026-11-21T09:00:00",
    "2026-11-21",
    "09:00Z",
    "tomorrow",
    "",
    "2026-02-30T09:00:00Z",
    "2026-11-21T25:00:00Z",
    "2026-11-21T09:00:00+25:00",
    "2026-11-21T09:00:00[America/New_York]",
    "-000000-01-01T00:00:00Z",
    "1999-12-31T23:59:59.999Z",
    "2100-01-01T00:00:00Z",
    "+275760-09-13T00:00:00Z",
    1_763_715_600_000,
    null,
    {},
  ];

  test.each(bad)("is no %j: a VALIDATION_ERROR", async (value) => {
    expect(await studio.api.post(path, withFields({ [field]: value }))).toBeInvalid(field);
  });

  test.each([
    "2025-11-21T09:00:00Z",
    "2025-11-21T09:00:00.123456789-05:00",
    "2025-11-21T09:00+05:45",
    " 2025-11-21T09:00Z ",
  ])("may be %s: ISO 8601 with an offset", async (value) => {
    expect((await studio.api.post(path, withFields({ [field]: value }))).status).toBe(200);
  });
});

describe("metadata of POST /grants", () => {
  const grantWith = async (metadata: unknown) => {
    const member = studio.newMember();
    return { member, answer: await member.grant("pack", { metadata }) };
  };
  const stored = async (contact: string) => {
    const [row] = await sql(
      server.db,
      "SELECT p.metadata FROM payment_events p JOIN contacts c ON c.id = p.contact_id WHERE c.external_id = $1",
      [contact],
    );
    return row?.["metadata"];
  };

  test("is stored with the grant", async () => {
    const metadata = { b: [1, { c: null }], a: "é🧘", nested: { deep: { x: 1.5 } }, "": "", "a.b": true };
    const { member, answer } = await grantWith(metadata);
    expect(answer).toAnswer("grant_applied");
    expect(await stored(member.id)).toEqual(metadata);
  });

  test("has at most 50 keys", async () => {
    const keys = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`key${i}`, i]));
    expect((await grantWith(keys(50))).answer).toAnswer("grant_applied");
    expect((await grantWith(keys(51))).answer).toBeInvalid("metadata");
  });

  test("has at most 16 KiB", async () => {
    const bytes = (count: number) => ({ a: "x".repeat(count - '{"a":""}'.length) });
    expect((await grantWith(bytes(16 * 1024))).answer).toAnswer("grant_applied");
    expect((await grantWith(bytes(16 * 1024 + 1))).answer).toBeInvalid("metadata");
    expect((await grantWith({ a: "é".repeat(8 * 1024) })).answer).toBeInvalid("metadata");
  });

  test("nested too deep is a VALIDATION_ERROR, never a 500", async () => {
    for (const depth of [11, 1000, 30_000]) {
      const text = JSON.stringify(withFields({ metadata: "here" }));
      const nested = text.replace('"here"', `{"a":${"[".repeat(depth)}${"]".repeat(depth)}}`);
      expect(await studio.api.post("/grants", nested)).toBeInvalid("metadata");
    }
    expect((await grantWith({ a: [[[[[[[[1]]]]]]]] })).answer).toAnswer("grant_applied");
  });

  test.each([["a\u0000b"], ["\ud800"]])("takes no NUL or lone surrogate, as value or as key: %j", async (bad) => {
    for (const metadata of [{ a: bad }, { [bad]: 1 }, { a: [{ b: bad }] }, { a: { [bad]: 1 } }]) {
      expect(await studio.api.post("/grants", JSON.stringify(withFields({ metadata })))).toBeInvalid("metadata");
    }
  });

  test.each(["text", 1, true, null, [], [1]])("is an object, no %j", async (metadata) => {
    expect((await grantWith(metadata)).answer).toBeInvalid("metadata");
  });

  test("takes huge numbers, prototype keys and control characters for what they are", async () => {
    const text = JSON.stringify(withFields({ metadata: "here" })).replace(
      '"here"',
      '{"__proto__":{"x":1},"constructor":{"prototype":1},"huge":1e308,"tiny":5e-324,"line":"a\\nb"}',
    );
    const { status, body } = await studio.api.post("/grants", text);
    expect([status, body.reason_code]).toEqual([200, "grant_applied"]);
  });
});

describe("a grant's other fields", () => {
  test.each([-1, 0.5, "100", 1e300, 2 ** 53, true, null])(
    "amount_cents of POST /grants is no %j",
    async (amount_cents) => {
      expect(await studio.newMember().grant("pack", { amount_cents })).toBeInvalid("amount_cents");
    },
  );

  test.each([0, 1, 2 ** 53 - 1])("amount_cents of POST /grants may be %d", async (amount_cents) => {
    expect(await studio.newMember().grant("pack", { amount_cents })).toAnswer("grant_applied");
  });

  test.each(["US", "USDD", "U$D", "", "ÜSD", 840, null])("currency of POST /grants is no %j", async (currency) => {
    expect(await studio.newMember().grant("pack", { currency })).toBeInvalid("currency");
  });

  test("an id that looks like an array literal is one id: nothing is split or lost on its way to the database", async () => {
    const external_contact_id = `{"a",NULL,\\"b\\"}-${studio.location_id}`;
    const member = studio.newMember();
    await member.grant("pack", { external_contact_id, external_ref: '{"x"}' });
    expect(await entriesOf(server.db, external_contact_id)).toEqual(["grant 10→10"]);
  });
});

import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { openUserContext, sealText, sealUserContext, type GhlUserContext } from "./user-context.ts";

const SECRET = "a-shared-secret-of-the-app";

const zoe: GhlUserContext = {
  user_id: "Rg6BRRiHh7dS9gJy3W8a",
  company_id: "GNb7aIv4rQFVb9iwNl5K",
  ghl_location_id: "HjiMUOsCCHCjtxzEf8PR",
  role: "user",
  type: "location",
  user_name: "Zoë Lindqvist",
  email: "zoe@studio.test",
};

/** Made by crypto-js 4.2.0: `CryptoJS.AES.encrypt(JSON.stringify(context), SECRET).toString()`. */
const BY_CRYPTO_JS =
  "U2FsdGVkX1/JxV/Nj07j6f2QwSPpNfbn7CH1vjcyqh5UQ8CoDBy/a2LCCumjWg5+AFoaIaZmRbqedPB/qReUtiYkVa8pnfNL0vmEx+plSEDu1dbNv3ke4f" +
  "ZMyDupS1UrXzAOUCKQGSZ21axy6WFrlaJ4BrDjJ3ZklJfg6ZOzmTta0l3KBG1tmj+PJJzksz73JcPgoBvXsWHVhQq1id2iw9Tl/m8wpo56gSId/Ap8w9US" +
  "8aYQiPte6bCQVGfNSmKHc/V5J8wbSx/sxN1mQ0tLyoV3VvWHFSKIuKcHa2QamFI=";

const told = {
  userId: zoe.user_id,
  companyId: zoe.company_id,
  role: "user",
  type: "location",
  activeLocation: zoe.ghl_location_id,
  userName: zoe.user_name,
  email: zoe.email,
};

const opened = (value: unknown) =>
  openUserContext(sealText(typeof value === "string" ? value : JSON.stringify(value), SECRET), SECRET)?.context ?? null;

describe("GoHighLevel's user context", () => {
  test("opens as the library seals it that GoHighLevel uses", () => {
    expect(openUserContext(BY_CRYPTO_JS, SECRET)?.context).toEqual(zoe);
  });

  test("opens as it was sealed, and never looks the same twice", () => {
    const [first, second] = [sealUserContext(zoe, SECRET), sealUserContext(zoe, SECRET)];
    expect(openUserContext(first, SECRET)?.context).toEqual(zoe);
    expect(openUserContext(first, SECRET)?.salt).not.toEqual(openUserContext(second, SECRET)?.salt);
  });

  test("does not open with another secret", () => {
    for (let i = 0; i < 200; i += 1) expect(openUserContext(BY_CRYPTO_JS, `${SECRET}${i}`)).toBeNull();
  });

  test("of an agency's own view names no location", () => {
    const { activeLocation: _, ...agency } = told;
    for (const activeLocation of [undefined, null, ""]) {
      expect(opened({ ...agency, type: "agency", activeLocation })).toMatchObject({
        type: "agency",
        ghl_location_id: null,
      });
    }
  });

  test("may say more than we read", () => {
    expect(opened({ ...told, isAgencyOwner: true, whitelabelDetails: { domain: "x.test" } })).toEqual(zoe);
  });

  test("may come without a name or an address", () => {
    const { userName: _, email: __, ...nameless } = told;
    expect(opened({ ...nameless, email: "" })).toEqual({ ...zoe, user_name: null, email: null });
  });

  test.each([
    ["no JSON", "userId=1"],
    ["a list", [told]],
    ["no user", { ...told, userId: undefined }],
    ["no company", { ...told, companyId: "" }],
    ["a role that there is not", { ...told, role: "owner" }],
    ["a type that there is not", { ...told, type: "company" }],
    ["a location that is no id", { ...told, activeLocation: "a b" }],
    ["a location that is a list", { ...told, activeLocation: [told.activeLocation] }],
    ["a number for an id", { ...told, userId: 7 }],
    ["an endless id", { ...told, userId: "x".repeat(101) }],
    ["a control character in the name", { ...told, userName: "Z\u0000oe" }],
    ["something behind it", `${JSON.stringify(told)}}`],
  ])("that holds %s is refused", (_, value) => {
    expect(opened(value)).toBeNull();
  });

  test("is refused where its bytes are written in another way than base64 does", () => {
    const spellings = [
      ` ${BY_CRYPTO_JS}`,
      `${BY_CRYPTO_JS}\n`,
      BY_CRYPTO_JS.replaceAll("=", ""),
      BY_CRYPTO_JS.replaceAll("/", "_"),
    ];
    for (const spelling of spellings) expect(openUserContext(spelling, SECRET)).toBeNull();
  });

  test("is refused where it is cut, empty, or nothing of the kind", () => {
    const bytes = Buffer.from(BY_CRYPTO_JS, "base64");
    for (let length = 0; length < bytes.length; length += 1) {
      expect(openUserContext(bytes.subarray(0, length).toString("base64"), SECRET)).toBeNull();
    }
    expect(openUserContext(randomUUID(), SECRET)).toBeNull();
    expect(openUserContext("A".repeat(10_000), SECRET)).toBeNull();
  });

  test("whose bits were flipped never says who somebody else is, or where", () => {
    const bytes = Buffer.from(BY_CRYPTO_JS, "base64");
    const flips = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 })), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(flips, (changes) => {
        const changed = Buffer.from(bytes);
        for (const [at, by] of changes) changed[at] = (changed[at] ?? 0) ^ by;
        const found = openUserContext(changed.toString("base64"), SECRET)?.context;
        const { user_id, company_id, ghl_location_id } = found ?? zoe;
        expect({ user_id, company_id, ghl_location_id }).toMatchObject({
          user_id: zoe.user_id,
          company_id: zoe.company_id,
          ghl_location_id: zoe.ghl_location_id,
        });
      }),
      { numRuns: 5000 },
    );
  });

  test("is never more than refused, whatever comes", () => {
    const text = fc.oneof(fc.base64String({ maxLength: 600 }), fc.string());
    const refused = fc.property(text, (given) => {
      expect(openUserContext(given, SECRET)).toBeNull();
    });
    fc.assert(refused, { numRuns: 1000 });
  });
});

import { generateKeyPairSync, sign } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { GHL_PUBLIC_KEY, isSignedBy, parsePublicKeys } from "./verify-signature.ts";

const pair = generateKeyPairSync("ed25519");
const pem = pair.publicKey.export({ type: "spki", format: "pem" });
const keys = parsePublicKeys(pem);
const body = Buffer.from('{"type":"ContactCreate","id":"Zoë"}');
const signature = sign(null, body, pair.privateKey).toString("base64");

describe("A delivery is taken only with a signature over exactly its bytes", () => {
  test("the right key's signature is taken, whichever of the accepted keys it is", async () => {
    expect(await isSignedBy(keys, body, signature)).toBe(true);
    expect(await isSignedBy(parsePublicKeys([GHL_PUBLIC_KEY, pem]), body, signature)).toBe(true);
  });

  test("another key's signature is refused", async () => {
    expect(await isSignedBy(parsePublicKeys(GHL_PUBLIC_KEY), body, signature)).toBe(false);
  });

  test("no signature, N/A and whatever is not 64 bytes of base64 is refused", async () => {
    for (const odd of [
      undefined,
      "",
      "N/A",
      "AAAA",
      `${signature} `,
      `${signature}AA`,
      signature.replaceAll("=", ""),
    ]) {
      expect(await isSignedBy(keys, body, odd)).toBe(false);
    }
  });

  test("any flipped bit of body or signature is refused", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: body.length * 8 - 1 }), async (bit) => {
        expect(await isSignedBy(keys, flipped(body, bit), signature)).toBe(false);
      }),
    );
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: 64 * 8 - 1 }), async (bit) => {
        const changed = flipped(Buffer.from(signature, "base64"), bit).toString("base64");
        expect(await isSignedBy(keys, body, changed)).toBe(false);
      }),
    );
  });

  test("another spelling of the same base64 is refused", async () => {
    const last = signature.length - 3;
    const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const next = alphabet[alphabet.indexOf(signature[last] ?? "") + 1] ?? "";
    const respelled = `${signature.slice(0, last)}${next}==`;
    expect(Buffer.from(respelled, "base64")).toEqual(Buffer.from(signature, "base64"));
    expect(await isSignedBy(keys, body, respelled)).toBe(false);
  });
});

describe("The setting that holds the keys says what is wrong with it", () => {
  test("PEM blocks one after the other, with line ends also written as \\n", () => {
    expect(parsePublicKeys(`${pem}\n${GHL_PUBLIC_KEY}`)).toHaveLength(2);
    expect(parsePublicKeys(pem.replaceAll("\n", String.raw`\n`))).toHaveLength(1);
  });

  test.each([
    ["nothing", "", /no PEM block/],
    ["no key", "hello", /no PEM block/],
    ["a cut block after a good one", `${pem}-----BEGIN PUBLIC KEY-----\nMCow`, /outside the PEM blocks/],
    [
      "a broken second key",
      `${pem}-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----`,
      /key 2 is not a public key/,
    ],
    ["a key of another kind", rsaKey(), /key 1 is rsa, not ed25519/],
    ["a private key", pair.privateKey.export({ type: "pkcs8", format: "pem" }), /key 1 is not a public key/],
    ["too many", pem.repeat(11), /at most 10/],
  ])("%s", (_, setting, message) => {
    expect(() => parsePublicKeys(setting)).toThrow(message);
  });
});

function flipped(bytes: Buffer, bit: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return copy;
}

function rsaKey(): string {
  return generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey.export({ type: "spki", format: "pem" });
}

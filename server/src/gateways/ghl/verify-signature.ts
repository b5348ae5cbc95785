import { createPublicKey, verify, type KeyObject } from "node:crypto";
import { promisify } from "node:util";

/** The header that carries it. */
export const SIGNATURE_HEADER = "x-ghl-signature";

/** GoHighLevel's published key. A change is announced by mail: `GHL_WEBHOOK_PUBLIC_KEYS` holds the old and the new. */
export const GHL_PUBLIC_KEY = `-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAi2HR1srL4o18O8BRa7gVJY7G7bupbN3H9AwJrHCDiOg=
-----END PUBLIC KEY-----`;

const SIGNATURE_BYTES = 64;
/** In a thread of its own: a check takes longer than all else that a delivery needs of the main one. */
const verifyElsewhere = promisify(verify);
const MAX_KEYS = 10;
const PEM = /-----BEGIN ([A-Z0-9 ]+)-----[\s\S]*?-----END \1-----/g;

/**
 * The keys in a setting: PEM blocks one after the other, or several such texts. A line end may be written as `\n`.
 * Throws an `Error` that names the block which is no Ed25519 public key.
 */
export function parsePublicKeys(setting: string | readonly string[]): KeyObject[] {
  const text = (typeof setting === "string" ? setting : setting.join("\n")).replaceAll(String.raw`\n`, "\n");
  const blocks = text.match(PEM) ?? [];
  if (blocks.length === 0) throw new Error("no PEM block (-----BEGIN PUBLIC KEY-----) was found");
  if (blocks.length > MAX_KEYS) throw new Error(`at most ${MAX_KEYS} keys are accepted, ${blocks.length} were given`);
  if (text.replaceAll(PEM, "").replaceAll(/[\s,]/g, "") !== "") {
    throw new Error("there is text outside the PEM blocks: one of them may be cut");
  }
  return blocks.map((block, index) => parseKey(block, index + 1));
}

function parseKey(block: string, position: number): KeyObject {
  let key: KeyObject;
  try {
    if (!block.startsWith("-----BEGIN PUBLIC KEY-----")) throw new Error("not a public key");
    key = createPublicKey(block);
  } catch {
    throw new Error(`key ${position} is not a public key in PEM form`);
  }
  if (key.asymmetricKeyType !== "ed25519") {
    throw new Error(`key ${position} is ${key.asymmetricKeyType ?? "of an unknown kind"}, not ed25519`);
  }
  return key;
}

/** True where one of the keys signed exactly these bytes. `N/A` and anything that is not 64 bytes of base64 is no signature. */
export async function isSignedBy(
  keys: readonly KeyObject[],
  raw_body: Uint8Array,
  signature: string | undefined,
): Promise<boolean> {
  if (signature === undefined) return false;
  const bytes = Buffer.from(signature, "base64");
  // Base64 can write the same bytes in several ways; one of them is the signature.
  const is_canonical = bytes.length === SIGNATURE_BYTES && bytes.toString("base64") === signature;
  if (!is_canonical) return false;
  for (const key of keys) {
    // One after the other: nearly always the first has signed.
    if (await verifyElsewhere(null, raw_body, key, bytes)) return true;
  }
  return false;
}

import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto";
import { z } from "zod";

/** Who looks at an embedded page, and where in GoHighLevel they are. */
export interface GhlUserContext {
  user_id: string;
  company_id: string;
  /** The location that the page is open in; null: it is open in the agency's own view. */
  ghl_location_id: string | null;
  role: "admin" | "user";
  type: "agency" | "location";
  user_name: string | null;
  email: string | null;
}

/** A context that was opened, and what makes this telling of it another than any before: GoHighLevel's random salt. */
export interface OpenedContext {
  context: GhlUserContext;
  salt: Buffer;
}

/** Characters of a payload at most; a real one has about four hundred. */
const MAX_PAYLOAD = 4000;
const MAGIC = Buffer.from("Salted__");
const SALT_BYTES = 8;
const HEAD_BYTES = MAGIC.length + SALT_BYTES;
const BLOCK_BYTES = 16;
const KEY_BYTES = 32;
const CIPHER = "aes-256-cbc";

const id = z.string().regex(/^[\w-]{1,100}$/);
const words = z
  .string()
  .max(320)
  .refine((text) => !/\p{Cc}/u.test(text))
  .nullish()
  .transform((text) => (text === undefined || text === "" ? null : text));

/** What GoHighLevel puts into it; what it adds one day is ignored. */
const wire = z.object({
  userId: id,
  companyId: id,
  role: z.enum(["admin", "user"]),
  type: z.enum(["agency", "location"]),
  activeLocation: z.union([id, z.literal("")]).nullish(),
  userName: words,
  email: words,
});

/**
 * Opens what GoHighLevel answers to REQUEST_USER_DATA: OpenSSL's salted form of AES-256-CBC under the app's shared secret. Null for
 * anything else: the cipher carries no signature, so form and content must be right to the letter.
 */
export function openUserContext(payload: string, shared_secret: string): OpenedContext | null {
  if (payload.length > MAX_PAYLOAD) return null;
  const bytes = Buffer.from(payload, "base64");
  // Base64 can write the same bytes in several ways; one of them is the payload.
  if (bytes.toString("base64") !== payload) return null;
  const body = bytes.subarray(HEAD_BYTES);
  if (!bytes.subarray(0, MAGIC.length).equals(MAGIC) || body.length === 0 || body.length % BLOCK_BYTES !== 0)
    return null;
  const salt = bytes.subarray(MAGIC.length, HEAD_BYTES);
  const context = readContext(decrypt(body, shared_secret, salt));
  return context && { context, salt };
}

/** Seals a context as GoHighLevel does, under a salt of its own each time. */
export function sealUserContext(context: GhlUserContext, shared_secret: string): string {
  const { user_id, company_id, ghl_location_id, role, type, user_name, email } = context;
  const told = {
    userId: user_id,
    companyId: company_id,
    role,
    type,
    ...(ghl_location_id !== null && { activeLocation: ghl_location_id }),
    userName: user_name ?? "",
    email: email ?? "",
  };
  return sealText(JSON.stringify(told), shared_secret);
}

/** Any text in the form of a payload. */
export function sealText(text: string, shared_secret: string, salt: Buffer = randomBytes(SALT_BYTES)): string {
  const { key, iv } = deriveKey(shared_secret, salt);
  const cipher = createCipheriv(CIPHER, key, iv);
  return Buffer.concat([MAGIC, salt, cipher.update(text, "utf8"), cipher.final()]).toString("base64");
}

function decrypt(body: Buffer, shared_secret: string, salt: Buffer): Buffer | null {
  const { key, iv } = deriveKey(shared_secret, salt);
  const opener = createDecipheriv(CIPHER, key, iv);
  try {
    return Buffer.concat([opener.update(body), opener.final()]);
  } catch {
    return null;
  }
}

/** OpenSSL's EVP_BytesToKey with MD5 and one round: weak as a derivation, and not ours to choose. */
function deriveKey(shared_secret: string, salt: Buffer): { key: Buffer; iv: Buffer } {
  const secret = Buffer.from(shared_secret, "utf8");
  let derived = Buffer.alloc(0);
  let last = Buffer.alloc(0);
  while (derived.length < KEY_BYTES + BLOCK_BYTES) {
    last = createHash("md5").update(last).update(secret).update(salt).digest();
    derived = Buffer.concat([derived, last]);
  }
  return { key: derived.subarray(0, KEY_BYTES), iv: derived.subarray(KEY_BYTES, KEY_BYTES + BLOCK_BYTES) };
}

function readContext(plain: Buffer | null): GhlUserContext | null {
  if (!plain) return null;
  let told: unknown;
  try {
    told = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(plain));
  } catch {
    return null;
  }
  const read = wire.safeParse(told);
  if (!read.success) return null;
  const { userId, companyId, activeLocation, role, type, userName, email } = read.data;
  return {
    user_id: userId,
    company_id: companyId,
    ghl_location_id: activeLocation === "" ? null : (activeLocation ?? null),
    role,
    type,
    user_name: userName,
    email,
  };
}

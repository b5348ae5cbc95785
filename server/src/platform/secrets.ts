import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from "node:crypto";

/** The message names no secret: what was sealed cannot be opened with the keys that there are, or not for this purpose. */
export class SealError extends Error {}

/** Characters of a secret at least. */
export const MIN_SECRET = 16;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const VERSION = "s1";

interface Key {
  /** Tells which secret a text was sealed with, and nothing about it. */
  id: string;
  sealing: Buffer;
  signing: Buffer;
}

/**
 * Seals credentials at rest (AES-256-GCM) and signs what travels through a browser (HMAC-SHA-256), with keys derived from
 * KOTALLY_SECRET. Of several secrets, separated by commas, the first seals and signs; all open and verify.
 */
export class Secrets {
  readonly #keys: readonly [Key, ...Key[]];

  constructor(text: string) {
    const [first, ...rest] = text
      .split(",")
      .map((secret) => secret.trim())
      .filter((secret) => secret !== "");
    if (first === undefined) throw new SealError("KOTALLY_SECRET holds no secret.");
    this.#keys = [deriveKey(first), ...rest.map(deriveKey)];
  }

  /** `bound_to` names the tenant and the field: elsewhere the result does not open. */
  seal(plain: string, bound_to: string): string {
    const [{ id, sealing }] = this.#keys;
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv("aes-256-gcm", sealing, nonce);
    cipher.setAAD(Buffer.from(`${VERSION}.${id}\0${bound_to}`));
    const sealed = Buffer.concat([nonce, cipher.update(plain, "utf8"), cipher.final(), cipher.getAuthTag()]);
    return `${VERSION}.${id}.${sealed.toString("base64url")}`;
  }

  /** Throws SealError where it was sealed with another secret, for another purpose, or changed since. */
  open(sealed: string, bound_to: string): string {
    const [version, id, text = ""] = sealed.split(".");
    const key = this.#keys.find((known) => known.id === id);
    const bytes = Buffer.from(text, "base64url");
    if (version !== VERSION || !key || bytes.length < NONCE_BYTES + TAG_BYTES) {
      throw new SealError("A stored credential was sealed with another KOTALLY_SECRET: add that one, behind a comma.");
    }
    const opener = createDecipheriv("aes-256-gcm", key.sealing, bytes.subarray(0, NONCE_BYTES));
    opener.setAAD(Buffer.from(`${VERSION}.${key.id}\0${bound_to}`));
    opener.setAuthTag(bytes.subarray(-TAG_BYTES));
    try {
      return opener.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES), undefined, "utf8") + opener.final("utf8");
    } catch {
      throw new SealError("A stored credential does not open: it belongs elsewhere or was changed.");
    }
  }

  /** How everything begins that the first secret sealed; after a rotation all else is sealed again. */
  get sealPrefix(): string {
    return `${VERSION}.${this.#keys[0].id}.`;
  }

  /** Keys of another library's own, one of each secret, the sealing one first; `version` tells which is which. */
  derive(use: string): { version: number; value: string }[] {
    return this.#keys.map(({ id, sealing }) => ({
      version: Number.parseInt(id, 16),
      value: Buffer.from(hkdfSync("sha256", sealing, "kotally", use, 32)).toString("base64url"),
    }));
  }

  /** A signature of `text` that holds for this purpose only. */
  sign(text: string, purpose: string): string {
    return signatureOf(this.#keys[0], text, purpose).toString("base64url");
  }

  isSigned(text: string, signature: string, purpose: string): boolean {
    const given = Buffer.from(signature, "base64url");
    return this.#keys.some((key) => {
      const wanted = signatureOf(key, text, purpose);
      return given.length === wanted.length && timingSafeEqual(given, wanted);
    });
  }
}

function deriveKey(secret: string): Key {
  const derive = (use: string) => Buffer.from(hkdfSync("sha256", secret, "kotally", use, 32));
  const id = createHash("sha256").update(derive("key id")).digest("hex").slice(0, 8);
  return { id, sealing: derive("seal credentials"), signing: derive("sign") };
}

function signatureOf(key: Key, text: string, purpose: string): Buffer {
  return createHmac("sha256", key.signing).update(`${purpose}\0${text}`).digest();
}

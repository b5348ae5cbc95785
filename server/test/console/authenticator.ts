import { createHash, createHmac, generateKeyPairSync, randomBytes, sign } from "node:crypto";

/** The six digits that an authenticator app shows for a link `otpauth://…` at an instant. */
export function codeOf(totp_uri: string, at: number): string {
  const secret = fromBase32(new URL(totp_uri).searchParams.get("secret") ?? "");
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)));
  const digest = createHmac("sha1", secret).update(counter).digest();
  const offset = (digest.at(-1) ?? 0) & 0xf;
  return String((digest.readUInt32BE(offset) & 0x7f_ff_ff_ff) % 1_000_000).padStart(6, "0");
}

function fromBase32(text: string): Buffer {
  const bits = Array.from(text.replace(/=+$/, ""))
    .map((letter) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0"))
    .join("");
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}

const USER_PRESENT = 0x01;
const USER_VERIFIED = 0x04;
const CREDENTIAL_INCLUDED = 0x40;

/** A device that keeps one passkey, as a browser speaks for it. */
export class Authenticator {
  readonly #keys = generateKeyPairSync("ec", { namedCurve: "P-256" });
  readonly #id = randomBytes(32);
  readonly #origin: string;
  /** Whether it asks for a PIN or a fingerprint. */
  verifies = true;
  #counter = 0;

  constructor(origin: string) {
    this.#origin = origin;
  }

  /** What the browser sends to have a new passkey kept. */
  register(challenge: string) {
    const { x = "", y = "" } = this.#keys.publicKey.export({ format: "jwk" });
    const [key_x, key_y] = [Buffer.from(x, "base64url"), Buffer.from(y, "base64url")];
    const key = cborMap([1, 2], [3, -7], [-1, 1], [-2, key_x], [-3, key_y]);
    const length = Buffer.alloc(2);
    length.writeUInt16BE(this.#id.length);
    const auth_data = Buffer.concat([this.#authData(CREDENTIAL_INCLUDED), Buffer.alloc(16), length, this.#id, key]);
    const attestation = cborMap(["fmt", "none"], ["attStmt", new Map()], ["authData", auth_data]);
    return this.#credential({
      clientDataJSON: this.#clientData("webauthn.create", challenge).toString("base64url"),
      attestationObject: attestation.toString("base64url"),
      transports: ["internal"],
    });
  }

  /** What the browser sends to sign in with it. */
  prove(challenge: string) {
    this.#counter += 1;
    const client_data = this.#clientData("webauthn.get", challenge);
    const auth_data = this.#authData(0);
    const signed = Buffer.concat([auth_data, createHash("sha256").update(client_data).digest()]);
    return this.#credential({
      clientDataJSON: client_data.toString("base64url"),
      authenticatorData: auth_data.toString("base64url"),
      signature: sign("sha256", signed, this.#keys.privateKey).toString("base64url"),
    });
  }

  #credential(response: object) {
    const id = this.#id.toString("base64url");
    return { id, rawId: id, type: "public-key", clientExtensionResults: {}, response };
  }

  #clientData(type: string, challenge: string): Buffer {
    return Buffer.from(JSON.stringify({ type, challenge, origin: this.#origin, crossOrigin: false }));
  }

  #authData(flags: number): Buffer {
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(this.#counter);
    const site = createHash("sha256").update(new URL(this.#origin).hostname).digest();
    const user = this.verifies ? USER_PRESENT | USER_VERIFIED : USER_PRESENT;
    return Buffer.concat([site, Buffer.from([flags | user]), counter]);
  }
}

type Cbor = number | string | Buffer | Map<unknown, unknown>;

/** The little of CBOR that a passkey is written in. */
function cborMap(...entries: [Cbor, Cbor][]): Buffer {
  return Buffer.concat([head(5, entries.length), ...entries.flat().map(cbor)]);
}

function cbor(value: Cbor): Buffer {
  if (typeof value === "number") return value < 0 ? head(1, -value - 1) : head(0, value);
  if (typeof value === "string") return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  return Buffer.isBuffer(value) ? Buffer.concat([head(2, value.length), value]) : head(5, 0);
}

function head(kind: number, length: number): Buffer {
  if (length < 24) return Buffer.from([(kind << 5) | length]);
  if (length < 256) return Buffer.from([(kind << 5) | 24, length]);
  return Buffer.from([(kind << 5) | 25, length >> 8, length & 0xff]);
}

import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

const UUID_BYTES = 16;
const SECRET_BYTES = 32;
const TOKEN = /^[\w-]{86}$/;

/** What an invitation's link carries: which one it is, and a secret that only the mail knows. */
export interface InvitationToken {
  workspace_id: string;
  id: string;
  secret_hash: Buffer;
}

export function newInvitationToken(workspace_id: string, id: string): { token: string; secret_hash: Buffer } {
  const secret = randomBytes(SECRET_BYTES);
  const token = Buffer.concat([uuidBytes(workspace_id), uuidBytes(id), secret]).toString("base64url");
  return { token, secret_hash: hashOf(secret) };
}

/** Null: it is no token. */
export function readInvitationToken(token: string): InvitationToken | null {
  if (!TOKEN.test(token)) return null;
  const bytes = Buffer.from(token, "base64url");
  const [workspace_id, id] = [0, UUID_BYTES].map((from) => uuidText(bytes.subarray(from, from + UUID_BYTES)));
  return { workspace_id: workspace_id ?? "", id: id ?? "", secret_hash: hashOf(bytes.subarray(2 * UUID_BYTES)) };
}

/** In constant time. */
export function isSameSecret(one: Buffer, other: Buffer): boolean {
  return one.length === other.length && timingSafeEqual(one, other);
}

function hashOf(secret: Buffer): Buffer {
  return createHash("sha256").update(secret).digest();
}

function uuidBytes(uuid: string): Buffer {
  return Buffer.from(uuid.replaceAll("-", ""), "hex");
}

function uuidText(bytes: Buffer): string {
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

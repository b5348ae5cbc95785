import { createHash, randomUUID, timingSafeEqual } from "node:crypto";

const TOKEN = /^ktly_([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})_([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

export interface NewToken {
  client_id: string;
  /** Shown once. */
  token: string;
  token_hash: Buffer;
}

/** A new token of an API client: `ktly_<client id>_<secret>`; 122 random bits each. */
export function newToken(client_id: string = randomUUID()): NewToken {
  const token = `ktly_${client_id}_${randomUUID()}`;
  return { client_id, token, token_hash: hashToken(token) };
}

/** SHA-256 over both halves. A random secret of this length needs no slow hash. */
function hashToken(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}

/** The token in an `Authorization` header, with the client it names; null where there is none that could be ours. */
export function readBearer(header: string | undefined): { client_id: string; token: string } | null {
  const [scheme, token, ...rest] = header?.split(" ") ?? [];
  if (scheme?.toLowerCase() !== "bearer" || token === undefined || rest.length > 0) return null;
  const client_id = TOKEN.exec(token)?.[1];
  return client_id === undefined ? null : { client_id, token };
}

export function isSameToken(token: string, token_hash: Buffer): boolean {
  return timingSafeEqual(hashToken(token), token_hash);
}

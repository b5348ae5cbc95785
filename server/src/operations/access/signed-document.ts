import type { z } from "zod";
import type { Secrets } from "../../platform/secrets.ts";

/** Characters of a signed document at most. */
const MAX_LENGTH = 4000;

/** A document that may travel through a browser: whoever holds it may read it, and nobody but us can write one for this purpose. */
export function signDocument(secrets: Secrets, purpose: string, document: object): string {
  const text = Buffer.from(JSON.stringify(document)).toString("base64url");
  return `${text}.${secrets.sign(text, purpose)}`;
}

/** Null: none of ours, for another purpose, or changed since. */
export function readSigned<T>(secrets: Secrets, purpose: string, schema: z.ZodType<T>, given: string): T | null {
  if (given.length > MAX_LENGTH) return null;
  const [text = "", signature = "", ...rest] = given.split(".");
  if (rest.length > 0 || !secrets.isSigned(text, signature, purpose)) return null;
  return schema.safeParse(JSON.parse(Buffer.from(text, "base64url").toString())).data ?? null;
}

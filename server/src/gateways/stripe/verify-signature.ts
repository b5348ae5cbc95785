import { isUtf8 } from "node:buffer";
import { Stripe } from "stripe";
import type { Instant } from "../../rules/time/local-days.ts";

/** Seconds for which a signed delivery is believed. Zero would turn the check off. */
export const TOLERANCE_SECONDS = 300;
/** Bytes of a signature header; Stripe's own has about 180 while a secret is being rolled. */
const MAX_HEADER_LENGTH = 2000;
const SIGNED_AT = /(?:^|,)\s*t=(\d{1,12})(?:,|$)/u;
const PRINTABLE = /^[\x20-\x7E]+$/u;
const BYTE_ORDER_MARK = "\uFEFF";

/** `wrong`: not signed with this secret, or not this body. `too_old`: past the tolerance, whatever else it is. */
export type SignatureCheck = "ok" | "missing" | "malformed" | "wrong" | "too_old";

export interface SignedDelivery {
  /** The bytes as they came: a body that was parsed and written again has another signature. */
  body: Uint8Array;
  /** The `Stripe-Signature` header. */
  header: string | undefined;
  /** The endpoint's secret, `whsec_…`. */
  secret: string;
  now: Instant;
}

const verifier = Stripe.webhooks.signature ?? raise();

function raise(): never {
  throw new Error("this build of the stripe library verifies no signatures");
}

/** Whether Stripe sent this body to the endpoint that has this secret. */
export function verifySignature({ body, header, secret, now }: SignedDelivery): SignatureCheck {
  if (header === undefined || header === "") return "missing";
  // Stripe's own comparison throws over letters of more than one byte.
  const is_plain = header.length <= MAX_HEADER_LENGTH && PRINTABLE.test(header) && header.includes("v1=");
  const signed_at = is_plain ? SIGNED_AT.exec(header)?.[1] : undefined;
  const text = exactText(body);
  if (signed_at === undefined || text === null) return "malformed";
  try {
    verifier.verifyHeader(text, header, secret, TOLERANCE_SECONDS, undefined, now);
    return "ok";
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeSignatureVerificationError)) throw error;
    return Math.floor(now / 1000) - Number(signed_at) > TOLERANCE_SECONDS ? "too_old" : "wrong";
  }
}

/** The body as text, where decoding loses nothing: two bodies that differ never read the same. */
function exactText(body: Uint8Array): string | null {
  if (body.length === 0 || !isUtf8(body)) return null;
  const text = Buffer.from(body).toString("utf8");
  return text.startsWith(BYTE_ORDER_MARK) ? null : text;
}

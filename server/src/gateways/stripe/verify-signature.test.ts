import fc from "fast-check";
import { Stripe } from "stripe";
import { describe, expect, test } from "vitest";
import { TOLERANCE_SECONDS, verifySignature } from "./verify-signature.ts";

const secret = "whsec_test_of_signatures";
const now = Date.UTC(2026, 10, 21, 12);
const payload = JSON.stringify({ id: "evt_1", object: "event", name: "Zoë" });
const body = Buffer.from(payload);
const timestamp = now / 1000;

function signed(at = timestamp, with_secret = secret): string {
  return Stripe.webhooks.generateTestHeaderString({ payload, secret: with_secret, timestamp: at });
}

const check = (changes: Partial<Parameters<typeof verifySignature>[0]>) =>
  verifySignature({ body, header: signed(), secret, now, ...changes });

describe("A delivery is believed when Stripe signed these bytes with this secret", () => {
  test("just now", () => expect(check({})).toBe("ok"));

  test("also while the secret is being rolled, when the header has two signatures", () => {
    const other = signed(timestamp, "whsec_other").replace(/^t=\d+,/u, "");
    expect(check({ header: `${signed()},${other}` })).toBe("ok");
  });

  test("for five minutes of the given clock, to the second", () => {
    expect(check({ now: now + TOLERANCE_SECONDS * 1000 })).toBe("ok");
    expect(check({ now: now + (TOLERANCE_SECONDS + 1) * 1000 })).toBe("too_old");
  });
});

describe("Anything else is refused by a value", () => {
  test("no header", () => {
    expect(check({ header: undefined })).toBe("missing");
    expect(check({ header: "" })).toBe("missing");
  });

  test("a header that is none", () => {
    for (const header of ["v1=00", "t=now,v1=00", `t=${timestamp}`, "N/A", `t=${timestamp},v0=00`]) {
      expect(check({ header })).toBe("malformed");
    }
    expect(check({ header: `${signed()},${"v1=00,".repeat(1000)}` })).toBe("malformed");
  });

  test("another endpoint's secret, or none", () => {
    expect(check({ secret: "whsec_another" })).toBe("wrong");
    expect(check({ secret: "" })).toBe("wrong");
  });

  test("a body that reads the same and is not the same", () => {
    expect(check({ body: Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), body]) })).toBe("malformed");
    expect(check({ body: Buffer.alloc(0) })).toBe("malformed");
    const replaced = "\uFFFD";
    const header = Stripe.webhooks.generateTestHeaderString({ payload: replaced, secret, timestamp });
    expect(check({ body: Buffer.from(replaced), header })).toBe("ok");
    expect(check({ body: Buffer.from([0xff]), header })).toBe("malformed");
  });

  test("any flipped bit of the body", () => {
    fc.assert(
      fc.property(fc.nat({ max: body.length * 8 - 1 }), (bit) => {
        const flipped = Buffer.from(body);
        flipped.writeUInt8(flipped.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
        expect(check({ body: flipped })).not.toBe("ok");
      }),
    );
  });

  test("any flipped bit of the time or of the signature", () => {
    const header = signed();
    fc.assert(
      fc.property(fc.nat({ max: header.length * 8 - 1 }), (bit) => {
        const flipped = Buffer.from(header, "latin1");
        flipped.writeUInt8(flipped.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
        expect(check({ header: flipped.toString("latin1") })).not.toBe("ok");
      }),
      { numRuns: 500 },
    );
  });

  test("any text as a header", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (header) => {
        expect(check({ header })).not.toBe("ok");
      }),
    );
  });
});

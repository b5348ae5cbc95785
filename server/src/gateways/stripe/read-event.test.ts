import { existsSync, readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LISTENED_EVENTS } from "./listened-events.ts";
import { readEvent } from "./read-event.ts";
import { charge, eventOf, intent, new_invoice, old_invoice, readAs, session, subscription } from "./testing-events.ts";

const fixtures = new URL("../../../../../shared/fixtures/stripe/", import.meta.url);
const files = existsSync(fixtures) ? readdirSync(fixtures).filter((name) => /^[a-z].*\.json$/u.test(name)) : [];

function kindOf(type: string): string {
  if (type === "invoice_payment.paid") return "invoice_payment";
  if (type === "customer.subscription.trial_will_end") return "ignored";
  if (type.startsWith("customer.subscription.")) return "subscription";
  if (type.startsWith("charge.dispute.")) return "dispute";
  if (type.startsWith("refund.") || type === "charge.refunded") return "refund";
  return type.startsWith("invoice.") ? "payment" : "needs_lookup";
}

describe.runIf(files.length > 0)("Every published event is read into its kind", () => {
  test.each(files)("%s", (name) => {
    const event = JSON.parse(readFileSync(new URL(name, fixtures), "utf8")) as { id: string; type: string };
    const read = readEvent(event);
    expect(read.kind).toBe(kindOf(event.type));
    expect(read).toMatchObject({ event_id: event.id, type: event.type, is_live: false });
  });
});

describe("Any JSON is read, and never throws", () => {
  const samples = [new_invoice, old_invoice, intent, charge, session, subscription];

  test("whatever it is", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (json) => {
        expect(readEvent(json).kind).toBe("unreadable");
      }),
    );
  });

  test("whatever stands in an event in place of its object", () => {
    fc.assert(
      fc.property(fc.constantFrom(...LISTENED_EVENTS), fc.jsonValue(), (type, object) => {
        expect(readEvent(eventOf(type, object)).event_id).toBe("evt_1");
      }),
    );
  });

  test("whatever stands in place of one of its fields; amounts are whole and no instant is a fraction", () => {
    const anywhere = fc.constantFrom(...samples);
    const strange = fc.oneof(fc.jsonValue(), fc.double(), fc.constantFrom("\0", "\uD800", -1, 1e300, "x".repeat(9999)));
    fc.assert(
      fc.property(fc.constantFrom(...LISTENED_EVENTS), anywhere, fc.nat(99), strange, (type, sample, index, value) => {
        const object = structuredClone(sample) as Record<string, unknown>;
        const names = fieldsOf(object);
        const { owner, name } = names[index % names.length]!;
        owner[name] = value;
        const read = readEvent(eventOf(type, object));
        expect(fractionsIn(read)).toEqual([]);
        expect(JSON.stringify(read)).not.toContain(String.raw`\u0000`);
      }),
      { numRuns: 2000 },
    );
  });
});

describe("An event that cannot be understood says why", () => {
  test("what is no event", () => {
    for (const json of [
      null,
      [],
      "event",
      {},
      eventOf("invoice.paid", {}, { id: 7 }),
      eventOf("x", {}, { livemode: 1 }),
    ]) {
      expect(readAs("unreadable", json as never).reason).toBe("not_an_event");
    }
  });

  test("an event without its object, or with one that lacks what matters", () => {
    expect(readAs("unreadable", eventOf("invoice.paid", null)).reason).toBe("no_object");
    for (const type of LISTENED_EVENTS.filter((name) => !/voided|uncollectible/u.test(name))) {
      expect(readAs("unreadable", eventOf(type, {})).reason).toBe("object_incomplete");
    }
  });

  test("what nobody listens to is left alone, also a name that every object has", () => {
    for (const type of ["customer.created", "constructor", "__proto__"]) {
      expect(readAs("ignored", eventOf(type, {})).reason).toBe("type_not_listened_to");
    }
    expect(readAs("ignored", eventOf("invoice.voided", { id: "in_1" })).reason).toBe("no_money_moved");
  });
});

function fieldsOf(owner: Record<string, unknown>): { owner: Record<string, unknown>; name: string }[] {
  return Object.keys(owner).flatMap((name) => {
    const value = owner[name];
    const inner = typeof value === "object" && value !== null ? fieldsOf(value as Record<string, unknown>) : [];
    return [{ owner, name }, ...inner];
  });
}

function fractionsIn(value: unknown): unknown[] {
  if (typeof value === "number") return Number.isSafeInteger(value) && value >= 0 ? [] : [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(fractionsIn) : [];
}

import { expect, test } from "vitest";
import { at, catalogOf, contextOf, factsOf, memberOf, packOf } from "../testing.ts";
import { decideUpdateContact, type ContactTold } from "./update-contact.ts";

const now = at("2026-11-04T12:00");
const catalog = catalogOf([packOf("pack")]);
const known = { ...memberOf([]).contact, email: "ann@example.com", name: "Ann", told_at: now - 1000 };

function update(told: Partial<ContactTold>, member = memberOf([], { contact: known })) {
  const ask = { email: null, name: null, phone: null, told_at: now, ...told };
  return decideUpdateContact(factsOf(member, catalog), ask, contextOf(now));
}

test.each<[string, Partial<ContactTold>, object | null]>([
  [
    "a new name replaces the old one, what is not said stays",
    { name: "Anna" },
    { name: "Anna", email: "ann@example.com" },
  ],
  ["a phone number fills what was empty", { phone: "+15550100" }, { phone: "+15550100", name: "Ann" }],
  ["the same again changes nothing, as our own write-back does", { name: "Ann", email: "ann@example.com" }, null],
  ["what was told earlier than what is known changes nothing", { name: "Annie", told_at: now - 1001 }, null],
  ["told at the same instant, the first stands", { name: "Annie", told_at: now - 1000 }, null],
])("Clarification 26. %s", (_, told, expected) => {
  const decision = update(told);
  expect(decision).toMatchObject({
    outcome: { reason_code: expected ? "contact_updated" : "duplicate_event" },
    changes: expected ? { contact: expected } : null,
  });
});

test("Clarification 26. Somebody who has no books here gets none", () => {
  const decision = decideUpdateContact(
    factsOf(null, catalog),
    { email: null, name: "X", phone: null, told_at: now },
    contextOf(now),
  );
  expect(decision).toMatchObject({ outcome: { reason_code: "contact_unused" }, changes: null });
});

import { describe, expect, test } from "vitest";
import { decideSyncBooking } from "../bookings/sync-booking.ts";
import { BOOKED_AT, bookingIn, STARTS_AT, sync, typesOf, versionOf } from "../bookings/testing-bookings.ts";
import { brokenInvariants } from "../credits/testing-audit.ts";
import { TestLedger } from "../credits/testing-ledger.ts";
import type { Decision } from "../decision.ts";
import { catalogOf, membershipOf, packOf } from "../testing.ts";
import { DAY, HOUR } from "../time/local-days.ts";
import { decideMergeContacts } from "./merge-contacts.ts";

const configs = [
  packOf("pack", { expiry_days: 60, calendars: ["yoga", "pool"] }),
  membershipOf("gold", { calendars: ["spa"] }),
  membershipOf("unlimited", { monthly_credits: "unlimited", calendars: ["gym"] }),
];

function start(external_id: string): TestLedger {
  const ledger = new TestLedger(catalogOf(configs), BOOKED_AT);
  ledger.contact = { ...ledger.contact, id: `contact-${external_id}`, external_id };
  return ledger;
}

/** What a transaction would load for it, and write: both contacts, with the bookings of the first that stand. */
function merge(from: TestLedger, to: TestLedger) {
  const whole = (ledger: TestLedger) => {
    const { member } = ledger.facts();
    return {
      ...member!,
      charges: ledger.charges(),
      appointments: [...ledger.appointments.values()],
      lots: ledger.lots,
    };
  };
  const related = whole(to);
  const made = from.decide(
    decideMergeContacts,
    null,
    { ...from.facts(), member: whole(from), related },
    `merge-${from.contact.id}`,
  );
  if (made.related) {
    const { changes, member } = made.related;
    const asDecided = (): Decision => ({ outcome: made.outcome, changes, member });
    to.decide(asDecided, null, to.facts(), `merge-${from.contact.id}`);
  }
  return made.outcome;
}

const yoga = { calendar_id: "yoga", appointment_time: STARTS_AT };

describe("Rule 29. Merged contacts: credits, memberships and bookings go over", () => {
  test("credits with their expiry, by adjustments on both sides, and nothing is left behind", () => {
    const [from, to] = [start("old"), start("new")];
    from.grant("pack");
    to.grant("pack");
    from.deduct({ ...yoga, amount: 3 });
    expect(merge(from, to)).toMatchObject({ reason_code: "contacts_merged", credits: 7 });
    expect(from.entries.at(-1)).toMatchObject({ type: "adjust_down", amount: 7, reason: "merged" });
    expect(to.entries.at(-1)).toMatchObject({ type: "adjust_up", amount: 7, reason: "merged" });
    expect(from.lots.map(({ available, live }) => [available, live])).toEqual([[0, false]]);
    expect(to.lots.map(({ available }) => available)).toEqual([10, 7]);
    expect(to.lots[1]).toMatchObject({ expires_at: from.lots[0]!.expires_at, payment_event_id: null });
    expect(from.contact.merged_into).toBe("new");
    expect([from, to].flatMap(brokenInvariants)).toEqual([]);
  });

  test("memberships with their periods; the next boundary is the other's", () => {
    const [from, to] = [start("old"), start("new")];
    from.grant("gold");
    from.grant("unlimited");
    expect(merge(from, to)).toMatchObject({ memberships: 2 });
    const [was] = [...from.memberships.values()];
    const [is] = [...to.memberships.values()];
    expect(was).toMatchObject({ status: "ended" });
    expect(is).toMatchObject({ status: "active", open_until: was!.open_until });
    expect(to.lot(is!.periods[0]!.lot_id)).toMatchObject({ available: 8, membership_id: is!.id, origin: "period" });
    expect([from.contact.next_due_at, to.contact.next_due_at]).toEqual([null, is!.open_until]);
    expect(to.deduct({ calendar_id: "gym" }).outcome).toMatchObject({ reason_code: "deducted", unlimited: true });
    to.now = is!.open_until;
    to.grant("gold");
    expect(to.memberships.get(is!.id)?.periods).toHaveLength(2);
  });

  test("where the other has a membership of that config, its own goes on and these credits live to their end", () => {
    const [from, to] = [start("old"), start("new")];
    from.grant("gold");
    to.grant("gold");
    expect(merge(from, to)).toMatchObject({ memberships: 0, credits: 8 });
    expect(to.lots[1]).toMatchObject({ membership_id: null, origin: "adjustment", available: 8 });
    expect([...to.memberships.values()].map(({ status }) => status)).toEqual(["active"]);
  });

  test("a held booking is held by the other, and follows its provider under either name", () => {
    const [from, to] = [start("old"), start("new")];
    from.grant("pack");
    sync(from, { contact_external_id: "old" });
    expect(merge(from, to)).toMatchObject({ bookings: 1, credits: 10 });
    expect(typesOf(from)).toEqual(["hold", "release"]);
    expect(to.lots.map(({ available, held }) => [available, held])).toEqual([[9, 1]]);
    expect(bookingIn(from)).toMatchObject({ status: "deleted", settles_at: null });

    to.booking_versions.push(...from.booking_versions);
    to.now = STARTS_AT - 30 * HOUR;
    const version = versionOf({ contact_external_id: "old", status: "cancelled", updated_at: to.now });
    const facts = { ...to.facts("b"), aliases: ["old"] };
    to.decide(decideSyncBooking, { contact_external_id: "old", version }, facts);
    expect(typesOf(to)).toEqual(["hold", "release"]);
    expect([from, to].flatMap(brokenInvariants)).toEqual([]);
  });

  test("what was used stays where it was used, and is not charged again", () => {
    const [from, to] = [start("old"), start("new")];
    from.grant("pack");
    sync(from, { contact_external_id: "old" });
    from.now = STARTS_AT + HOUR;
    sync(from, { contact_external_id: "old", status: "showed", updated_at: from.now });
    merge(from, to);
    to.booking_versions.push(...from.booking_versions);
    to.now = from.now + HOUR;
    const version = versionOf({ contact_external_id: "new", status: "noshow", updated_at: to.now });
    to.decide(decideSyncBooking, { contact_external_id: "new", version }, { ...to.facts("b"), aliases: ["old"] });
    expect(typesOf(to)).toEqual([]);
    expect(to.lots.map(({ available }) => available)).toEqual([9]);
  });

  test("a deduction of the API for a service to come can be restored by the other", () => {
    const [from, to] = [start("old"), start("new")];
    from.grant("pack");
    from.deduct({ ...yoga, amount: 2, external_ref: "b" });
    merge(from, to);
    expect(to.restore({ external_ref: "b", amount: 2 })).toMatchObject({ reason_code: "restored", balance_after: 10 });
    expect([from, to].flatMap(brokenInvariants)).toEqual([]);
  });

  test("an unfunded booking is paid by the other where it was paid for by then", () => {
    const [from, to] = [start("old"), start("new")];
    to.grant("pack", { paid_at: BOOKED_AT - DAY });
    sync(from, { contact_external_id: "old" });
    merge(from, to);
    expect(typesOf(to)).toEqual(["hold"]);
    expect(bookingIn(to).unfunded).toBeNull();
  });

  test("into itself it changes nothing, and into nobody it is refused", () => {
    const ledger = start("old");
    ledger.grant("pack");
    const facts = ledger.facts();
    const merged = (related: typeof facts.member) =>
      ledger.decide(decideMergeContacts, null, { ...facts, related }).outcome;
    expect(merged(facts.member)).toMatchObject({ reason_code: "contacts_merged", credits: 0 });
    expect(merged(null)).toEqual({ reason_code: "NOT_FOUND" });
    expect(ledger.lots[0]?.available).toBe(10);
  });
});

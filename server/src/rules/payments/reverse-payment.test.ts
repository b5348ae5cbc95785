import { describe, expect, test } from "vitest";
import { sync } from "../bookings/testing-bookings.ts";
import { brokenInvariants } from "../credits/testing-audit.ts";
import { at, bookingOf, catalogOf, contextOf, memberOf, membershipOf, packOf } from "../testing.ts";
import { DAY } from "../time/local-days.ts";
import { decideRecordRefund } from "./record-reversal.ts";
import { itemOf, TestPayments } from "./testing-payments.ts";

const now = at("2026-11-04T09:00");
const catalog = catalogOf([
  packOf("pack", { stripe_product_id: "prod_pack", expiry_days: 30 }),
  packOf("odd", { stripe_product_id: "prod_odd", credits_total: 3 }),
  membershipOf("gold", { stripe_product_id: "prod_gold", rollover: "all" }),
  membershipOf("endless", { stripe_product_id: "prod_endless", monthly_credits: "unlimited" }),
]);

function paid(changes: Parameters<TestPayments["pay"]>[0] = {}): TestPayments {
  const ledger = new TestPayments(catalog, now);
  ledger.pay(changes);
  return ledger;
}

/** A hold as a booking posts it. */
function hold(ledger: TestPayments, amount: number, external_ref: string): void {
  const [lot] = ledger.lots;
  ledger.seed({ ...lot!, available: lot!.available - amount, held: lot!.held + amount });
  ledger.appointments.set(external_ref, bookingOf({ external_id: external_ref, source: "ghl" }));
  const entry_number = ledger.contact.entry_count + 1;
  ledger.contact = { ...ledger.contact, entry_count: entry_number };
  ledger.entries.push({
    entry_number,
    type: "hold",
    amount,
    entitlement_id: lot!.id,
    to_entitlement_id: null,
    balance_after: lot!.available - amount,
    reason: "booked",
    reverses: null,
    service_on: "2026-11-10",
    external_ref,
    occurred_at: ledger.now,
    is_due: false,
    correlation_id: `booking-${external_ref}`,
  });
}

const posted = (ledger: TestPayments, from = 1) =>
  ledger.entries.slice(from).map(({ type, amount }) => `${type} ${amount}`);

describe("Rule 34. A refund takes in the ratio of all that was given back, once", () => {
  test.each([
    ["all of it", "prod_pack", 10_000, 10],
    ["half of it", "prod_pack", 5000, 5],
    ["exactly half a credit: up", "prod_pack", 500, 1],
    ["a little less", "prod_pack", 499, 0],
    ["more than was paid", "prod_pack", 99_999, 10],
    ["a third of three credits", "prod_odd", 3333, 1],
    ["half of three credits", "prod_odd", 5000, 2],
  ])("%s", (_, product_id, refunded, taken) => {
    const ledger = paid({ items: [itemOf({ product_id })] });
    expect(ledger.refund(refunded)).toMatchObject({ reason_code: "refund_recorded", taken, shortfall: 0 });
    expect(brokenInvariants(ledger)).toEqual([]);
  });

  test("cumulative: partial refunds neither drift nor double, and the figure and the refunds are the same money", () => {
    const ledger = paid({ items: [itemOf({ product_id: "prod_odd" })] });
    const taken = [3333, 6666, 6666, 10_000].map((amount) => ledger.refund(amount)["taken"]);
    expect(taken).toEqual([1, 1, 0, 1]);
    expect(ledger.refund(10_000, { refund_id: "re_1" })).toMatchObject({ taken: 0, refunded_cents: 10_000 });
  });

  test("a cumulative figure that grew is true since it grew, in whatever order that is heard of", () => {
    const [first, second] = [now + DAY, now + 3 * DAY];
    const tellings = [
      [4000, first],
      [9000, second],
    ] as const;
    for (const told of [tellings, tellings.toReversed()]) {
      const ledger = paid();
      ledger.now += 4 * DAY;
      for (const [cents, refunded_at] of told) ledger.refund(cents, { refunded_at });
      expect(ledger.entries.at(-1)).toMatchObject({ type: "refund", occurred_at: second });
    }
  });

  test("one that is heard of days after it was given is shown to staff; told again in time, it is not", () => {
    const ledger = paid();
    ledger.refund(1000, { refund_id: "re_1" });
    ledger.now += 2 * DAY;
    ledger.refund(2000, { refund_id: "re_2", refunded_at: now });
    ledger.now += 5 * DAY;
    ledger.refund(1000, { refund_id: "re_1", refunded_at: now });
    expect(ledger.payment.flags).toEqual([]);
    ledger.refund(3000, { refund_id: "re_3", refunded_at: now });
    expect(ledger.payment.flags).toEqual(["late"]);
  });

  test("refunds by their ids add up, each once, and only once they have succeeded", () => {
    const ledger = paid();
    expect(ledger.refund(2000, { refund_id: "re_1", status: "pending" })).toMatchObject({ taken: 0 });
    expect(ledger.refund(2000, { refund_id: "re_1" })).toMatchObject({ taken: 2 });
    expect(ledger.refund(2000, { refund_id: "re_1" })).toMatchObject({ taken: 0 });
    expect(ledger.refund(3000, { refund_id: "re_2" })).toMatchObject({ taken: 3, refunded_cents: 5000 });
  });

  test("a refund that failed later is undone in its own accounts, also where a figure had counted it", () => {
    const ledger = paid();
    ledger.deduct({ amount: 4, product_config_id: "pack" });
    ledger.refund(10_000);
    ledger.refund(10_000, { refund_id: "re_1" });
    expect(ledger.balance).toBe(0);
    expect(ledger.refund(10_000, { refund_id: "re_1", status: "failed" })).toMatchObject({ taken: -6, shortfall: -4 });
    expect(posted(ledger, 2)).toEqual(["refund 6", "shortfall 4", "shortfall_undone 4", "refund_undone 6"]);
    expect(ledger.payment.flags).toEqual([]);
    expect(ledger.lots).toMatchObject([{ state: "open", available: 6, live: true }]);
    expect(ledger.refund(10_000, { refund_id: "re_1" })).toMatchObject({ taken: 0 });
    expect(brokenInvariants(ledger)).toEqual([]);
  });

  test("what comes back to a lot that is over meanwhile expires", () => {
    const ledger = paid();
    ledger.refund(10_000, { refund_id: "re_1" });
    ledger.now += 60 * DAY;
    ledger.refund(10_000, { refund_id: "re_1", status: "failed" });
    expect(posted(ledger)).toEqual(["refund 10", "refund_undone 10", "expire 10"]);
  });

  test("what comes back to a lot that was swept meanwhile expires, though only a part was refunded", () => {
    const ledger = paid();
    ledger.refund(5000, { refund_id: "re_1" });
    ledger.now += 60 * DAY;
    ledger.settle();
    ledger.refund(5000, { refund_id: "re_1", status: "failed" });
    expect(posted(ledger)).toEqual(["refund 5", "expire 5", "refund_undone 5", "expire 5"]);
    expect(ledger.lots).toMatchObject([{ live: false, available: 0 }]);
  });

  test("available first, then held, the latest booking first, which is flagged; what is spent is a shortfall for staff", () => {
    const ledger = paid();
    ledger.deduct({ amount: 2, product_config_id: "pack" });
    hold(ledger, 2, "early");
    hold(ledger, 4, "late");
    expect(ledger.refund(7000)).toMatchObject({ taken: 7, shortfall: 0 });
    expect(posted(ledger, 4)).toEqual(["refund 2", "release 4", "refund 4", "release 1", "refund 1"]);
    expect(ledger.appointments.get("late")).toMatchObject({ flags: ["funding_refunded"] });
    expect(ledger.refund(10_000)).toMatchObject({ taken: 1, shortfall: 2 });
    expect(ledger.payment).toMatchObject({ flags: ["shortfall"], items: [{ taken: 8, shortfall: 2 }] });
    expect(brokenInvariants(ledger)).toEqual([]);
  });

  test("a booking whose funding was refunded gives nothing back when it is cancelled, told again or settled", () => {
    for (const status of ["confirmed", "cancelled", "showed"] as const) {
      const ledger = paid();
      sync(ledger, { starts_at: now + 10 * DAY });
      expect(ledger.refund(10_000)).toMatchObject({ taken: 10, shortfall: 0 });
      expect(ledger.appointments.get("b")?.flags).toContain("funding_refunded");
      ledger.now += DAY;
      for (let times = 0; times < 2; times += 1)
        sync(ledger, { starts_at: now + 10 * DAY, status, updated_at: ledger.now });
      expect(ledger.lots.map(({ available, held }) => available + held)).toEqual([0]);
      expect(brokenInvariants(ledger)).toEqual([]);
    }
  });

  test("bookings that one grant settled and that it takes back count towards no limit any more (rule 12), each for itself", () => {
    const pack = packOf("pack", { stripe_product_id: "prod_pack", limits: { per_day: 3 } });
    const ledger = new TestPayments(catalogOf([pack], { auto_settle: true }), now);
    ledger.is_batch = true;
    for (const external_id of ["a", "b"]) sync(ledger, { external_id });
    ledger.pay();
    const bookings = () => (ledger.facts().member?.usage ?? []).reduce((sum, day) => sum + day.bookings, 0);
    expect(bookings()).toBe(2);
    ledger.refund(9000);
    expect(bookings()).toBe(1);
    ledger.refund(10_000);
    expect(bookings()).toBe(0);
  });

  test("a payment of a contact that was merged into another: its books are closed, so staff take what is refunded", () => {
    const ledger = paid();
    const { member, ...facts } = ledger.paymentFacts(ledger.payment.keys, now);
    const contact = { ...member!.contact, id: "survivor", external_id: "survivor" };
    const asked = { ...facts, payer: member, aliases: ["ext"], member: memberOf([], { contact }) };
    const refund = { ...ledger.payment, keys: [...ledger.payment.keys], provider: "stripe" as const, is_live: true };
    const told = { ...refund, refund_id: null, amount_cents: 5000, status: "succeeded" as const, refunded_at: now };
    const decision = decideRecordRefund(asked, { refund: told }, contextOf(now));
    expect(decision).toMatchObject({
      outcome: { reason_code: "refund_recorded", taken: 0, shortfall: 5 },
      changes: { entries: [], payments: [{ contact_id: "contact", flags: ["shortfall"] }] },
    });
    expect(decideRecordRefund({ ...asked, aliases: [] }, { refund: told }, contextOf(now))).toMatchObject({
      outcome: { reason_code: "PAYMENT_ELSEWHERE" },
    });
  });

  test("T11: only that payment's lots, whatever else the member has", () => {
    const ledger = paid();
    ledger.pay({ names: ["pi_2"] });
    ledger.deduct({ amount: 10, product_config_id: "pack" });
    expect(ledger.refund(10_000)).toMatchObject({ taken: 0, shortfall: 10 });
    expect(ledger.balance).toBe(10);
  });

  test("a membership's full refund touches that period only, and what of it rolled over", () => {
    const period = (start: string, end: string) => ({ start_at: at(start), end_at: at(end) });
    const gold = { items: [itemOf({ product_id: "prod_gold" })], subscription_id: "sub_1" };
    const ledger = paid({ ...gold, period: period("2026-11-04T09:00", "2026-12-04T00:00") });
    ledger.deduct({ amount: 3, product_config_id: "gold" });
    ledger.now = at("2026-12-04T09:00");
    ledger.pay({ ...gold, names: ["pi_2"], period: period("2026-12-04T00:00", "2027-01-04T00:00") });
    expect(ledger.balance).toBe(13);
    expect(ledger.refund(10_000)).toMatchObject({ taken: 5, shortfall: 3 });
    expect(ledger.balance).toBe(8);
    expect([...ledger.memberships.values()]).toMatchObject([{ status: "active" }]);
  });

  test("an unlimited period that is refunded whole covers nothing any more", () => {
    const ledger = paid({ items: [itemOf({ product_id: "prod_endless" })] });
    ledger.refund(9999);
    expect(ledger.lots).toMatchObject([{ state: "open" }]);
    ledger.refund(10_000);
    expect(ledger.lots).toMatchObject([{ state: "revoked" }]);
  });

  test("several items share a refund by amount; what was free or is of unknown price loses nothing", () => {
    const items = [itemOf({ amount_cents: 7500 }), itemOf({ amount_cents: 2500 }), itemOf({ amount_cents: 0 })];
    const ledger = paid({ items });
    expect(ledger.refund(5000)).toMatchObject({ taken: 10 });
    expect(ledger.payment.items.map(({ taken }) => taken)).toEqual([5, 5, 0]);
    expect(paid({ amount_cents: 0 }).refund(100)).toMatchObject({ taken: 0, shortfall: 0 });
    expect(paid({ amount_cents: null }).refund(100)).toMatchObject({ taken: 0, shortfall: 0 });
  });

  test("out of a lot that a cancellation voided nothing is missing", () => {
    const ledger = paid();
    const [lot] = ledger.lots;
    ledger.seed({ ...lot!, state: "revoked", available: 0, live: false });
    expect(ledger.refund(10_000)).toMatchObject({ taken: 10, shortfall: 0 });
    expect(posted(ledger)).toEqual([]);
  });

  test("given back out of a booking after the refund: to `refunded`, not to the member", () => {
    const ledger = paid();
    ledger.deduct({ amount: 2, product_config_id: "pack", external_ref: "class" });
    ledger.refund(10_000);
    ledger.restore({ amount: 2, external_ref: "class" });
    expect(ledger.balance).toBe(0);
    expect(brokenInvariants(ledger)).toEqual([]);
  });

  test("T17: a refund whose payment is unknown is kept, and applied in the decision that records the payment", () => {
    const ledger = new TestPayments(catalog, now);
    expect(ledger.refund(5000, { refund_id: "re_1" })).toEqual({ reason_code: "refund_kept" });
    expect(ledger.dispute("open")).toEqual({ reason_code: "dispute_kept" });
    expect(ledger.entries).toEqual([]);
    ledger.pay();
    expect(posted(ledger, 0)).toEqual(["grant 10", "refund 5"]);
    expect(ledger.lots).toMatchObject([{ state: "paused", available: 5 }]);
    expect(ledger.kept).toEqual([]);
  });

  test("a telling of the payment that says what was given back of it counts", () => {
    const ledger = paid();
    ledger.pay({ refunded_cents: 4000 });
    expect(ledger.balance).toBe(6);
  });

  test("a test refund or dispute, or one while billing is suspended, changes nothing", () => {
    const ledger = paid();
    expect(ledger.refund(5000, { is_live: false })).toEqual({ reason_code: "test_payment_ignored" });
    ledger.is_billing_live = false;
    expect(ledger.dispute("open")).toEqual({ reason_code: "BILLING_SUSPENDED" });
    expect(ledger.balance).toBe(10);
  });
});

describe("Rule 35. A dispute suspends the payment's lots", () => {
  const opened = now + DAY;

  test("open: paused, the clock stands; won: released with the days added, also told twice", () => {
    const ledger = paid();
    ledger.now = opened;
    expect(ledger.dispute("open")).toMatchObject({ reason_code: "dispute_recorded", taken: 0 });
    expect(ledger.check({ product_config_id: "pack" }).outcome).toMatchObject({ detail: "ENTITLEMENT_PAUSED" });
    ledger.now = opened + 5 * DAY;
    ledger.dispute("won");
    ledger.now += DAY;
    ledger.dispute("won");
    expect(ledger.lots).toMatchObject([{ state: "open", expires_at: at("2026-12-10T00:00"), available: 10 }]);
    expect(posted(ledger)).toEqual([]);
  });

  test("won after the lot would have expired: it lives for the days that it stood", () => {
    const ledger = paid();
    ledger.now = opened;
    ledger.dispute("open");
    ledger.now = opened + 60 * DAY;
    ledger.settle();
    ledger.dispute("won");
    expect(ledger.lots).toMatchObject([
      { state: "open", live: true, available: 10, expires_at: at("2027-02-03T00:00") },
    ]);
  });

  test("heard of after the lot was swept: what expired while it should have stood comes back", () => {
    const ledger = paid();
    ledger.now = at("2026-12-05T02:00");
    ledger.settle();
    expect(posted(ledger)).toEqual(["expire 10"]);
    const changed_at = at("2026-12-04T23:00");
    ledger.dispute("open", { changed_at });
    expect(ledger.lots).toMatchObject([{ state: "paused", live: true, available: 10 }]);
    ledger.dispute("open", { changed_at });
    ledger.now = at("2026-12-09T12:00");
    ledger.dispute("won");
    expect(posted(ledger)).toEqual(["expire 10", "reinstate 10"]);
    expect(ledger.lots).toMatchObject([{ state: "open", expires_at: at("2026-12-10T00:00") }]);
    expect(brokenInvariants(ledger)).toEqual([]);
  });

  test("a lot that had expired before is not revived", () => {
    const ledger = paid();
    ledger.now = at("2026-12-06T09:00");
    ledger.dispute("open");
    ledger.dispute("won", { changed_at: ledger.now + 5 * DAY });
    expect(ledger.lots).toMatchObject([{ live: false, available: 0, expires_at: at("2026-12-05T00:00") }]);
  });

  test("what was expired before and is still held for a booking lives no longer", () => {
    const ledger = paid();
    hold(ledger, 3, "b");
    ledger.now = at("2026-12-06T09:00");
    ledger.dispute("open");
    ledger.now += 3 * DAY;
    ledger.dispute("won");
    expect(ledger.lots).toMatchObject([{ held: 3, expires_at: at("2026-12-05T00:00") }]);
  });

  test("won, and lost after all: the later decision counts, whichever is told first", () => {
    for (const [first, second] of [
      [1, 2],
      [2, 1],
    ] as const) {
      const ledger = paid();
      ledger.dispute("won", { changed_at: now + first * DAY });
      ledger.dispute("lost", { changed_at: now + second * DAY });
      expect(ledger.balance).toBe(first < second ? 0 : 10);
    }
  });

  test("lost: as a full refund; won after all: given back, with the days", () => {
    const ledger = paid();
    ledger.now = opened;
    ledger.dispute("open");
    ledger.now += DAY;
    expect(ledger.dispute("lost")).toMatchObject({ taken: 10 });
    expect(ledger.lots).toMatchObject([{ state: "revoked", available: 0, live: false }]);
    ledger.now += DAY;
    ledger.dispute("won");
    expect(ledger.lots).toMatchObject([{ state: "open", available: 10, expires_at: at("2026-12-07T00:00") }]);
    expect(brokenInvariants(ledger)).toEqual([]);
  });

  test("lost where the amount is unknown: all of it", () => {
    const ledger = paid({ amount_cents: null });
    expect(ledger.dispute("lost")).toMatchObject({ taken: 10 });
  });

  test("T12, T15: dispute then refund of one charge claws once, also after a won dispute", () => {
    const lost = paid();
    lost.dispute("open");
    lost.dispute("lost");
    expect(lost.refund(10_000, { refund_id: "re_1" })).toMatchObject({ taken: 0, shortfall: 0 });
    expect(posted(lost)).toEqual(["refund 10"]);

    const won = paid();
    won.dispute("open");
    won.dispute("won");
    expect(won.refund(10_000, { refund_id: "re_1" })).toMatchObject({ taken: 10, shortfall: 0 });
    won.dispute("won");
    expect(posted(won)).toEqual(["refund 10"]);
  });
});

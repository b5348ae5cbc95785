import { describe, expect, test } from "vitest";
import { sync } from "../bookings/testing-bookings.ts";
import { brokenInvariants } from "../credits/testing-audit.ts";
import { at, catalogOf, contextOf, membershipOf, packOf } from "../testing.ts";
import { DAY, HOUR } from "../time/local-days.ts";
import { decideRecordPayment } from "./record-payment.ts";
import { itemOf, TestPayments, toldPayment } from "./testing-payments.ts";

const now = at("2026-11-04T09:00");
const pack = packOf("pack", { stripe_product_id: "prod_pack", ghl_product_id: "ghl_pack", expiry_days: 30 });
const catalog = catalogOf([
  pack,
  membershipOf("gold", { stripe_product_id: "prod_gold", ghl_product_id: "ghl_gold" }),
  packOf("intro", { stripe_product_id: "prod_intro", once_per_contact: true }),
  packOf("trial", { stripe_product_id: "prod_trial", once_per_contact: "hold" }),
]);
const start = (policy = {}) => new TestPayments({ ...catalog, policy: { ...catalog.policy, ...policy } }, now);
const ghl = (changes = {}) => ({ names: ["ghl_1"], items: [itemOf({ product_id: "ghl_pack" })], ...changes });

describe("Rule 32. The unit is the payment event", () => {
  test("any shared key is the same payment: names join, nothing is granted again", () => {
    const ledger = start();
    expect(ledger.pay({ names: ["pi_1"] })).toMatchObject({ reason_code: "payment_recorded", status: "recorded" });
    expect(ledger.pay({ names: ["ch_1", "pi_1"] })).toMatchObject({
      reason_code: "duplicate_payment_event",
      granted: [],
    });
    expect(ledger.pay({ names: ["in_1", "ch_1"] })).toMatchObject({ reason_code: "duplicate_payment_event" });
    expect(ledger.payment.keys.map(({ key }) => key)).toEqual(["pi_1", "ch_1", "in_1"]);
    expect(ledger.entries).toMatchObject([{ type: "grant", amount: 10 }]);
  });

  test("what a later telling knows fills what is empty, and never overwrites", () => {
    const ledger = start();
    ledger.pay({ amount_cents: null, currency: null });
    ledger.pay({
      amount_cents: 9000,
      contact: { external_id: null, email: "ann@example.com", phone: "1", name: "Ann" },
    });
    ledger.pay({
      amount_cents: 8000,
      contact: { external_id: null, email: "other@example.com", phone: "2", name: "B" },
    });
    expect(ledger.payment).toMatchObject({ amount_cents: 9000, currency: "USD" });
    expect(ledger.contact).toMatchObject({ email: "ann@example.com", phone: "1", name: "Ann" });
  });

  test("a Stripe payment waits for GoHighLevel's, then grants with its original date", () => {
    const ledger = start({ stripe_settle_seconds: 120 });
    expect(ledger.pay()).toMatchObject({ status: "settling", granted: [] });
    ledger.now += 119_999;
    expect(ledger.settlePayment()).toMatchObject({ status: "settling" });
    ledger.now += 1;
    expect(ledger.settlePayment()).toMatchObject({ reason_code: "payment_recorded", status: "recorded" });
    expect(ledger.entries).toMatchObject([{ type: "grant", occurred_at: now }]);
    expect(ledger.settlePayment()).toMatchObject({ reason_code: "duplicate_payment_event" });
  });

  test("what was refunded before it was told is not forgotten while it waits", () => {
    const ledger = start({ stripe_settle_seconds: 120 });
    ledger.refund(4000);
    ledger.pay();
    expect(ledger.kept).toEqual([]);
    ledger.now += 120_000;
    ledger.settlePayment();
    expect(ledger.balance).toBe(6);
  });

  test("told again while it waits: it waits no longer for that", () => {
    const ledger = start({ stripe_settle_seconds: 120 });
    ledger.pay();
    ledger.now += 60_000;
    ledger.tell(toldPayment(now));
    expect(ledger.payment.settles_at).toBe(now + 120_000);
  });

  test("GoHighLevel, told of a payment that waits, grants at once and takes over the label", () => {
    const ledger = start({ stripe_settle_seconds: 120 });
    ledger.pay();
    expect(ledger.pay(ghl({ names: ["ghl_1", "pi_1"] }))).toMatchObject({ status: "recorded" });
    expect(ledger.payment).toMatchObject({ provider: "ghl", external_payment_id: "ghl_1", settles_at: null });
    ledger.now += 120_000;
    expect(ledger.settlePayment()).toMatchObject({ reason_code: "duplicate_payment_event" });
    expect(ledger.balance).toBe(10);
  });

  test("GoHighLevel, told after Stripe's was granted, joins as a duplicate", () => {
    const ledger = start();
    ledger.pay();
    expect(ledger.pay(ghl({ names: ["ghl_1", "pi_1"] }))).toMatchObject({ reason_code: "duplicate_payment_event" });
    expect(ledger.payment).toMatchObject({ provider: "ghl", keys: [{ key: "pi_1" }, { key: "ghl_1" }] });
    expect(ledger.balance).toBe(10);
  });

  test("a name that only now joins two: nothing is clawed, staff see it; what was not granted goes into the other", () => {
    const ledger = start();
    ledger.pay({ names: ["pi_1"] });
    ledger.pay({ names: ["pi_2"] });
    ledger.pay({ names: ["pi_1", "pi_2"] });
    expect([...ledger.payments.values()].map(({ flags }) => flags)).toEqual([[], ["told_twice"]]);
    expect(ledger.balance).toBe(20);

    const waiting = start({ stripe_settle_seconds: 120 });
    waiting.pay({ names: ["pi_1"] });
    waiting.pay({ names: ["in_1"] });
    waiting.refund(5000, { names: ["in_1"] });
    waiting.pay({ names: ["ghl_1", "pi_1", "in_1"], items: [itemOf({ product_id: "ghl_pack" })] });
    expect([...waiting.payments.values()]).toMatchObject([
      { status: "recorded" },
      { status: "dismissed", duplicate_of: waiting.payment.id },
    ]);
    expect(waiting.balance).toBe(5);
    expect(waiting.refund(10_000, { names: ["in_1"] })).toMatchObject({
      payment_event_id: waiting.payment.id,
      taken: 5,
    });
  });

  test("told for another contact than its own: nothing is written, and whose it is is told", () => {
    const ledger = start();
    ledger.pay();
    const facts = ledger.paymentFacts(toldPayment(now).keys, now);
    const other = { ...facts.member!, contact: { ...facts.member!.contact, id: "other", external_id: "other" } };
    const asked = { ...facts, member: other, payer: facts.member };
    expect(decideRecordPayment(asked, { payment: toldPayment(now), told_by: "test" }, contextOf(now))).toEqual({
      outcome: { reason_code: "PAYMENT_ELSEWHERE", external_contact_id: "ext" },
      changes: null,
      member: null,
    });
  });

  test("the API grants what its provider told of and nobody has granted yet; a duplicate of what was", () => {
    const ledger = start({ stripe_settle_seconds: 120 });
    ledger.pay({ items: [] });
    expect(ledger.grant("pack", { provider: "stripe", external_payment_id: "pi_1" })).toMatchObject({
      reason_code: "grant_applied",
      credits_granted: 10,
    });
    expect(ledger.payment).toMatchObject({ status: "recorded", amount_cents: 10_000 });
    ledger.now += 120_000;
    expect(ledger.settlePayment()).toMatchObject({ reason_code: "duplicate_payment_event" });
    expect(ledger.pay()).toMatchObject({ reason_code: "duplicate_payment_event" });
    expect(ledger.balance).toBe(10);
  });
});

describe("Rule 32. Likeness between providers holds back, within one it never does", () => {
  const second = (changes: Parameters<typeof ghl>[0] = {}) => ghl({ names: ["ghl_9"], ...changes });

  test("no shared key, same contact, product, amount, currency and time: held back, and listed with what it repeats", () => {
    const ledger = start();
    ledger.pay();
    expect(ledger.pay(second({ paid_at: now - 10 * 60_000 }))).toMatchObject({
      status: "probable_duplicate",
      granted: [],
    });
    expect([...ledger.payments.values()][1]).toMatchObject({ duplicate_of: ledger.payment.id });
    expect(ledger.balance).toBe(10);
  });

  test.each([
    ["more than ten minutes apart", { paid_at: now - 10 * 60_000 - 1 }],
    ["another amount", { amount_cents: 9999 }],
    ["an amount that nobody said", { amount_cents: null }],
    ["another currency", { currency: "EUR" }],
    ["another product", { items: [itemOf({ product_id: "ghl_gold" })] }],
  ])("%s: a payment of its own", (_, changes) => {
    const ledger = start();
    ledger.pay();
    expect(ledger.pay(second(changes))).toMatchObject({ status: "recorded", granted: [{ item: 1 }] });
  });

  test("two alike by one provider, under names of different kinds: two payments", () => {
    const ledger = start();
    ledger.pay({ names: ["in_1"] });
    expect(ledger.pay({ names: ["pi_2"] })).toMatchObject({ status: "recorded", granted: [{ credits: 10 }] });
  });

  test("a family buys two packs: four tellings, two by each provider, two grants", () => {
    const ledger = start({ stripe_settle_seconds: 120 });
    ledger.pay({ names: ["pi_1"] });
    ledger.pay({ names: ["pi_2"] });
    ledger.pay(ghl({ names: ["ghl_1", "pi_1"] }));
    ledger.pay(ghl({ names: ["ghl_2", "pi_2"] }));
    expect(ledger.balance).toBe(20);
  });

  test("two packs, and GoHighLevel names no charge: each of Stripe's repeats one of them", () => {
    const ledger = start({ stripe_settle_seconds: 120 });
    for (const name of ["ghl_1", "ghl_2"]) ledger.pay(ghl({ names: [name] }));
    for (const name of ["pi_1", "pi_2", "pi_3"]) ledger.pay({ names: [name] });
    ledger.now += 120_000;
    for (const { id } of ledger.payments.values()) ledger.settlePayment(id);
    const statuses = [...ledger.payments.values()].map(({ status }) => status);
    expect(statuses).toEqual(["recorded", "recorded", "probable_duplicate", "probable_duplicate", "recorded"]);
    expect(ledger.balance).toBe(30);
  });

  test("a payment whose charge GoHighLevel named is no repetition of another charge", () => {
    const ledger = start();
    ledger.pay(ghl({ names: ["ghl_1", "pi_1"] }));
    expect(ledger.pay({ names: ["pi_2"] })).toMatchObject({ status: "recorded" });
  });

  test("what is held back turns out to be one of its own: granted", () => {
    const ledger = start();
    ledger.pay(ghl({ names: ["ghl_1"] }));
    expect(ledger.pay({ names: ["pi_2"] })).toMatchObject({ status: "probable_duplicate" });
    expect(ledger.pay(ghl({ names: ["ghl_2", "pi_2"] }))).toMatchObject({ status: "recorded" });
    expect(ledger.balance).toBe(20);
  });
});

describe("Rule 33. Credits are granted when money is paid, not before", () => {
  test("pending waits for its update, with the date of the payment", () => {
    const ledger = start();
    const ordered = ghl({ status: "pending" });
    expect(ledger.pay(ordered)).toMatchObject({ status: "pending", granted: [] });
    ledger.now += HOUR;
    expect(ledger.pay(ghl())).toMatchObject({ status: "recorded" });
    expect(ledger.payment.paid_at).toBe(now + HOUR);
    expect(ledger.pay(ordered)).toMatchObject({ reason_code: "duplicate_payment_event", status: "recorded" });
    expect(ledger.balance).toBe(10);
  });

  test("a failed attempt is recorded and grants nothing; the next one may succeed, and a late failure changes nothing", () => {
    const ledger = start();
    expect(ledger.pay({ status: "failed" })).toMatchObject({ status: "failed" });
    expect(ledger.pay({ status: "pending" })).toMatchObject({ status: "failed" });
    expect(ledger.pay()).toMatchObject({ status: "recorded" });
    expect(ledger.pay({ status: "failed" })).toMatchObject({ reason_code: "duplicate_payment_event" });
    expect(ledger.balance).toBe(10);
  });

  test("a test payment never reaches live books; in a sandbox it does", () => {
    const live = start();
    expect(live.pay({ is_live: false })).toEqual({ reason_code: "test_payment_ignored" });
    expect(live.payments.size).toBe(0);
    expect(start({ sandbox: true }).pay({ is_live: false })).toMatchObject({ reason_code: "payment_recorded" });
  });

  test("while billing is suspended nothing is recorded: the event waits", () => {
    const ledger = start();
    ledger.is_billing_live = false;
    expect(ledger.pay()).toEqual({ reason_code: "BILLING_SUSPENDED" });
    expect(ledger.payments.size).toBe(0);
  });

  test("items are taken singly: resolved ones grant, quantity multiplies, the others wait for staff", () => {
    const ledger = start({ no_credit_products: new Set(["stripe:prod_mat"]) });
    const items = [
      itemOf({ quantity: 3 }),
      itemOf({ product_id: "prod_what" }),
      itemOf({ product_id: "prod_mat" }),
      itemOf({ product_id: "prod_gold" }),
    ];
    const outcome = ledger.pay({ items });
    expect(outcome).toMatchObject({
      granted: [
        { item: 1, credits: 30 },
        { item: 4, credits: 8 },
      ],
    });
    expect(ledger.payment.items.map(({ status, reason }) => [status, reason])).toEqual([
      ["granted", null],
      ["unmatched", "NO_PRODUCT_CONFIG"],
      ["no_credits", null],
      ["granted", null],
    ]);
    expect(brokenInvariants(ledger)).toEqual([]);
  });

  test("money that says nothing about what it bought waits; the lines that come later grant it", () => {
    const ledger = start();
    expect(ledger.pay({ items: [] })).toMatchObject({ status: "recorded", granted: [] });
    expect(ledger.payment.items).toMatchObject([{ status: "unmatched", reason: "NO_PRODUCT_CONFIG" }]);
    expect(ledger.pay()).toMatchObject({ reason_code: "payment_recorded", granted: [{ credits: 10 }] });
    expect(ledger.balance).toBe(10);
  });

  test("told again after its product was mapped: granted with the original date", () => {
    const ledger = start();
    ledger.pay({ items: [itemOf({ product_id: "prod_new" })] });
    ledger.catalog = catalogOf([packOf("new", { stripe_product_id: "prod_new", expiry_days: 30 })]);
    ledger.now += 3 * DAY;
    ledger.tell(toldPayment(now, { items: [itemOf({ product_id: "prod_new" })] }));
    expect(ledger.payment).toMatchObject({ flags: ["late"], items: [{ status: "granted" }] });
    expect(ledger.lots).toMatchObject([{ effective_at: now, expires_at: at("2026-12-05T00:00") }]);
  });

  test("paid so long ago that it is over: granted, expired, and flagged as late", () => {
    const ledger = start();
    ledger.tell(toldPayment(at("2026-09-01T09:00")));
    expect(ledger.entries).toMatchObject([{ type: "grant" }, { type: "expire", amount: 10 }]);
    expect(ledger.payment.flags).toEqual(["late"]);
  });

  test.each([
    ["within grace, told after it: what would have rolled over has expired", "2026-12-10T22:00", ["late"]],
    ["after grace, told a little later", "2026-12-11T00:30", []],
  ])("a period paid %s", (_, paid_at, flags) => {
    const ledger = start();
    const gold = { items: [itemOf({ product_id: "prod_gold" })] };
    ledger.pay(gold);
    ledger.now = at("2026-12-11T03:00");
    ledger.tell(toldPayment(at(paid_at), { ...gold, names: ["second"] }));
    expect(ledger.payments.size).toBe(2);
    expect([...ledger.payments.values()].at(-1)?.flags).toEqual(flags);
  });

  test("a period paid and told within grace is not late", () => {
    const ledger = start();
    const gold = { items: [itemOf({ product_id: "prod_gold" })] };
    ledger.pay(gold);
    ledger.now = at("2026-12-10T23:00");
    ledger.tell(toldPayment(at("2026-12-10T22:00"), { ...gold, names: ["second"] }));
    expect([...ledger.payments.values()].at(-1)?.flags).toEqual([]);
  });

  test("a payer whom nobody knows: recorded, and nothing is granted until staff say who it is", () => {
    const ledger = start();
    ledger.contact = { ...ledger.contact, external_id: "unknown:stripe:pi_1" };
    expect(ledger.pay()).toMatchObject({ status: "recorded", granted: [] });
    expect(ledger.payment.items).toMatchObject([{ status: "unmatched", reason: "UNKNOWN_CONTACT" }]);
  });

  test("a provider's period that was granted before is held for a person, not granted again", () => {
    const ledger = start();
    const period = { start_at: now, end_at: at("2026-12-04T09:00") };
    const gold = { items: [itemOf({ product_id: "prod_gold" })], period, subscription_id: "sub_1" };
    ledger.pay({ ...gold, names: ["in_1"] });
    expect(ledger.pay({ ...gold, names: ["in_2"] })).toMatchObject({ status: "recorded", granted: [] });
    expect([...ledger.payments.values()][1]?.items).toMatchObject([
      { status: "held", reason: "PERIOD_ALREADY_GRANTED" },
    ]);
    expect([...ledger.memberships.values()]).toMatchObject([{ subscription_id: "stripe:sub_1", renewal: "provider" }]);
    expect(ledger.balance).toBe(8);
  });
});

describe("Rule 33. Credits that come settle what waited for them", () => {
  test.each([
    ["where the location says so", true, 9],
    ["else staff do", false, 10],
  ])("%s", (_, auto_settle, left) => {
    const ledger = start({ auto_settle });
    sync(ledger, { external_id: "b", calendar_id: "yoga", starts_at: now + 2 * DAY });
    expect(ledger.appointments.get("b")?.unfunded).not.toBeNull();
    ledger.now += HOUR;
    ledger.pay();
    expect(ledger.balance).toBe(left);
    expect(ledger.appointments.get("b")?.unfunded === null).toBe(auto_settle);
    expect(brokenInvariants(ledger)).toEqual([]);
  });
});

describe("Rule 36. One intro offer per person", () => {
  const intro = (names: string[], product_id = "prod_intro") => ({ names, items: [itemOf({ product_id })] });

  test("a second one is granted and flagged", () => {
    const ledger = start();
    ledger.pay(intro(["pi_1"]));
    expect(ledger.pay(intro(["pi_2"]))).toMatchObject({ granted: [{ credits: 10 }] });
    expect([...ledger.payments.values()].map(({ flags }) => flags)).toEqual([[], ["once_per_contact"]]);
  });

  test("taken under the same e-mail or phone by another contact counts", () => {
    const ledger = start();
    ledger.offers_taken = [{ product_config_id: "intro", contact_id: "other" }];
    ledger.pay(intro(["pi_1"]));
    expect(ledger.payment.flags).toEqual(["once_per_contact"]);
  });

  test("with `hold` it waits for staff, who may grant it anyway", () => {
    const ledger = start();
    ledger.offers_taken = [{ product_config_id: "trial", contact_id: "contact" }];
    expect(ledger.pay(intro(["pi_1"], "prod_trial"))).toMatchObject({ granted: [] });
    expect(ledger.payment.items).toMatchObject([{ status: "held", reason: "ONCE_PER_CONTACT" }]);
    expect(ledger.resolve({ action: "grant" })).toMatchObject({ granted: [{ credits: 10 }] });
    expect(ledger.payment.flags).toEqual(["once_per_contact"]);
  });
});

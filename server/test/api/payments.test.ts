import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { verifyBooks } from "../../src/operations/credits/verify-books.ts";
import { sql, useServer } from "../support.ts";
import { lineOf, MAPPED, openDesk, type PaymentDesk } from "./payments-desk.ts";

const server = useServer();

async function summaryOf({ api }: PaymentDesk, contact: string): Promise<Record<string, unknown>> {
  const answer = await api.get(`/contacts/${contact}/summary`);
  expect(answer).toAnswer("summary_loaded");
  return answer.body["summary"] as Record<string, unknown>;
}

async function creditsOf(desk: PaymentDesk, contact: string): Promise<unknown> {
  return (await summaryOf(desk, contact))["credits_available"];
}

async function paymentsOf({ api }: PaymentDesk, query = ""): Promise<Record<string, unknown>[]> {
  const answer = await api.get(`/payments${query}`);
  expect(answer).toAnswer("payments_loaded");
  return answer.body["payments"] as Record<string, unknown>[];
}

const ids = (payments: Record<string, unknown>[]) => payments.map(({ id }) => id);

describe("what providers tell of payments", () => {
  test("payment_recorded: the first telling grants, each further one under a shared name does not", async () => {
    const desk = await openDesk(server);
    const keys = [
      { provider: "stripe", key: "pi_1" },
      { provider: "stripe", key: "ch_1" },
    ];
    const first = await desk.pay("ann", { name: "pi_1" });
    expect(first).toMatchObject({ reason_code: "payment_recorded", status: "recorded", granted: [{ credits: 10 }] });
    expect(await desk.pay("ann", { keys })).toMatchObject({ reason_code: "duplicate_payment_event" });
    expect(await desk.pay(null, { name: "ch_1" })).toMatchObject({ reason_code: "duplicate_payment_event" });
    expect(await creditsOf(desk, "ann")).toBe(10);
    const [shown] = await paymentsOf(desk);
    expect(shown).toMatchObject({ keys: [{ key: "ch_1" }, { key: "pi_1" }], currency: "USD", items: [{ item: 1 }] });
  });

  test("twenty tellings at once, under names that meet: one grant", async () => {
    const desk = await openDesk(server);
    const names = ["pi_1", "ch_1", "in_1"];
    const told = Array.from({ length: 20 }, (_, i) => {
      const keys = ["shared", names[i % 3]!].map((key) => ({ provider: "stripe" as const, key }));
      return desk.pay("ann", { keys });
    });
    const outcomes = (await Promise.all(told)).map(({ reason_code }) => reason_code);
    expect(outcomes.filter((code) => code === "payment_recorded")).toHaveLength(1);
    expect(await creditsOf(desk, "ann")).toBe(10);
    expect(await paymentsOf(desk)).toHaveLength(1);
  });

  test("test_payment_ignored: a test payment leaves nothing in live books, and is taken in a sandbox", async () => {
    const live = await openDesk(server);
    for (const told of [await live.pay("ann", { is_live: false }), await live.refund("pi_1", { is_live: false })]) {
      expect(told).toMatchObject({ reason_code: "test_payment_ignored" });
    }
    expect(await paymentsOf(live)).toEqual([]);
    expect(await sql(server.db, "SELECT 1 FROM contacts WHERE location_id = $1", [live.uuid])).toEqual([]);
    const sandbox = await openDesk(server, { sandbox: true });
    expect(await sandbox.pay("ann", { is_live: false })).toMatchObject({ reason_code: "payment_recorded" });
  });

  test("a Stripe payment waits for GoHighLevel's, in a sandbox by its own clock, and is granted by the job after that", async () => {
    const desk = await openDesk(server, { sandbox: true });
    await desk.refund("pi_1", { amount_cents: 2000 });
    expect(await desk.pay("ann", { name: "pi_1" })).toMatchObject({ status: "settling", granted: [] });
    const waiting = await desk.pay("tim", { name: "pi_2" });
    expect(await paymentsOf(desk, "?attention=settling")).toHaveLength(2);
    const keys = ["order", "pi_2"].map((key) => ({ provider: key === "order" ? "ghl" : "stripe", key }) as const);
    const primary = await desk.pay("tim", { provider: "ghl", keys });
    expect(primary).toMatchObject({ payment_event_id: waiting.payment_event_id, granted: [{ credits: 10 }] });
    expect(await creditsOf(desk, "ann")).toBe(0);
    await desk.travelTo(new Date(Date.now() + 180_000).toISOString());
    expect(await creditsOf(desk, "ann")).toBe(8);
    expect(await creditsOf(desk, "tim")).toBe(10);
    expect(await paymentsOf(desk)).toMatchObject([
      { provider: "ghl", status: "recorded" },
      { provider: "stripe", status: "recorded", refunded_cents: 2000 },
    ]);
  });

  test("a refund of a grant that did not say what was paid is left to staff, who can list it", async () => {
    const desk = await openDesk(server);
    const ann = desk.newMember();
    await ann.grant("pack", { provider: "stripe", external_payment_id: "pi_1" });
    expect(await desk.refund("pi_1")).toMatchObject({ taken: 0, shortfall: 0 });
    for (const attention of ["refund_unreckoned", "flagged"]) {
      expect(await paymentsOf(desk, `?attention=${attention}`)).toMatchObject([{ flags: ["refund_unreckoned"] }]);
    }
  });

  test("refund_recorded: taken from that payment's lots, what was spent is a shortfall, and the lifetime value is net", async () => {
    const desk = await openDesk(server);
    const ann = desk.newMember();
    await desk.pay(ann.id, { name: "pi_1" });
    await desk.pay(ann.id, { name: "pi_2" });
    await ann.deduct({ calendar_id: "yoga", amount: 4 });
    expect(await desk.refund("pi_1")).toMatchObject({ reason_code: "refund_recorded", taken: 6, shortfall: 4 });
    expect(await desk.refund("pi_1")).toMatchObject({ taken: 0, shortfall: 0 });
    expect(await summaryOf(desk, ann.id)).toMatchObject({ credits_available: 10, lifetime_value_cents: 10_000 });
    expect(await paymentsOf(desk, "?attention=shortfall")).toMatchObject([
      { flags: ["shortfall"], refunded_cents: 10_000, items: [{ credits_taken: 6, credits_short: 4 }] },
    ]);
    expect(await desk.refund("pi_1", { refund_id: "re_1", status: "failed" })).toMatchObject({ taken: -6 });
    expect(await creditsOf(desk, ann.id)).toBe(16);
  });

  test("dispute_recorded: paused while it is open, usable again when it is won", async () => {
    const desk = await openDesk(server);
    const ann = desk.newMember();
    await desk.pay(ann.id, { name: "pi_1" });
    expect(await desk.dispute("pi_1", "open")).toMatchObject({ reason_code: "dispute_recorded" });
    expect(await ann.deduct({ calendar_id: "yoga" })).toAnswer("NO_ENTITLEMENT", { detail: "ENTITLEMENT_PAUSED" });
    await desk.dispute("pi_1", "won");
    expect(await ann.deduct({ calendar_id: "yoga" })).toAnswer("deducted");
  });

  test("a payment of a contact that was merged into another is refunded for staff to settle, and told again it is a duplicate", async () => {
    const desk = await openDesk(server);
    await desk.pay("ann", { name: "pi_1" });
    await desk.pay("tim", { name: "pi_2" });
    const merge = `UPDATE contacts c SET merged_into = t.id FROM contacts t
      WHERE c.location_id = $1 AND t.location_id = $1 AND c.external_id = 'ann' AND t.external_id = 'tim'`;
    await sql(server.db, merge, [desk.uuid]);
    expect(await desk.pay("ann", { name: "pi_1" })).toMatchObject({ reason_code: "duplicate_payment_event" });
    expect(await desk.refund("pi_1")).toMatchObject({ reason_code: "refund_recorded", taken: 0, shortfall: 10 });
    expect(await desk.pay("ann", { name: "pi_3" })).toMatchObject({ granted: [{ credits: 10 }] });
    expect(await creditsOf(desk, "tim")).toBe(20);
  });

  test("refund_kept and dispute_kept: told before their payment, in any order, and applied when it comes", async () => {
    const desk = await openDesk(server);
    const re_1 = { refund_id: "re_1", amount_cents: 2000 };
    expect(await desk.refund("pi_1", { ...re_1, status: "failed" })).toMatchObject({ reason_code: "refund_kept" });
    await desk.refund("pi_1", re_1);
    await desk.refund("pi_1", { refund_id: "re_2", amount_cents: 3000 });
    expect(await desk.dispute("pi_1", "won")).toMatchObject({ reason_code: "dispute_kept" });
    await desk.dispute("pi_1", "open", { changed_at: Date.now() - 1000 });
    await desk.pay("ann", { name: "pi_1" });
    expect(await creditsOf(desk, "ann")).toBe(7);
    expect(await paymentsOf(desk)).toMatchObject([
      { refunds: [{ refund_id: "re_1", status: "failed" }, { refund_id: "re_2" }], disputes: [{ status: "won" }] },
    ]);
    const waiting = "SELECT 1 FROM unattached_reversals WHERE location_id = $1 AND payment_event_id IS NULL";
    expect(await sql(server.db, waiting, [desk.uuid])).toEqual([]);
  });

  test("a payer without a contact id is the only one of its e-mail address, else nobody known", async () => {
    const desk = await openDesk(server);
    const told = (email: string) => ({ contact: { external_id: null, email, phone: null, name: null } });
    await desk.newMember().grant("pack", { external_contact_id: "ann", email: "Ann@Example.com" });
    await desk.pay(null, told("ann@example.com"));
    expect(await creditsOf(desk, "ann")).toBe(20);
    for (const id of ["tim", "tom"])
      await desk.newMember().grant("pack", { external_contact_id: id, email: "t@e.com" });
    expect(await desk.pay(null, { name: "pi_x", ...told("t@e.com") })).toMatchObject({ granted: [] });
    expect(await paymentsOf(desk, "?attention=unmatched")).toMatchObject([
      { external_contact_id: "unknown:stripe:pi_x", items: [{ reason: "UNKNOWN_CONTACT" }] },
    ]);
  });

  test("only what is recorded counts: not what is pending, failed or held back", async () => {
    const desk = await openDesk(server);
    const ghl = { provider: "ghl", keys: [{ provider: "ghl", key: "order" }] } as const;
    await desk.pay("ann", { amount_cents: 5000 });
    await desk.pay("ann", { status: "pending" });
    await desk.pay("ann", { status: "failed" });
    await desk.pay("ann", { ...ghl, keys: [...ghl.keys], amount_cents: 5000 });
    expect(await summaryOf(desk, "ann")).toMatchObject({ payment_events_count: 1, lifetime_value_cents: 5000 });
    const statuses = (await paymentsOf(desk)).map(({ status }) => String(status)).sort();
    expect(statuses).toEqual(["failed", "pending", "probable_duplicate", "recorded"]);
    expect(await desk.api.get("/contacts/ann/timeline")).toAnswer("timeline_loaded");
  });

  test("T14: the retry of a success on a short balance is a replay", async () => {
    const desk = await openDesk(server);
    const ann = desk.newMember();
    await desk.pay(ann.id);
    const request_id = randomUUID();
    const first = await ann.deduct({ calendar_id: "yoga", amount: 10, request_id });
    expect(first).toAnswer("deducted", { balance_after: 0 });
    const again = await ann.deduct({ calendar_id: "yoga", amount: 10, request_id });
    expect(again.text).toBe(first.text);
    expect(again.headers.get("idempotency-replayed")).toBe("true");
  });
});

describe("POST /payments/{payment_id}/resolve", () => {
  async function unmatched() {
    const desk = await openDesk(server);
    await desk.pay("ann", { items: [lineOf("prod_new"), lineOf("prod_pack")], paid_at: Date.now() - 3_600_000 });
    const [payment] = await paymentsOf(desk, "?attention=unmatched");
    const resolve = (fields: object) =>
      desk.api.post(`/payments/${String(payment?.["id"])}/resolve`, {
        request_id: randomUUID(),
        external_contact_id: "ann",
        ...fields,
      });
    return { desk, resolve, id: String(payment?.["id"]) };
  }

  test("payment_resolved: a dry run tells the exact entries and writes nothing; the real one writes them", async () => {
    const { desk, resolve, id } = await unmatched();
    const map = { action: "map", items: [{ item: 1, product_config_id: desk.product("pack") }] };
    const dry = await resolve({ ...map, request_id: undefined, dry_run: true });
    expect(dry).toAnswer("payment_resolved", { dry_run: true });
    expect(dry.body).toMatchObject({
      preview: {
        entries: [{ type: "grant", amount: 10, balance_after: 10, reason: "purchase" }],
        balances: [{ before: 0, after: 10 }],
      },
    });
    expect(await creditsOf(desk, "ann")).toBe(10);
    const done = await resolve(map);
    expect(done).toAnswer("payment_resolved", { status: "recorded" });
    expect(done.body).toMatchObject({ granted: [{ item: 1, credits: 10 }] });
    expect(await creditsOf(desk, "ann")).toBe(20);
    const one = await desk.api.get(`/payments/${id}`);
    const { payment } = one.body as unknown as { payment: { paid_at: string; items: { status: string }[] } };
    expect(payment.items.map(({ status }) => status)).toEqual(["granted", "granted"]);
    expect(Date.parse(payment.paid_at)).toBeLessThan(Date.now() - 3_000_000);
  });

  test("NOTHING_TO_RESOLVE, PAYMENT_ELSEWHERE, NOT_FOUND, CONFIG_NOT_FOUND: nothing is written", async () => {
    const { desk, resolve } = await unmatched();
    expect(await resolve({ action: "grant" })).toAnswer("NOTHING_TO_RESOLVE");
    await desk.newMember().grant("pack", { external_contact_id: "tim" });
    expect(await resolve({ action: "dismiss", external_contact_id: "tim" })).toAnswer("PAYMENT_ELSEWHERE");
    const items = [{ item: 1, product_config_id: "pc_none" }];
    expect(await resolve({ action: "map", items })).toAnswer("CONFIG_NOT_FOUND");
    const body = { request_id: randomUUID(), external_contact_id: "ann", action: "grant" };
    expect(await desk.api.post(`/payments/${randomUUID()}/resolve`, body)).toAnswer("NOT_FOUND");
    expect(await resolve({ action: "map" })).toBeInvalid("items");
    expect(await resolve({ action: "grant", request_id: undefined })).toBeInvalid("request_id");
    expect(await creditsOf(desk, "ann")).toBe(10);
  });

  test("no_credits: the product grants nothing from then on", async () => {
    const { desk, resolve } = await unmatched();
    expect(await resolve({ action: "no_credits" })).toAnswer("payment_resolved");
    expect(await desk.pay("ann", { items: [lineOf("prod_new")] })).toMatchObject({ granted: [] });
    expect(await paymentsOf(desk, "?attention=unmatched")).toEqual([]);
  });

  test("assign_contact: the payment and its credits are that contact's", async () => {
    const desk = await openDesk(server);
    const paid = await desk.pay(null, { name: "pi_1" });
    await desk.refund("pi_1", { amount_cents: 5000 });
    const answer = await desk.api.post(`/payments/${paid.payment_event_id}/resolve`, {
      request_id: randomUUID(),
      external_contact_id: "ann",
      action: "assign_contact",
    });
    expect(answer).toAnswer("payment_resolved");
    expect(answer.body).toMatchObject({ granted: [{ credits: 10 }] });
    expect(await creditsOf(desk, "ann")).toBe(5);
    expect(await desk.refund("pi_1")).toMatchObject({ taken: 5 });
    expect(await desk.pay(null, { name: "pi_1" })).toMatchObject({ reason_code: "duplicate_payment_event" });
  });

  test("dismiss: a refund told under the repetition's name is one of the payment that it repeats", async () => {
    const desk = await openDesk(server);
    await desk.pay("ann", { name: "pi_1" });
    const second = await desk.pay("ann", { provider: "ghl", name: "order" });
    expect(second).toMatchObject({ status: "probable_duplicate" });
    const body = { request_id: randomUUID(), external_contact_id: "ann", action: "dismiss" };
    expect(await desk.api.post(`/payments/${second.payment_event_id}/resolve`, body)).toAnswer("payment_resolved");
    const ghl = { provider: "ghl", keys: [{ provider: "ghl", key: "order" }] } as const;
    expect(await desk.refund("order", { ...ghl, keys: [...ghl.keys], amount_cents: 3000 })).toMatchObject({ taken: 3 });
    expect(await desk.pay("ann", { provider: "ghl", name: "order" })).toMatchObject({
      reason_code: "duplicate_payment_event",
    });
    expect(await creditsOf(desk, "ann")).toBe(7);
  });
});

describe("GET /payments and GET /payments/{id}", () => {
  test("payment_loaded: one payment, whole; NOT_FOUND for what is not there, or another location's", async () => {
    const desk = await openDesk(server);
    const { payment_event_id: id } = await desk.pay("ann", { name: "pi_1" });
    const answer = await desk.api.get(`/payments/${id}`);
    expect(answer).toAnswer("payment_loaded");
    expect(answer.body["payment"]).toMatchObject({
      id,
      external_contact_id: "ann",
      external_payment_id: "pi_1",
      product_config_id: desk.product("pack"),
      items: [{ status: "granted", credits_granted: 10, product_config_id: desk.product("pack") }],
    });
    const other = await openDesk(server);
    expect(await other.api.get(`/payments/${id}`)).toAnswer("NOT_FOUND");
    expect(await other.api.get(`/payments/${randomUUID()}`)).toAnswer("NOT_FOUND");
    expect(await other.api.get("/payments/1")).toBeInvalid("id");
  });

  test("newest first, page by page, by status, attention and contact", async () => {
    const desk = await openDesk(server);
    const at = Date.now();
    const told: string[] = [];
    for (const [contact, fields] of [
      ["ann", {}],
      ["ann", { items: [lineOf("prod_new")] }],
      ["tim", { status: "pending" }],
      ["tim", { paid_at: at - 3 * 86_400_000 }],
    ] as const) {
      const minutes = told.length * 60_000 * 60;
      const items = "items" in fields ? [...fields.items] : [lineOf("prod_pack")];
      const paid = await desk.pay(contact, { paid_at: at - minutes, ...fields, items });
      told.push(paid.payment_event_id);
    }
    const [plain, unmatched, pending, late] = told;
    expect(ids(await paymentsOf(desk))).toEqual([plain, unmatched, pending, late]);
    expect(ids(await paymentsOf(desk, "?status=pending"))).toEqual([pending]);
    expect(ids(await paymentsOf(desk, "?attention=unmatched"))).toEqual([unmatched]);
    expect(ids(await paymentsOf(desk, "?attention=flagged"))).toEqual([late]);
    expect(ids(await paymentsOf(desk, "?contact=tim"))).toEqual([pending, late]);
    const first = await desk.api.get("/payments?limit=3");
    expect(first.body["payments"]).toHaveLength(3);
    const rest = await paymentsOf(desk, `?cursor=${String(first.body["next_cursor"])}`);
    expect(ids(rest)).toEqual([late]);
    expect(await desk.api.get("/payments?attention=nothing")).toBeInvalid("attention");
    expect(await desk.api.get("/payments?cursor=x")).toBeInvalid("cursor");
  });

  test("the books verify after all of this", async () => {
    const { broken, findings } = await verifyBooks(server.db, {});
    expect({ broken, findings }).toEqual({ broken: {}, findings: [] });
  });
});

test("a product that is one to a person: a second one is granted and flagged, also under another contact's e-mail", async () => {
  const intro = {
    ...MAPPED,
    key: "intro",
    stripe_product_id: "prod_intro",
    ghl_product_id: "x",
    once_per_contact: true,
  };
  const desk = await openDesk(server, {
    products: [intro, { ...intro, key: "trial", stripe_product_id: "prod_trial", once_per_contact: "hold" }],
  });
  const told = (product: string, email: string) => ({
    items: [lineOf(product)],
    contact: { external_id: `c-${randomUUID()}`, email, phone: null, name: null },
  });
  for (const product of ["prod_intro", "prod_trial"]) {
    await desk.pay(null, told(product, "ann@example.com"));
    await desk.pay(null, told(product, "ANN@example.com"));
  }
  expect((await paymentsOf(desk, "?attention=flagged")).map(({ flags }) => flags)).toEqual([["once_per_contact"]]);
  expect(await paymentsOf(desk, "?attention=held")).toMatchObject([{ items: [{ reason: "ONCE_PER_CONTACT" }] }]);
});

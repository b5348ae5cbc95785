import { describe, expect, test } from "vitest";
import { sqlState } from "../../src/platform/database.ts";
import { DAY } from "../../src/rules/time/local-days.ts";
import { callerOf, sql } from "../support.ts";
import { newPayer, useBilledConsole } from "./billed-console.ts";

const server = useBilledConsole();

describe("a workspace that has not subscribed", () => {
  test("changes nothing, and its locations are pending (rules 37 and 38)", async () => {
    const payer = await newPayer(server);
    expect(await payer.grant()).toBe("BILLING_SUSPENDED");
    expect(await payer.statuses()).toEqual({ l1: "pending", try: "active" });
    expect(await payer.get("/standing")).toMatchObject({
      billing_status: "none",
      allows_changes: false,
      banner: { code: "not_subscribed", at: null },
    });
    const { status } = await callerOf(server.base_url, payer.token).get("/reason-codes");
    expect(status).toBe(200);
  });

  test("sees what it will pay: 59 dollars for the first location, 19 for each further one, nothing for a sandbox", async () => {
    const payer = await newPayer(server, { locations: 3 });
    expect(await payer.get()).toMatchObject({
      is_billed: true,
      trial_days: 14,
      subscription: null,
      price: { locations: 0, monthly_cents: 0, lines: [] },
      price_with_pending: {
        locations: 3,
        monthly_cents: 9700,
        lines: [
          { locations: 1, unit_cents: 5900, total_cents: 5900 },
          { locations: 2, unit_cents: 1900, total_cents: 3800 },
        ],
      },
      locations: [
        { key: "l1", status: "pending", monthly_cents: 5900 },
        { key: "l2", status: "pending", monthly_cents: 1900 },
        { key: "l3", status: "pending", monthly_cents: 1900 },
        { key: "try", sandbox: true, monthly_cents: 0 },
      ],
    });
    expect(await payer.get("/invoices")).toMatchObject({ invoices: [], next_invoice: null });
    expect(await payer.post("/portal")).toMatchObject({ ok: false, reason_code: "NOT_SUBSCRIBED" });
  });
});

describe("subscribing", () => {
  test("leads to Stripe's page, once for two tabs, and back to a workspace that works", async () => {
    const payer = await newPayer(server, { locations: 2 });
    const [page, again] = [await payer.post("/checkout"), await payer.post("/checkout")];
    expect(page).toMatchObject({ ok: true, url: expect.stringMatching(/^http/u) });
    expect(again["url"]).toBe(page["url"]);
    const session_id = await payer.pay();
    const finished = await payer.post("/finish", { session_id });
    expect(finished).toMatchObject({ is_paid: true, billing_status: "trialing", allows_changes: true, banner: null });
    expect(await payer.statuses()).toEqual({ l1: "active", l2: "active", try: "active" });
    expect(await payer.grant()).toBe("grant_applied");
    expect(payer.subscription).toMatchObject({ status: "trialing", _quantity: 2 });
    expect(await payer.get()).toMatchObject({
      subscription: { status: "trialing", is_live: true, quantity: 2, cancels_at: null, suspends_at: null },
      price: { locations: 2, monthly_cents: 7800 },
    });
    const next = await payer.get("/invoices");
    expect(next).toMatchObject({ next_invoice: { total_cents: 7800, currency: "USD" } });
    expect(next["invoices"]).toMatchObject([{ total_cents: 0, status: "paid", url: expect.stringMatching(/^https/u) }]);
    expect(await payer.post("/checkout")).toMatchObject({ ok: false, reason_code: "ALREADY_SUBSCRIBED" });
  });

  test("asks for what is there when the page is opened: a page over fewer locations is closed", async () => {
    const payer = await newPayer(server);
    const { url: over_one } = await payer.post("/checkout");
    await sql(server.db, "UPDATE locations SET sandbox = false WHERE workspace_id = $1", [payer.workspace_id]);
    const { url: over_two } = await payer.post("/checkout");
    expect(await (await fetch(String(over_one))).text()).toContain("expired");
    expect(await (await fetch(String(over_two))).text()).toContain("2 × Kotally");
  });

  test.each(["the webhook", "the success page", "neither, but the timer"])(
    "holds by %s, and whatever comes later changes nothing",
    async (first) => {
      const payer = await newPayer(server);
      const session_id = await payer.pay();
      if (first === "the webhook") await server.told();
      if (first === "the success page") await payer.post("/finish", { session_id });
      if (first.startsWith("neither")) await server.follow(DAY);
      expect(await payer.grant()).toBe("grant_applied");
      const account = () =>
        sql(server.db, "SELECT * FROM billing_accounts WHERE workspace_id = $1", [payer.workspace_id]);
      const [before] = await account();
      for (let i = 0; i < 2; i += 1) {
        await payer.post("/finish", { session_id });
        await server.told();
      }
      const [after] = await account();
      const reading = { readings_begun: 0, reading_written: 0, read_at: 0, next_reading_at: 0 };
      expect({ ...after, ...reading }).toEqual({ ...before, ...reading });
      const followed = (await payer.trail()).filter(({ action }) => action === "follow_subscription");
      expect(followed).toMatchObject([{ actor: "Stripe", after: { billing_status: "trialing" } }]);
      expect(
        server.fake.account.all("subscriptions").filter(({ customer }) => customer === payer.subscription.customer),
      ).toHaveLength(1);
    },
  );

  test("by somebody else's page leads nowhere", async () => {
    const [payer, other] = [await newPayer(server), await newPayer(server)];
    await payer.post("/checkout");
    const session_id = await other.pay();
    const answer = await payer.owner.console("POST", `/workspaces/${payer.workspace_id}/billing/finish`, {
      session_id,
    });
    expect(answer).toMatchObject({ status: 200, body: { ok: false, reason_code: "NOT_FOUND" } });
    expect(await payer.post("/finish", { session_id: "javascript:alert(1)" })).toMatchObject({
      reason_code: "VALIDATION_ERROR",
      errors: [{ field: "session_id" }],
    });
    expect(await payer.grant()).toBe("BILLING_SUSPENDED");
  });

  test("again after an end gives no second trial", async () => {
    const payer = await newPayer(server);
    const { id } = await payer.subscribe();
    server.fake.cancelSubscription(id, { at_period_end: false });
    await server.told();
    expect(await payer.get("/standing")).toMatchObject({ billing_status: "cancelled" });
    const again = await payer.subscribe();
    expect(again).toMatchObject({ status: "active", trial_end: null });
    expect(await payer.get()).toMatchObject({ trial_days: 0 });
    expect(await payer.get("/standing")).toMatchObject({ billing_status: "active", banner: null });
    expect(await payer.get()).toMatchObject({ deleted_at: null });
  });

  test("is in the audit trail with who and from where", async () => {
    const payer = await newPayer(server);
    await payer.subscribe();
    await payer.post("/portal");
    const trail = (await payer.trail()).filter(({ ip }) => ip !== null);
    expect(trail.map(({ actor, action }) => `${actor} ${action}`)).toEqual(
      ["start_checkout", "finish_checkout", "open_portal"].map((action) => `${payer.email} ${action}`),
    );
    expect(trail[0]).toMatchObject({ subject: expect.stringMatching(/^checkout cs_/u), after: { locations: 1 } });
    expect(trail[1]).toMatchObject({ after: { is_paid: true, billing_status: "trialing" } });
  });
});

describe("the roles", () => {
  test("a viewer sees how it stands, an admin what more would cost, and only an owner what is paid", async () => {
    const payer = await newPayer(server);
    const { workspace_id } = payer;
    const [member] = await sql<{ user_id: string }>(
      server.db,
      "SELECT user_id FROM workspace_members WHERE workspace_id = $1",
      [workspace_id],
    );
    // A workspace keeps an owner.
    await sql(
      server.db,
      `WITH other AS (INSERT INTO users (id, email) VALUES (gen_random_uuid(), gen_random_uuid() || '@studio.test') RETURNING id)
       INSERT INTO workspace_members (workspace_id, user_id, role) SELECT $1, id, 'owner' FROM other`,
      [workspace_id],
    );
    const statusesAs = async (role: string) => {
      const values = [workspace_id, member?.user_id, role];
      await sql(server.db, "UPDATE workspace_members SET role = $3 WHERE workspace_id = $1 AND user_id = $2", values);
      const status = async (method: "GET" | "POST", path: string) =>
        (await payer.owner.console(method, `/workspaces/${workspace_id}/billing${path}`)).status;
      const reads = ["/standing", "/price", "", "/invoices"].map((path) => status("GET", path));
      const changes = ["/checkout", "/finish", "/portal"].map((path) => status("POST", path));
      return Promise.all([...reads, ...changes]);
    };
    expect(await statusesAs("viewer")).toEqual([200, 403, 403, 403, 403, 403, 403]);
    expect(await statusesAs("admin")).toEqual([200, 200, 403, 403, 403, 403, 403]);
    expect(await statusesAs("owner")).toEqual([200, 200, 200, 200, 200, 200, 200]);
  });
});

describe("the second wall", () => {
  test("within a workspace its own account is seen and no other, and what Stripe says is not for people to write", async () => {
    const [mine, theirs] = [await newPayer(server), await newPayer(server)];
    for (const payer of [mine, theirs]) await payer.subscribe();
    const within = (text: string) =>
      server.db.transaction({ workspace_id: mine.workspace_id }, (tx) => tx.query({ name: "", text }));
    const refusalOf = (text: string) => within(text).then(() => null, sqlState);
    expect(await within("SELECT workspace_id FROM billing_accounts")).toEqual([{ workspace_id: mine.workspace_id }]);
    const foreign = `UPDATE billing_accounts SET checkout_session_id = 'cs_1' WHERE workspace_id = '${theirs.workspace_id}' RETURNING 1`;
    expect(await within(foreign)).toEqual([]);
    for (const field of ["subscription_status = 'active'", "customer_id = 'cus_1'", "past_due_since = NULL"]) {
      expect(await refusalOf(`UPDATE billing_accounts SET ${field}`)).toBe("42501");
    }
    for (const table of ["billing_events", "retention_notices", "deleted_workspaces", "leaving_locations"]) {
      expect([table, await refusalOf(`SELECT FROM ${table}`)]).toEqual([table, "42501"]);
    }
  });
});

import { existsSync, readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openKotally, subscribe, type OpenedKotally } from "../billing/testing-desk.ts";
import { render } from "./render.ts";
import type { TableName } from "./rows.ts";

const objects = new URL("../../../../../../shared/fixtures/stripe/objects/", import.meta.url);
const VERSION = "2026-10-28.endive";

let kotally: OpenedKotally;
beforeEach(async () => {
  kotally = await openKotally();
});
afterEach(() => kotally.fake.stop());

test.skipIf(!existsSync(objects)).each([
  ["customers", "customer"],
  ["prices", "price"],
  ["checkout_sessions", "checkout.session"],
  ["subscriptions", "subscription"],
  ["invoices", "invoice"],
  ["portal_configurations", "billing_portal.configuration"],
  ["portal_sessions", "billing_portal.session"],
] as const)("what it says of %s are fields of Stripe's own", async (table: TableName, object) => {
  const { customer_id } = await subscribe(kotally, { trial_days: 14 });
  await kotally.account.openPortal({ customer_id, return_url: "https://kotally.test" });
  const published = JSON.parse(readFileSync(new URL(`${object}.json`, objects), "utf8")) as object;
  const [row] = kotally.fake.account.all(table).map((one) => render(one, VERSION));
  expect(Object.keys(row ?? {}).filter((field) => !(field in published))).toEqual([]);
});

describe("It refuses what Stripe refuses", () => {
  const send = (path: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
    fetch(`${kotally.api_base}${path}`, {
      method: "POST",
      headers: { authorization: `Bearer ${kotally.secret_key}`, ...headers },
      body: new URLSearchParams(fields),
    });
  const codeOf = async (response: Response) => {
    const { error } = (await response.json()) as { error: { code: string; message: string } };
    return [response.status, error.code];
  };

  test("a field that it does not know, a quantity below one, a customer who is not there", async () => {
    expect(await codeOf(await send("/v1/customers", { name: "Acme", nmae: "Acme" }))).toEqual([
      400,
      "parameter_invalid",
    ]);
    const { customer_id } = await subscribe(kotally);
    const page = {
      mode: "subscription",
      customer: customer_id,
      client_reference_id: "w",
      "line_items[0][price]": kotally.fake.account.all("prices")[0]?.id ?? "",
      "line_items[0][quantity]": "0",
      payment_method_collection: "always",
      "subscription_data[metadata][workspace_id]": "w",
      success_url: "https://kotally.test",
      cancel_url: "https://kotally.test",
    };
    expect(await codeOf(await send("/v1/checkout/sessions", page))).toEqual([400, "parameter_invalid"]);
    const strange = { ...page, "line_items[0][quantity]": "1", customer: "cus_strange" };
    expect(await codeOf(await send("/v1/checkout/sessions", strange))).toEqual([404, "resource_missing"]);
  });

  test("other words under the key of a request that it has answered", async () => {
    const key = { "idempotency-key": "once" };
    expect((await send("/v1/customers", { name: "Acme" }, key)).status).toBe(200);
    expect(await codeOf(await send("/v1/customers", { name: "Other" }, key))).toEqual([400, "idempotency_error"]);
    kotally.clock.at += 25 * 3_600_000;
    expect((await send("/v1/customers", { name: "Other" }, key)).status).toBe(200);
  });
});

test("time ends a trial with an invoice, and a subscription that was to end ends", async () => {
  const { subscription_id } = await subscribe(kotally, { trial_days: 14 });
  const subscription = kotally.fake.account.get("subscriptions", subscription_id);
  kotally.clock.at += 14 * 24 * 3_600_000;
  expect(kotally.fake.renewDue()).toBe(1);
  expect(subscription.status).toBe("active");
  expect(kotally.fake.account.all("invoices").map(({ total, status }) => [total, status])).toEqual([
    [0, "paid"],
    [7800, "paid"],
  ]);
  kotally.fake.cancelSubscription(subscription_id);
  kotally.clock.at += 31 * 24 * 3_600_000;
  kotally.fake.renewDue();
  expect(subscription.status).toBe("canceled");
});

import { expect, test } from "vitest";
import { newStudio, useConsole } from "./console-server.ts";

const server = useConsole();

test("where nobody is billed everything is on, nothing is asked for, and the billing page says so", async () => {
  const { owner, workspace_id } = await newStudio(server);
  const at = `/workspaces/${workspace_id}/billing`;
  const get = async (path: string) => (await owner.visitor.console("GET", `${at}${path}`)).body;
  expect(await get("/standing")).toMatchObject({ billing_status: "active", allows_changes: true, banner: null });
  expect(await get("")).toMatchObject({
    is_billed: false,
    subscription: null,
    deleted_at: null,
    price: { locations: 1, monthly_cents: 0, lines: [] },
    locations: [{ key: "main", monthly_cents: 0 }],
  });
  expect(await get("/price?further=3")).toMatchObject({ monthly_cents: 0, monthly_cents_then: 0, next_invoice: null });
  expect(await get("/invoices")).toMatchObject({ invoices: [], next_invoice: null });
  for (const path of ["/checkout", "/portal", "/finish"]) {
    const { body } = await owner.visitor.console("POST", `${at}${path}`);
    expect(body).toMatchObject({ ok: false, reason_code: "NOT_BILLED" });
  }
  const stripe = await fetch(`${server.base_url}/webhooks/stripe/billing`, {
    method: "POST",
    headers: { "stripe-signature": "t=1,v1=00" },
    body: "{}",
  });
  expect(stripe.status).toBe(404);
});

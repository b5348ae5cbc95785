import { beforeAll, expect, test } from "vitest";
import { sql, useServer } from "../support.ts";
import { openFullStudio, type FullStudio } from "./full-studio.ts";

const server = useServer();
let studio: FullStudio;

beforeAll(async () => {
  studio = await openFullStudio(server, ["maya"]);
});

const balanceOf = async (contact: string) => {
  const { body } = await studio.api.get(`/contacts/${contact}/credits`);
  return (body["credits"] as { credits_available: number } | undefined)?.credits_available;
};

test("what staff sell at the desk is told first, grants what was told, and grants it once", async () => {
  const sold = { product_config_id: studio.product("pack"), amount_cents: 9900, reason: "paid in cash" };
  const dry = await studio.api.post("/contacts/newcomer/grant", { ...sold, dry_run: true });
  expect(dry.body).toMatchObject({ reason_code: "grant_applied", credits_granted: 10 });
  expect(dry.body["preview"]).toMatchObject({
    entries: [{ type: "grant", amount: 10 }],
    balances: [{ before: 0, after: 10 }],
  });
  expect((await studio.api.get("/contacts/newcomer")).body).toMatchObject({ reason_code: "NOT_FOUND" });

  const real = await studio.api.post("/contacts/newcomer/grant", { ...sold, request_id: "desk-1" });
  const again = await studio.api.post("/contacts/newcomer/grant", { ...sold, request_id: "desk-1" });
  expect(again.body).toEqual(real.body);
  expect(await balanceOf("newcomer")).toBe(10);
  const { body } = await studio.api.get("/contacts/newcomer/payments");
  expect(body["payments"]).toMatchObject([
    { provider: "console", external_payment_id: "desk-1", event_type: "sold_by_hand", amount_cents: 9900 },
  ]);
});

test("what staff give back goes where it came from", async () => {
  const { product } = studio;
  await studio.api.post("/contacts/guest/grant", {
    product_config_id: product("pack"),
    reason: "a gift",
    request_id: "g",
  });
  const taken = { external_contact_id: "guest", product_config_id: product("pack"), external_ref: "b-1" };
  await studio.api.post("/entitlements/deduct", { ...taken, request_id: "d" });
  const back = { external_ref: "b-1", reason: "the teacher was ill" };
  const dry = await studio.api.post("/contacts/guest/restore", { ...back, dry_run: true });
  expect(dry.body["preview"]).toMatchObject({
    entries: [{ type: "restore", amount: 1 }],
    balances: [{ before: 9, after: 10 }],
  });
  expect(await balanceOf("guest")).toBe(9);
  await studio.api.post("/contacts/guest/restore", { ...back, request_id: "r" });
  expect(await balanceOf("guest")).toBe(10);
});

test("expiry_extended: more time moves no credits, and is refused beside an end that is told twice", async () => {
  const path = "/contacts/maya/extend";
  const { body } = await studio.api.post(path, { days: 3, reason: "we were closed", dry_run: true });
  expect(body).toMatchObject({ reason_code: "expiry_extended", preview: { entries: [] } });
  for (const { before, after } of body["extended"] as { before: string; after: string }[]) {
    expect(Date.parse(after)).toBeGreaterThan(Date.parse(before));
  }
  const twice = await studio.api.post(path, {
    days: 3,
    until_on: "2027-01-01",
    reason: "we were closed",
    dry_run: true,
  });
  expect(twice).toMatchObject({ status: 400, body: { errors: [{ field: "until_on" }] } });
});

test("each leaves who did it and why in the audit trail", async () => {
  await studio.api.post("/contacts/audited/grant", {
    product_config_id: studio.product("pack"),
    reason: "won at the raffle",
    request_id: "raffle",
  });
  const rows = await sql<{ action: string }>(
    server.db,
    "SELECT action FROM audit_events WHERE action = 'grant_by_hand' AND after ->> 'reason' = 'won at the raffle'",
  );
  expect(rows).toHaveLength(1);
});

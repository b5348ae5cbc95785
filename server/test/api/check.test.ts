import { describe, expect, test } from "vitest";
import { setBillingStatus } from "../../src/operations/billing/set-billing-status.ts";
import { sql, useServer } from "../support.ts";
import { countRows, openStudio, PACK, useStudio } from "./studio.ts";

const server = useServer();
const studio = useStudio(server, {
  products: [
    PACK,
    { ...PACK, key: "pilates", credits_total: 4, calendars: ["pilates"] },
    { ...PACK, key: "anything", credits_total: 3, calendars: [] },
  ],
});

const DAY = 86_400_000;
const inDays = (days: number): string => new Date(Date.now() + days * DAY).toISOString();

/** Every row of the books as text: what a check must leave as it was, to the last byte. */
async function contentsOfBooks(): Promise<unknown> {
  const tables = [
    "contacts",
    "entitlements",
    "ledger_entries",
    "requests",
    "appointments",
    "payment_events",
    "memberships",
  ];
  const hashes = tables.map(
    (table) => `(SELECT md5(string_agg(t::text, ',' ORDER BY t::text)) FROM ${table} t) AS ${table}`,
  );
  return sql(server.db, `SELECT ${hashes.join(", ")}`);
}

describe("POST /entitlements/check-eligibility answers eligible", () => {
  test("with ok, reason_code, correlation_id and balance_after: what there would be after the deduction", async () => {
    const member = studio.newMember();
    await member.grant("pack");
    const { status, body } = await member.check({ calendar_id: "yoga", amount: 4 });
    expect(status).toBe(200);
    expect(body).toEqual({ ok: true, reason_code: "eligible", correlation_id: body.correlation_id, balance_after: 6 });
  });

  test("and writes nothing, ever, whatever it answers", async () => {
    const member = studio.newMember();
    await member.grant("pack");
    const before = await contentsOfBooks();
    expect(await member.check({ calendar_id: "yoga" })).toAnswer("eligible");
    expect(await member.check({ calendar_id: "yoga", amount: 99 })).toAnswer("INSUFFICIENT_CREDITS");
    expect(await studio.newMember().check({ calendar_id: "yoga" })).toAnswer("NO_ENTITLEMENT");
    expect(await contentsOfBooks()).toEqual(before);
  });

  test("without request_id; one that is sent is ignored and stays free", async () => {
    const member = studio.newMember();
    await member.grant("pack");
    expect(await member.check({ calendar_id: "yoga", request_id: "checked" })).toAnswer("eligible");
    expect(await member.check({ calendar_id: "yoga", request_id: "checked", amount: 2 })).toAnswer("eligible");
    const deducted = await member.deduct({ calendar_id: "yoga", request_id: "checked" });
    expect(deducted).toAnswer("deducted");
  });

  test("while billing is suspended too", async () => {
    const other = await openStudio(server);
    const member = other.newMember();
    await member.grant("pack");
    await setBillingStatus(server.db, other.workspace, "suspended");
    expect(await member.check({ calendar_id: "yoga" })).toAnswer("eligible", { balance_after: 9 });
    expect((await other.api.get(`/contacts/${member.id}/credits`)).body.ok).toBe(true);
  });

  test("exactly as the deduction then does: same balance_after", async () => {
    const member = studio.newMember();
    await member.grant("pack");
    await member.grant("pack");
    const { body } = await member.check({ calendar_id: "yoga", amount: 13 });
    expect(await member.deduct({ calendar_id: "yoga", amount: 13 })).toAnswer("deducted", {
      balance_after: body["balance_after"],
    });
  });
});

describe("the fields of POST /entitlements/check-eligibility", () => {
  test("product_config_id: only that product counts, never a silent fall-through (rule 10)", async () => {
    const member = studio.newMember();
    await member.grant("pack");
    await member.grant("pilates");
    const asked = await member.check({ product_config_id: studio.product("pilates"), amount: 4 });
    expect(asked).toAnswer("eligible", { balance_after: 0 });
    const more = await member.check({ product_config_id: studio.product("pilates"), amount: 5 });
    expect(more).toAnswer("INSUFFICIENT_CREDITS", { balance: 4 });
  });

  test("calendar_id: whatever covers it counts", async () => {
    const member = studio.newMember();
    await member.grant("pack");
    await member.grant("pilates");
    expect(await member.check({ calendar_id: "pilates" })).toAnswer("eligible", { balance_after: 3 });
    expect(await member.check({ calendar_id: "yoga" })).toAnswer("eligible", { balance_after: 9 });
  });

  test("product_config_id and calendar_id: with both, both must match", async () => {
    const member = studio.newMember();
    await member.grant("pack");
    const both = { product_config_id: studio.product("pack"), calendar_id: "yoga" };
    expect(await member.check(both)).toAnswer("eligible");
    expect(await member.check({ ...both, calendar_id: "pilates" })).toAnswer("NO_ENTITLEMENT");
    expect(await member.check({ ...both, product_config_id: studio.product("pilates") })).toAnswer("NO_ENTITLEMENT");
  });

  test("product_config_id of a product without calendars: usable where it is named, not by calendar", async () => {
    const member = studio.newMember();
    await member.grant("anything");
    expect(await member.check({ product_config_id: studio.product("anything") })).toAnswer("eligible", {
      balance_after: 2,
    });
    expect(await member.check({ calendar_id: "yoga" })).toAnswer("NO_ENTITLEMENT", {
      detail: "SERVICE_FAMILY_MISMATCH",
    });
  });

  test("product_config_id of an inactive product: what was sold stays usable", async () => {
    const other = await openStudio(server);
    const member = other.newMember();
    await member.grant("pack");
    await sql(server.db, "UPDATE product_configs SET active = false WHERE id = $1", [other.product("pack")]);
    await sql(
      server.db,
      "UPDATE locations SET version = version + 1 WHERE location_id = (SELECT location_id FROM api_clients WHERE id = $1)",
      [other.token.split("_")[1]],
    );
    expect(await member.check({ calendar_id: "yoga" })).toAnswer("eligible");
    expect(await member.grant("pack")).toAnswer("CONFIG_NOT_FOUND");
  });

  test("amount: all of it must be there", async () => {
    const member = studio.newMember();
    await member.grant("pack");
    expect(await member.check({ calendar_id: "yoga", amount: 10 })).toAnswer("eligible", { balance_after: 0 });
    expect(await member.check({ calendar_id: "yoga", amount: 11 })).toAnswer("INSUFFICIENT_CREDITS", { balance: 10 });
  });

  test("appointment_time: eligibility on that date, default now", async () => {
    const other = await openStudio(server, { products: [{ ...PACK, expiry_days: 30 }] });
    const member = other.newMember();
    await member.grant("pack");
    expect(await member.check({ calendar_id: "yoga", appointment_time: inDays(29) })).toAnswer("eligible");
    const late = await member.check({ calendar_id: "yoga", appointment_time: inDays(32) });
    expect(late).toAnswer("NO_ENTITLEMENT", { detail: "ENTITLEMENT_EXPIRED" });
  });
});

describe("POST /entitlements/check-eligibility refuses", () => {
  test("NO_ENTITLEMENT with message and detail, no balance", async () => {
    const { body } = await studio.newMember().check({ calendar_id: "yoga" });
    expect(body).toEqual({
      ok: false,
      reason_code: "NO_ENTITLEMENT",
      correlation_id: body.correlation_id,
      detail: "UNKNOWN_CONTACT",
      message: expect.any(String),
    });
  });

  test("INSUFFICIENT_CREDITS with balance, message and detail", async () => {
    const member = studio.newMember();
    await member.grant("pilates");
    const { body } = await member.check({ calendar_id: "pilates", amount: 5 });
    expect(body).toEqual({
      ok: false,
      reason_code: "INSUFFICIENT_CREDITS",
      correlation_id: body.correlation_id,
      balance: 4,
      detail: null,
      message: expect.any(String),
    });
  });

  test("INSUFFICIENT_CREDITS, not NO_ENTITLEMENT: a live entitlement with nothing left", async () => {
    const member = studio.newMember();
    await member.grant("pack");
    await member.deduct({ calendar_id: "yoga", amount: 10 });
    expect(await member.check({ calendar_id: "yoga" })).toAnswer("INSUFFICIENT_CREDITS", { balance: 0 });
  });

  test("NO_ENTITLEMENT for another location's member of the same id", async () => {
    const other = await openStudio(server);
    const [here, there] = [studio.newMember(), other.newMember()];
    await here.grant("pack");
    const answer = await there.check({ calendar_id: "yoga", external_contact_id: here.id });
    expect(answer).toAnswer("NO_ENTITLEMENT", { detail: "UNKNOWN_CONTACT" });
  });
});

describe("the detail of a refusal", () => {
  const limited = { ...PACK, key: "limited", limits: { per_day: 1 } };

  test("UNKNOWN_CONTACT: nobody has that id", async () => {
    expect(await studio.newMember().check({ calendar_id: "yoga" })).toAnswer("NO_ENTITLEMENT", {
      detail: "UNKNOWN_CONTACT",
    });
  });

  test("SERVICE_FAMILY_MISMATCH: credits exist, for other calendars or products", async () => {
    const member = studio.newMember();
    await member.grant("pack");
    const mismatch = { detail: "SERVICE_FAMILY_MISMATCH" };
    expect(await member.check({ calendar_id: "pilates" })).toAnswer("NO_ENTITLEMENT", mismatch);
    expect(await member.check({ product_config_id: studio.product("pilates") })).toAnswer("NO_ENTITLEMENT", mismatch);
    expect(await member.check({ product_config_id: "pc_unknown" })).toAnswer("NO_ENTITLEMENT", mismatch);
  });

  test("null: a known contact whose credits for other calendars are all used", async () => {
    const member = studio.newMember();
    await member.grant("pack");
    await member.deduct({ calendar_id: "yoga", amount: 10 });
    expect(await member.check({ calendar_id: "pilates" })).toAnswer("NO_ENTITLEMENT", { detail: null });
  });

  test("ENTITLEMENT_EXPIRED: what there was has expired, swept by the job or not", async () => {
    const other = await openStudio(server, { products: [{ ...PACK, expiry_days: 30 }] });
    const [swept, unswept] = [other.newMember(), other.newMember()];
    await swept.grant("pack", { paid_at: inDays(-60) });
    await unswept.grant("pack");
    await sql(
      server.db,
      `UPDATE entitlements SET expires_at = now() - interval '1 minute'
       WHERE contact_id = (SELECT id FROM contacts WHERE external_id = $1)`,
      [unswept.id],
    );
    const expired = { detail: "ENTITLEMENT_EXPIRED" };
    expect(await swept.check({ calendar_id: "yoga" })).toAnswer("NO_ENTITLEMENT", expired);
    expect(await unswept.check({ calendar_id: "yoga" })).toAnswer("NO_ENTITLEMENT", expired);
  });

  test("ENTITLEMENT_PAUSED: it is frozen", async () => {
    const member = studio.newMember();
    const { body } = await member.grant("pack");
    await sql(server.db, "UPDATE entitlements SET state = 'paused' WHERE id = $1", [body["entitlement_id"]]);
    expect(await member.check({ calendar_id: "yoga" })).toAnswer("NO_ENTITLEMENT", { detail: "ENTITLEMENT_PAUSED" });
  });

  test("NOT_YET_ACTIVE: it takes effect later", async () => {
    const member = studio.newMember();
    await member.grant("pack", { paid_at: inDays(0.9) });
    expect(await member.check({ calendar_id: "yoga" })).toAnswer("NO_ENTITLEMENT", { detail: "NOT_YET_ACTIVE" });
    await member.grant("pack");
    const yesterday = await member.check({ calendar_id: "yoga", appointment_time: inDays(-1) });
    expect(yesterday).toAnswer("NO_ENTITLEMENT", { detail: "NOT_YET_ACTIVE" });
  });

  test("USAGE_LIMIT_REACHED: the fair-use limit of that day", async () => {
    const other = await openStudio(server, { products: [limited] });
    const member = other.newMember();
    await member.grant("limited");
    await member.deduct({ calendar_id: "yoga" });
    expect(await member.check({ calendar_id: "yoga" })).toAnswer("NO_ENTITLEMENT", { detail: "USAGE_LIMIT_REACHED" });
  });

  test("when several apply is the first of the order of clarification 13", async () => {
    const products = [limited, { ...PACK, expiry_days: 30 }, { ...PACK, key: "pilates", calendars: ["pilates"] }];
    const other = await openStudio(server, { products });
    const member = other.newMember();
    const detail = async () => (await member.check({ calendar_id: "yoga" })).body["detail"];
    const details = [await detail()];
    await member.grant("pilates");
    details.push(await detail());
    await member.grant("pack", { paid_at: inDays(-60) });
    details.push(await detail());
    await member.grant("pack", { paid_at: inDays(0.9) });
    details.push(await detail());
    const { body } = await member.grant("pack");
    await sql(server.db, "UPDATE entitlements SET state = 'paused' WHERE id = $1", [body["entitlement_id"]]);
    details.push(await detail());
    await member.grant("limited");
    await member.deduct({ calendar_id: "yoga" });
    details.push(await detail());
    expect(details).toEqual([
      "UNKNOWN_CONTACT",
      "SERVICE_FAMILY_MISMATCH",
      "ENTITLEMENT_EXPIRED",
      "NOT_YET_ACTIVE",
      "ENTITLEMENT_PAUSED",
      "USAGE_LIMIT_REACHED",
    ]);
  });
});

describe("?explain=true", () => {
  test("tells the lots chosen and those rejected, each with its reason (rule 13)", async () => {
    const member = studio.newMember();
    const [first, second] = [await member.grant("pack"), await member.grant("pack")];
    const other = await member.grant("pilates");
    const { body } = await member.check({ calendar_id: "yoga", amount: 10 }, "?explain=true");
    const id = ({ body: granted }: typeof first) => granted["entitlement_id"];
    const config = studio.product("pack");
    expect(body["explanation"]).toEqual({
      chosen: [{ entitlement_id: id(first), product_config_id: config, amount: 10 }],
      rejected: [
        { entitlement_id: id(other), product_config_id: studio.product("pilates"), reason: "SERVICE_FAMILY_MISMATCH" },
        { entitlement_id: id(second), product_config_id: config, reason: "NOT_NEEDED" },
      ],
    });
  });

  test("tells with a refusal why nothing was chosen", async () => {
    const member = studio.newMember();
    const { body: granted } = await member.grant("pack");
    const { body } = await member.check({ calendar_id: "yoga", amount: 11 }, "?explain=true");
    const lot = { entitlement_id: granted["entitlement_id"], product_config_id: studio.product("pack") };
    expect(body["explanation"]).toEqual({ chosen: [], rejected: [{ ...lot, reason: "INSUFFICIENT_CREDITS" }] });
  });

  test.each(["", "?explain=false", "?explain=1", "?explain", "?explain=true&explain=true"])(
    "%j tells nothing",
    async (query) => {
      const member = studio.newMember();
      await member.grant("pack");
      expect((await member.check({ calendar_id: "yoga" }, query)).body).not.toHaveProperty("explanation");
    },
  );

  test("leaves the rows of the books as they were", async () => {
    const before = await countRows(server.db);
    expect((await studio.newMember().check({ calendar_id: "yoga" }, "?explain=true")).body).toHaveProperty(
      "explanation",
    );
    expect(await countRows(server.db)).toEqual(before);
  });
});

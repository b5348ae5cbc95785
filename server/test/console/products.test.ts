import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { callerOf, sql } from "../support.ts";
import { useConsole } from "./console-server.ts";
import { openDesk, type Desk } from "./desk.ts";

const server = useConsole();
const PACK = { key: "pack", name: "Ten classes", type: "package", credits_total: 10, calendars: ["yoga"] };
const DRAFT = { name: "Five classes", type: "package", credits_total: 5, calendars: ["yoga"] };

const grant = (studio: Desk, product_config_id: string | undefined, contact = "maya") =>
  callerOf(server.base_url, studio.token).post("/grants", {
    request_id: randomUUID(),
    external_payment_id: randomUUID(),
    external_contact_id: contact,
    product_config_id,
  });

async function listed(studio: Desk, id: unknown) {
  const { body } = await studio.viewer.at("GET", "/product-configs");
  return (body["product_configs"] as Record<string, unknown>[]).find((config) => config["id"] === id);
}

describe("What is sold", () => {
  test("is listed with its terms, its mapping, its members and its credits", async () => {
    const studio = await openDesk(server, { products: [{ ...PACK, ghl_product_id: "p1" }] });
    await grant(studio, studio.products["pack"]);
    expect(await listed(studio, studio.products["pack"])).toMatchObject({
      key: "pack",
      name: "Ten classes",
      active: true,
      version: 1,
      terms: { credits_total: 10, calendars: ["yoga"] },
      sold_as: [{ provider: "ghl", product_id: "p1", price_id: null }],
      conflicts: [],
      members: 1,
      memberships: 0,
      credits: 10,
    });
  });

  test("can be made and is sold at once, under a key made from its name", async () => {
    const studio = await openDesk(server, { products: [PACK] });
    const made = await studio.admin.at("POST", "/product-configs", DRAFT);
    expect(made.body).toMatchObject({ ok: true, key: "five-classes", version: 1 });
    const twin = await studio.admin.at("POST", "/product-configs", DRAFT);
    expect(twin.body).toMatchObject({ key: "five-classes-2" });
    expect((await grant(studio, String(made.body["id"]))).body).toMatchObject({ ok: true, credits_granted: 5 });
  });

  test("a change holds for what is bought from now on, and leaves a line in the audit trail", async () => {
    const studio = await openDesk(server, { products: [PACK] });
    const id = studio.products["pack"];
    await grant(studio, id);
    const edit = { ...DRAFT, name: "Twelve classes", credits_total: 12, expected_version: 1 };
    const changed = await studio.admin.at("PUT", `/product-configs/${id}`, edit);
    expect(changed.body).toMatchObject({ ok: true, version: 2 });
    expect((await grant(studio, id)).body).toMatchObject({ credits_granted: 12, balance_after: 22 });
    const [line] = await sql(server.db, "SELECT * FROM audit_events WHERE user_id IS NOT NULL AND workspace_id = $1", [
      studio.workspace_id,
    ]);
    expect(line).toMatchObject({
      action: "update_product_config",
      subject: "product main/pack",
      actor: studio.admin.email,
      ip: studio.admin.visitor.ip,
      before: { credits_total: 10, name: "Ten classes" },
      after: { credits_total: 12, name: "Twelve classes" },
    });
  });

  test("of two people who edit the same thing the second is told who changed what, and overwrites nothing", async () => {
    const studio = await openDesk(server, { products: [PACK] });
    const path = `/product-configs/${studio.products["pack"]}`;
    await studio.owner.at("PUT", path, { ...DRAFT, name: "Ten classes", credits_total: 11, expected_version: 1 });
    const second = await studio.admin.at("PUT", path, { ...DRAFT, credits_total: 12, expected_version: 1 });
    expect(second.body).toMatchObject({
      ok: false,
      reason_code: "EDIT_CONFLICT",
      version: 2,
      current: { credits_total: 11, name: "Ten classes" },
      edits: [{ by: studio.owner.email, fields: ["credits_total"] }],
    });
    expect(await listed(studio, studio.products["pack"])).toMatchObject({ version: 2, terms: { credits_total: 11 } });
  });

  test("taken off sale it is not granted any more, what was bought lives on; and it can be sold again", async () => {
    const studio = await openDesk(server, { products: [PACK] });
    const id = studio.products["pack"];
    await grant(studio, id);
    await studio.admin.at("POST", `/product-configs/${id}/deactivate`, { expected_version: 1 });
    expect((await grant(studio, id)).body).toMatchObject({ reason_code: "CONFIG_NOT_FOUND" });
    expect(await listed(studio, id)).toMatchObject({ active: false, members: 1, credits: 10 });
    await studio.admin.at("POST", `/product-configs/${id}/reactivate`, { expected_version: 2 });
    expect((await grant(studio, id)).body).toMatchObject({ ok: true });
  });

  test("is nobody's who may only look, and nobody's of another workspace", async () => {
    const studio = await openDesk(server, { products: [PACK] });
    const other = await openDesk(server, { products: [PACK] });
    expect((await studio.viewer.at("POST", "/product-configs", DRAFT)).status).toBe(403);
    const path = `/locations/${studio.location_id}/product-configs`;
    expect((await other.owner.ask("GET", path)).status).toBe(404);
    expect((await other.owner.ask("POST", path, DRAFT)).status).toBe(404);
    const foreign = `/product-configs/${studio.products["pack"]}`;
    const edit = { ...DRAFT, expected_version: 1 };
    expect((await other.owner.at("PUT", foreign, edit)).body).toMatchObject({ ok: false, reason_code: "NOT_FOUND" });
  });
});

describe("A draft that cannot be", () => {
  test.each([
    ["credits of a package", { credits_total: undefined }, "credits_total", "is required for a package"],
    ["fields of the other type", { grace_days: 3 }, "grace_days", "is not a field of a package"],
    ["a family that is not there", { families: ["mat"] }, "families", "has no family mat: make it first"],
    ["a key that is taken", { key: "pack" }, "key", "is another product's"],
    [
      "a name without an id",
      { sold_as: [{ provider: "ghl" }] },
      "sold_as.0",
      "must name a product_id, a price_id or both",
    ],
    ["a number that is none", { credits_total: "ten" }, "credits_total", expect.stringContaining("must be")],
  ])("is told beside its field: %s", async (_, fields, field, message) => {
    const studio = await openDesk(server, { products: [PACK] });
    const { status, body } = await studio.admin.at("POST", "/product-configs", { ...DRAFT, ...fields });
    expect(status).toBe(400);
    expect(body["errors"]).toContainEqual({ field, message });
  });
});

describe("Names at the providers", () => {
  test("several may lead to one product; one that leads to two is refused, and says which other", async () => {
    const studio = await openDesk(server, { products: [{ ...PACK, ghl_product_id: "p1" }] });
    const sold_as = [
      { provider: "ghl", product_id: "p2" },
      { provider: "ghl", product_id: "p3", price_id: "p3-once" },
      { provider: "stripe", price_id: "price_1" },
    ];
    const made = await studio.admin.at("POST", "/product-configs", { ...DRAFT, sold_as });
    expect(await listed(studio, made.body["id"])).toMatchObject({
      sold_as: expect.arrayContaining([
        { provider: "ghl", product_id: "p2", price_id: null },
        { provider: "ghl", product_id: "p3", price_id: "p3-once" },
        { provider: "stripe", product_id: null, price_id: "price_1" },
      ]),
    });
    const twice = await studio.admin.at("POST", "/product-configs", {
      ...DRAFT,
      sold_as: [{ provider: "ghl", product_id: "p1" }],
    });
    expect(twice.body).toMatchObject({
      ok: false,
      reason_code: "MAPPING_CONFLICT",
      conflicts: [{ product_id: "p1", product_config_id: studio.products["pack"], name: "Ten classes" }],
    });
  });

  test("a product off sale keeps its names, and is not sold again while another has them", async () => {
    const studio = await openDesk(server, { products: [{ ...PACK, ghl_product_id: "p1" }] });
    const path = `/product-configs/${studio.products["pack"]}`;
    await studio.admin.at("POST", `${path}/deactivate`, { expected_version: 1 });
    const sold_as = [{ provider: "ghl", product_id: "p1" }];
    expect((await studio.admin.at("POST", "/product-configs", { ...DRAFT, sold_as })).body.ok).toBe(true);
    const again = await studio.admin.at("POST", `${path}/reactivate`, { expected_version: 2 });
    expect(again.body.reason_code).toBe("MAPPING_CONFLICT");
  });

  test("a product can be said to grant nothing, and no longer", async () => {
    const studio = await openDesk(server, { products: [PACK] });
    const path = "/no-credit-products/ghl/mat%2Frent";
    expect((await studio.admin.at("PUT", path)).body).toMatchObject({ ok: true, product_id: "mat/rent" });
    const { body } = await studio.viewer.at("GET", "/product-configs");
    expect(body["no_credit_products"]).toEqual([{ provider: "ghl", product_id: "mat/rent" }]);
    expect((await studio.admin.at("DELETE", path)).body.ok).toBe(true);
    expect((await studio.admin.at("DELETE", path)).body).toMatchObject({ reason_code: "NOT_FOUND" });
  });
});

describe("Families of calendars", () => {
  test("are made, changed under a version, and taken away only where nothing names them", async () => {
    const studio = await openDesk(server, { products: [PACK] });
    const family = { name: "Mat classes", calendars: ["yoga", "pilates"] };
    const made = await studio.admin.at("PUT", "/service-families/mat", { ...family, expected_version: null });
    expect(made.body).toMatchObject({ ok: true, key: "mat", version: 1 });
    const product = await studio.admin.at("POST", "/product-configs", { ...DRAFT, calendars: [], families: ["mat"] });
    const id = product.body["id"];
    expect(await listed(studio, id)).toMatchObject({ calendars: ["yoga", "pilates"] });
    expect((await studio.admin.at("DELETE", "/service-families/mat")).body).toMatchObject({
      reason_code: "IN_USE",
      used_by: [{ id, name: "Five classes" }],
    });
    const wider = { ...family, calendars: ["yoga", "pilates", "barre"] };
    await studio.admin.at("PUT", "/service-families/mat", { ...wider, expected_version: 1 });
    expect(await listed(studio, id)).toMatchObject({ calendars: ["yoga", "pilates", "barre"] });
    const late = await studio.owner.at("PUT", "/service-families/mat", { ...family, expected_version: 1 });
    expect(late.body).toMatchObject({ reason_code: "EDIT_CONFLICT", edits: [{ by: studio.admin.email }] });
    await studio.admin.at("PUT", `/product-configs/${String(id)}`, { ...DRAFT, expected_version: 1 });
    expect((await studio.admin.at("DELETE", "/service-families/mat")).body.ok).toBe(true);
  });
});

describe("The preview of a draft", () => {
  test("tells what a member would live through, by the real rules, and writes nothing", async () => {
    const studio = await openDesk(server, { products: [] });
    const draft = { ...DRAFT, expiry_days: 14, months: 1 };
    const { body } = await studio.viewer.at("POST", "/product-configs/preview", draft);
    const lines = body["lines"] as { what: string; amount: number; balance: number }[];
    expect(lines.map(({ what, amount, balance }) => [what, amount, balance]).slice(0, 4)).toEqual([
      ["grant", 5, 5],
      ["deduct", -1, 4],
      ["deduct", -1, 3],
      ["expire", -3, 0],
    ]);
    expect(
      await sql(
        server.db,
        "SELECT FROM ledger_entries WHERE location_id IN (SELECT location_id FROM locations WHERE workspace_id = $1)",
        [studio.workspace_id],
      ),
    ).toEqual([]);
  });

  test("says what is wrong with a draft that cannot be", async () => {
    const studio = await openDesk(server, { products: [] });
    const { status, body } = await studio.viewer.at("POST", "/product-configs/preview", { ...DRAFT, rollover: "all" });
    expect(status).toBe(400);
    expect(body["errors"]).toContainEqual({ field: "rollover", message: "is not a field of a package" });
  });
});

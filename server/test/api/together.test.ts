import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { applyFile, parseApplyFile } from "../../src/operations/catalog/apply-file.ts";
import { callerOf, createLocation, sql, useServer } from "../support.ts";
import { openStudio, PACK, type Studio } from "./studio.ts";

const server = useServer();

/** Sends what `first` and `second` send for each member so close together that they share a batch. */
async function together(
  studio: Studio,
  members: readonly ReturnType<Studio["newMember"]>[],
  product: string,
): Promise<string[]> {
  const sent = members.flatMap((member) => [member.grant(product), member.deduct({ calendar_id: "yoga" })]);
  return (await Promise.all(sent)).filter((_, i) => i % 2 === 1).map(({ body }) => body.reason_code);
}

test("a limit counts what was booked before also where its lot is granted together with the booking", async () => {
  const limited = { ...PACK, credits_total: 2, expiry_days: 1, limits: { per_week: 1 } };
  const studio = await openStudio(server, { products: [limited], sandbox: true });
  await studio.travelTo("2027-03-01T15:00:00Z");
  const members = Array.from({ length: 24 }, () => studio.newMember());
  expect(new Set(await together(studio, members, "pack"))).not.toContain("INTERNAL_ERROR");
  for (const member of members) await member.deduct({ calendar_id: "yoga" });
  await studio.travelTo("2027-03-03T15:00:00Z");
  expect(new Set(await together(studio, members, "pack"))).toEqual(new Set(["NO_ENTITLEMENT"]));
});

test("a refused grant leaves no contact behind, whatever else was asked of that contact meanwhile", async () => {
  const studio = await openStudio(server);
  const members = Array.from({ length: 24 }, () => studio.newMember());
  const refused = { product_config_id: "pc_unknown" };
  const asked = members.flatMap((member) => [member.grant("pack", refused), member.deduct({ calendar_id: "yoga" })]);
  const codes = new Set((await Promise.all(asked)).map(({ body }) => body.reason_code));
  expect(codes).toEqual(new Set(["CONFIG_NOT_FOUND", "NO_ENTITLEMENT"]));
  const ids = members.map(({ id }) => id);
  expect(await sql(server.db, "SELECT id FROM contacts WHERE external_id = ANY ($1)", [ids])).toEqual([]);
});

test("a restore without a reference finds its product's deduction behind any number of others", async () => {
  const other = { ...PACK, key: "other", credits_total: 500, calendars: ["pilates"] };
  const studio = await openStudio(server, { products: [PACK, other] });
  const member = studio.newMember();
  await member.grant("pack");
  await member.grant("other");
  await member.deduct({ calendar_id: "yoga" });
  await Promise.all(Array.from({ length: 405 }, () => member.deduct({ calendar_id: "pilates" })));
  const restored = await member.restore({ product_config_id: studio.product("pack") });
  expect(restored).toAnswer("restored", { balance_after: 10 });
});

test("a scope that was added, and a token that was rotated, count from the next request on", async () => {
  const location = await createLocation(server.db, { products: [PACK], scopes: ["check"] });
  const api = callerOf(server.base_url, location.token);
  const grant = () =>
    api.post("/grants", {
      request_id: randomUUID(),
      external_payment_id: randomUUID(),
      external_contact_id: "new",
      product_config_id: location.products["pack"],
    });
  expect((await grant()).status).toBe(401);
  const change = (client: object) =>
    applyFile(
      server.db,
      parseApplyFile({
        workspace: { key: location.workspace },
        locations: [{ key: "main", api_clients: [{ key: "bot", ...client }] }],
      }),
    );
  await change({ scopes: ["check", "grant"] });
  expect((await grant()).body.reason_code).toBe("grant_applied");
  await change({ rotate: true });
  expect((await api.post("/grants", {})).status).toBe(401);
});

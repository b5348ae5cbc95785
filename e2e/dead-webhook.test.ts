import { expect, test } from "vitest";
import type { FakeStudio } from "../server/src/gateways/ghl/fake/fake-ghl.ts";
import { newStudio, type Studio } from "../server/test/console/console-server.ts";
import { sql } from "../server/test/support.ts";
import { expectWhole } from "./browser.ts";
import { useConsoleWithGhl } from "./ghl.ts";

const server = useConsoleWithGhl();

/** Installs for a workspace by the link of its console; answers the location. */
async function install({ workspace_id, owner }: Studio, { location_id }: FakeStudio): Promise<string> {
  const { body } = await owner.visitor.console("POST", `/workspaces/${workspace_id}/ghl/connect-link`, {});
  const begun = await owner.visitor.get(String(body["url"]).replace(server.origin, ""));
  const state = new URL(begun.headers.get("location") ?? "").searchParams.get("state") ?? "";
  const back = new URLSearchParams({ code: server.fake.install(location_id), state });
  await owner.visitor.get(`/oauth/ghl/callback?${back.toString()}`);
  const listed = await owner.visitor.console("GET", `/workspaces/${workspace_id}/locations`);
  const all = listed.body["locations"] as { location_id: string; ghl: { ghl_location_id: string | null } }[];
  return all.find(({ ghl }) => ghl.ghl_location_id === location_id)?.location_id ?? "";
}

/** Takes what was delivered for the last time that is allowed. */
async function takeLast(): Promise<void> {
  await sql(server.db, "UPDATE webhook_events SET attempts_allowed = 1 WHERE status = 'received'", []);
  await server.take();
}

test("a purchase that could not be taken is found dead, replayed from its page, and shows what it granted", async () => {
  const studio = await newStudio(server);
  const ghl = server.fake.addLocation({ name: "Lotus Yoga" });
  const location_id = await install(studio, ghl);
  const calendar_id = ghl.desk.addCalendar("Evening yoga");
  const product_id = ghl.till.addProduct("Ten classes");
  const price_id = ghl.till.addPrice(product_id, { amount: 150 });
  const made = await studio.owner.visitor.console("POST", `/locations/${location_id}/product-configs`, {
    name: "10-class pack",
    type: "package",
    credits_total: 10,
    calendars: [calendar_id],
    sold_as: [{ provider: "ghl", product_id }],
  });
  expect(made.body).toMatchObject({ ok: true });
  const maya = ghl.desk.createContact({ first_name: "Maya", last_name: "Lopez" });
  await server.told();

  ghl.till.sell(maya, [{ price_id, quantity: 1 }]);
  await server.fake.drain();
  server.fake.setWeather({ fail_rate: 1 });
  await takeLast();
  const page = await server.openAs(studio.owner.email, `/locations/${location_id}/overview`);
  const waiting = page.getByRole("listitem").filter({ hasText: "Dead webhooks" });
  await waiting.getByRole("link", { name: "OrderStatusUpdate" }).waitFor();
  await expectWhole(page);
  await waiting.getByRole("link", { name: "Replay" }).click();
  await page.getByRole("heading", { name: "OrderStatusUpdate" }).waitFor();
  await page.getByText("Dead", { exact: true }).waitFor();
  await page.getByText("It moved no credits.").waitFor();
  await page.getByText(/GET \/payments\/transactions: 500/).waitFor();
  await expectWhole(page);

  server.fake.setWeather({});
  const replay = async () => {
    const asked = page.waitForResponse(/\/replay$/);
    await page.getByRole("button", { name: "Replay", exact: true }).click();
    await asked;
    await server.take();
  };
  await replay();
  await page.getByText("The event is due again.").waitFor();
  const entries = page.getByRole("table", { name: "Ledger entries" });
  await entries.getByRole("cell", { name: "Granted" }).waitFor();
  await entries.getByRole("cell", { name: "+10" }).waitFor();
  const attempts = page.getByRole("table", { name: "Attempts" }).getByRole("row");
  expect(await attempts.count()).toBe(3);
  await expectWhole(page);
  await replay();
  await expect.poll(() => attempts.count(), { timeout: 10_000 }).toBe(4);
  expect(await entries.getByRole("cell", { name: "+10" }).count()).toBe(1);

  await page.getByRole("link", { name: maya }).click();
  await page.getByText("10 of 10 left").waitFor();
  await page.getByRole("link", { name: "Overview" }).first().click();
  await page.getByText("Outstanding credits").waitFor();
  await page.getByText("Dead webhooks").waitFor({ state: "detached" });
});

import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { newStudio } from "../server/test/console/console-server.ts";
import { expectWhole } from "./browser.ts";
import { useConsoleWithGhl } from "./ghl.ts";

const server = useConsoleWithGhl();

const HOUR = 3_600_000;

/** Installs the app from the console, and goes to the location that came of it. */
async function install(page: Page, workspace_id: string, ghl_location_id: string): Promise<void> {
  await page.getByRole("button", { name: "New location" }).click();
  await page.getByRole("radio", { name: "Connect GoHighLevel" }).click();
  await page.getByRole("button", { name: "Next" }).click();
  await page.getByRole("button", { name: "Continue to GoHighLevel" }).click();
  await page.getByRole("link", { name: "Lotus Yoga" }).click();
  await page.waitForURL(`**/admin/workspaces/${workspace_id}/locations`);
  const row = page.getByRole("row", { name: /Lotus Yoga/ });
  await row.getByText("Connected", { exact: true }).waitFor();
  await row.getByText("Active", { exact: true }).waitFor();
  await expectWhole(page);
  await server.told();
  await row.getByRole("link", { name: "Lotus Yoga" }).click();
  await page.getByText(ghl_location_id).waitFor();
  await page.getByText("Last webhook").waitFor();
  await expectWhole(page);
}

/** Makes a product config by the pickers: what GoHighLevel sells, and the calendar it covers. */
async function sell(page: Page): Promise<void> {
  await page.getByRole("link", { name: "Product configs" }).first().click();
  await page.getByRole("button", { name: "New product config" }).first().click();
  await page.getByLabel("Name").fill("10-class pack");
  await page.getByRole("textbox", { name: "Credits", exact: true }).fill("10");
  await page.getByRole("textbox", { name: "Calendars" }).fill("even");
  await page.getByRole("option", { name: /Evening yoga/ }).click();
  await page.getByRole("button", { name: "Add name" }).click();
  await page.getByRole("combobox", { name: "Product", exact: true }).fill("ten");
  await page.getByRole("option", { name: /Ten classes/ }).click();
  await page.getByRole("combobox", { name: "Price", exact: true }).click();
  await page.getByRole("option", { name: /Full price.*\$150\.00/ }).click();
  await page.getByText("Ten classes").first().waitFor();
  await expectWhole(page);
  await page.getByRole("button", { name: "Create product config" }).click();
  await page.getByText("10-class pack is sold from now on.").waitFor();
}

test("from installing, by purchase and booking, to a late cancellation and a refund", async () => {
  const { workspace_id, owner } = await newStudio(server);
  const ghl = server.fake.addLocation({ name: "Lotus Yoga", timezone: "America/New_York" });
  const calendar_id = ghl.desk.addCalendar("Evening yoga");
  const product_id = ghl.till.addProduct("Ten classes");
  const price_id = ghl.till.addPrice(product_id, { name: "Full price", amount: 150 });
  const page = await server.openAs(owner.email, `/workspaces/${workspace_id}/locations`);

  await install(page, workspace_id, ghl.location_id);
  await sell(page);

  const maya = ghl.desk.createContact({ first_name: "Maya", last_name: "Lopez", email: "maya@lotus.test" });
  const { transaction_id } = ghl.till.sell(maya, [{ price_id, quantity: 1 }]);
  await server.told();
  await page.getByRole("link", { name: "Contacts", exact: true }).click();
  await page.getByRole("link", { name: "Maya Lopez" }).click();
  await page.getByText("10 of 10 left").waitFor();
  await page.getByText("$150.00").first().waitFor();
  await page.getByText("1 payment", { exact: true }).waitFor();
  await expectWhole(page);

  const appointment = ghl.desk.book({ contact_id: maya, calendar_id, starts_at: Date.now() + 3 * HOUR });
  await server.told();
  // Nobody touches the page: it reads again by itself.
  await page.getByText("9 of 10 left · 1 held").waitFor({ timeout: 20_000 });
  await page.getByText("1 credit held for a booking").waitFor();
  await expectWhole(page);

  ghl.desk.cancel(appointment);
  await server.told();
  await page.reload();
  await page.getByRole("button", { name: "Why: 1 credit kept for a late cancellation" }).click();
  await page.getByText("GoHighLevel's AppointmentUpdate").first().waitFor();
  await expectWhole(page);
  await page.keyboard.press("Escape");
  expect(await page.getByText("9 of 10 left").count()).toBe(1);
  await page.getByRole("link", { name: "Bookings", exact: true }).click();
  const booking = page.getByRole("row", { name: /Maya Lopez/ });
  await booking.getByText("Cancelled late").waitFor();
  await booking.getByRole("cell", { name: "Evening yoga" }).waitFor();
  await booking.getByRole("button", { name: /^Why/ }).click();
  const kept = /Cancelled \d hours before its start; the window is 24 hours, so it kept 1 credit of 10-class pack\./;
  await page.getByText(kept).first().waitFor();
  await page.keyboard.press("Escape");
  await expectWhole(page);

  ghl.till.refund(transaction_id ?? "");
  await server.told();
  await page.getByRole("link", { name: "Contacts", exact: true }).click();
  await page.getByRole("link", { name: "Maya Lopez" }).click();
  await page.reload();
  await page.getByText("9 credits taken back with a refund").waitFor();
  await page.getByText("1 credit refunded but used already").waitFor();
  await page.getByText("No live credits").waitFor();
  await expectWhole(page);
});

import { expect, test } from "vitest";
import { newStudio } from "../server/test/console/console-server.ts";
import { SANDBOX_KEY, tellGhl } from "../server/test/console/sample-webhooks.ts";
import { callerOf } from "../server/test/support.ts";
import { expectWhole } from "./browser.ts";
import { at, useConsoleInBrowser } from "./console.ts";

const server = useConsoleInBrowser({}, { sandbox_key: SANDBOX_KEY });

const PACK = { key: "pack", name: "10-class pack", type: "package", credits_total: 10, calendars: ["yoga"] };

test("a visit that nothing paid for is found on the overview, and settled where it is listed", async () => {
  const studio = await newStudio(server, { name: "Lotus Yoga", sandbox: true, products: [PACK] });
  const { location_id, owner, token } = studio;
  await tellGhl(server, "AppointmentCreate", {
    location_id,
    contact_id: "maya",
    set: { "appointment.calendarId": "yoga" },
  });
  await tellGhl(server, "ContactUpdate", {
    location_id,
    contact_id: "maya",
    set: { name: "Maya Lopez", firstName: "Maya", lastName: "Lopez" },
  });
  const page = await server.openAs(owner.email, at(studio, "overview"));
  const waiting = page.getByRole("listitem").filter({ hasText: "Unfunded bookings" });
  await waiting.getByText("Booked without credits to take.").waitFor();
  await waiting.getByRole("link", { name: "Maya Lopez" }).waitFor();
  await expectWhole(page);
  await waiting.getByRole("link", { name: "Settle" }).click();

  await page.getByRole("heading", { name: "Bookings", exact: true }).waitFor();
  const row = page.getByRole("row", { name: /Maya Lopez/ });
  await row.getByText("Unfunded").waitFor();
  await expectWhole(page);
  await row.getByRole("button", { name: "Settle" }).click();
  await page.getByText(/The member held nothing that covers it/).waitFor();
  await page.getByRole("button", { name: "Preview" }).click();
  await page.getByText("The contact holds nothing that is usable for this request.").waitFor();
  await expectWhole(page);
  await page.getByRole("button", { name: "Cancel", exact: true }).click();

  const grant = await callerOf(server.base_url, token).post("/grants", {
    request_id: "sold at the desk",
    external_contact_id: "maya",
    product_config_id: studio.products["pack"],
    external_payment_id: "cash 1",
    amount_cents: 15_000,
  });
  expect(grant.body.reason_code).toBe("grant_applied");
  await row.getByRole("button", { name: "Settle" }).click();
  await page.getByRole("button", { name: "Preview" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("cell", { name: "−1" }).waitFor();
  await dialog.getByRole("cell", { name: "10-class pack" }).first().waitFor();
  expect(await dialog.getByText("Newly opened").count()).toBe(0);
  await expectWhole(page);
  await page.getByRole("button", { name: "Settle booking" }).click();
  await page.getByText("The booking is settled.").waitFor();
  await page.getByText("No booking matches").waitFor();
  await page.getByText("Unfunded", { exact: true }).first().click();
  await row.getByText("Funded", { exact: true }).waitFor();
  await row.getByRole("cell", { name: "10-class pack" }).waitFor();
  expect(await row.getByRole("button", { name: "Settle" }).count()).toBe(0);
  await page.getByRole("link", { name: "Overview" }).first().click();
  await page.getByText("Outstanding credits").first().waitFor();
  await page.getByText("Unfunded bookings").waitFor({ state: "detached" });
  await expectWhole(page);
});

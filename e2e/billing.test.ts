import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { DAY } from "../server/src/rules/time/local-days.ts";
import { billed, newPayer, type Payer } from "../server/test/console/billed-console.ts";
import { expectWhole } from "./browser.ts";
import { useConsoleInBrowser } from "./console.ts";

const server = billed((settings) => useConsoleInBrowser(settings));

const openBilling = ({ email, workspace_id }: Payer): Promise<Page> =>
  server.openAs(email, `/workspaces/${workspace_id}/billing`);

/** Whole sentences of the page. */
async function says(page: Page, text: string | RegExp): Promise<void> {
  await page.getByText(text).first().waitFor();
}

test("an owner subscribes, adds a location, fails a payment, recovers, and thinks better of leaving", async () => {
  const payer = await newPayer(server);
  const page = await openBilling(payer);
  await says(page, "This workspace has no plan yet");
  await says(page, "1 active location once you have subscribed");
  await says(page, "14 days free");
  await expectWhole(page);

  await page.getByRole("button", { name: "Subscribe" }).click();
  await says(page, "1 × Kotally, 14 days free");
  await page.getByRole("button", { name: "Back" }).click();
  await says(page, "The payment page was not completed, so nothing was charged.");
  await page.getByRole("button", { name: "Subscribe" }).click();
  await page.getByRole("button", { name: "Subscribe" }).click();
  await says(page, "Thank you: the subscription is there.");
  expect(new URL(page.url()).search).toBe("");
  await says(page, "Trial until");
  await page.getByText("This workspace has no plan yet").waitFor({ state: "detached" });
  await expectWhole(page);

  await says(page, "$78.00 a month instead of $59.00");
  await page.getByLabel("Further locations").fill("4");
  await says(page, "$135.00 a month instead of $59.00");
  await page.getByLabel("Further locations").fill("0");
  await says(page, "A whole number from 1 to 1,000.");
  await page.getByRole("link", { name: "Locations", exact: true }).click();
  await page.getByRole("button", { name: "New location" }).click();
  await page.getByRole("radio", { name: "Use the Kotally API instead (no GHL)" }).click();
  await page.getByRole("button", { name: "Next" }).click();
  await page.getByRole("textbox", { name: "Name" }).fill("Second studio");
  await says(page, "$78.00 a month instead of $59.00");
  await expectWhole(page);
  await page.getByRole("button", { name: "Create location" }).click();
  await says(page, "Second studio is there.");
  await server.follow();
  await page.goto(new URL(`/admin/workspaces/${payer.workspace_id}/billing`, page.url()).href);
  server.fake.renew(payer.subscription.id);
  await server.told();
  await page.reload();
  await says(page, "2 active locations");
  await page.getByRole("table", { name: "Bills" }).getByText("$78.00").waitFor();

  server.fake.failPayment(payer.subscription.id);
  await server.told();
  await page.reload();
  await says(page, /The last payment failed\. Everything still works until/);
  await page.getByRole("link", { name: /^Pay:/ }).waitFor();
  await expectWhole(page);
  await server.follow(7 * DAY + 1);
  await page.reload();
  await says(page, "Billing is suspended.");
  await expectWhole(page);

  await page.getByRole("button", { name: "Settle the bill" }).click();
  await page.getByRole("button", { name: "Pay the open invoice" }).click();
  await page.getByRole("button", { name: "Return to Kotally" }).click();
  await says(page, "Up to date with Stripe.");
  await page.getByText("Billing is suspended.").waitFor({ state: "detached" });

  await page.getByRole("button", { name: "Card, bills, cancellation" }).click();
  await page.getByRole("button", { name: "Cancel subscription" }).click();
  await page.getByRole("button", { name: "Return to Kotally" }).click();
  await says(page, "The subscription ends on");
  await says(page, "Ends on");
  await expectWhole(page);
});

test("an ended subscription says when everything goes, and can be begun again without a second trial", async () => {
  const payer = await newPayer(server, { locations: 3 });
  const { id } = await payer.subscribe();
  server.fake.cancelSubscription(id, { at_period_end: false });
  await server.told();
  const page = await openBilling(payer);
  await says(page, /The subscription has ended\. Everything can be read and exported until/);
  await expectWhole(page);
  await page.getByRole("button", { name: "Subscribe again" }).click();
  await says(page, "3 × Kotally");
  await page.getByText("days free").waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Subscribe" }).click();
  await says(page, "Thank you: the subscription is there.");
  await says(page, "Renews on");
  expect(await page.getByRole("table", { name: "Bills" }).getByRole("row").nth(1).textContent()).toContain("$97.00");
});

test("while Stripe is away the page shows what is known and says so", async () => {
  const payer = await newPayer(server);
  await payer.subscribe();
  server.fake.setWeather({ api_failing: 1 });
  try {
    const page = await openBilling(payer);
    await says(page, "Trial until");
    await says(page, "Stripe gave no answer that could be used");
    await page.getByRole("button", { name: "Card, bills, cancellation" }).click();
    await page.getByRole("alert").first().waitFor();
    await expectWhole(page);
    expect(page.url()).toContain(`/workspaces/${payer.workspace_id}/billing`);
  } finally {
    server.fake.setWeather({});
  }
});

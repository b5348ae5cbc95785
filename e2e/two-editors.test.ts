import type { Page } from "playwright-core";
import { beforeEach, expect, test } from "vitest";
import { newStudio, type Studio } from "../server/test/console/console-server.ts";
import { openStaffDesk, type StaffDesk } from "../server/test/console/staff-desk.ts";
import { expectWhole } from "./browser.ts";
import { at, useConsoleInBrowser } from "./console.ts";

const server = useConsoleInBrowser();
const PACK = { key: "pack", name: "10-class pack", type: "package", credits_total: 10, calendars: ["yoga"] };
const TOLD = "Somebody else changed this meanwhile";
let studio: Studio;
let admin: StaffDesk;

beforeEach(async () => {
  studio = await newStudio(server, { name: "Lotus Yoga", products: [PACK] });
  admin = await openStaffDesk(server, { workspace: studio.key, location_id: studio.location_id }, "admin");
});

/** The same page of the location, open before an owner and before an admin. */
const openBoth = async (address: string): Promise<[Page, Page]> => [
  await server.openBy(studio.owner.visitor, at(studio, address)),
  await server.openBy(admin.visitor, at(studio, address)),
];

/** Comes back to the window a minute later, which reads anew what it shows. */
async function comeBack(page: Page, path: string): Promise<void> {
  const read = page.waitForResponse((answer) => answer.url().endsWith(path) && answer.request().method() === "GET");
  await page.clock.setFixedTime(Date.now() + 60_000);
  await page.evaluate(`window.dispatchEvent(new Event("visibilitychange"))`);
  await read;
}

test("two edit a product config: the second is told by whom, keeps what they typed, and overwrites nothing", async () => {
  const [first, second] = await openBoth(`products/${studio.products["pack"]}`);
  const credits = (page: Page) => page.getByRole("textbox", { name: "Credits", exact: true });
  await credits(second).fill("20");
  await credits(first).fill("12");
  await first.getByRole("button", { name: "Save changes" }).click();
  await first.getByText("10-class pack is saved.").waitFor();

  await second.getByRole("button", { name: "Save changes" }).click();
  const told = second.getByRole("alert").filter({ hasText: TOLD });
  await told
    .getByText(/changed .*credits/)
    .first()
    .waitFor();
  expect(await told.getByRole("row").last().innerText()).toMatch(/credits\s+12\s+20/);
  expect(await credits(second).inputValue()).toBe("20");
  const stored = async () => {
    const [config] = (await admin.get("/product-configs")).body["product_configs"] as Record<string, unknown>[];
    return JSON.stringify(config);
  };
  expect(await stored()).toContain('"credits_total":12');

  await second.getByRole("button", { name: "Save changes" }).click();
  await told.waitFor();
  expect(await stored()).toContain('"credits_total":12');
  await second.getByRole("button", { name: "Load what is there now" }).click();
  await told.waitFor({ state: "detached" });
  expect(await credits(second).inputValue()).toBe("12");
  await credits(second).fill("20");
  await second.getByRole("button", { name: "Save changes" }).click();
  await second.getByText("10-class pack is saved.").waitFor();
  expect(await stored()).toContain('"credits_total":20');
});

test("two edit a location's settings: the second is told, although the window has read them anew meanwhile", async () => {
  const [first, second] = await openBoth("settings");
  await second.getByLabel("Name").fill("Second name");
  await first.getByLabel("Name").fill("First name");
  await first.getByRole("button", { name: "Save settings" }).click();
  await first.getByText("First name").first().waitFor();
  await comeBack(second, "/settings");
  await second.getByRole("button", { name: "Save settings" }).click();
  await second.getByText(TOLD).waitFor();
  await expectWhole(second);
  expect(await second.getByLabel("Name").inputValue()).toBe("Second name");
  expect((await admin.get("/settings")).body["settings"]).toMatchObject({ name: "First name" });
});

test("two rename a workspace: the second is told what it is called now, and keeps what they typed", async () => {
  const address = `/workspaces/${studio.workspace_id}/settings`;
  const [first, second] = [
    await server.openBy(studio.owner.visitor, address),
    await server.openBy(studio.owner.visitor, address),
  ];
  const name = (page: Page) => page.getByLabel("Name");
  await name(second).fill("Second name");
  await name(first).fill("First name");
  await first.getByRole("button", { name: "Save" }).click();
  await first.getByText("First name").first().waitFor();
  await comeBack(second, "/settings");
  expect(await name(second).inputValue()).toBe("Second name");
  await second.getByRole("button", { name: "Save" }).click();
  const told = second.getByRole("alert").filter({ hasText: TOLD });
  expect(await told.getByRole("row").last().innerText()).toMatch(/First name\s+Second name/);
  await expectWhole(second);
  await second.getByRole("button", { name: "Load what is there now" }).click();
  await told.waitFor({ state: "detached" });
  expect(await name(second).inputValue()).toBe("First name");
});

test("two edit an API client: the second is told, although the page behind the dialog is as the first left it", async () => {
  const [client] = (await admin.get("/api-clients")).body["api_clients"] as { id: string; name: string }[];
  const [first, second] = await openBoth(`api-clients/${client?.id}`);
  for (const page of [first, second]) await page.getByRole("button", { name: "Edit" }).click();
  await second.getByLabel("Name").fill("second name");
  await first.getByLabel("Name").fill("first name");
  await first.getByRole("button", { name: "Save", exact: true }).click();
  await first.getByText("first name is saved.").waitFor();
  await comeBack(second, "/api-clients");
  await second.getByRole("button", { name: "Save", exact: true }).click();
  await second.getByText(TOLD).waitFor();
  await expectWhole(second);
  expect(await second.getByRole("textbox", { name: "Name" }).inputValue()).toBe("second name");
  expect((await admin.get("/api-clients")).body["api_clients"]).toMatchObject([{ name: "first name" }]);
});

import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import { addDays, localDate } from "../server/src/rules/time/local-days.ts";
import { newStudio, type Studio } from "../server/test/console/console-server.ts";
import { openStaffDesk } from "../server/test/console/staff-desk.ts";
import { callerOf } from "../server/test/support.ts";
import { expectWhole } from "./browser.ts";
import { at, useConsoleInBrowser } from "./console.ts";

const server = useConsoleInBrowser();
let studio: Studio;
let api: ReturnType<typeof callerOf>;

const PRODUCTS = [
  { key: "pack", name: "10-class pack", type: "package", credits_total: 10, expiry_days: 30, calendars: ["yoga"] },
  { key: "monthly", name: "Monthly 8", type: "membership", monthly_credits: 8, calendars: ["pilates"] },
  { key: "large", name: "Monthly 20", type: "membership", monthly_credits: 20, calendars: ["pilates"] },
];

beforeAll(async () => {
  studio = await newStudio(server, { name: "Lotus Yoga", sandbox: true, products: PRODUCTS });
  api = callerOf(server.base_url, studio.token);
});

let requests = 0;
const request_id = () => `request ${(requests += 1)}`;

/** A member with a pack, of which a booking took a credit, and a membership. */
async function newMember(id: string, name: string): Promise<void> {
  const sold = (key: string) => ({
    product_config_id: studio.products[key],
    external_payment_id: `${id} ${key}`,
    name,
  });
  const member = { external_contact_id: id, email: `${id}@lotus.test` };
  for (const key of ["pack", "monthly"]) {
    await api.post("/grants", { ...member, ...sold(key), amount_cents: 9900, request_id: request_id() });
  }
  await api.post("/entitlements/deduct", {
    external_contact_id: id,
    calendar_id: "yoga",
    external_ref: `${id}-booking`,
    request_id: request_id(),
  });
}

const openContact = (id: string, email = studio.owner.email): Promise<Page> =>
  server.openAs(email, at(studio, `contacts/${id}`));

const available = async (id: string) =>
  ((await api.get(`/contacts/${id}/credits`)).body["credits"] as { credits_available: number }).credits_available;

/** The local day at whose beginning each entitlement ends. */
const lastDays = async (id: string) => {
  const { body } = await api.get(`/contacts/${id}/entitlements`);
  const entitlements = body["entitlements"] as { id: string; expires_at: string }[];
  return entitlements
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
    .map(({ expires_at }) => localDate(Date.parse(expires_at), "America/New_York"));
};

test("a member is found by the beginning of a name, and their page says why each credit moved", async () => {
  await newMember("maya", "Maya Lopez");
  await newMember("jonas", "Jonas Weber");
  const page = await server.openAs(studio.owner.email, at(studio, "contacts"));
  await page.getByRole("link", { name: "Jonas Weber" }).waitFor();
  await expectWhole(page);
  await page.getByRole("searchbox").fill("may");
  await page.getByRole("link", { name: "Jonas Weber" }).waitFor({ state: "detached" });
  await page.getByRole("link", { name: "Maya Lopez" }).click();

  await page.getByRole("heading", { name: "Maya Lopez" }).waitFor();
  await page.getByText("9 of 10 left").waitFor();
  await page.getByText("8 of 8 left").waitFor();
  await expectWhole(page);
  await page.getByRole("button", { name: "Why: 1 credit used" }).click();
  await page.getByText("An automation took the credits through the API.").waitFor();
  await page.getByRole("dialog").getByText("maya-booking").first().waitFor();
  await expectWhole(page);
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  expect(await page.evaluate("document.activeElement.textContent")).toBe("Why?");
  for (const tab of ["Ledger", "Bookings", "Payments", "Entitlements"]) {
    await page.getByRole("tab", { name: tab }).click();
    await page.getByRole("table").waitFor();
    await expectWhole(page);
  }
});

test("an adjustment shows its entries and balances first, asks why, and does exactly that", async () => {
  await newMember("ines", "Ines Duarte");
  const page = await openContact("ines");
  await page.getByRole("button", { name: "More" }).click();
  await page.getByRole("menuitem", { name: "Adjust…" }).click();
  await page.getByText("Take", { exact: true }).click();
  await page.getByLabel("Credits", { exact: true }).fill("2");
  await page.getByRole("button", { name: "Preview" }).click();
  await page.getByText("Say why: whoever reads the ledger will ask.").waitFor();
  await page.getByRole("textbox", { name: "Reason" }).fill("counted twice");
  await page.getByRole("button", { name: "Preview" }).click();
  await page.getByRole("cell", { name: "−2" }).waitFor();
  await expectWhole(page);
  expect(await available("ines")).toBe(17);

  await page.getByRole("textbox", { name: "Reason" }).fill("counted twice by the scanner");
  await page.getByText("You changed something: preview again").waitFor();
  await page.getByRole("button", { name: "Preview again" }).click();
  await page.getByRole("button", { name: "Adjust credits" }).click();
  await page.getByText("Credits adjusted.").waitFor();
  expect(await available("ines")).toBe(15);
  await page.getByText("counted twice by the scanner").first().waitFor();
});

test("what changed since it was previewed is told, and shown anew, before it is done", async () => {
  await newMember("rosa", "Rosa Klein");
  const page = await openContact("rosa");
  await page.getByRole("button", { name: "More" }).click();
  await page.getByRole("menuitem", { name: "Adjust…" }).click();
  await page.getByText("Take", { exact: true }).click();
  await page.getByRole("combobox", { name: "Product" }).click();
  await page.getByRole("option", { name: "10-class pack" }).click();
  await page.getByRole("textbox", { name: "Reason" }).fill("counted twice");
  await page.getByRole("button", { name: "Preview" }).click();
  await page.getByRole("row", { name: /9 8$/ }).waitFor();

  const taken = { external_contact_id: "rosa", calendar_id: "yoga", amount: 3, request_id: request_id() };
  await api.post("/entitlements/deduct", taken);
  const confirm = page.getByRole("button", { name: "Adjust credits" });
  await confirm.click();
  await page.getByText("Something changed since you looked, so nothing was done.").waitFor();
  await page.getByRole("row", { name: /6 5$/ }).waitFor();
  expect(await available("rosa")).toBe(14);
  await expectWhole(page);
  await confirm.click();
  await page.getByText("Credits adjusted.").waitFor();
  expect(await available("rosa")).toBe(13);
});

test("what is sold at the desk, given back and extended is each told first", async () => {
  await newMember("caleb", "Caleb Rossi");
  const page = await openContact("caleb");
  await page.getByRole("button", { name: "Grant credits" }).click();
  await page.getByRole("combobox", { name: "Product" }).click();
  await page.getByRole("option", { name: "10-class pack" }).click();
  await page.getByLabel("Paid", { exact: true }).fill("12,345.00");
  await page.getByRole("textbox", { name: "Reason" }).fill("paid in cash");
  await page.getByRole("button", { name: "Preview" }).click();
  await page.getByText("Say an amount such as 99 or 99.50.").waitFor();
  await page.getByLabel("Paid", { exact: true }).fill("149.00");
  await page.getByRole("button", { name: "Preview" }).click();
  await page.getByText("10 credits are granted.").waitFor();
  await expectWhole(page);
  await page.getByRole("dialog").getByRole("button", { name: "Grant credits" }).click();
  await page.getByText("10 credits granted.").waitFor();
  expect(await available("caleb")).toBe(27);

  await page.getByRole("button", { name: "More" }).click();
  await page.getByRole("menuitem", { name: "Give back…" }).click();
  await page.getByRole("combobox", { name: "Booking" }).click();
  await page.getByRole("option", { name: /caleb-booking/ }).click();
  await page.getByRole("textbox", { name: "Reason" }).fill("the teacher was ill");
  await page.getByRole("button", { name: "Preview" }).click();
  await page.getByRole("cell", { name: "+1" }).waitFor();
  await page.getByRole("button", { name: "Give back" }).click();
  await page.getByText("Credits given back.").waitFor();
  expect(await available("caleb")).toBe(28);

  await page.getByRole("button", { name: "More" }).click();
  await page.getByRole("menuitem", { name: "Extend expiry…" }).click();
  await page.getByRole("textbox", { name: "Reason" }).fill("the studio was closed");
  await page.getByRole("button", { name: "Preview" }).click();
  await page.getByRole("columnheader", { name: "After" }).waitFor();
  await expectWhole(page);
  const before = await lastDays("caleb");
  expect(before).toHaveLength(3);
  await page.getByRole("button", { name: "Extend", exact: true }).click();
  await page.getByText("The entitlements live longer.").first().waitFor();
  expect(await lastDays("caleb")).toEqual(before.map((day) => addDays(day, 7)));
  expect(await available("caleb")).toBe(28);
});

test("a membership is frozen with a preview, and the freeze ended early", async () => {
  await newMember("freya", "Freya Novak");
  const page = await openContact("freya");
  await page.getByRole("button", { name: "Actions for Monthly 8" }).click();
  await page.getByRole("menuitem", { name: "Freeze…" }).click();
  await page.getByRole("button", { name: "Preview" }).click();
  await page.getByText(/Frozen from .*; back on .*/).waitFor();
  await page.getByRole("button", { name: "Freeze membership" }).click();
  await page.getByText("The membership is frozen.").waitFor();
  await page
    .getByText(/Frozen .* without an end date|Frozen .* until/)
    .first()
    .waitFor();
  await expectWhole(page);

  await page.getByRole("button", { name: "Actions for Monthly 8" }).click();
  await page.getByRole("menuitem", { name: "End the freeze…" }).click();
  await page.getByRole("button", { name: "Preview" }).click();
  await page.getByText(/Frozen for/).waitFor();
  await page.getByRole("button", { name: "End the freeze" }).click();
  await page.getByText("The freeze is ended.").waitFor();
});

test("a plan is changed, a membership cancelled, and the cancellation undone", async () => {
  await newMember("zara", "Zara Haddad");
  const page = await openContact("zara");
  const start = async (action: string) => {
    await page.getByRole("button", { name: /Actions for Monthly/ }).click();
    await page.getByRole("menuitem", { name: action }).click();
  };
  await start("Cancel…");
  await page.getByRole("button", { name: "Preview" }).click();
  await page.getByText(/It ends on .* instead of renewing/).waitFor();
  await expectWhole(page);
  await page.getByRole("button", { name: "Cancel membership" }).click();
  await page.getByText("The membership is cancelled.").waitFor();
  await start("Undo the cancellation…");
  await page.getByRole("button", { name: "Preview" }).click();
  await page.getByRole("button", { name: "Let it go on" }).click();
  await page.getByText("The membership goes on.").waitFor();
  await start("Change plan…");
  await page.getByRole("combobox", { name: "New plan" }).click();
  await page.getByRole("option", { name: "Monthly 20" }).click();
  await page.getByRole("button", { name: "Preview" }).click();
  await page.getByText(/The new plan holds from now on/).waitFor();
  await page.getByRole("button", { name: "Change plan" }).click();
  await page.getByText("The plan is changed.").waitFor();
  expect(await available("zara")).toBeGreaterThan(17);
});

test("a viewer reads all of it and finds no button that would change something", async () => {
  await newMember("leo", "Leo Fischer");
  const viewer = await openStaffDesk(server, { workspace: studio.key, location_id: studio.location_id }, "viewer");
  const page = await openContact("leo", viewer.email);
  await page.getByText("9 of 10 left").waitFor();
  await page.getByRole("button", { name: "Why: 1 credit used" }).waitFor();
  for (const name of ["Grant credits", "More", "Actions for Monthly 8"]) {
    expect(await page.getByRole("button", { name }).count()).toBe(0);
  }
  await expectWhole(page);
});

test("any id leads to its own page: a request's to whose credits it moved, a booking's to the booking", async () => {
  await newMember("ruth", "Ruth Adler");
  const asked = request_id();
  await api.post("/entitlements/deduct", { external_contact_id: "ruth", calendar_id: "yoga", request_id: asked });
  const page = await server.openAs(studio.owner.email, at(studio, "contacts"));
  const follow = async (id: string, hit: RegExp) => {
    await page.keyboard.press("Control+k");
    await page.getByRole("textbox", { name: /any id, or a page/ }).fill(id);
    await page.getByText(hit).click();
  };
  await page.getByRole("link", { name: "Ruth Adler" }).waitFor();
  await follow(asked, /^Request · deducted$/);
  await expect.poll(() => page.url()).toMatch(/\/contacts\/ruth\?tab=ledger$/);
  await follow("ruth-booking", /^Booking · /);
  await expect.poll(() => page.url()).toMatch(/\/bookings\?contact=ruth&booking=ruth-booking$/);
  await follow("bot", /^API client · /);
  await expect.poll(() => page.url()).toMatch(/\/api-clients\/[^/]+$/);
});

test("everything is reached by the keyboard alone", async () => {
  await newMember("noah", "Noah Okafor");
  const page = await server.openAs(studio.owner.email, at(studio, "contacts"));
  await page.getByRole("link", { name: "Noah Okafor" }).waitFor();
  await page.keyboard.press("Tab");
  expect(await page.evaluate("document.activeElement.textContent")).toBe("Skip to content");
  await page.keyboard.press("Control+k");
  await page
    .getByRole("textbox", { name: /any id, or a page/ })
    .and(page.locator(":focus"))
    .waitFor();
  await page.keyboard.type("noah");
  await page.getByText("Contact · noah@lotus.test").waitFor();
  await expectWhole(page);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Noah Okafor" }).waitFor();
  expect(await page.evaluate("document.activeElement.textContent")).toBe("Noah Okafor");
});

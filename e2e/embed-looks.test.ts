import type { Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { DAY, HOUR } from "../server/src/rules/time/local-days.ts";
import { book, LAUNCH_TOKEN, openInstalled, useEmbedServer } from "../server/test/api/embed-studio.ts";
import { PACK } from "../server/test/api/studio.ts";
import { accessibilityTrouble, overflowOf, useBrowser, type Looks } from "./browser.ts";

const ZONE = "America/New_York";
const server = useEmbedServer();
const browser = useBrowser();
let studio: Awaited<ReturnType<typeof openInstalled>>;
let maya: ReturnType<typeof studio.newMember>;

beforeAll(async () => {
  const calendars = ["Vinyasa Flow, 75 minutes"];
  const products = [
    { ...PACK, name: "10-class pack", calendars, expiry_days: 12 },
    { ...PACK, key: "sauna", name: "Sauna and cold plunge, weekdays before noon", calendars: ["sauna"] },
    { key: "monthly", name: "Monthly 8", type: "membership", monthly_credits: 8, calendars: ["pilates"] },
  ];
  studio = await openInstalled(server, { name: "Lotus Yoga and Pilates", products, timezone: ZONE, sandbox: true });
  maya = studio.newMember();
  const ago = (ms: number) => new Date(Date.now() - ms).toISOString();
  const named = { name: "Maya Konstantinopoulou-Featherstonehaugh", email: "maya.konstantinopoulou@lotus-studio.test" };
  await maya.grant("pack", { ...named, amount_cents: 12_000, currency: "USD", paid_at: ago(6 * DAY) });
  await maya.grant("monthly", { amount_cents: 8_900, currency: "USD", paid_at: ago(5 * DAY) });
  await maya.grant("sauna", { amount_cents: 1_234_500, currency: "USD", paid_at: ago(4 * DAY) });
  const noon = Temporal.Now.plainDateISO(ZONE).toZonedDateTime({
    timeZone: ZONE,
    plainTime: "12:00",
  }).epochMilliseconds;
  const at = (starts_at: number, told: object = {}) =>
    book(server, studio, maya, { starts_at, calendar_id: calendars[0]!, ...told });
  await at(noon);
  await at(noon + 2 * DAY);
  await at(noon - 2 * DAY, { status: "showed" });
  await at(noon - 3 * DAY, { status: "noshow" });
  await at(noon + HOUR, { calendar_id: "a calendar that nothing covers" });
  for (const [hours, name] of [
    [-3, "Ben Ito"],
    [3, "Zoë Lindqvist"],
    [5, null],
  ] as const) {
    const other = studio.newMember();
    if (name !== null) await other.grant("pack", { name, paid_at: ago(3 * DAY) });
    await book(server, studio, other, { starts_at: noon + hours * HOUR, calendar_id: calendars[0]! });
  }
});

async function launch(page: Page, contact_id?: string): Promise<void> {
  const { location_id, company_id: agency_id } = studio;
  const query = { location_id, agency_id, user_id: "me", token: LAUNCH_TOKEN, ...(contact_id && { contact_id }) };
  await page.goto(`${server.base_url}/embed/sandbox-launch?${new URLSearchParams(query).toString()}`);
}

/** Every state of the page, and how to come there. */
const STATES: Record<string, (page: Page) => Promise<void>> = {
  "today's list": async (page) => {
    await launch(page);
    await page.getByText("Zoë Lindqvist").waitFor();
  },
  "a search that found somebody": async (page) => {
    await launch(page);
    await page.getByText("Zoë Lindqvist").waitFor();
    await page.getByRole("searchbox").fill("maya");
    await page.getByRole("search").getByRole("button").waitFor();
  },
  "a search that found nobody": async (page) => {
    await launch(page);
    await page.getByRole("searchbox").fill("nobody of that name");
    await page.getByText("Nobody matches").last().waitFor();
  },
  "the panel of a member": async (page) => {
    await launch(page, maya.id);
    await page.getByRole("heading", { level: 1, name: /Maya/ }).waitFor();
  },
  "the panel of somebody unknown": async (page) => {
    await launch(page, "nobody");
    await page.getByText("does not know this member").waitFor();
  },
  "an answer that does not come": async (page) => {
    await page.route("**/api/embed/**", () => new Promise(() => {}));
    await launch(page, maya.id);
    await page.getByText("Loading…").waitFor();
  },
  "an answer that is an error": async (page) => {
    await page.route("**/api/embed/**", (route) => route.abort());
    await launch(page);
    await page.getByRole("button", { name: "Try again" }).waitFor();
  },
  "nobody let in": async (page) => {
    await page.goto(`${server.base_url}/embed/dashboard`);
    await page.getByRole("link", { name: "Open Kotally" }).waitFor();
  },
};

const LOOKS: Record<string, Looks> = {
  "at 320 px": { width: 320, height: 640 },
  "at 320 px in the dark": { width: 320, height: 640, is_dark: true },
  "at full width": { width: 1100, height: 760 },
  "at full width in the dark": { width: 1100, height: 760, is_dark: true },
};

describe.each(Object.entries(STATES))("%s", (_, come) => {
  test.each(Object.entries(LOOKS))("%s fits, and axe finds nothing", async (__, looks) => {
    const page = await browser.newPage(looks);
    await come(page);
    expect(await overflowOf(page)).toBe(0);
    expect(await accessibilityTrouble(page)).toEqual([]);
  });
});

test("a keyboard alone finds a member and comes back", async () => {
  const page = await browser.newPage();
  await launch(page);
  await page.getByText("Zoë Lindqvist").waitFor();
  await page.getByRole("searchbox").focus();
  await page.keyboard.type("konst");
  await page.getByRole("search").getByRole("button").waitFor();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: /Maya/ }).waitFor();
  expect(await page.evaluate<string>("document.activeElement.tagName")).toBe("H1");
  await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Today" }).waitFor();
});

import type { Frame, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { sealUserContext } from "../server/src/gateways/ghl/user-context.ts";
import { HOUR } from "../server/src/rules/time/local-days.ts";
import {
  book,
  contextOf,
  install,
  LAUNCH_TOKEN,
  openInstalled,
  SHARED_SECRET,
  useEmbedServer,
} from "../server/test/api/embed-studio.ts";
import { PACK } from "../server/test/api/studio.ts";
import { blockThirdPartyCookies, useBrowser, type Looks } from "./browser.ts";
import { Crm } from "./crm.ts";

const ZONE = "America/New_York";

const crm = new Crm();
beforeAll(() => crm.start());
afterAll(() => crm.stop());
const server = useEmbedServer(() => ({ frame_origins: [crm.origin()] }));
const browser = useBrowser();

type Studio = Awaited<ReturnType<typeof openInstalled>>;
let studio: Studio;
let sandbox: Studio;
let maya: ReturnType<Studio["newMember"]>;

beforeAll(async () => {
  const products = [{ ...PACK, name: "10-class pack", expiry_days: 30 }];
  studio = await openInstalled(server, { name: "Lotus Yoga", products, timezone: ZONE });
  sandbox = await openInstalled(server, { name: "Trial Yoga", products, sandbox: true });
  maya = studio.newMember();
  const paid = { amount_cents: 12_000, currency: "USD", paid_at: new Date(Date.now() - 48 * HOUR).toISOString() };
  await maya.grant("pack", { name: "Maya Lopez", email: "maya@studio.test", ...paid });
  const noon = Temporal.Now.plainDateISO(ZONE).toZonedDateTime({ timeZone: ZONE, plainTime: "12:00" });
  await book(server, studio, maya, { starts_at: noon.epochMilliseconds });
  await book(server, studio, maya, { starts_at: noon.add({ days: 2 }).epochMilliseconds });
});

beforeEach(() => {
  crm.asked = 0;
  crm.context = () => sealUserContext(contextOf(studio), SHARED_SECRET);
});

/** As a browser reaches it: a site of its own, and no kin of the page that frames it. */
const embed = (path: string) => server.base_url.replace("127.0.0.1", "localhost") + path;
const dashboard = () => embed(`/embed/dashboard?location_id=${studio.ghl_location_id}`);

interface Framed {
  page: Page;
  app: Frame;
}

async function frame(
  url: string,
  { looks, ...around }: { looks?: Looks; host?: string; beside?: string } = {},
): Promise<Framed> {
  const page = await browser.newPage(looks);
  await page.clock.install();
  await blockThirdPartyCookies(page);
  await page.goto(crm.framing(url, around));
  const app = page.frame("app");
  if (!app) throw new Error("nothing is framed");
  return { page, app };
}

/** Until the page has asked a few times, and so heard whatever there is to hear; then its patience is over. */
async function outlast(page: Page): Promise<void> {
  await expect.poll(() => crm.asked, { timeout: 10_000 }).toBeGreaterThan(2);
  await page.clock.fastForward(10_000);
}

describe("in the frame of another site, where no cookie of ours is sent", () => {
  test("staff see today's bookings, find a member, and see what is left and when it expires", async () => {
    const { app } = await frame(dashboard());
    await app.getByText("Lotus Yoga").waitFor();
    const booking = app.getByRole("button", { name: /Maya Lopez/ });
    await booking.waitFor();
    expect(await booking.textContent()).toContain("Covered");

    await app.getByRole("searchbox", { name: "Find a member" }).fill("lopez");
    await app
      .getByRole("search")
      .getByRole("button", { name: /maya@studio.test/ })
      .click();
    await app.getByRole("heading", { level: 1, name: "Maya Lopez" }).waitFor();
    const text = await app.locator("main").textContent();
    expect(text).toContain("8 left");
    expect(text).toContain("8 of 10 · 2 held");
    expect(text).toMatch(/through [A-Z][a-z]{2} \d+, \d{4}/);
    expect(text).toContain("$120.00");
    expect(new URL(app.url()).pathname).toBe("/embed/panel");
  });

  test("the panel opens for the member whom its address names", async () => {
    const { app } = await frame(embed(`/embed/panel?contact_id=${maya.id}`), { looks: { width: 320 } });
    await app.getByRole("heading", { level: 1, name: "Maya Lopez" }).waitFor();
    await app.getByRole("button", { name: "Back" }).click();
    await app.getByRole("heading", { name: "Today" }).waitFor();
    expect(new URL(app.url()).pathname).toBe("/embed/dashboard");
  });

  test("nothing is kept in the browser, and cookies are really refused there", async () => {
    const { page, app } = await frame(dashboard());
    await app.getByText("Lotus Yoga").waitFor();
    await page
      .context()
      .addCookies([{ name: "left", value: "1", domain: "localhost", path: "/", sameSite: "None", secure: true }]);
    const sent = page.waitForRequest(/\/api\/embed\//);
    await page.reload();
    expect((await (await sent).allHeaders())["cookie"]).toBeUndefined();
    const again = page.frame("app")!;
    await again.getByText("Lotus Yoga").waitFor();
    const kept = await again.evaluate(`
      document.cookie = "mine=1; SameSite=None; Secure";
      const lengthOf = (storage) => { try { return window[storage].length } catch { return 0 } };
      ({ cookies: document.cookie, local: lengthOf("localStorage"), session: lengthOf("sessionStorage") })`);
    expect(kept).toEqual({ cookies: "", local: 0, session: 0 });
  });

  test("a token that has run out is replaced by asking again who is there, unseen", async () => {
    const { page, app } = await frame(dashboard());
    await app.getByRole("button", { name: /Maya Lopez/ }).waitFor();
    expect(crm.asked).toBeGreaterThan(0);
    crm.asked = 0;
    let is_refused = false;
    await page.route(/\/api\/embed\/contacts/, async (route) => {
      if (is_refused) return route.continue();
      is_refused = true;
      return route.fulfill({ status: 401, json: { ok: false, reason_code: "UNAUTHORIZED", correlation_id: "x" } });
    });
    await app.getByRole("searchbox").fill("maya");
    await app
      .getByRole("search")
      .getByRole("button", { name: /Maya Lopez/ })
      .waitFor();
    expect(is_refused).toBe(true);
    expect(crm.asked).toBeGreaterThan(0);
  });

  test("the way out leads to the console, in a tab of its own", async () => {
    const { page, app } = await frame(embed(`/embed/panel?contact_id=${maya.id}`));
    const link = app.getByRole("link", { name: "Open in Kotally" });
    await link.waitFor();
    const [tab] = await Promise.all([page.context().waitForEvent("page"), link.click()]);
    expect(new URL(tab.url()).pathname).toBe(`/admin/locations/${studio.location_id}/contacts/${maya.id}`);
  });
});

describe("whoever is not let in", () => {
  test("sees why, and the way out: the location has no Kotally", async () => {
    crm.context = () => sealUserContext(contextOf({ ...studio, ghl_location_id: "elsewhere" }), SHARED_SECRET);
    const { app } = await frame(dashboard());
    await app.getByRole("heading", { name: "You are not let in here" }).waitFor();
    expect(await app.getByRole("link", { name: "Open Kotally" }).getAttribute("href")).toBe("/admin/");
    crm.context = () => sealUserContext(contextOf(studio), SHARED_SECRET);
    await app.getByRole("button", { name: "Try again" }).click();
    await app.getByText("Lotus Yoga").waitFor();
  });

  test("as nobody around the page answers, is told to open it in GoHighLevel", async () => {
    crm.context = () => null;
    const { page, app } = await frame(dashboard());
    await outlast(page);
    await app.getByRole("heading", { name: "Open this inside GoHighLevel" }).waitFor();
    expect(await app.getByRole("link", { name: "Open Kotally" }).count()).toBe(1);
  });

  test("as the page is in no frame, is told so at once", async () => {
    const page = await browser.newPage();
    await page.goto(dashboard());
    await page.getByRole("heading", { name: "Open this inside GoHighLevel" }).waitFor({ timeout: 2000 });
    expect(crm.asked).toBe(0);
  });

  test("is not believed by the word of another frame, whatever its origin", async () => {
    const other = await install(server.db, { name: "Other Studio" });
    const payload = sealUserContext(contextOf(other), SHARED_SECRET);
    crm.context = () => null;
    const beside = `${crm.origin()}/intruder?payload=${encodeURIComponent(payload)}`;
    const { page, app } = await frame(dashboard(), { beside });
    await outlast(page);
    await app.getByRole("heading", { name: "Open this inside GoHighLevel" }).waitFor();
    expect(await app.getByText("Other Studio").count()).toBe(0);
  });

  test("is not believed by the word of a site that may not frame the page, also where a browser lets it", async () => {
    const page = await browser.newPage();
    await page.clock.install();
    await page.route(dashboard(), async (route) => {
      const response = await route.fetch();
      const { "content-security-policy": _, ...headers } = response.headers();
      await route.fulfill({ response, headers });
    });
    await page.goto(crm.framing(dashboard(), { host: "evil.test" }));
    await outlast(page);
    await page.frame("app")!.getByRole("heading", { name: "Open this inside GoHighLevel" }).waitFor();
    expect(crm.asked).toBeGreaterThan(2);
  });
});

describe("framing", () => {
  /** What the browser shows in the frame. */
  const shown = async (url: string, host?: string) => {
    const page = await browser.newPage();
    await page.goto(crm.framing(url, host === undefined ? {} : { host }));
    return () => page.frames()[1]?.url();
  };

  test("by a site that nobody allowed is refused by the browser", async () => {
    await expect.poll(await shown(dashboard(), "evil.test"), { timeout: 10_000 }).toBe("chrome-error://chromewebdata/");
    await expect.poll(await shown(dashboard()), { timeout: 10_000 }).toBe(dashboard());
  });

  test("of the console is refused also where the embed is allowed", async () => {
    await expect.poll(await shown(embed("/admin/")), { timeout: 10_000 }).toBe("chrome-error://chromewebdata/");
  });
});

describe("the sandbox launcher", () => {
  test("opens the embed without GoHighLevel, and leaves nothing in the address to open it again", async () => {
    const page = await browser.newPage();
    const query = {
      location_id: sandbox.location_id,
      user_id: "me",
      agency_id: sandbox.company_id,
      token: LAUNCH_TOKEN,
    };
    await page.goto(embed(`/embed/sandbox-launch?${new URLSearchParams(query).toString()}`));
    await page.getByText("Trial Yoga").waitFor();
    await page.getByText("No bookings today.").waitFor();
    expect(page.url()).toBe(embed(`/embed/dashboard?location_id=${sandbox.location_id}`));
    await page.reload();
    await page.getByRole("heading", { name: "Open this inside GoHighLevel" }).waitFor();
  });
});

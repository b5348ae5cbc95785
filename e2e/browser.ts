import axe, { type AxeResults } from "axe-core";
import { chromium, type Browser, type Frame, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, inject } from "vitest";

export interface Looks {
  width?: number;
  height?: number;
  is_dark?: boolean;
}

/** Answers that a page may well get, and none at all, are told in the browser's console, too. */
const TOLD_ANSWERS =
  /Failed to load resource: (?:the server responded with a status of \d\d\d|net::ERR_INTERNET_DISCONNECTED)/;

export interface TestBrowser {
  /** A window with a profile of its own, closed after the test; `is_watched`: what breaks in it breaks the test. */
  newPage(looks?: Looks, is_watched?: boolean): Promise<Page>;
}

/** The run's one browser, for the tests of a file. */
export function useBrowser(): TestBrowser {
  let browser: Browser;
  const opened: Page[] = [];
  const broken: string[] = [];
  beforeAll(async () => {
    browser = await chromium.connect(inject("browser_url"));
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((page) => page.context().close()));
    expect(broken.splice(0)).toEqual([]);
  });
  afterAll(() => browser.close());
  return {
    async newPage({ width = 1280, height = 800, is_dark = false } = {}, is_watched = false) {
      const context = await browser.newContext({
        viewport: { width, height },
        colorScheme: is_dark ? "dark" : "light",
        locale: "en-US",
        timezoneId: "America/New_York",
        reducedMotion: "reduce",
      });
      const page = await context.newPage();
      opened.push(page);
      if (is_watched) {
        page.on("pageerror", (error) => broken.push(error.stack ?? error.message));
        page.on("console", (message) => {
          if (message.type() === "error" && !TOLD_ANSWERS.test(message.text())) broken.push(message.text());
        });
      }
      return page;
    },
  };
}

/** From now on the page's frames of other sites neither send nor see cookies. */
export async function blockThirdPartyCookies(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send("Network.enable");
  // Chromium 147 wants all three; later ones look at the first.
  const exceptions = { disableThirdPartyCookieMetadata: true, disableThirdPartyCookieHeuristics: true };
  await session.send("Network.setCookieControls", { enableThirdPartyCookieRestriction: true, ...exceptions });
}

const TAGS = JSON.stringify(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]);

/** What axe finds wrong in a page or frame, as `rule: selector`. */
export async function accessibilityTrouble(frame: Page | Frame): Promise<string[]> {
  // As text, which the page's own policy does not keep out.
  await frame.evaluate(axe.source);
  const { violations } = await frame.evaluate<AxeResults>(`axe.run({ runOnly: { type: "tag", values: ${TAGS} } })`);
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, any }) => [`${id}: ${target.join(" ")}`, any[0]?.message].filter(Boolean).join(": ")),
  );
}

/** By how many pixels the content is wider than its page or frame. */
export function overflowOf(frame: Page | Frame): Promise<number> {
  return frame.evaluate<number>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
}

/** A page that keeps its scheme as an attribute follows the system a moment later. */
const SHOWS = `(scheme) => {
  const shown = document.documentElement.getAttribute("data-mantine-color-scheme");
  return shown === null || shown === scheme;
}`;

const NARROWEST = 360;
const LAPTOP = { width: 1440, height: 900 };

/** A screen is whole when axe finds nothing in light and dark, wide and narrow, and nothing sticks out at 360 px; the window is then as before. */
export async function expectWhole(page: Page): Promise<void> {
  const size = page.viewportSize() ?? LAPTOP;
  const url = page.url();
  for (const width of [size.width, NARROWEST]) {
    await page.setViewportSize({ width, height: size.height });
    expect({ url, width, overflow: await overflowOf(page) }).toEqual({ url, width, overflow: 0 });
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      await page.waitForFunction(SHOWS, colorScheme);
      const trouble = await accessibilityTrouble(page);
      expect({ url, width, colorScheme, trouble }).toEqual({ url, width, colorScheme, trouble: [] });
    }
  }
  await page.setViewportSize(size);
  await page.emulateMedia({ colorScheme: null });
}

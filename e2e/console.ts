import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import type { Page } from "playwright-core";
import { beforeAll, vi } from "vitest";
import type { Listening, ServiceConfig } from "../server/src/listening.ts";
import { PASSWORD, useConsole, type ConsoleServer, type Studio } from "../server/test/console/console-server.ts";
import type { Visitor } from "../server/test/console/visitor.ts";
import { useBrowser, type Looks } from "./browser.ts";

export interface ConsoleInBrowser extends ConsoleServer {
  /** The server's own PUBLIC_URL, where the browser reaches it. */
  origin: string;
  /** A window of its own on a page of the server; what breaks in it breaks the test. */
  open(path: string, looks?: Looks): Promise<Page>;
  /** The same, signed in. */
  openAs(email: string, path: string, looks?: Looks): Promise<Page>;
  /** The same for somebody who signed in already, in the same session. */
  openBy(visitor: Visitor, path: string, looks?: Looks): Promise<Page>;
}

// A story is many pages, and axe looks at each four times.
vi.setConfig({ testTimeout: 120_000 });

const LAPTOP = { width: 1440, height: 900 };

/** The real server on a real database, in a real browser, for the tests of one file; what the settings say when it starts counts. */
export function useConsoleInBrowser(
  settings: Partial<ServiceConfig> = {},
  listens: Partial<Listening> = {},
): ConsoleInBrowser {
  let port = 0;
  beforeAll(async () => {
    port = await freePort();
    settings.public_url = `http://localhost:${port}`;
  });
  const server = useConsole(settings, listens, () => port) as ConsoleInBrowser;
  const browser = useBrowser();
  beforeAll(() => {
    server.origin = `http://localhost:${port}`;
  });
  server.open = async (path, looks = LAPTOP) => {
    const page = await browser.newPage(looks, true);
    await page.goto(server.origin + path);
    return page;
  };
  server.openAs = async (email, path, looks = LAPTOP) => {
    const page = await server.open(`/admin/sign-in?${new URLSearchParams({ next: path }).toString()}`, looks);
    await signIn(page, email);
    await page.waitForURL(`**/admin${path}`);
    return page;
  };
  server.openBy = async ({ cookies }, path, looks = LAPTOP) => {
    const page = await browser.newPage(looks, true);
    await page.context().addCookies([...cookies].map(([name, value]) => ({ name, value, url: server.origin })));
    await page.goto(`${server.origin}/admin${path}`);
    return page;
  };
  return server;
}

/** Fills in the sign-in page that is open. */
export async function signIn(page: Page, email: string, password = PASSWORD): Promise<void> {
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

/** The console's address of a page of the studio's location. */
export function at({ location_id }: Pick<Studio, "location_id">, page: string): string {
  return `/locations/${location_id}/${page}`;
}

/** A port that is free now: PUBLIC_URL is known before the server listens. */
async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, "close");
  return port;
}

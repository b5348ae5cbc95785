import { beforeAll, expect, test } from "vitest";
import { newStudio, type Studio } from "../server/test/console/console-server.ts";
import { callerOf } from "../server/test/support.ts";
import { at, useConsoleInBrowser } from "./console.ts";

const server = useConsoleInBrowser();

/** Script of the first view, as gzip transfers it. */
const BUDGET_BYTES = 300 * 1024;

let studio: Studio;

beforeAll(async () => {
  const pack = { key: "pack", name: "10-class pack", type: "package", credits_total: 10, calendars: ["yoga"] };
  studio = await newStudio(server, { products: [pack] });
  const sold = { request_id: "sold", external_payment_id: "paid", product_config_id: studio.products["pack"] };
  const api = callerOf(server.base_url, studio.token);
  await api.post("/grants", { ...sold, external_contact_id: "maya", name: "Maya Lopez" });
});

const VIEWS: [string, (studio: Studio) => string, string][] = [
  ["contacts", () => "contacts", "Contacts"],
  ["a contact", () => "contacts/maya", "Maya Lopez"],
  ["a product", ({ products }) => `products/${products["pack"] ?? ""}`, "10-class pack"],
  ["bookings", () => "bookings", "Bookings"],
  ["the overview", () => "overview", "Overview"],
];

test.each(VIEWS)(
  "%s as the first view transfers at most 300 KB of script, hashed and kept for good",
  async (_, path, title) => {
    const page = await server.openAs(studio.owner.email, at(studio, path(studio)));
    await page.reload();
    await page.getByRole("heading", { name: title, exact: true }).waitFor();
    await page.waitForLoadState("networkidle");
    const scripts = await page.evaluate<{ name: string }[]>(
      "performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('.js')).map(({ name }) => ({ name }))",
    );
    expect(scripts.length).toBeGreaterThan(1);
    let bytes = 0;
    for (const { name } of scripts) {
      const response = await fetch(name, { headers: { "accept-encoding": "gzip" }, method: "HEAD" });
      expect(response.headers.get("content-encoding")).toBe("gzip");
      if (name.includes("/assets/")) {
        expect(response.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
      }
      bytes += Number(response.headers.get("content-length"));
    }
    expect(bytes).toBeGreaterThan(0);
    expect(bytes).toBeLessThanOrEqual(BUDGET_BYTES);
  },
);

test("the page is never kept, frames nothing and is framed by nobody, and its policy knows no inline script", async () => {
  const page = await fetch(`${server.origin}/admin/locations/loc_x/contacts`);
  expect(page.status).toBe(200);
  expect(page.headers.get("cache-control")).toBe("no-cache");
  const policy = page.headers.get("content-security-policy") ?? "";
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("script-src 'self'");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toContain("unsafe");
  const [, nonce] = /'nonce-([^']+)'/.exec(policy) ?? [];
  expect(await page.text()).toContain(`nonce="${nonce}"`);
  const again = await fetch(`${server.origin}/admin`);
  expect(again.headers.get("content-security-policy")).not.toContain(String(nonce));
});

test("a file of an older build is not found, rather than a page in its place", async () => {
  const gone = await fetch(`${server.origin}/admin/assets/index-gone.js`);
  expect(gone.status).toBe(404);
});

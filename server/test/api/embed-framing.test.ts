import { gzipSync } from "node:zlib";
import { beforeAll, describe, expect, test } from "vitest";
import { sql } from "../support.ts";
import { connect, install, useEmbedServer, type Installed } from "./embed-studio.ts";

const server = useEmbedServer();
let studio: Installed;

beforeAll(async () => {
  studio = await install(server.db);
});

const GHL = "https://*.gohighlevel.com https://*.leadconnectorhq.com https://*.msgsndr.com";
const PAGES = ["/embed", "/embed/dashboard", "/embed/panel", "/embed/auth"];

async function headersOf(path: string, method = "GET") {
  const { headers, status } = await fetch(`${server.base_url}${path}`, { method, redirect: "manual" });
  const policy = headers.get("content-security-policy") ?? "";
  const ancestors = /frame-ancestors ([^;]+)/.exec(policy)?.[1] ?? "";
  return { status, policy, ancestors, x_frame_options: headers.get("x-frame-options"), headers };
}

const dashboardOf = (location_id: string) =>
  headersOf(`/embed/dashboard?${new URLSearchParams({ location_id }).toString()}`);

describe("the embed", () => {
  test("may be framed by GoHighLevel and by whom the settings name, and loads nothing but our own files", async () => {
    for (const path of PAGES) {
      const { status, ancestors, policy, x_frame_options, headers } = await headersOf(path);
      expect({ path, status, ancestors, x_frame_options }).toEqual({
        path,
        status: 200,
        ancestors: `'self' ${GHL} https://crm.test`,
        x_frame_options: null,
      });
      expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'");
      expect(policy).not.toContain("unsafe");
      expect(headers.get("set-cookie")).toBeNull();
      expect(headers.get("referrer-policy")).toBe("no-referrer");
    }
  });

  test("tells its page the very list that its policy says", async () => {
    const response = await fetch(`${server.base_url}/embed/dashboard`);
    expect(await response.text()).toContain(`<meta name="frame-origins" content="${GHL} https://crm.test"`);
  });

  test("may be framed by the own domains of the agency whose location its address names", async () => {
    const place = await install(server.db);
    const set = "UPDATE ghl_connections SET whitelabel_domain = $2 WHERE company_id = $1";
    await sql(server.db, set, [place.company_id, "app.agency.test"]);
    await connect(server.db, { ...place, ghl_location_id: null }, { whitelabel_domain: "CRM.Agency.test/" });
    for (const id of [place.location_id, place.uuid, place.ghl_location_id]) {
      const { ancestors } = await dashboardOf(id);
      expect(ancestors).toBe(`'self' ${GHL} https://crm.test https://crm.agency.test https://app.agency.test`);
    }
    expect((await dashboardOf(studio.location_id)).ancestors).not.toContain("agency.test");
  });

  test("forgets the domains of an installation that is over", async () => {
    const place = await install(server.db);
    const end =
      "UPDATE ghl_connections SET whitelabel_domain = 'old.test', status = 'disconnected' WHERE company_id = $1";
    await sql(server.db, end, [place.company_id]);
    expect((await dashboardOf(place.location_id)).ancestors).not.toContain("old.test");
  });

  test.each([
    "*",
    "evil.test; script-src *",
    "'none'",
    "a b.test",
    "http://x.test:1",
    "localhost",
    "-.test",
    "x.test\n",
  ])("lets no installer write %j into its policy", async (whitelabel_domain) => {
    const place = await install(server.db);
    const set = "UPDATE ghl_connections SET whitelabel_domain = $2 WHERE company_id = $1";
    await sql(server.db, set, [place.company_id, whitelabel_domain]);
    const { ancestors, policy } = await dashboardOf(place.location_id);
    const allowed = `'self' ${GHL} https://crm.test`;
    expect([allowed, `${allowed} https://x.test`]).toContain(ancestors);
    expect(policy.match(/script-src/g)).toHaveLength(1);
  });

  test.each(["", "nowhere", "%00", "loc_", "x".repeat(500), "'; DROP TABLE locations; --", "https://evil.test"])(
    "takes no location from %j",
    async (location_id) => {
      const { status, ancestors } = await dashboardOf(location_id);
      expect({ status, ancestors }).toEqual({ status: 200, ancestors: `'self' ${GHL} https://crm.test` });
    },
  );

  test("is the page at its own addresses only", async () => {
    for (const path of ["/embed/x", "/embed/panel/x", "/embed/assets/none.js", "/embed/../embed.html"]) {
      expect([path, (await headersOf(path)).status]).toEqual([path, 404]);
    }
    expect((await headersOf("/embed/dashboard", "POST")).status).toBe(405);
    expect((await headersOf("/embed/auth", "PUT")).status).toBe(405);
  });
});

describe("everything else", () => {
  const OTHERS = [
    "/",
    "/admin",
    "/admin/sign-in",
    "/docs/api",
    "/healthz",
    "/api/v2/openapi.json",
    "/api/v2/contacts/maya",
    "/api/console/session",
    "/api/embed/today",
    "/connect/ghl",
    "/embed/sandbox-launch",
    "/embed/nothing",
    "/nothing",
  ];

  test.each(OTHERS)("%s refuses to be framed", async (path) => {
    const { ancestors, x_frame_options } = await headersOf(path);
    expect({ ancestors, x_frame_options }).toEqual({ ancestors: "'none'", x_frame_options: "DENY" });
  });

  test("that the embed loads refuses to be framed as well, and weighs little", async () => {
    const page = await (await fetch(`${server.base_url}/embed/dashboard`)).text();
    const files = [...page.matchAll(/(?:src|href)="(\/embed\/assets\/[^"]+)"/g)].map(([, path]) => path ?? "");
    expect(files.length).toBeGreaterThan(1);
    let weight = 0;
    for (const path of files) {
      weight += gzipSync(await (await fetch(server.base_url + path)).bytes()).length;
      const { status, ancestors, headers } = await headersOf(path);
      expect({ path, status, ancestors }).toEqual({ path, status: 200, ancestors: "'none'" });
      expect(headers.get("cache-control")).toContain("immutable");
    }
    expect(weight).toBeLessThan(100_000);
  });
});

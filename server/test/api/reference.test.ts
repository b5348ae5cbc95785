import { describe, expect, test } from "vitest";
import { OPERATION_DOCS } from "../../src/http/reference/operation-docs.ts";
import { API_ROUTES } from "../../src/http/routes.ts";
import { SUCCESSES, REFUSALS } from "../../src/rules/reasons.ts";
import { useServer } from "../support.ts";
import { openStudio } from "./studio.ts";

const server = useServer();
const PAGES = ["/", "/docs/api"];

async function load(path: string) {
  const response = await fetch(server.base_url + path);
  return { status: response.status, headers: response.headers, text: await response.text() };
}

describe.each(PAGES)("the page %s", (path) => {
  test("allows itself nothing but one stylesheet of its own", async () => {
    const { status, headers, text } = await load(path);
    expect(status).toBe(200);
    expect(headers.get("content-type")).toBe("text/html; charset=utf-8");
    const policy = headers.get("content-security-policy") ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("style-src 'self';");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain("unsafe");
    expect(text).not.toMatch(/<script|<style|\sstyle=|\son[a-z]+=|javascript:/i);
  });

  test("links only to what is there", async () => {
    const { text } = await load(path);
    const links = new Set([...text.matchAll(/(?:href|src)="([^"]*)"/g)].map(([, link]) => link ?? ""));
    const ids = [...text.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const link of links) {
      if (link.startsWith("#")) expect(ids).toContain(link.slice(1));
      else expect((await load(link.replaceAll("&amp;", "&"))).status).toBe(200);
    }
  });

  test("has one heading of the first order, and skips none", async () => {
    const { text } = await load(path);
    const levels = [...text.matchAll(/<h([1-6])[\s>]/g)].map(([, level]) => Number(level));
    expect(levels.filter((level) => level === 1)).toHaveLength(1);
    levels.forEach((level, i) => expect(level).toBeLessThanOrEqual((levels[i - 1] ?? 0) + 1));
    for (const landmark of ["<main", "<header", "<nav", 'lang="en"', "<title>"]) expect(text).toContain(landmark);
  });
});

describe("the reference", () => {
  test("names every call, every field of its body, and every outcome with its remedy", async () => {
    const { text } = await load("/docs/api");
    const plain = text.replaceAll("<wbr />", "").replaceAll("<wbr/>", "").replaceAll("&#39;", "'");
    for (const { path, operation } of API_ROUTES.operations) {
      expect(plain).toContain(path);
      for (const field of Object.keys(OPERATION_DOCS[operation.name]?.request ?? {}))
        expect(plain).toContain(`<code>${field}</code>`);
    }
    for (const { path, read } of API_ROUTES.reads) {
      expect(plain).toContain(path);
      expect(plain).toContain(read.reason_code);
    }
    for (const [code, { meaning, remedy }] of Object.entries({ ...SUCCESSES, ...REFUSALS })) {
      for (const part of [code, meaning, remedy]) expect(plain).toContain(part);
    }
  });

  test("has a first five minutes that works as it stands, with one's own product config", async () => {
    const studio = await openStudio(server, {
      products: [{ key: "pack", type: "package", credits_total: 10, calendars: ["cal_yoga"] }],
    });
    const outcomes = [];
    for (const { path, operation } of API_ROUTES.operations) {
      const { request, answer } = OPERATION_DOCS[operation.name] ?? {};
      const body = {
        ...request,
        ...(request?.["product_config_id"] !== undefined && { product_config_id: studio.product("pack") }),
      };
      const given = await studio.api.post(path.replace("/api/v2", ""), body);
      expect(Object.keys(given.body)).toEqual(Object.keys(answer ?? {}));
      expect(given.body["balance_after"]).toBe(answer?.["balance_after"]);
      outcomes.push(given.body.reason_code);
    }
    expect(outcomes).toEqual(["grant_applied", "eligible", "deducted", "restored"]);
    expect(await studio.api.get("/contacts/maya/timeline")).toAnswer("timeline_loaded");
  });

  test("can be pasted: no example holds what ends a shell's quotes", () => {
    for (const { request } of Object.values(OPERATION_DOCS)) expect(JSON.stringify(request)).not.toContain("'");
  });

  test("keeps its stylesheet for a day under an address that changes with it", async () => {
    const { text } = await load("/docs/api");
    const address = /href="(\/docs\/api\.css\?v=[0-9a-f]{12})"/.exec(text)?.[1] ?? "";
    const { headers, text: css } = await load(address);
    expect(headers.get("content-type")).toBe("text/css; charset=utf-8");
    expect(headers.get("cache-control")).toBe("public, max-age=86400");
    expect(css).toContain("prefers-color-scheme: dark");
    expect(css).toContain("tabular-nums");
    expect(css).not.toMatch(/url\(|@import/);
  });
});

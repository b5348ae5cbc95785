import { beforeAll, describe, expect, test } from "vitest";
import { API_ROUTES } from "../../src/http/routes.ts";
import { useServer, type Response } from "../support.ts";
import { printsOf } from "./book-prints.ts";
import { openFullStudio, type FullStudio } from "./full-studio.ts";
import { staffOf } from "./route-requests.ts";

const server = useServer();
let studio: FullStudio;

beforeAll(async () => {
  studio = await openFullStudio(server, ["maya", "somebody"]);
  const covered = { reason: "a sauna credit", amount: 1, product_config_id: studio.product("sauna") };
  await studio.api.post("/contacts/maya/adjust", { request_id: "covers", ...covered });
});

const PATHS = API_ROUTES.management.map(({ path }) => `POST ${path.replace("/api/v2", "")}`);

const fingerprintOf = ({ body }: Response) => (body["preview"] as { fingerprint: string }).fingerprint;

describe("dry_run", () => {
  test("is known of everything that staff can do", () => {
    expect(Object.keys(staffOf(studio, studio.members[0]!)).sort()).toEqual(PATHS.toSorted());
  });

  test("changes no row of any table, with a request_id and without; the real one then does, as it was previewed", async () => {
    for (const [route, { path, body }] of Object.entries(staffOf(studio, studio.members[0]!))) {
      const before = await printsOf(server.db);
      let previewed = "";
      for (const asked of [body, { ...body, request_id: undefined }]) {
        const dry = await studio.api.post(path, { ...asked, dry_run: true });
        expect({ route, ...dry.body }).toMatchObject({ route, ok: true, dry_run: true, preview: expect.any(Object) });
        previewed = fingerprintOf(dry);
        expect({ route, prints: await printsOf(server.db) }).toEqual({ route, prints: before });
      }
      const real = await studio.api.post(path, { ...body, previewed });
      expect({ route, ...real.body }).toMatchObject({ route, ok: true });
      expect(await printsOf(server.db)).not.toEqual(before);
    }
  });
});

describe("previewed", () => {
  const TAKE = { amount: -2, reason: "counted twice" };
  const take = (contact: string, asked: object) =>
    studio.api.post(`/contacts/${contact}/adjust`, { ...TAKE, ...asked });
  const sell = (contact: string) =>
    studio.api.post(`/contacts/${contact}/grant`, {
      request_id: `sold to ${contact}`,
      product_config_id: studio.product("pack"),
      reason: "at the desk",
    });
  const available = async (contact: string) => {
    const { body } = await studio.api.get(`/contacts/${contact}/credits`);
    return (body["credits"] as { credits_available: number }).credits_available;
  };

  test("is what happens, or nothing does (PREVIEW_OUTDATED): other credits than were shown are looked at again", async () => {
    await sell("previewer");
    const seen = fingerprintOf(await take("previewer", { dry_run: true }));
    expect(seen).toMatch(/^[0-9a-f]{16}$/u);
    await take("previewer", { request_id: "meanwhile", amount: -1 });
    const late = await take("previewer", { request_id: "late", previewed: seen });
    expect(late.body).toMatchObject({ ok: false, reason_code: "PREVIEW_OUTDATED" });
    expect(await available("previewer")).toBe(9);

    const again = fingerprintOf(await take("previewer", { dry_run: true }));
    expect(again).not.toBe(seen);
    expect((await take("previewer", { request_id: "again", previewed: again })).body).toMatchObject({ ok: true });
    expect(await available("previewer")).toBe(7);
  });

  test("is no part of what a request id stands for: whoever looks again after a lost answer is told of the first", async () => {
    await sell("retrier");
    const previewed = fingerprintOf(await take("retrier", { dry_run: true }));
    const first = await take("retrier", { request_id: "lost", previewed });
    const looked = fingerprintOf(await take("retrier", { dry_run: true }));
    expect((await take("retrier", { request_id: "lost", previewed: looked })).body).toEqual(first.body);
    expect(await available("retrier")).toBe(8);
  });
});

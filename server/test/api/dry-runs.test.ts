import { beforeAll, describe, expect, test } from "vitest";
import { API_ROUTES } from "../../src/http/routes.ts";
import { useServer } from "../support.ts";
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

describe("dry_run", () => {
  test("is known of everything that staff can do", () => {
    expect(Object.keys(staffOf(studio, studio.members[0]!)).sort()).toEqual(PATHS.toSorted());
  });

  test("changes no row of any table, with a request_id and without; the real one then does", async () => {
    for (const [route, { path, body }] of Object.entries(staffOf(studio, studio.members[0]!))) {
      const before = await printsOf(server.db);
      for (const asked of [body, { ...body, request_id: undefined }]) {
        const dry = await studio.api.post(path, { ...asked, dry_run: true });
        expect({ route, ...dry.body }).toMatchObject({ route, ok: true, dry_run: true, preview: expect.any(Object) });
        expect({ route, prints: await printsOf(server.db) }).toEqual({ route, prints: before });
      }
      const real = await studio.api.post(path, body);
      expect({ route, ...real.body }).toMatchObject({ route, ok: true });
      expect(await printsOf(server.db)).not.toEqual(before);
    }
  });
});

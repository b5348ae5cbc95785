import { beforeAll, expect, test } from "vitest";
import { everyPage, LISTENS, openFullPlace, type FullPlace } from "./all-pages.ts";
import { expectWhole } from "./browser.ts";
import { useConsoleInBrowser } from "./console.ts";

const server = useConsoleInBrowser({}, LISTENS);
// An empty editor is another page than a filled one.
const pages = [...(await everyPage()), "/locations/:location_id/products/new"];
let place: FullPlace;

beforeAll(async () => {
  place = await openFullPlace(server);
});

test("the route table is walked to its ends", () => {
  expect(pages).toEqual(
    expect.arrayContaining(["/sign-in", "/account", "/locations/:location_id/contacts/:contact_id"]),
  );
  expect(new Set(pages).size).toBe(pages.length);
});

test.each(pages)("%s has a heading, breaks nothing, and is whole", async (address) => {
  const page = await server.openBy(place.owner.visitor, place.addressOf(address));
  await page.getByRole("heading", { level: 1 }).first().waitFor({ timeout: 15_000 });
  await page.waitForLoadState("networkidle");
  expect(await page.getByRole("heading", { name: "Not found" }).count()).toBe(address.endsWith("*") ? 1 : 0);
  await expectWhole(page);
});

import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import { PASSWORD } from "../server/test/console/console-server.ts";
import { openStaffDesk } from "../server/test/console/staff-desk.ts";
import { everyPage, LISTENS, openFullPlace, type FullPlace } from "./all-pages.ts";
import { expectWhole } from "./browser.ts";
import { at, useConsoleInBrowser } from "./console.ts";

const server = useConsoleInBrowser({}, LISTENS);
const pages = (await everyPage()).filter((address) => /^\/(?:locations|workspaces)\//.test(address));
const VIEWER = "vera@studio.test";
let place: FullPlace;

beforeAll(async () => {
  place = await openFullPlace(server);
});

/** What a role that reads finds on pages: to copy, to filter, to look closer. */
const READING = [
  /^button (?:Copy|Why: |Show all |Load more|Clear filters)/,
  // A booking's member, and an entry of the audit trail: each opens what is known of it.
  /^button (?:Ada Moss|marker\w+|Created|Membership frozen|Invitation accepted|Somebody invited)$/,
  /^checkbox (?:Sold|No longer sold|Not mapped)$/,
  /^checkbox (?:Has credits|Expiring soon|Frozen|Past due|Active|Suspended|Ended|Renews within 7 days)$/,
  /^checkbox (?:Funded|Unfunded|No-show|Late cancellation|Flagged)$/,
  /^checkbox (?:Unmatched|Probably twice|Held back|Refund shortfall)$/,
  /^checkbox (?:Dead|Failed, will retry|Waiting|Ignored|Done)$/,
  /^radio (?:1|3|6|12|Upcoming|Past|All)$/,
  // Which request of an API client is shown.
  /^radio (?:Grant|Check|Deduct|Restore|Read)$/,
  /^textbox (?:From|Through|Visits a week)$/,
  /^combobox Any/,
];

const CONTROLS = ["button", "checkbox", "switch", "radio", "textbox", "combobox", "spinbutton"] as const;

/** What the page's content can be done with, as `role name`. */
async function controlsOf(page: Page): Promise<string[]> {
  await page.getByRole("heading", { level: 1 }).first().waitFor();
  await page.waitForLoadState("networkidle");
  const main = page.getByRole("main");
  const all = await Promise.all(CONTROLS.map((role) => main.getByRole(role).all()));
  const snapshots = await Promise.all(all.flat().map((control) => control.ariaSnapshot()));
  return snapshots.map((snapshot) => /(\w+) "([^"]*)"/.exec(snapshot)?.slice(1).join(" ") ?? snapshot);
}

/** What a person finds on every page of the place that is more than reading, as `page: role name`. */
async function changesOn(page: Page): Promise<string[]> {
  const found: string[] = [];
  for (const address of pages) {
    await page.goto(`${server.origin}/admin${place.addressOf(address)}`);
    const controls = await controlsOf(page);
    const changes = controls.filter((control) => !READING.some((reading) => reading.test(control)));
    found.push(...changes.map((control) => `${address}: ${control}`));
  }
  return found;
}

/** Asks the console's door from the page itself, with its session: `status REASON_CODE`. */
function askFrom(page: Page, method: string, path: string, body: object): Promise<string> {
  const init = { method, headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  return page.evaluate<string>(`fetch(${JSON.stringify(`/api/console${path}`)}, ${JSON.stringify(init)})
    .then(async (answer) => answer.status + " " + (await answer.json()).reason_code)`);
}

test("somebody invited as a viewer comes by the mail, reads every page, and finds nothing to change", async () => {
  const owner = await server.openBy(place.owner.visitor, place.addressOf("/workspaces/:workspace_id/users"));
  await owner.getByRole("button", { name: "Invite somebody" }).click();
  await owner.getByLabel("E-mail").fill(VIEWER);
  await owner.getByRole("radio", { name: /^Viewer/ }).check();
  await expectWhole(owner);
  await owner.getByRole("button", { name: "Send invitation" }).click();
  await owner.getByText(`${VIEWER} is invited.`).waitFor();
  await owner.getByRole("table", { name: "Open invitations" }).getByText(VIEWER).waitFor();

  const invited = await server.open("/mailbox");
  await invited
    .getByRole("link", { name: /invitation/ })
    .first()
    .click();
  await invited.getByText(`You are invited as viewer, with the address ${VIEWER}.`).waitFor();
  await expectWhole(invited);
  await invited.getByLabel("Your name").fill("Vera Viewer");
  await invited.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await invited.getByRole("button", { name: "Create account and join" }).click();
  await invited.waitForURL("**/overview");

  const page = await server.openAs(VIEWER, at(place, "contacts"));
  expect(await changesOn(page)).toEqual([]);
  await page.goto(`${server.origin}/admin${at(place, "bookings")}`);
  await page.getByRole("button", { name: "Ada Moss" }).first().click();
  const panel = page.getByRole("dialog");
  await panel.getByRole("heading").first().waitFor();
  for (const name of ["Settle", "Let go…", "Give back"]) {
    expect(await panel.getByRole("button", { name }).count()).toBe(0);
  }
});

test("an owner finds on the same pages what a viewer does not", async () => {
  const page = await server.openBy(place.owner.visitor, "/account");
  expect(await changesOn(page)).toEqual(
    expect.arrayContaining([
      "/locations/:location_id/settings: button Save settings",
      "/locations/:location_id/api-clients/:client_id: button Rotate token",
      "/locations/:location_id/contacts/:contact_id: button Grant credits",
      "/locations/:location_id/bookings: button Settle",
      "/workspaces/:workspace_id/users: button Invite somebody",
    ]),
  );
});

test("what a viewer's browser asks for by itself is refused, and nothing is different", async () => {
  const viewer = await openStaffDesk(server, place, "viewer");
  const page = await server.openBy(viewer.visitor, at(place, "contacts"));
  await page.getByRole("heading", { name: "Contacts", exact: true }).waitFor();
  const of_location = `/locations/${place.location_id}`;
  const workspace = place.addressOf("/workspaces/:workspace_id");
  const product = { name: "Gift", type: "package", terms: { credits_total: 100 } };
  const credits = { direction: "add", amount: 5, reason: "a gift", request_id: "gift" };
  const before = await catalogue();
  expect([
    await askFrom(page, "PUT", `${of_location}/settings`, { name: "Mine", expected_version: 1 }),
    await askFrom(page, "POST", `${of_location}/product-configs`, product),
    await askFrom(page, "POST", `${of_location}/contacts/maya/adjust`, credits),
    await askFrom(page, "POST", `${workspace}/invitations`, { email: "friend@studio.test", role: "owner" }),
  ]).toEqual(Array.from({ length: 4 }, () => "403 FORBIDDEN"));
  expect(await catalogue()).toEqual(before);
});

/** What stands in the location's settings and what it sells. */
async function catalogue(): Promise<unknown[]> {
  const { settings, version } = (await place.owner.get("/settings")).body;
  return [settings, version, (await place.owner.get("/product-configs")).body["product_configs"]];
}

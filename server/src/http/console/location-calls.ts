import { z } from "zod";
import { launchOwnEmbed } from "../../operations/access/embed-launch.ts";
import { catalogKey, locationSettings } from "../../operations/catalog/apply-schema.ts";
import { text, time } from "../../operations/fields.ts";
import { disconnectLocation, reconnectLocation } from "../../operations/locations/disconnect-location.ts";
import { editSettings } from "../../operations/locations/edit-settings.ts";
import { openLocation } from "../../operations/locations/open-location.ts";
import { readLocation } from "../../views/location-read.ts";
import { findSettings, settingsAnswer } from "../../views/location-settings.ts";
import { listLocations, locationOverview, locationsAnswer, overviewsOf } from "../../views/workspace-locations.ts";
import { consoleCall, type ConsoleCall } from "./console-call.ts";
import { moveSandbox } from "./move-sandbox.ts";
import { expectedVersion } from "./product-fields.ts";

const { name, timezone, currency } = locationSettings.shape;
const status = z.enum(["pending", "active", "disconnected"]);

const list = consoleCall({
  realm: "workspace",
  method: "get",
  path: "/locations",
  name: "locations",
  title: "List locations",
  about: "Every location of the workspace, and how it stands with GoHighLevel, Stripe and its API clients.",
  role: "viewer",
  input: z.object({}),
  answer: locationsAnswer,
  run: ({ db, clock }, { workspace_id }) => listLocations(db, workspace_id, clock.now()),
});

const open = consoleCall({
  realm: "workspace",
  method: "post",
  path: "/locations",
  name: "open_location",
  title: "Open a location without GoHighLevel",
  about: "Its members come through the API. A live one is billed from when it is active; a sandbox never.",
  role: "admin",
  input: z.object({
    name,
    timezone,
    currency: currency.default("USD"),
    sandbox: z.boolean().default(false).describe("True: a clock of its own, no outside effects."),
    key: catalogKey.optional().describe("Omitted: made from the name."),
  }),
  refusals: ["LIMIT_REACHED"],
  answer: z.object({ location_id: z.string(), key: z.string(), status }),
  run: ({ change }, by, input) => change(by, (tx) => openLocation(tx, by.workspace_id, input)),
});

const health = consoleCall({
  realm: "location",
  method: "get",
  path: "/health",
  name: "location_health",
  title: "Get how a location stands",
  about: "Its state, its clock, and when each of its sources was last heard of.",
  role: "viewer",
  input: z.object({}),
  answer: z.object({ location: locationOverview }),
  run: async ({ db, clock }, { workspace_id, location_id }) => {
    const [location] = await overviewsOf(db, workspace_id, [location_id], clock.now());
    return location ? { location } : "unknown";
  },
});

const settings = consoleCall({
  realm: "location",
  method: "get",
  path: "/settings",
  name: "location_settings",
  title: "Get a location's settings",
  about: "What was decided for all its members.",
  role: "viewer",
  input: z.object({}),
  answer: settingsAnswer,
  run: ({ db, clock }, by) => readLocation(db, by, (tx) => findSettings(tx, by.location_id, clock.now())),
});

const saveSettings = consoleCall({
  realm: "location",
  method: "put",
  path: "/settings",
  name: "edit_location_settings",
  title: "Change a location's settings",
  about: "They hold for every decision from now on, and undo none.",
  role: "admin",
  input: z.object({ ...locationSettings.shape, expected_version: expectedVersion }),
  refusals: ["EDIT_CONFLICT"],
  answer: z.object({ version: z.int() }),
  run: ({ change, clock }, by, input) => change(by, (tx) => editSettings(tx, by.location_id, input, clock.now())),
});

const disconnect = consoleCall({
  realm: "location",
  method: "post",
  path: "/disconnect",
  name: "disconnect_location",
  title: "Take a location out of use",
  about: "Its tokens are refused and its providers' credentials destroyed at once; all its data stays.",
  role: "admin",
  input: z.object({ reason: text.describe("Why: it stands in the audit trail.") }),
  refusals: ["ALREADY_SO"],
  answer: z.object({ status }),
  run: ({ change, clock }, by, { reason }) =>
    change(by, (tx) => disconnectLocation(tx, by.location_id, reason, clock.now())),
});

const reconnect = consoleCall({
  realm: "location",
  method: "post",
  path: "/reconnect",
  name: "reconnect_location",
  title: "Take a location into use again",
  about: "Its API tokens serve again; GoHighLevel has to be installed anew, Stripe given a key.",
  role: "admin",
  input: z.object({}),
  refusals: ["ALREADY_SO"],
  answer: z.object({ status }),
  run: ({ change }, by) => change(by, (tx) => reconnectLocation(tx, by.location_id)),
});

const moveClock = consoleCall({
  realm: "location",
  method: "post",
  path: "/clock",
  name: "move_sandbox_clock",
  title: "Move a sandbox's clock forward",
  about: "Everything that falls due on the way is booked, in order, before this answers.",
  role: "admin",
  input: z
    .object({
      advance: text.optional().describe("By an ISO 8601 duration, such as P31D, on the location's calendar."),
      to: time.optional().describe("Or to this time."),
    })
    .refine(({ advance, to }) => (advance === undefined) !== (to === undefined), {
      path: ["advance"],
      message: "is required (or to, and not both)",
    }),
  refusals: ["NOT_A_SANDBOX"],
  answer: z.object({ before: z.iso.datetime(), now: z.iso.datetime(), settled: z.int() }),
  run: moveSandbox,
});

const launch = consoleCall({
  realm: "location",
  method: "post",
  path: "/embed-launch",
  name: "launch_embed",
  title: "Open the staff embed of a sandbox",
  about: "The address lets one browser in, once and within two minutes, as GoHighLevel would let its staff in.",
  role: "admin",
  input: z.object({}),
  answer: z.object({ path: z.string().describe("On this server.") }),
  refusals: ["NOT_A_SANDBOX"],
  run: ({ change, clock, connecting: { secrets } }, by) =>
    change(by, (tx) => launchOwnEmbed({ clock, secrets }, tx, by)),
});

/** Locations: opened, looked after, set, and taken out of use. */
export const LOCATION_CALLS: readonly ConsoleCall[] = [
  list,
  open,
  health,
  settings,
  saveSettings,
  disconnect,
  reconnect,
  moveClock,
  launch,
];

import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { sql } from "../support.ts";
import { printsOf } from "./book-prints.ts";
import {
  connectedLocation,
  deliver,
  eventsOf,
  ghlBody,
  signGhl,
  stripeConnection,
  stripeHeaders,
  useListeningServer,
} from "./listening-server.ts";

const server = useListeningServer();
type Tenant = Awaited<ReturnType<typeof openTenant>>;
let mine: Tenant;
let theirs: Tenant;
let live: Awaited<ReturnType<typeof connectedLocation>>;

async function openTenant() {
  const location = await connectedLocation(server.db, { sandbox: true });
  return { ...location, stripe: await stripeConnection(server, location.uuid) };
}

beforeAll(async () => {
  mine = await openTenant();
  theirs = await openTenant();
  live = await connectedLocation(server.db);
});

function stripeBody(fields: object = {}): string {
  const created = Math.floor(Date.now() / 1000);
  const object = { id: "cus_1", object: "customer", metadata: { contact_id: "maya" } };
  return JSON.stringify({
    id: `evt_${randomUUID()}`,
    object: "event",
    type: "customer.updated",
    created,
    data: { object },
    ...fields,
  });
}

const atStripe = ({ stripe }: Tenant) => `${server.base_url}/webhooks/stripe/${stripe.url_key}`;

async function expectRefused(
  answer: ReturnType<typeof deliver>,
  status = 401,
  code = "INVALID_SIGNATURE",
): Promise<void> {
  const { status: given, body } = await answer;
  expect({ given, ok: body.ok, code: body.reason_code }).toEqual({ given: status, ok: false, code });
}

describe("Stripe deliveries by a stranger", () => {
  test("with the connection key of another location and one's own secret are refused, and nothing is kept", async () => {
    const before = await printsOf(server.db);
    const body = stripeBody({ account: "acct_mine" });
    await expectRefused(deliver(atStripe(theirs), body, stripeHeaders(body, mine.stripe.secret)));
    await expectRefused(deliver(atStripe(theirs), body, stripeHeaders(body, "")));
    await expectRefused(deliver(atStripe(theirs), body, stripeHeaders(body, theirs.stripe.url_key)));
    const header = stripeHeaders(body, mine.stripe.secret)["stripe-signature"] ?? "";
    await expectRefused(deliver(atStripe(theirs), body, { "stripe-signature": `${header},v1=${"0".repeat(64)}` }));
    expect(await printsOf(server.db)).toEqual(before);
  });

  test("that were signed for one connection are no deliveries of another: their own, taken along and sent again", async () => {
    const body = stripeBody();
    const headers = stripeHeaders(body, mine.stripe.secret);
    expect((await deliver(atStripe(mine), body, headers)).status).toBe(200);
    const before = await printsOf(server.db);
    await expectRefused(deliver(atStripe(theirs), body, headers));
    expect(await printsOf(server.db)).toEqual(before);
  });

  test.each(["location_id", "account", "connection_id"])(
    "belong to the connection's location, whatever %s the body claims",
    async (name) => {
      const id = `evt_${randomUUID()}`;
      const body = stripeBody({ id, [name]: theirs.uuid, locationId: theirs.ghl_location_id });
      expect((await deliver(atStripe(mine), body, stripeHeaders(body, mine.stripe.secret))).status).toBe(200);
      expect(await eventsOf(server.db, "dedupe_key = $1", [id])).toMatchObject([
        { location_id: mine.uuid, connection_id: mine.stripe.id },
      ]);
    },
  );

  test("to a connection that was ended, or to none, find nobody, signed or not", async () => {
    const ended = await openTenant();
    await sql(server.db, "UPDATE stripe_connections SET status = 'disconnected', webhook_secret = NULL WHERE id = $1", [
      ended.stripe.id,
    ]);
    const before = await printsOf(server.db);
    const body = stripeBody();
    for (const key of [ended.stripe.url_key, ended.stripe.id, ended.uuid, "x".repeat(40), "%00", "..%2fghl"]) {
      const answer = await deliver(
        `${server.base_url}/webhooks/stripe/${key}`,
        body,
        stripeHeaders(body, ended.stripe.secret),
      );
      expect({ key, status: answer.status }).toEqual({ key, status: 404 });
    }
    expect(await printsOf(server.db)).toEqual(before);
  });
});

describe("GoHighLevel deliveries with a sandbox's key", () => {
  const deliverSandbox = (body: string) =>
    deliver(`${server.base_url}/webhooks/ghl`, body, signGhl(body, server.keys.sandbox.privateKey));
  const refused = (): [string, object][] => [
    ["by GoHighLevel's id", { locationId: live.ghl_location_id }],
    ["by its own id", { locationId: live.location_id }],
    ["by its uuid", { locationId: live.uuid }],
    ["as altId", { altType: "location", altId: live.ghl_location_id }],
    ["in the appointment", { type: "AppointmentCreate", appointment: { id: "a", locationId: live.ghl_location_id } }],
    ["inside data", { id: undefined, data: { locationId: live.ghl_location_id, id: "c" } }],
    ["as a new location", { type: "LocationUpdate", id: live.ghl_location_id }],
    ["as an installation", { type: "INSTALL", companyId: "comp", locationId: live.ghl_location_id }],
    ["as the end of one", { type: "UNINSTALL", companyId: "comp", locationId: live.ghl_location_id }],
    ["as the end of an agency's", { type: "UNINSTALL", companyId: "comp" }],
  ];

  test.each(Array.from({ length: 10 }, (_, i) => i))(
    "name no location that is none of the sandboxes: %i",
    async (i) => {
      const [how, fields] = refused()[i]!;
      const before = await printsOf(server.db);
      const { status, body } = await deliverSandbox(ghlBody({ ...fields }));
      expect({ how, status, code: body.reason_code }).toEqual({ how, status: 401, code: "INVALID_SIGNATURE" });
      expect(await printsOf(server.db)).toEqual(before);
    },
  );

  test("that name two locations are the sandbox's or nobody's", async () => {
    const claims = [
      { locationId: mine.ghl_location_id, altType: "location", altId: live.ghl_location_id },
      { locationId: mine.ghl_location_id, appointment: { id: "a", locationId: live.ghl_location_id } },
      { locationId: mine.ghl_location_id, data: { locationId: live.ghl_location_id } },
      { locationId: live.ghl_location_id, location_id: mine.ghl_location_id },
    ];
    for (const fields of claims) await deliverSandbox(ghlBody(fields));
    expect(
      await eventsOf(server.db, "location_id = $1 OR external_location_id = $2", [live.uuid, live.ghl_location_id]),
    ).toEqual([]);
  });

  test("and deliveries with anybody else's key, open nothing at all", async () => {
    const before = await printsOf(server.db);
    const body = ghlBody({ locationId: mine.ghl_location_id });
    const signature = signGhl(body, server.keys.sandbox.privateKey)["x-ghl-signature"] ?? "";
    const url = `${server.base_url}/webhooks/ghl`;
    await expectRefused(deliver(url, body, signGhl(body, server.keys.stranger.privateKey)));
    await expectRefused(deliver(url, `${body} `, { "x-ghl-signature": signature }));
    await expectRefused(deliver(url, body, { "x-wh-signature": signature }));
    await expectRefused(deliver(url, body, { "x-ghl-signature": "" }));
    expect(await printsOf(server.db)).toEqual(before);
  });
});

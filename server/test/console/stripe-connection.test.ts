import { afterAll, afterEach, describe, expect, test } from "vitest";
import { FakeStripe } from "../../src/gateways/stripe/fake/fake-stripe.ts";
import { systemClock } from "../../src/platform/clock.ts";
import { locationUuid } from "../../src/platform/ids.ts";
import { sql } from "../support.ts";
import { useConsole } from "./console-server.ts";
import { openDesk, type Desk } from "./desk.ts";

const stripe = new FakeStripe({ clock: systemClock, is_live: true });
const server = useConsole({}, { stripe_api_base: await stripe.start() });

afterEach(() => stripe.setWeather({}));
afterAll(() => stripe.stop());

const connectionsOf = ({ location_id }: Desk) =>
  sql(
    server.db,
    `SELECT mode, is_live, status, restricted_key, webhook_secret FROM stripe_connections
     WHERE location_id = $1 ORDER BY created_at`,
    [locationUuid(location_id)],
  );

async function health(studio: Desk) {
  const { body } = await studio.viewer.at("GET", "/health");
  return (body["location"] as { stripe: Record<string, unknown> }).stripe;
}

describe("A Stripe account of the studio's own", () => {
  test("is connected with a key that nobody sees again, shows its health, and is let go", async () => {
    const studio = await openDesk(server);
    const restricted_key = stripe.addKey();
    expect((await studio.admin.at("POST", "/stripe/check", { restricted_key })).body).toMatchObject({
      ok: true,
      is_live: true,
    });
    const connected = await studio.admin.at("POST", "/stripe/connect", { restricted_key });
    expect(connected.body).toMatchObject({ ok: true, mode: "webhook", is_live: true });
    expect(connected.text).not.toContain(restricted_key);
    expect(await health(studio)).toMatchObject({ status: "connected", mode: "webhook", is_live: true, trouble: null });
    const trail = await sql<{ text: string }>(
      server.db,
      "SELECT to_jsonb(a)::text AS text FROM audit_events a WHERE workspace_id = $1",
      [studio.workspace_id],
    );
    const told = trail.map(({ text }) => text).join();
    expect(told).toContain("connect_stripe");
    expect(told).not.toContain(restricted_key);

    expect((await studio.admin.at("POST", "/stripe/disconnect")).body.ok).toBe(true);
    expect(await connectionsOf(studio)).toEqual([
      { mode: "webhook", is_live: true, status: "disconnected", restricted_key: null, webhook_secret: null },
    ]);
    expect((await studio.admin.at("POST", "/stripe/disconnect")).body.reason_code).toBe("NOT_CONNECTED");
  });

  test("is listened to by a secret that was made by hand, or asked; the later takes the place of the earlier", async () => {
    const studio = await openDesk(server);
    const restricted_key = stripe.addKey();
    const by_hand = { restricted_key, listen: "secret", webhook_secret: "whsec_by_hand" };
    expect((await studio.admin.at("POST", "/stripe/connect", by_hand)).body).toMatchObject({ mode: "webhook" });
    const asked = await studio.admin.at("POST", "/stripe/connect", { restricted_key, listen: "poll" });
    expect(asked.body).toMatchObject({ mode: "poll" });
    expect(await connectionsOf(studio)).toMatchObject([
      { mode: "webhook", status: "disconnected" },
      { mode: "poll", status: "connected", webhook_secret: null },
    ]);
  });

  test.each([
    ["a secret key", () => "sk_live_1234567890", "restricted_key", /could move money/],
    ["what is no key", () => "whatever", "restricted_key", /no restricted key/],
    ["a key that Stripe does not know", () => "rk_live_nobodyknowsthis", "restricted_key", /does not know that key/],
    ["a key that may read too little", () => stripe.addKey(["charges"]), "restricted_key", /may not read: .*refunds/],
  ])("with %s is refused beside the field, in words that do not repeat it", async (_, key, field, sentence) => {
    const studio = await openDesk(server);
    const restricted_key = key();
    for (const call of ["check", "connect"]) {
      const { status, body, text } = await studio.admin.at("POST", `/stripe/${call}`, { restricted_key });
      expect(status).toBe(400);
      expect(body["errors"]).toEqual([{ field, message: expect.stringMatching(sentence) }]);
      expect(text).not.toContain(restricted_key);
    }
    expect(await connectionsOf(studio)).toEqual([]);
  });

  test("with an endpoint's secret that is none is refused beside that field", async () => {
    const studio = await openDesk(server);
    const ask = { restricted_key: stripe.addKey(), listen: "secret", webhook_secret: "secret" };
    const { body } = await studio.admin.at("POST", "/stripe/connect", ask);
    expect(body["errors"]).toEqual([{ field: "webhook_secret", message: expect.stringContaining("whsec_") }]);
  });

  test("that does not answer is said so, and nothing is kept", async () => {
    const studio = await openDesk(server);
    stripe.setWeather({ api_failing: 1 });
    const { status, body } = await studio.admin.at("POST", "/stripe/connect", { restricted_key: stripe.addKey() });
    expect(status).toBe(200);
    expect(body).toMatchObject({ ok: false, reason_code: "STRIPE_UNAVAILABLE" });
    expect(await connectionsOf(studio)).toEqual([]);
  });

  test("that is live is not for a sandbox, and none is for who may only look", async () => {
    const sandbox = await openDesk(server, { sandbox: true });
    const { body } = await sandbox.admin.at("POST", "/stripe/connect", { restricted_key: stripe.addKey() });
    expect(body["errors"]).toEqual([{ field: "restricted_key", message: expect.stringContaining("no live account") }]);
    expect((await sandbox.viewer.at("POST", "/stripe/check", { restricted_key: "rk_test_12345678" })).status).toBe(403);
  });
});

import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import {
  connectStripe,
  newStripeConnection,
  openStripeConnection,
} from "../src/operations/connections/connect-stripe.ts";
import { GhlTokens } from "../src/operations/connections/ghl-tokens.ts";
import { recordInstallation } from "../src/operations/connections/record-installation.ts";
import { resealCredentials } from "../src/operations/connections/reseal-credentials.ts";
import { findLocation } from "../src/operations/locations/find-location.ts";
import { systemClock } from "../src/platform/clock.ts";
import { SealError, Secrets } from "../src/platform/secrets.ts";
import { createLocation, createTestDatabase } from "./support.ts";

const OLD = "the-secret-of-last-year";
const NEW = "the-secret-of-this-year";
const unasked = () => Promise.reject(new Error("nobody is asked"));
const source = { refresh: unasked, ofLocation: unasked };

test("a new secret takes over: what the old one sealed is sealed again, and then opens without it", async () => {
  const { db, drop } = await createTestDatabase();
  const before = new Secrets(OLD);
  const { location_id } = await createLocation(db, { products: [] });
  const location = await findLocation(db, location_id);
  const credentials = { restricted_key: "rk_test_1", webhook_secret: "whsec_1", webhook_endpoint_id: null };
  const mode = { mode: "webhook", is_live: false } as const;
  await connectStripe(db, before, systemClock, location, newStripeConnection(), { ...mode, ...credentials });
  const told = { company_id: randomUUID(), ghl_location_id: randomUUID(), told_at: Date.now() };
  const recorded = await recordInstallation(db, systemClock, told);
  const connection = recorded!.connection;
  const pair = { access_token: "token", refresh_token: "refresh", expires_at: Date.now() + 86_400_000, scopes: [] };
  await new GhlTokens(db, before, systemClock, source).keep(connection, pair);

  await expect(resealCredentials(db, new Secrets(NEW))).rejects.toThrow(SealError);
  expect(await resealCredentials(db, new Secrets(`${NEW},${OLD}`))).toBe(2);
  expect(await resealCredentials(db, new Secrets(`${NEW},${OLD}`))).toBe(0);

  const after = new Secrets(NEW);
  expect(await openStripeConnection(db, after, location.location_id)).toMatchObject({
    restricted_key: "rk_test_1",
    webhook_secret: "whsec_1",
  });
  expect(await new GhlTokens(db, after, systemClock, source).accessToken(connection.id)).toBe("token");
  await expect(openStripeConnection(db, before, location.location_id)).rejects.toThrow(SealError);
  await drop();
});

import { z } from "zod";
import { refused, type Edited } from "../../operations/catalog/edit-conflict.ts";
import { locationSubject } from "../../operations/catalog/told-config.ts";
import {
  endStripe,
  keepStripe,
  openStripeConnection,
  toldStripe,
} from "../../operations/connections/connect-stripe.ts";
import {
  checkStripeKey,
  prepareStripe,
  removeEndpoint,
  StripeConnectError,
} from "../../operations/connections/prepare-stripe.ts";
import { findLocation } from "../../operations/locations/find-location.ts";
import { InputError } from "../../operations/validation.ts";
import { consoleCall, type ConsoleCall } from "./console-call.ts";

const REALM = { realm: "location", role: "admin" } as const;
const restricted_key = z
  .string()
  .trim()
  .min(1)
  .max(255)
  .describe("A key of the studio's own account that only reads, rk_…: it is kept sealed and shown to nobody.");

/** What is wrong with a key stands beside it; that Stripe does not answer is nobody's input. */
async function mended<T extends object>(work: Promise<T>): Promise<T | { refused: "STRIPE_UNAVAILABLE"; why: string }> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof StripeConnectError)) throw error;
    const { field, message } = error;
    if (field === null) return { refused: "STRIPE_UNAVAILABLE", why: message };
    throw new InputError([{ field, message: `is refused: ${message}` }]);
  }
}

const check = consoleCall({
  ...REALM,
  method: "post",
  path: "/stripe/check",
  name: "check_stripe_key",
  title: "Check a Stripe key",
  about: "Asks Stripe what the key may read; keeps nothing.",
  asks: true,
  input: z.object({ restricted_key }),
  refusals: ["STRIPE_UNAVAILABLE"],
  answer: z.object({ is_live: z.boolean().describe("False: it is of a test account.") }),
  run: async ({ db, connecting }, { location_id }, input) => {
    const location = await findLocation(db, location_id);
    return mended(checkStripeKey(connecting.stripe, input.restricted_key, location));
  },
});

const connect = consoleCall({
  ...REALM,
  method: "post",
  path: "/stripe/connect",
  name: "connect_stripe",
  title: "Listen to the studio's own Stripe account",
  about: "In place of the one that the location listened to.",
  input: z.object({
    restricted_key,
    listen: z
      .enum(["endpoint", "secret", "poll"])
      .default("endpoint")
      .describe("endpoint: Kotally makes it at Stripe. secret: it was made by hand. poll: Kotally asks every minute."),
    webhook_secret: z.string().trim().max(255).nullable().default(null).describe("With secret: whsec_…"),
  }),
  refusals: ["STRIPE_UNAVAILABLE"],
  answer: z.object({
    mode: z.enum(["webhook", "poll"]),
    is_live: z.boolean(),
    webhook_url: z.string().describe("Where Stripe delivers for this location."),
  }),
  run: async ({ db, clock, change, connecting, public_url }, by, input) => {
    const { secrets, stripe } = connecting;
    const location = await findLocation(db, by.location_id);
    const before = await openStripeConnection(db, secrets, by.location_id);
    const prepared = await mended(prepareStripe(stripe, public_url, location, input));
    if ("refused" in prepared) return prepared;
    const { credentials, webhook_url } = prepared;
    const { mode, is_live } = credentials;
    const answer = await change(by, async (tx) => {
      await keepStripe(tx, secrets, by.location_id, prepared, credentials, clock.now());
      const told = before && { id: before.id, mode: before.mode, is_live: before.is_live };
      const audit = { subject: locationSubject(location), before: told, after: toldStripe(prepared, credentials) };
      return { answer: { mode, is_live, webhook_url }, audit };
    });
    await removeEndpoint(stripe, before);
    return answer;
  },
});

const disconnect = consoleCall({
  ...REALM,
  method: "post",
  path: "/stripe/disconnect",
  name: "disconnect_stripe",
  title: "Listen to Stripe no longer",
  about: "Destroys the credentials; what Stripe delivers afterwards is refused.",
  input: z.object({}),
  refusals: ["NOT_CONNECTED"],
  answer: z.object({}),
  run: async ({ db, clock, change, connecting }, by) => {
    const { secrets, stripe } = connecting;
    const location = await findLocation(db, by.location_id);
    const before = await openStripeConnection(db, secrets, by.location_id);
    const answer = await change(by, async (tx): Promise<Edited> => {
      if (!(await endStripe(tx, by.location_id, clock.now()))) return refused("NOT_CONNECTED");
      const told = before && { id: before.id, mode: before.mode, is_live: before.is_live };
      return { answer: {}, audit: { subject: locationSubject(location), before: told, after: null } };
    });
    await removeEndpoint(stripe, before);
    return answer;
  },
});

/** The studio's own Stripe account, listened to. */
export const STRIPE_CALLS: readonly ConsoleCall[] = [check, connect, disconnect];

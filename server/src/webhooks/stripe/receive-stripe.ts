import type { FastifyInstance } from "fastify";
import { parseJson } from "../../gateways/parse-json.ts";
import { readEvent } from "../../gateways/stripe/read-event.ts";
import { verifySignature } from "../../gateways/stripe/verify-signature.ts";
import type { StripeListener, StripeListeners } from "../../operations/connections/stripe-listeners.ts";
import type { WebhookInbox } from "../../operations/events/webhook-inbox.ts";
import type { Clock } from "../../platform/clock.ts";
import { isUnavailable } from "../../platform/database.ts";
import { acknowledge, refuse } from "../answer.ts";
import { newEvent } from "../new-event.ts";
import { keptHeaders, rawRoute } from "../raw-route.ts";
import { tellOfStripe } from "./tell-of-stripe.ts";

export interface StripeDoor {
  inbox: WebhookInbox;
  clock: Clock;
  listeners: StripeListeners;
}

const SIGNATURE = "stripe-signature";

/** `POST /webhooks/stripe/{connectionKey}`: deliveries of a studio's own account, signed with its connection's secret. */
export function stripeWebhooks(app: FastifyInstance, { inbox, clock, listeners }: StripeDoor): void {
  rawRoute(app, "/webhooks/stripe/:connection_key", SIGNATURE, async (request, reply, body) => {
    const { connection_key } = request.params as { connection_key: string };
    const listener = await findListener(listeners, connection_key);
    if (listener === "unavailable") return refuse(reply, "UNAVAILABLE");
    if (listener === null) return refuse(reply, "NOT_FOUND");
    const now = clock.now();
    const header = String(request.headers[SIGNATURE]);
    const check = verifySignature({ body, header, secret: listener.webhook_secret, now });
    if (check !== "ok") return refuse(reply, "INVALID_SIGNATURE");
    const { connection_id, location_id } = listener;
    const delivery = {
      body,
      headers: keptHeaders(request),
      correlation_id: request.id,
      now,
      verification: "verified",
    } as const;
    const told = tellOfStripe(readEvent(parseJson(body)), { connection_id, location_id });
    const receipt = await inbox.receive(newEvent(delivery, told));
    return receipt === "unavailable" ? refuse(reply, "UNAVAILABLE") : acknowledge(reply);
  });
}

async function findListener(listeners: StripeListeners, key: string): Promise<StripeListener | "unavailable" | null> {
  if (!/^[\w-]{22,64}$/.test(key)) return null;
  try {
    return await listeners.find(key);
  } catch (error) {
    if (isUnavailable(error)) return "unavailable";
    throw error;
  }
}

import type { FastifyInstance } from "fastify";
import { parseJson } from "../../gateways/parse-json.ts";
import { readBillingEvent } from "../../gateways/stripe/billing/read-billing-event.ts";
import { verifySignature } from "../../gateways/stripe/verify-signature.ts";
import type { BillingDesk } from "../../operations/billing/billing-desk.ts";
import type { FollowSoon } from "../../operations/billing/follow-soon.ts";
import { takeBillingEvent } from "../../operations/billing/take-billing-event.ts";
import { isUnavailable } from "../../platform/database.ts";
import { acknowledge, refuse } from "../answer.ts";
import { rawRoute } from "../raw-route.ts";

export interface BillingDoor {
  desk: BillingDesk;
  follow_soon: FollowSoon;
  webhook_secret: string;
}

const SIGNATURE = "stripe-signature";

/** `POST /webhooks/stripe/billing`: Kotally's own account. An event only says whom to ask about, and is acknowledged when that is kept. */
export function billingWebhook(app: FastifyInstance, { desk, follow_soon, webhook_secret }: BillingDoor): void {
  rawRoute(app, "/webhooks/stripe/billing", SIGNATURE, async (request, reply, body) => {
    const signed = { body, header: String(request.headers[SIGNATURE]), secret: webhook_secret, now: desk.clock.now() };
    if (verifySignature(signed) !== "ok") return refuse(reply, "INVALID_SIGNATURE");
    const event = readBillingEvent(parseJson(body));
    if (!event) return refuse(reply, "VALIDATION_ERROR");
    try {
      const workspace_id = await takeBillingEvent(desk, event);
      if (workspace_id !== null) follow_soon.follow(workspace_id);
    } catch (error) {
      if (isUnavailable(error)) return refuse(reply, "UNAVAILABLE");
      throw error;
    }
    return acknowledge(reply);
  });
}

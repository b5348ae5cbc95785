import type { FastifyInstance } from "fastify";
import { ghlWebhooks, type GhlDoor } from "./ghl/receive-ghl.ts";
import { stripeWebhooks, type StripeDoor } from "./stripe/receive-stripe.ts";

/** Where providers deliver. */
export function registerWebhooks(app: FastifyInstance, doors: GhlDoor & StripeDoor): void {
  ghlWebhooks(app, doors);
  stripeWebhooks(app, doors);
}

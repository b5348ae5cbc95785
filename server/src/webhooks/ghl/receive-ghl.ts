import type { KeyObject } from "node:crypto";
import type { FastifyInstance } from "fastify";
import { readWebhook } from "../../gateways/ghl/read-webhook.ts";
import { isSignedBy, SIGNATURE_HEADER } from "../../gateways/ghl/verify-signature.ts";
import { parseJson } from "../../gateways/parse-json.ts";
import type { WebhookInbox } from "../../operations/events/webhook-inbox.ts";
import type { Clock } from "../../platform/clock.ts";
import { locationUuid } from "../../platform/ids.ts";
import type { Instant } from "../../rules/time/local-days.ts";
import { acknowledge, refuse } from "../answer.ts";
import { newEvent, type ToldDelivery } from "../new-event.ts";
import { keptHeaders, rawRoute } from "../raw-route.ts";

export interface GhlDoor {
  inbox: WebhookInbox;
  clock: Clock;
  /** The keys that GoHighLevel publishes. */
  public_keys: readonly KeyObject[];
  /** The key of this data directory's sandboxes, good for sandbox locations only (clarification 37). */
  sandbox_keys: readonly KeyObject[];
}

/** `POST /webhooks/ghl`: verify, keep raw, acknowledge; decides nothing. */
export function ghlWebhooks(app: FastifyInstance, door: GhlDoor): void {
  rawRoute(app, "/webhooks/ghl", SIGNATURE_HEADER, async (request, reply, body) => {
    const verification = await verify(door, body, String(request.headers[SIGNATURE_HEADER]));
    if (verification === null) return refuse(reply, "INVALID_SIGNATURE");
    const now = door.clock.now();
    const delivery = { body, headers: keptHeaders(request), correlation_id: request.id, now, verification };
    const receipt = await door.inbox.receive(newEvent(delivery, tell(body, now)));
    // Not even the sandbox's own key opens another location.
    if (receipt === "refused") return refuse(reply, "INVALID_SIGNATURE");
    return receipt === "unavailable" ? refuse(reply, "UNAVAILABLE") : acknowledge(reply);
  });
}

async function verify(door: GhlDoor, body: Buffer, signature: string): Promise<"verified" | "sandbox" | null> {
  if (await isSignedBy(door.public_keys, body, signature)) return "verified";
  return (await isSignedBy(door.sandbox_keys, body, signature)) ? "sandbox" : null;
}

function tell(body: Buffer, now: Instant): ToldDelivery {
  const webhook = readWebhook(parseJson(body), now);
  const { kind, type, webhook_id, told_at, location_external_id, company_id } = webhook;
  const facts = {
    provider: "ghl",
    type,
    event_id: webhook_id,
    told_at,
    external_location_id: location_external_id,
    company_id,
    // A location that was never connected has no other name than its own id.
    location_id: locationUuid(location_external_id ?? ""),
    needs_location: kind !== "install" && kind !== "uninstall",
  } as const;
  if (kind === "ignored") return { ...facts, status: "ignored", reason_code: "EVENT_UNUSED", detail: webhook.reason };
  if (kind === "unreadable")
    return { ...facts, status: "dead", reason_code: "BODY_UNREADABLE", detail: webhook.reason };
  return { ...facts, status: "received" };
}

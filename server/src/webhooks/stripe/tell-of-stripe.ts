import type { ReadEvent } from "../../gateways/stripe/stripe-event.ts";
import type { ToldDelivery } from "../new-event.ts";

/** What the inbox must know of an event that came through a connection, delivered or polled. */
export function tellOfStripe(
  event: ReadEvent,
  connection: { connection_id: string; location_id: string },
): ToldDelivery {
  const { event_id, type, created: told_at } = event;
  const facts = { provider: "stripe", event_id, told_at, needs_location: true, ...connection } as const;
  if (event.kind === "ignored")
    return { ...facts, type: event.type, status: "ignored", reason_code: "EVENT_UNUSED", detail: event.reason };
  if (event.kind === "unreadable") {
    return {
      ...facts,
      type: type ?? "Unreadable",
      status: "dead",
      reason_code: "BODY_UNREADABLE",
      detail: event.reason,
    };
  }
  return { ...facts, type: event.type, status: "received" };
}

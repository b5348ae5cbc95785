import { isListenedTo, READERS } from "./listened-events.ts";
import { at, idAt, instantAt, isFields, textAt } from "./read-field.ts";
import type { EventHead, ReadEvent, UnreadableReason } from "./stripe-event.ts";

/** What an event of Stripe says, in either shape of its API. Pure; any JSON is read, and never throws. */
export function readEvent(json: unknown): ReadEvent {
  const told = {
    event_id: idAt(json, "id"),
    type: textAt(json, "type"),
    created: instantAt(json, "created"),
    is_live: at(json, "livemode"),
    api_version: textAt(json, "api_version"),
  };
  const { event_id, type, created, is_live, api_version } = told;
  const unreadable = (reason: UnreadableReason): ReadEvent => ({
    ...told,
    is_live: typeof is_live === "boolean" ? is_live : null,
    kind: "unreadable",
    reason,
  });
  if (event_id === null || type === null || created === null || typeof is_live !== "boolean") {
    return unreadable("not_an_event");
  }
  const head: EventHead = { event_id, type, created, is_live, api_version };
  if (!isListenedTo(type)) return { ...head, kind: "ignored", reason: "type_not_listened_to" };
  const object = at(json, "data.object");
  if (!isFields(object)) return unreadable("no_object");
  const reading = READERS[type](object, head);
  return reading.kind === "unreadable" ? unreadable(reading.reason) : { ...head, ...reading };
}

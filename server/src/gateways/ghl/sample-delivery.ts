import { randomUUID } from "node:crypto";
import type { Instant } from "../../rules/time/local-days.ts";
import { putAt } from "../put-at.ts";
import { sample_events, sample_location } from "./sample-events.ts";

const SAMPLE_CONTACT = "nmFmQEsNgz6AVpgLVUJ0";
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

export interface SampleWishes {
  location_id: string;
  contact_id: string | null;
  now: Instant;
  /** Paths into the body with what should stand there, applied last. */
  set: readonly { path: string; value: unknown }[];
}

type Fields = Record<string, unknown>;

/** Names that a person would use for those of the wire. */
const ALIASES: Record<string, string> = { "appointment.status": "appointment.appointmentStatus" };

export const SAMPLE_NAMES: readonly string[] = Object.keys(sample_events);

/** The body of a sample delivery, new in its ids and times; null for an event without a sample. */
export function sampleDelivery(event: string, { location_id, contact_id, now, set }: SampleWishes): string | null {
  const sample = Object.entries(sample_events).find(([name]) => name === event)?.[1];
  if (!sample) return null;
  const at = (ms: number) => new Date(ms).toISOString();
  const text = JSON.stringify(sample)
    .replaceAll(sample_location, location_id)
    .replaceAll(SAMPLE_CONTACT, contact_id ?? SAMPLE_CONTACT);
  const body = JSON.parse(text) as Fields & { appointment?: Fields };
  Object.assign(body, { webhookId: randomUUID(), timestamp: at(now) });
  for (const field of ["updatedAt", "createdAt"]) if (field in body) body[field] = at(now);
  // A sale is a sale of its own each time; who means an earlier one sets its _id.
  if (event.startsWith("Order") || event.startsWith("Invoice"))
    body["_id"] = randomUUID().replaceAll("-", "").slice(0, 24);
  if (body.appointment) {
    const start = now + DAY_MS;
    const times = { startTime: at(start), endTime: at(start + HOUR_MS), dateAdded: at(now), dateUpdated: at(now) };
    Object.assign(body.appointment, { id: randomUUID().replaceAll("-", "").slice(0, 20), ...times });
  }
  for (const { path, value } of set) putAt(body, ALIASES[path] ?? path, value);
  return JSON.stringify(body);
}

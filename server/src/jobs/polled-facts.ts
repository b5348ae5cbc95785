import { createHash } from "node:crypto";
import type { GhlSubscription } from "../gateways/ghl/subscriptions.ts";
import type { GhlTransaction } from "../gateways/ghl/transactions.ts";
import type { PolledFact } from "../operations/events/keep-polled.ts";
import type { BookingVersion } from "../rules/bookings/booking-version.ts";
import type { Polled } from "./events/take-polled.ts";

/** What was read, known by what it says: read again unchanged it is the same, and every change is a fact of its own. */
export function keyOf(location_id: string, kind: string, id: string, content: unknown): string {
  const hash = createHash("sha256")
    .update(`${location_id} ${JSON.stringify(inOneOrder(content))}`)
    .digest("hex");
  return `${kind}:${id.slice(0, 150)}:${hash}`;
}

export function transactionFact(
  dedupe_key: string,
  transaction: GhlTransaction,
  is_first_of_entity: boolean,
): PolledFact {
  const told_at = transaction.updated_at ?? transaction.created_at;
  return factOf(dedupe_key, told_at, { type: "PolledTransaction", transaction, is_first_of_entity });
}

export function subscriptionFact(dedupe_key: string, subscription: GhlSubscription): PolledFact {
  const told_at = subscription.updated_at ?? subscription.created_at;
  return factOf(dedupe_key, told_at, { type: "PolledSubscription", subscription });
}

export function bookingFact(location_id: string, version: BookingVersion): PolledFact {
  const dedupe_key = keyOf(location_id, "booking", version.external_id, version);
  return factOf(dedupe_key, version.updated_at, { type: "PolledBooking", version });
}

function factOf(dedupe_key: string, told_at: number | null, polled: Polled): PolledFact {
  return { dedupe_key, type: polled.type, body: JSON.stringify(polled), told_at };
}

/** Providers may name fields in any order. */
function inOneOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOneOrder);
  if (typeof value !== "object" || value === null) return value;
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(fields.map(([name, field]) => [name, inOneOrder(field)]));
}

import { z } from "zod";
import { MAX_REPLAYED, replayEvent, replayRange } from "../operations/events/replay-events.ts";
import { locationField, text, time } from "../operations/fields.ts";
import { readLocation } from "../views/location-read.ts";
import { decodeCursor, DEFAULT_LIMIT, MAX_LIMIT } from "../views/page.ts";
import { findWebhookEvent, webhookEventAnswer } from "../views/webhook-event.ts";
import { listWebhookEvents, WEBHOOK_STATUSES, webhookCursor, webhookEventsAnswer } from "../views/webhook-events.ts";
import type { LocationCall } from "./location-call.ts";

const status = z.enum(WEBHOOK_STATUSES);
const provider = z.enum(["ghl", "stripe"]);
const eventId = { id: z.guid().describe("The webhook event's own id."), ...locationField };

const event = {
  id: "019aa5b0-8e1f-7a2b-9c3d-4e5f60718293",
  provider: "ghl",
  type: "AppointmentCreate",
  external_event_id: "0b7a8c1e-3f0c-4e5d-8a6b-9c0d1e2f3a4b",
  status: "done",
  outcome: "CHARGED",
  detail: null,
  contacts: ["maya"],
  verification: "verified",
  is_late: false,
  attempts: 1,
  told_at: "2026-11-21T14:05:00.000Z",
  received_at: "2026-11-21T14:05:01.000Z",
  next_attempt_at: null,
  finished_at: "2026-11-21T14:05:01.100Z",
  correlation_id: "3f0c9a52-6f0e-4c3f-9d0b-6c2d6a1e7b10",
};

const listQuery = z.object({
  status: status.optional().describe("Only events that stand so."),
  type: text.optional().describe("Only events of this type, such as AppointmentUpdate."),
  provider: provider.optional(),
  contact: text.optional().describe("Only events that touched this contact (its external id)."),
  search: text.optional().describe("Any id: the event's, its provider's, a contact's, a correlation id."),
  from: time.optional().describe("Received at this time or later."),
  to: time.optional().describe("Received before this time."),
  limit: z.coerce.number().int().min(1).max(MAX_LIMIT).default(DEFAULT_LIMIT).describe("Items on the page."),
  cursor: z
    .string()
    .refine((given) => decodeCursor(webhookCursor, given) !== null, "is not a next_cursor of this list")
    .optional()
    .describe("next_cursor of the page before; omitted: the beginning."),
  ...locationField,
});

const list: LocationCall<typeof listQuery> = {
  method: "get",
  path: "/api/v2/webhook-events",
  name: "webhook_events",
  title: "List webhook events",
  about: "What providers delivered for this location, newest first, and what became of it.",
  input: listQuery,
  reason_code: "webhook_events_loaded",
  answer: webhookEventsAnswer,
  example: { answer: { webhook_events: [event], next_cursor: null } },
  run: ({ db }, caller, { limit, cursor, ...filters }) =>
    readLocation(db, caller, (tx) =>
      listWebhookEvents(tx, caller.location_id, filters, {
        limit,
        cursor: cursor === undefined ? null : decodeCursor(webhookCursor, cursor),
      }),
    ),
};

const oneQuery = z.object(eventId);

const one: LocationCall<typeof oneQuery> = {
  method: "get",
  path: "/api/v2/webhook-events/{id}",
  name: "webhook_event",
  title: "Get a webhook event",
  about: "One delivery: its bytes, its attempts, and the ledger entries that it caused.",
  input: oneQuery,
  reason_code: "webhook_event_loaded",
  answer: webhookEventAnswer,
  example: {
    answer: {
      webhook_event: {
        ...event,
        headers: {},
        body: '{"type":"AppointmentCreate"}',
        body_encoding: "utf8",
        attempt_log: [
          {
            number: 1,
            started_at: event.received_at,
            finished_at: event.finished_at,
            outcome: "done",
            reason_code: "CHARGED",
            error: null,
          },
        ],
        entries: [],
      },
    },
  },
  run: ({ db }, caller, { id }) =>
    readLocation(db, caller, async (tx) => (await findWebhookEvent(tx, caller.location_id, id)) ?? "unknown"),
};

const replayAnswer = z.object({ replayed: z.int().min(0).describe("Events that are due again.") });

const replayOne: LocationCall<typeof oneQuery> = {
  method: "post",
  path: "/api/v2/webhook-events/{id}/replay",
  name: "replay_webhook_event",
  title: "Replay a webhook event",
  about: "Takes one delivery again, with a new budget of attempts. Whatever it did before it does not do twice.",
  input: oneQuery,
  reason_code: "webhook_events_replayed",
  answer: replayAnswer,
  example: { answer: { replayed: 1 } },
  run: async ({ db, clock }, caller, { id }) => {
    const answer = await replayEvent(db, clock, caller, id);
    if (answer.kind === "stale_authorisation") return "stale_authorisation";
    return answer.replayed === 0 ? "unknown" : { replayed: answer.replayed };
  },
};

const rangeBody = z.object({
  from: time.describe("Received at this time or later."),
  to: time.optional().describe("Received before this time; omitted: until now."),
  statuses: z.array(status).min(1).max(WEBHOOK_STATUSES.length).default(["failed", "dead"]).describe("Which events."),
  type: text.optional().describe("Only events of this type."),
  provider: provider.optional(),
  ...locationField,
});

const replayMany: LocationCall<typeof rangeBody> = {
  method: "post",
  path: "/api/v2/webhook-events/replay",
  name: "replay_webhook_events",
  title: "Replay webhook events",
  about: `Takes deliveries of a range of time again, the earliest told first, at most ${MAX_REPLAYED} in one call.`,
  input: rangeBody,
  reason_code: "webhook_events_replayed",
  answer: replayAnswer,
  example: { request: { from: "2026-11-21T00:00:00Z", statuses: ["dead"] }, answer: { replayed: 12 } },
  run: async ({ db, clock }, caller, { from, to, statuses, type, provider: of }) => {
    const range = { from, to: to ?? clock.now(), statuses, type: type ?? null, provider: of ?? null };
    const answer = await replayRange(db, clock, caller, { ...range, at_most: MAX_REPLAYED });
    return answer.kind === "stale_authorisation" ? "stale_authorisation" : { replayed: answer.replayed };
  },
};

/** The event log: what came in, what became of it, and once more. */
export const WEBHOOK_LOG: readonly LocationCall[] = [
  list,
  one,
  replayMany,
  replayOne,
] as readonly unknown[] as LocationCall[];

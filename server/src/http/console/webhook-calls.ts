import { z } from "zod";
import { giveUpEvents, MAX_GIVEN_UP } from "../../operations/events/give-up-events.ts";
import { text, time } from "../../operations/fields.ts";
import { DAY } from "../../rules/time/local-days.ts";
import { readLocation } from "../../views/location-read.ts";
import { countWebhookEvents, webhookCountsAnswer } from "../../views/webhook-counts.ts";
import { WEBHOOK_STATUSES } from "../../views/webhook-events.ts";
import { consoleCall, type ConsoleCall } from "./console-call.ts";

/** Days that are counted where nobody says since when. */
const RECENT_DAYS = 7;

/** A list in a query is one text, parted by commas. */
const statuses = z
  .string()
  .transform((list) => list.split(","))
  .pipe(z.array(z.enum(WEBHOOK_STATUSES)).min(1).max(WEBHOOK_STATUSES.length));

const counts = consoleCall({
  realm: "location",
  method: "get",
  path: "/webhook-events/counts",
  name: "webhook_counts",
  title: "Count webhook events",
  about: "Deliveries of a range of time by how they stand: what a replay would take, and afterwards how far it is.",
  role: "viewer",
  input: z.object({
    from: time.optional().describe(`Received at this time or later; omitted: ${RECENT_DAYS} days ago.`),
    to: time.optional().describe("Received before this time; omitted: until now."),
    statuses: statuses.optional().describe("Only events that stand so, parted by commas; omitted: all."),
    type: text.optional(),
    provider: z.enum(["ghl", "stripe"]).optional(),
  }),
  answer: webhookCountsAnswer,
  run: ({ db, clock }, by, { from, to, statuses: only = null, type = null, provider = null }) =>
    readLocation(db, by, (tx) =>
      countWebhookEvents(tx, by.location_id, {
        from: from ?? clock.now() - RECENT_DAYS * DAY,
        to: to ?? clock.now(),
        statuses: only,
        type,
        provider,
      }),
    ),
});

const giveUp = consoleCall({
  realm: "location",
  method: "post",
  path: "/webhook-events/give-up",
  name: "give_up_webhook_events",
  title: "Give webhook events up",
  about: "Leaves deliveries alone that failed or wait: they stay in the log with the reason, and may be replayed.",
  role: "admin",
  input: z.object({
    ids: z.array(z.guid()).min(1).max(MAX_GIVEN_UP).describe("The events' own ids."),
    reason: text.describe("Why, in words: the log and the audit trail say it."),
  }),
  refusals: ["NOTHING_TO_DO"],
  answer: z.object({ given_up: z.int() }),
  run: ({ change, clock }, by, input) =>
    change(by, (tx) => giveUpEvents(tx, by.location_id, { ...input, real_now: clock.now() })),
});

/** What the console has of the event log beside the machine API's. */
export const WEBHOOK_CALLS: readonly ConsoleCall[] = [counts, giveUp];

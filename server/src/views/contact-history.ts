import { z } from "zod";
import { instant, uuidArray } from "../platform/sql.ts";
import type { ContactView } from "./contact-read.ts";
import { boundOf, mergeSources, SOURCES, type Position, type Source } from "./contact-timeline.ts";
import type { Page } from "./page.ts";
import { nextCursor, timelineEventShape, type TimelineEventShape } from "./shapes.ts";
import {
  actorShape,
  findActors,
  showActs,
  staffActShape,
  type ActorShape,
  type ActRow,
  type StaffAct,
} from "./staff-acts.ts";

/** Payments and entitlements of one contact whose acts are looked for: the latest of each. */
const MAX_SUBJECTS = 500;

const actEventShape = z.object({
  kind: z.literal("act"),
  id: z.guid(),
  at: z.iso.datetime(),
  title: z.string().describe("One line for a person, in English."),
  act: staffActShape,
});

type ActEvent = z.output<typeof actEventShape>;

export const historyAnswer = z.object({
  events: z.array(z.union([timelineEventShape, actEventShape])),
  actors: z.record(z.string(), actorShape).describe("Who was behind them, by the event's id, where somebody was."),
  next_cursor: nextCursor,
});

const LEAST_ID = "00000000-0000-0000-0000-000000000000";

// Acts are kept by what they were done to; membership's are events of their own.
const ACTS = {
  name: "view_acts_of_contact",
  text: `
    SELECT a.id, a.actor, a.user_id, a.action, a.subject, a.before, a.after, a.recorded_at, a.correlation_id
    FROM audit_events a
    WHERE a.location_id = $1 AND (date_trunc('milliseconds', a.recorded_at), a.id) < ($4::timestamptz, $5::uuid)
      AND a.subject = ANY (ARRAY(
        SELECT 'contact ' || $2::uuid UNION ALL SELECT 'contact ' || $3::text
        UNION ALL
        (SELECT 'payment ' || p.id FROM payment_events p WHERE p.location_id = $1 AND p.contact_id = $2::uuid
        ORDER BY p.paid_at DESC, p.id DESC LIMIT ${MAX_SUBJECTS})
        UNION ALL
        (SELECT 'entitlement ' || e.id FROM entitlements e WHERE e.location_id = $1 AND e.contact_id = $2::uuid
        ORDER BY e.created_at DESC, e.id DESC LIMIT ${MAX_SUBJECTS})
      ))
    ORDER BY date_trunc('milliseconds', a.recorded_at) DESC, a.id DESC LIMIT $6`,
};
// Of a merge the contact's own name is the subject, of a booking's the booking's.
const NAMED_ACTS = {
  name: "view_named_acts_of_contact",
  text: `
    SELECT a.id, a.actor, a.user_id, a.action, a.subject, a.before, a.after, a.recorded_at, a.correlation_id
    FROM audit_events a
    WHERE a.location_id = $1 AND (date_trunc('milliseconds', a.recorded_at), a.id) < ($4::timestamptz, $5::uuid)
      AND (a.action = 'contacts_merged' AND a.subject = $3
        OR a.action = 'booking_cancelled_by_studio' AND a.subject = ANY (ARRAY(
          SELECT b.external_id FROM appointments b
          WHERE b.location_id = $1 AND b.contact_id = $2::uuid AND b.cancelled_by = 'studio'
          ORDER BY b.booked_at DESC LIMIT ${MAX_SUBJECTS})))
    ORDER BY date_trunc('milliseconds', a.recorded_at) DESC, a.id DESC LIMIT $6`,
};

const ACTORS_OF_EVENTS = {
  name: "view_actors_of_events",
  text: `
    SELECT a.id, a.actor, a.user_id, a.action, a.subject, NULL AS before, NULL AS after, a.recorded_at, a.correlation_id
    FROM locations l JOIN audit_events a ON a.workspace_id = l.workspace_id AND a.id = ANY ($2::uuid[]) AND a.location_id = $1
    WHERE l.location_id = $1`,
};

/** Everything that ever happened to a contact, newest first: what the machine API tells, and what staff decided. */
export async function findHistory(view: ContactView, page: Page<Position>): Promise<z.output<typeof historyAnswer>> {
  const sources: Source<TimelineEventShape | ActEvent>[] = [...SOURCES, actEvents];
  const { events, next_cursor } = await mergeSources(view, page, sources);
  return { events, actors: await actorsOf(view, events), next_cursor };
}

async function actEvents({ tx, location_id, contact }: ContactView, after: Position | null, count: number) {
  const bound = boundOf("act", after);
  const at = bound ? instant(bound.at) : "infinity";
  const values = [location_id, contact.id, contact.external_contact_id, at, bound?.id ?? LEAST_ID, count];
  const found = await Promise.all([ACTS, NAMED_ACTS].map((statement) => tx.query<ActRow>(statement, values)));
  const rows = found.flat().sort((a, b) => b.recorded_at - a.recorded_at || (a.id < b.id ? 1 : -1));
  const acts = await showActs(tx, location_id, rows.slice(0, count));
  return acts.map((act) => {
    const { id } = act;
    const shown: ActEvent = { kind: "act", id, at: act.at, title: titleOfAct(act), act };
    return { at: Date.parse(act.at), kind: "act" as const, id, line: null, shown };
  });
}

const WHAT_WAS_DONE: Record<string, string> = {
  adjust_credits: "Credits adjusted by hand",
  extend_expiry: "More time given",
  resolve_payment: "Payment settled by staff",
  contacts_merged: "Another contact merged into this one",
  booking_cancelled_by_studio: "Booking marked as cancelled by the studio",
};

function titleOfAct({ action }: StaffAct): string {
  return WHAT_WAS_DONE[action] ?? `${action.charAt(0).toUpperCase()}${action.slice(1).replaceAll("_", " ")} by staff`;
}

/** Of the ledger's lines and the memberships' events; an act says it itself. */
async function actorsOf(
  { tx, location_id }: ContactView,
  events: readonly (TimelineEventShape | ActEvent)[],
): Promise<Record<string, ActorShape>> {
  const of_memberships = events.flatMap((event) => (event.kind === "membership" ? [event.id] : []));
  const of_entries = events.flatMap((event) =>
    event.kind === "ledger" && event.entry.actor_id !== null ? [[event.id, event.entry.actor_id] as const] : [],
  );
  const [acts, actorOf] = await Promise.all([
    of_memberships.length === 0
      ? []
      : tx
          .query<ActRow>(ACTORS_OF_EVENTS, [location_id, uuidArray(of_memberships)])
          .then((rows) => showActs(tx, location_id, rows)),
    findActors(
      tx,
      location_id,
      of_entries.map(([, actor_id]) => actor_id),
    ),
  ]);
  const told = of_entries.flatMap(([id, actor_id]) => {
    const actor = actorOf(actor_id);
    return actor ? [[id, actor] as const] : [];
  });
  return Object.fromEntries([...acts.map(({ id, actor }) => [id, actor] as const), ...told]);
}

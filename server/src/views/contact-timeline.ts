import { z } from "zod";
import { isUuid } from "../platform/ids.ts";
import { instant } from "../platform/sql.ts";
import type { Instant } from "../rules/time/local-days.ts";
import { findAppointments } from "./contact-appointments.ts";
import { findLedgerLines, type Line } from "./contact-ledger.ts";
import { findMembershipEvents } from "./contact-memberships.ts";
import { findOpportunities } from "./contact-opportunities.ts";
import { findPayments } from "./contact-payments.ts";
import type { ContactRead, ContactView } from "./contact-read.ts";
import { cursorId, cursorInstant, cursorNumber, cutPage, type Page } from "./page.ts";
import { nextCursor, timelineEventShape, type TimelineEventShape } from "./shapes.ts";
import {
  titleOfAppointment,
  titleOfEntry,
  titleOfMembership,
  titleOfOpportunity,
  titleOfPayment,
} from "./timeline-titles.ts";

/** Events of one instant stand in this order: newest first, so what followed from the others comes before them. */
const KINDS = ["ledger", "membership", "appointment", "payment", "opportunity", "act"] as const;
type Kind = (typeof KINDS)[number];
/** Those whose order among themselves is that of their uuids. */
const NAMED_BY_UUID: readonly Kind[] = ["payment", "opportunity", "act"];

/** Entries that are looked at beyond a page, so that one booked late does not hold up those before it. */
const LOOK_AHEAD = 20;

export const timelineCursor = z
  .object({
    list: z.literal("timeline"),
    at: cursorInstant,
    kind: z.enum(KINDS),
    id: cursorId,
    /** The ledger line that was told last, as the ledger keeps its own order; null: none yet, they are all older. */
    line: z.object({ number: cursorNumber, side: z.enum(["in", "out"]) }).nullable(),
  })
  .refine(({ kind, id }) => !NAMED_BY_UUID.includes(kind) || isUuid(id));
export type Position = z.output<typeof timelineCursor>;

const answer = z.object({ events: z.array(timelineEventShape), next_cursor: nextCursor });

interface Event<S = TimelineEventShape> {
  at: Instant;
  kind: Kind;
  id: string;
  line: Line | null;
  shown: S;
}

/** What happened of one kind after a position, newest first. */
export type Source<S> = (view: ContactView, after: Position | null, count: number) => Promise<Event<S>[]>;

export const contactTimeline: ContactRead<typeof answer, Position> = {
  name: "contact_timeline",
  reason_code: "timeline_loaded",
  summary: "Ledger, memberships, payments, bookings and opportunities in one order of time, newest first.",
  answer,
  cursor: timelineCursor,
  read: (view, page) => mergeSources(view, page, SOURCES),
};

/** A page of everything that these sources know, in one order of time, newest first. */
export async function mergeSources<S>(
  view: ContactView,
  { limit, cursor: after }: Page<Position>,
  sources: readonly Source<S>[],
): Promise<{ events: S[]; next_cursor: string | null }> {
  const found = await Promise.all(sources.map((source) => source(view, after, limit + 1)));
  // A stable sort: what stands at the same instant in one source keeps that source's order.
  const merged = found.flat().sort((a, b) => b.at - a.at || KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind));
  const { items, next_cursor } = cutPage(merged, limit, ({ at, kind, id }): Position => {
    const told = merged.slice(0, limit).findLast((event) => event.line !== null);
    return { list: "timeline", at, kind, id, line: told?.line ?? after?.line ?? null };
  });
  return { events: items.map(({ shown }) => shown), next_cursor };
}

/**
 * The ledger in its own order. What was booked late (an expiry that nobody was there for) stands no later than what was
 * booked before it: `at` never rises from one event to the next, `entry.occurred_at` says since when it is true.
 */
async function ledgerEvents(view: ContactView, after: Position | null, count: number): Promise<Event[]> {
  // While none was told, what has arrived since above the cursor stays out by its time.
  const until = after && !after.line ? after.at : null;
  const lines = await findLedgerLines(view, after?.line ?? null, count + LOOK_AHEAD, until);
  let at = Number.NEGATIVE_INFINITY;
  const events = lines.toReversed().map(({ number, side, occurred_at, shown }): Event => {
    at = Math.max(at, occurred_at);
    const placed = after ? Math.min(at, after.at) : at;
    const { id } = shown;
    const title = titleOfEntry(shown);
    return {
      at: placed,
      kind: "ledger",
      id,
      line: { number, side },
      shown: { id, kind: "ledger", at: instant(placed), title, entry: shown },
    };
  });
  return events.reverse().slice(0, count);
}

async function membershipEvents(view: ContactView, after: Position | null, count: number): Promise<Event[]> {
  const bound = boundOf("membership", after);
  const { at: until = Number.POSITIVE_INFINITY, id: last = "" } = bound ?? {};
  const found = await findMembershipEvents(view);
  return found
    .filter(({ at, event_id }) => at < until || (at === until && event_id < last))
    .slice(0, count)
    .map(({ at, event_id, shown }) => {
      const title = titleOfMembership(shown);
      const event: TimelineEventShape = { id: event_id, kind: "membership", at: instant(at), title, membership: shown };
      return { at, kind: "membership", id: event_id, line: null, shown: event };
    });
}

async function appointmentEvents(view: ContactView, after: Position | null, count: number): Promise<Event[]> {
  const found = await findAppointments(view, boundOf("appointment", after), count);
  return found.map(({ at, shown }) => {
    const { id } = shown;
    const title = titleOfAppointment(shown);
    const event: TimelineEventShape = { id, kind: "appointment", at: instant(at), title, appointment: shown };
    return { at, kind: "appointment", id, line: null, shown: event };
  });
}

async function paymentEvents(view: ContactView, after: Position | null, count: number): Promise<Event[]> {
  const found = await findPayments(view, boundOf("payment", after), count);
  return found.map(({ at, shown }) => {
    const { id } = shown;
    const title = titleOfPayment(shown, view.currency);
    return {
      at,
      kind: "payment",
      id,
      line: null,
      shown: { id, kind: "payment", at: instant(at), title, payment: shown },
    };
  });
}

async function opportunityEvents(view: ContactView, after: Position | null, count: number): Promise<Event[]> {
  const found = await findOpportunities(view, boundOf("opportunity", after), count);
  return found.map(({ at, event_id: id, shown }) => {
    const title = titleOfOpportunity(shown);
    const event: TimelineEventShape = { id, kind: "opportunity", at: instant(at), title, opportunity: shown };
    return { at, kind: "opportunity", id, line: null, shown: event };
  });
}

/** All that the machine API tells. */
export const SOURCES: readonly Source<TimelineEventShape>[] = [
  ledgerEvents,
  membershipEvents,
  appointmentEvents,
  paymentEvents,
  opportunityEvents,
];

/** Where a source goes on: at the event that was told last if it is its own, else by its place among the kinds. */
export function boundOf(kind: Exclude<Kind, "ledger">, after: Position | null): { at: Instant; id?: string } | null {
  if (!after) return null;
  if (after.kind === kind) return { at: after.at, id: after.id };
  const was_told = KINDS.indexOf(kind) < KINDS.indexOf(after.kind);
  return { at: was_told ? after.at : after.at + 1 };
}

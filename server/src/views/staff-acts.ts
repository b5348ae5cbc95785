import { z } from "zod";
import type { Transaction } from "../platform/database.ts";
import { isUuid } from "../platform/ids.ts";
import { instant, textArray, uuidArray } from "../platform/sql.ts";
import type { Instant } from "../rules/time/local-days.ts";

/** Acts that one thing is shown with at most. */
const MAX_ACTS = 100;

export const actorShape = z
  .object({
    kind: z
      .enum(["person", "api_client", "delivery", "command_line", "time"])
      .describe("delivery: a provider's webhook told of it. time: it fell due, or followed of itself."),
    id: z.guid().nullable().describe("The user's, API client's or webhook event's own id, where it is known."),
    name: z.string().describe("The person's e-mail, the client's name, or the delivery's type."),
  })
  .describe("Who did it.");

export type ActorShape = z.output<typeof actorShape>;

export const staffActShape = z
  .object({
    id: z.guid(),
    actor: actorShape,
    action: z.string().describe("What was done, as the audit trail names it."),
    subject: z.string().describe("What it was done to."),
    before: z.unknown(),
    after: z.unknown(),
    reason: z.string().nullable().describe("Why, in their own words."),
    at: z.iso.datetime().describe("When, by the real clock."),
    correlation_id: z.guid().nullable().describe("Of the request; its ledger entries carry it too."),
  })
  .describe("Something that somebody decided, as the audit trail keeps it.");

export type StaffAct = z.output<typeof staffActShape>;

export type ActRow = Omit<StaffAct, "actor" | "reason" | "at"> & {
  actor: string;
  user_id: string | null;
  recorded_at: Instant;
} & Record<string, unknown>;

const COLUMNS = "a.id, a.actor, a.user_id, a.action, a.subject, a.before, a.after, a.recorded_at, a.correlation_id";

const ON = {
  name: "view_acts_on",
  text: `
    SELECT ${COLUMNS} FROM audit_events a
    WHERE a.location_id = $1 AND a.subject = ANY ($2::text[])
    ORDER BY a.recorded_at DESC, a.id DESC LIMIT ${MAX_ACTS}`,
};

// A batch writes its entries and its acts at one instant: that leads to them.
const OF_REQUEST = {
  name: "view_acts_of_request",
  text: `
    SELECT ${COLUMNS} FROM locations l JOIN audit_events a
      ON a.workspace_id = l.workspace_id AND a.recorded_at = $3::timestamptz AND a.location_id = $1 AND a.correlation_id = $2
    WHERE l.location_id = $1 ORDER BY a.id LIMIT ${MAX_ACTS}`,
};

/** What was done to these subjects, the latest first. */
export async function actsOn(tx: Transaction, location_id: string, subjects: readonly string[]): Promise<StaffAct[]> {
  const rows = await tx.query<ActRow>(ON, [location_id, textArray(subjects)]);
  return showActs(tx, location_id, rows);
}

/** What a request left in the audit trail beside its entries. */
export async function actsOfRequest(
  tx: Transaction,
  location_id: string,
  { correlation_id, recorded_at }: { correlation_id: string; recorded_at: string },
): Promise<StaffAct[]> {
  const rows = await tx.query<ActRow>(OF_REQUEST, [location_id, correlation_id, recorded_at]);
  return showActs(tx, location_id, rows);
}

export async function showActs(tx: Transaction, location_id: string, rows: readonly ActRow[]): Promise<StaffAct[]> {
  const actorOf = await findActors(
    tx,
    location_id,
    rows.flatMap(({ actor, user_id }) => (user_id === null && isUuid(actor) ? [actor] : [])),
  );
  return rows.map(({ actor, user_id, recorded_at, ...act }) => ({
    ...act,
    actor: user_id === null ? (actorOf(actor) ?? ownActor(actor)) : { kind: "person", id: user_id, name: actor },
    reason: reasonOf(act.after),
    at: instant(recorded_at),
  }));
}

/** Whoever is no id: a person's e-mail from before ids were kept, a command, or what told of it. */
function ownActor(actor: string): ActorShape {
  if (actor === "system") return { kind: "time", id: null, name: "system" };
  if (actor === "ghl" || actor === "stripe") return { kind: "delivery", id: null, name: actor };
  const client = /^api client (?<id>[0-9a-f-]{36})$/.exec(actor)?.groups?.["id"];
  if (client !== undefined) return { kind: "api_client", id: client, name: actor };
  return { kind: actor.includes("@") ? "person" : "command_line", id: null, name: actor };
}

function reasonOf(after: unknown): string | null {
  const reason = typeof after === "object" && after !== null ? (after as { reason?: unknown }).reason : null;
  return typeof reason === "string" ? reason : null;
}

const ACTORS = {
  name: "view_actors",
  text: `
    SELECT id, 'api_client' AS kind, name FROM api_clients WHERE location_id = $1 AND id = ANY ($2::uuid[])
    UNION ALL
    SELECT id, 'delivery', provider || ' ' || type FROM webhook_events WHERE location_id = $1 AND id = ANY ($2::uuid[])`,
};

/** Who stands behind these ids, where it is an API client or a delivery of this location. */
export async function findActors(
  tx: Transaction,
  location_id: string,
  ids: readonly string[],
): Promise<(id: string) => ActorShape | null> {
  if (ids.length === 0) return () => null;
  const rows = await tx.query<ActorShape & { id: string } & Record<string, unknown>>(ACTORS, [
    location_id,
    uuidArray([...new Set(ids)]),
  ]);
  const known = new Map(rows.map(({ id, kind, name }) => [id, { kind, id, name }]));
  return (id) => known.get(id) ?? null;
}

import { z } from "zod";
import { instant } from "../platform/sql.ts";
import type { Instant } from "../rules/time/local-days.ts";
import type { ContactView } from "./contact-read.ts";

export const opportunityShape = z
  .object({
    id: z.string().nullable().describe("The opportunity's id in GoHighLevel."),
    event_type: z.string().describe("What GoHighLevel told, such as OpportunityStatusUpdate."),
    name: z.string().nullable(),
    status: z.string().nullable().describe("In GoHighLevel's words: open, won, lost, abandoned."),
    monetary_value: z.number().nullable().describe("In whole units of the currency, as GoHighLevel has it."),
  })
  .describe("What GoHighLevel told of a sales opportunity. It moves no credits.");

export type OpportunityShape = z.output<typeof opportunityShape>;

export interface ToldOpportunity {
  at: Instant;
  /** The webhook event's. */
  event_id: string;
  shown: OpportunityShape;
}

const TOLD = {
  name: "view_opportunities",
  text: `
    SELECT id, type, told_at, body FROM webhook_events
    WHERE location_id = $1 AND timeline_contact = $2 AND (told_at, id) < ($3, $4)
    ORDER BY told_at DESC, id DESC LIMIT $5`,
};

const END_OF_TIME = "infinity";
const LEAST_ID = "00000000-0000-0000-0000-000000000000";

/** What was told of a contact's opportunities before a place in time, the latest first. Clarification 26. */
export async function findOpportunities(
  { tx, location_id, contact }: ContactView,
  before: { at: Instant; id?: string } | null,
  count: number,
): Promise<ToldOpportunity[]> {
  const at = before ? instant(before.at) : END_OF_TIME;
  const values = [location_id, contact.external_contact_id, at, before?.id ?? LEAST_ID, count];
  const rows = await tx.query<{ id: string; type: string; told_at: Instant; body: Buffer }>(TOLD, values);
  return rows.map(({ id, type, told_at, body }) => ({ at: told_at, event_id: id, shown: show(type, body) }));
}

const word = z.string().min(1).nullable().catch(null).default(null);
const toldShape = z.object({
  id: word,
  name: word,
  status: word,
  monetaryValue: z.number().nullable().catch(null).default(null),
});

/** The body is signed, and says what it likes. */
function show(event_type: string, body: Buffer): OpportunityShape {
  const told = toldShape.catch({ id: null, name: null, status: null, monetaryValue: null }).parse(parse(body));
  const { id, name, status, monetaryValue: monetary_value } = told;
  return { id, event_type, name, status, monetary_value };
}

function parse(body: Buffer): unknown {
  try {
    const told = JSON.parse(body.toString("utf8")) as { data?: unknown } | null;
    return typeof told?.data === "object" && told.data !== null ? { ...told, ...told.data } : told;
  } catch {
    return null;
  }
}

import { z } from "zod";
import { instant } from "../platform/sql.ts";
import { DAY } from "../rules/time/local-days.ts";
import { listedMembershipShape, listMemberships } from "./location-memberships.ts";
import type { LocationView } from "./location-read.ts";

/** Days ahead that renewals are counted. */
const RENEWAL_DAYS = 7;
/** Renewals that are named: the next ones. */
const MAX_NAMED = 5;

export const membersShape = z
  .object({
    active: z.int().describe("Paid, and not frozen now."),
    frozen: z.int(),
    past_due: z.int(),
    suspended: z.int(),
    ending: z.int().describe("Of all these: those that end instead of renewing."),
    renewing: z.int().describe("Active ones whose open period ends within 7 days and that go on."),
    next_renewals: z.array(listedMembershipShape).describe("Of the active ones the next whose period ends."),
  })
  .describe("Memberships that have not ended, by their state.");

const FROZEN = `EXISTS (
  SELECT FROM jsonb_array_elements(m.freezes) f
  WHERE f ->> 'status' <> 'cancelled' AND (f ->> 'from_at')::bigint <= $2 AND $2 < (f ->> 'to_at')::bigint)`;

const COUNTS = {
  name: "view_memberships_by_state",
  text: `
    SELECT count(*) FILTER (WHERE is_frozen)::integer AS frozen,
      count(*) FILTER (WHERE status = 'active' AND NOT is_frozen)::integer AS active,
      count(*) FILTER (WHERE status = 'past_due' AND NOT is_frozen)::integer AS past_due,
      count(*) FILTER (WHERE status = 'suspended' AND NOT is_frozen)::integer AS suspended,
      count(*) FILTER (WHERE ends_at IS NOT NULL)::integer AS ending,
      count(*) FILTER (WHERE status = 'active' AND NOT is_frozen AND ends_at IS NULL AND open_until < $3)::integer AS renewing
    FROM (
      SELECT m.status, m.ends_at, m.open_until, CASE WHEN m.freezes = '[]' THEN false ELSE ${FROZEN} END AS is_frozen
      FROM memberships m WHERE m.location_id = $1 AND m.status <> 'ended'
    ) live`,
};

type Counts = Omit<z.output<typeof membersShape>, "next_renewals">;

export async function findMembers(view: LocationView): Promise<z.output<typeof membersShape>> {
  const { tx, location_id, now } = view;
  const until = now + RENEWAL_DAYS * DAY;
  const [[counts], { memberships: next_renewals }] = await Promise.all([
    tx.query<Counts>(COUNTS, [location_id, now, instant(until)]),
    listMemberships(tx, location_id, { state: "active", renews_before: until }, now, {
      limit: MAX_NAMED,
      cursor: null,
    }),
  ]);
  if (!counts) throw new Error("an aggregate answers one row");
  return { ...counts, next_renewals };
}

import { z } from "zod";
import type { Transaction } from "../platform/database.ts";
import { instant } from "../platform/sql.ts";
import type { Membership } from "../rules/memberships/membership.ts";
import { tellMembership } from "../rules/memberships/tell-membership.ts";
import type { Instant } from "../rules/time/local-days.ts";
import { isFound } from "./contact-keys.ts";
import { changedMembershipShape } from "./membership-shapes.ts";
import { cursorInstant, cutPage, type Page } from "./page.ts";
import { nextCursor } from "./shapes.ts";

/** `live`: all that have not ended. */
export const MEMBERSHIP_STATES = ["live", "active", "frozen", "past_due", "suspended", "ended"] as const;
export type MembershipState = (typeof MEMBERSHIP_STATES)[number];

export const listedMembershipShape = changedMembershipShape
  .extend({
    name: z.string().describe("The plan's name as it is now."),
    contact: z.object({
      id: z.guid(),
      external_contact_id: z.string(),
      name: z.string().nullable(),
      email: z.string().nullable(),
    }),
  })
  .describe("A membership with the member whose it is.");

export const membershipsCursor = z.object({ list: z.literal("location_memberships"), at: cursorInstant, id: z.guid() });
export const membershipsAnswer = z.object({ memberships: z.array(listedMembershipShape), next_cursor: nextCursor });

export interface MembershipFilters {
  state: MembershipState;
  product_config_id?: string | undefined;
  /** The beginning of what a contact is called by. */
  search?: string | null | undefined;
  /** Whose open period ends before then. */
  renews_before?: Instant | undefined;
}

type Listed = Membership & {
  name: string;
  contact_id: string;
  external_contact_id: string;
  contact_name: string | null;
  email: string | null;
};

const STANDS_STILL = `(m.freezes @> '[{"status": "active"}]' OR m.freezes @> '[{"status": "planned"}]')`;

const COLUMNS = `m.id, m.product_config_id, p.name, m.status, m.renewal, m.started_at, m.anchor_on, m.periods, m.open_until,
  m.prepaid_through, m.grace_until, m.lots_in_grace, m.ends_at, m.cancelled_at, m.next_config_id, m.subscription_id,
  m.subscription_told, m.freezes, c.id AS contact_id, c.external_id AS external_contact_id, c.name AS contact_name, c.email`;

/** A page of the location's memberships, the next to renew first. */
export async function listMemberships(
  tx: Transaction,
  location_id: string,
  filters: MembershipFilters,
  now: Instant,
  { limit, cursor }: Page<z.output<typeof membershipsCursor>>,
): Promise<z.output<typeof membershipsAnswer>> {
  const values: unknown[] = [location_id];
  const given = (value: unknown) => `$${values.push(value)}`;
  const conditions = conditionsOf(filters, now, given);
  if (cursor)
    conditions.push(`(m.open_until, m.id) > (${given(instant(cursor.at))}::timestamptz, ${given(cursor.id)}::uuid)`);
  const text = `
    SELECT ${COLUMNS} FROM memberships m
    JOIN product_configs p ON p.location_id = m.location_id AND p.id = m.product_config_id
    JOIN contacts c ON c.location_id = m.location_id AND c.id = m.contact_id
    WHERE m.location_id = $1 ${conditions.map((one) => `AND ${one}`).join(" ")}
    ORDER BY m.open_until, m.id LIMIT ${given(limit + 1)}`;
  const rows = await tx.query<Listed & Record<string, unknown>>({ name: "", text }, values);
  const { items, next_cursor } = cutPage(rows, limit, ({ open_until: at, id }) => ({
    list: "location_memberships",
    at,
    id,
  }));
  return { memberships: items.map((row) => showListed(row, now)), next_cursor };
}

/** Only what is asked for stands in the statement: each question has a plan of its own. */
function conditionsOf(
  { state, product_config_id, search, renews_before }: MembershipFilters,
  now: Instant,
  given: (value: unknown) => string,
): string[] {
  const conditions = [state === "live" || state === "frozen" ? "m.status <> 'ended'" : `m.status = ${given(state)}`];
  if (state === "frozen") {
    const at = `${given(now)}::bigint`;
    conditions.push(
      `${STANDS_STILL} AND EXISTS (
        SELECT FROM jsonb_array_elements(m.freezes) f
        WHERE f ->> 'status' <> 'cancelled' AND (f ->> 'from_at')::bigint <= ${at} AND ${at} < (f ->> 'to_at')::bigint)`,
    );
  }
  if (product_config_id !== undefined) conditions.push(`m.product_config_id = ${given(product_config_id)}`);
  if (search !== undefined && search !== null) conditions.push(isFound("m.contact_id", given(search)));
  if (renews_before !== undefined) conditions.push(`m.open_until < ${given(instant(renews_before))}`);
  return conditions;
}

function showListed(row: Listed, now: Instant): z.output<typeof listedMembershipShape> {
  const { contact_id: id, external_contact_id, contact_name: name, email } = row;
  return { ...tellMembership(row, now), name: row.name, contact: { id, external_contact_id, name, email } };
}

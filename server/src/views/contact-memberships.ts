import { z } from "zod";
import { instant } from "../platform/sql.ts";
import type { EventFacts, MembershipEvent } from "../rules/memberships/audit-membership.ts";
import type { Membership } from "../rules/memberships/membership.ts";
import { tellMembership } from "../rules/memberships/tell-membership.ts";
import type { Instant } from "../rules/time/local-days.ts";
import type { ContactRead, ContactView } from "./contact-read.ts";
import { membershipShape, type MembershipEventShape, type MembershipShape } from "./membership-shapes.ts";

/** Memberships of one contact that are told, and periods of each: the latest. */
const MAX_MEMBERSHIPS = 100;
const MAX_PERIODS = 24;
/** Events of one contact's memberships that a timeline looks at: the latest. */
const MAX_EVENTS = 1000;

const MEMBERSHIPS = {
  name: "view_memberships",
  text: `
    SELECT m.id, m.product_config_id, p.name, m.status, m.renewal, m.started_at, m.anchor_on, m.periods, m.open_until,
      m.prepaid_through, m.grace_until, m.lots_in_grace, m.ends_at, m.cancelled_at, m.next_config_id, m.subscription_id,
      m.subscription_told, m.freezes
    FROM memberships m
    JOIN product_configs p ON p.location_id = m.location_id AND p.id = m.product_config_id
    WHERE m.location_id = $1 AND m.contact_id = $2
    ORDER BY m.status = 'ended', m.started_at DESC, m.id DESC LIMIT $3`,
};

const EVENTS = {
  name: "view_membership_events",
  text: `
    SELECT a.id AS event_id, a.action, a.after, m.id, p.name
    FROM memberships m
    JOIN product_configs p ON p.location_id = m.location_id AND p.id = m.product_config_id
    CROSS JOIN LATERAL (
      SELECT e.id, e.action, e.after, e.recorded_at FROM audit_events e
      WHERE e.location_id = m.location_id AND e.subject = 'membership ' || m.id::text
      ORDER BY e.recorded_at DESC, e.id DESC LIMIT $3
    ) a
    WHERE m.location_id = $1 AND m.contact_id = $2
    ORDER BY a.recorded_at DESC, a.id DESC LIMIT $3`,
};

type MembershipRow = Membership & { name: string };
type EventRow = {
  event_id: string;
  action: MembershipEvent;
  after: EventFacts & { at: string };
  id: string;
  name: string;
};

const answer = z.object({ memberships: z.array(membershipShape) });

export const contactMemberships: ContactRead<typeof answer> = {
  name: "contact_memberships",
  reason_code: "memberships_loaded",
  summary: "The contact's memberships with their periods, freezes and what is due next; those that live first.",
  answer,
  cursor: null,
  async read({ tx, location_id, contact, now }) {
    const values = [location_id, contact.id, MAX_MEMBERSHIPS];
    const rows = await tx.query<MembershipRow & Record<string, unknown>>(MEMBERSHIPS, values);
    return { memberships: rows.map((row) => showMembership(row, now)) };
  },
};

function showMembership(row: MembershipRow, now: Instant): MembershipShape {
  const periods = row.periods.slice(-MAX_PERIODS).toReversed();
  return {
    ...tellMembership(row, now),
    name: row.name,
    periods: periods.map(({ start_at, end_at, lot_id }) => ({
      start_at: instant(start_at),
      end_at: instant(end_at),
      entitlement_id: lot_id,
    })),
  };
}

/** What happened to the contact's memberships, newest first. */
export async function findMembershipEvents({
  tx,
  location_id,
  contact,
}: ContactView): Promise<{ at: Instant; event_id: string; shown: MembershipEventShape }[]> {
  const rows = await tx.query<EventRow & Record<string, unknown>>(EVENTS, [location_id, contact.id, MAX_EVENTS]);
  const events = rows.map(({ event_id, action, after, id, name }) => ({
    at: Date.parse(after.at),
    event_id,
    shown: {
      id,
      name,
      action,
      from_on: after.from_on ?? null,
      to_on: after.to_on ?? null,
      ends_at: after.ends_at ?? null,
      product_config_id: after.product_config_id ?? null,
      reason: after.reason ?? null,
    },
  }));
  return events.sort((a, b) => b.at - a.at || (a.event_id < b.event_id ? 1 : -1));
}

import { z } from "zod";
import { instant } from "../platform/sql.ts";
import { DAY, type Instant } from "../rules/time/local-days.ts";
import { EXPIRING_DAYS } from "./contact-search.ts";
import type { LocationView } from "./location-read.ts";

/** Entitlements that are named: the first to expire. */
const MAX_NAMED = 5;

export const expiringShape = z
  .object({
    until: z.iso.datetime().describe("14 days from now."),
    credits: z.int().describe("Credits that are left in what expires until then."),
    contacts: z.int().describe("How many people hold them."),
    value_cents: z.int().describe("What was paid for them, where that is known in the location's currency."),
    valued_credits: z.int().describe("For how many of the credits it is known."),
    currency: z.string(),
    first: z
      .array(
        z.object({
          external_contact_id: z.string(),
          contact_name: z.string().nullable(),
          entitlement_id: z.guid(),
          product_name: z.string(),
          credits: z.int(),
          expires_at: z.iso.datetime(),
        }),
      )
      .describe("The first to expire."),
  })
  .describe("What expires within 14 days.");

const LEFT = `e.location_id = $1 AND e.live AND e.state <> 'revoked' AND e.available > 0 AND e.expires_at > $2 AND e.expires_at <= $3`;

// What a credit cost is its payment's item by its credits; one that was rolled over or made good has its parent's price.
const SUMS = {
  name: "view_expiring_sums",
  text: `
    SELECT count(DISTINCT contact_id)::integer AS contacts, COALESCE(sum(available), 0)::bigint AS credits,
      COALESCE(round(sum(CASE WHEN granted > 0 THEN available * amount_cents::numeric / granted END)), 0)::bigint AS value_cents,
      COALESCE(sum(available) FILTER (WHERE granted > 0 AND amount_cents IS NOT NULL), 0)::bigint AS valued_credits
    FROM (
      SELECT e.contact_id, e.available, (i.item ->> 'amount_cents')::bigint AS amount_cents,
        (i.item ->> 'granted')::integer AS granted
      FROM entitlements e
      LEFT JOIN entitlements o ON o.location_id = e.location_id
        AND o.id = CASE WHEN e.payment_event_id IS NULL THEN e.parent_id ELSE e.id END
      LEFT JOIN payment_events p ON p.location_id = o.location_id AND p.id = o.payment_event_id
        AND (p.currency IS NULL OR p.currency = $4)
      LEFT JOIN LATERAL (
        SELECT item FROM jsonb_array_elements(p.items) item WHERE (item ->> 'item')::integer = o.payment_item LIMIT 1
      ) i ON true
      WHERE ${LEFT}
    ) expiring`,
};

const FIRST = {
  name: "view_expiring_first",
  text: `
    SELECT c.external_id AS external_contact_id, c.name AS contact_name, e.id AS entitlement_id, p.name AS product_name,
      e.available AS credits, e.expires_at
    FROM entitlements e
    JOIN contacts c ON c.location_id = e.location_id AND c.id = e.contact_id
    JOIN product_configs p ON p.location_id = e.location_id AND p.id = e.product_config_id
    WHERE ${LEFT} ORDER BY e.expires_at, e.id LIMIT ${MAX_NAMED}`,
};

type Sums = { contacts: number; credits: number; value_cents: number; valued_credits: number };
type First = Omit<z.output<typeof expiringShape>["first"][number], "expires_at"> & { expires_at: Instant };

export async function findExpiring({
  tx,
  location_id,
  now,
  currency,
}: LocationView): Promise<z.output<typeof expiringShape>> {
  const until = instant(now + EXPIRING_DAYS * DAY);
  const values = [location_id, instant(now), until];
  const [[sums], first] = await Promise.all([
    tx.query<Sums>(SUMS, [...values, currency]),
    tx.query<First & Record<string, unknown>>(FIRST, values),
  ]);
  if (!sums) throw new Error("an aggregate answers one row");
  return {
    until,
    ...sums,
    currency,
    first: first.map(({ expires_at, ...lot }) => ({ ...lot, expires_at: instant(expires_at) })),
  };
}

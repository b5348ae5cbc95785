import { z } from "zod";
import type { Transaction } from "../platform/database.ts";
import { isUuid } from "../platform/ids.ts";
import type { Instant } from "../rules/time/local-days.ts";
import { searchContacts } from "./contact-search.ts";

/** Hits of one kind, and in all. */
const MAX_OF_KIND = 5;
const MAX_HITS = 20;

const KINDS = [
  "contact",
  "payment",
  "membership",
  "entitlement",
  "booking",
  "ledger_entry",
  "request",
  "webhook_event",
  "product_config",
  "api_client",
] as const;
type Kind = (typeof KINDS)[number];

const hitShape = z
  .object({
    kind: z.enum(KINDS).describe("What it is."),
    id: z.string().describe("The id that its own page is asked with; a contact's and a booking's is the external one."),
    title: z.string().describe("Its name, or what it is called by."),
    subtitle: z.string().nullable().describe("What tells it from its like."),
    external_contact_id: z.string().nullable().describe("Whose it is, where it belongs to a contact."),
  })
  .describe("Something that was found.");

export const hitsAnswer = z.object({ hits: z.array(hitShape) });
export type Hit = z.output<typeof hitShape>;

// Of each kind by its ids, whole; a request is its contact's whose credits or membership it answered with. What a person named also by the beginning of its name.
const BY_ID = {
  name: "view_anything",
  text: `
    (SELECT 'payment' AS kind, p.id::text, p.external_payment_id AS title, p.provider AS subtitle, c.external_id AS external_contact_id
    FROM (
      SELECT id FROM payment_events WHERE location_id = $1 AND id = $3
      UNION SELECT payment_event_id FROM payment_keys WHERE location_id = $1 AND key = $2
    ) n
    JOIN payment_events p ON p.location_id = $1 AND p.id = n.id
    JOIN contacts c ON c.location_id = $1 AND c.id = p.contact_id LIMIT ${MAX_OF_KIND})
    UNION ALL
    (SELECT 'membership', m.id::text, o.name, m.status, c.external_id
    FROM memberships m
    JOIN product_configs o ON o.location_id = $1 AND o.id = m.product_config_id
    JOIN contacts c ON c.location_id = $1 AND c.id = m.contact_id
    WHERE m.location_id = $1 AND m.id = $3)
    UNION ALL
    (SELECT 'entitlement', e.id::text, o.name, e.origin, c.external_id
    FROM entitlements e
    JOIN product_configs o ON o.location_id = $1 AND o.id = e.product_config_id
    JOIN contacts c ON c.location_id = $1 AND c.id = e.contact_id
    WHERE e.location_id = $1 AND e.id = $3)
    UNION ALL
    (SELECT 'booking', a.external_id, CASE WHEN a.calendar_id IS NULL THEN a.external_id ELSE a.calendar_id END, a.status, c.external_id
    FROM appointments a JOIN contacts c ON c.location_id = $1 AND c.id = a.contact_id
    WHERE a.location_id = $1 AND a.external_id = $2 ORDER BY a.contact_id LIMIT ${MAX_OF_KIND})
    UNION ALL
    (SELECT 'ledger_entry', l.contact_id || '-' || l.entry_number, l.reason, l.external_ref, c.external_id
    FROM ledger_entries l JOIN contacts c ON c.location_id = $1 AND c.id = l.contact_id
    WHERE l.location_id = $1 AND l.external_ref = $2
    ORDER BY l.contact_id, l.entry_number LIMIT ${MAX_OF_KIND})
    UNION ALL
    (SELECT 'ledger_entry', l.contact_id || '-' || l.entry_number, l.reason, l.external_ref, c.external_id
    FROM ledger_entries l JOIN contacts c ON c.location_id = $1 AND c.id = l.contact_id
    WHERE l.location_id = $1 AND l.contact_id = $4 AND l.entry_number = $5)
    UNION ALL
    (SELECT 'request', r.request_id, r.operation, r.body ->> 'reason_code', c.external_id
    FROM (SELECT request_id, operation, body::jsonb AS body FROM requests WHERE location_id = $1 AND request_id = $2) r
    LEFT JOIN entitlements e ON e.location_id = $1 AND e.id = COALESCE(
      r.body ->> 'entitlement_id', r.body #>> '{movements,0,entitlement_id}', r.body #>> '{granted,0,entitlement_id}')::uuid
    LEFT JOIN memberships m ON m.location_id = $1 AND m.id = (r.body #>> '{membership,id}')::uuid
    LEFT JOIN contacts c ON c.location_id = $1 AND c.id = COALESCE(e.contact_id, m.contact_id))
    UNION ALL
    (SELECT 'webhook_event', w.id::text, w.type, w.status, NULL
    FROM (
      SELECT id FROM webhook_events WHERE location_id = $1 AND id = $3
      UNION SELECT id FROM webhook_events WHERE location_id = $1 AND correlation_id = $3
      UNION SELECT id FROM webhook_events WHERE location_id = $1 AND dedupe_key IN ($2, 'sandbox:' || $2)
    ) n JOIN webhook_events w ON w.id = n.id AND w.location_id = $1 LIMIT ${MAX_OF_KIND})`,
};

const NAMED = {
  name: "view_anything_named",
  text: `
    SELECT kind, id, title, subtitle, NULL AS external_contact_id FROM (
      SELECT 'product_config' AS kind, id, name AS title, key AS subtitle, active FROM product_configs WHERE location_id = $1
      UNION ALL
      SELECT 'api_client', id::text, name, key, active FROM api_clients WHERE location_id = $1
    ) n
    WHERE id = $2 OR starts_with(search_key(title), search_key($2)) OR starts_with(search_key(subtitle), search_key($2))
    ORDER BY NOT active, title, id LIMIT ${MAX_OF_KIND}`,
};

/** The id of a ledger entry. */
const ENTRY = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})-(\d{1,15})(?:-in)?$/;

type HitRow = Omit<Hit, "kind"> & { kind: Kind };

/** Whatever of a location has this id or begins with this text: what belongs to an id first, then names. */
export async function findAnything(
  tx: Transaction,
  location_id: string,
  search: string,
  now: Instant,
): Promise<z.output<typeof hitsAnswer>> {
  const [, of_contact = null, entry_number = null] = ENTRY.exec(search) ?? [];
  const ids = [isUuid(search) ? search : null, of_contact, entry_number];
  const [exact, named, { contacts }] = await Promise.all([
    tx.query<HitRow & Record<string, unknown>>(BY_ID, [location_id, search, ...ids]),
    tx.query<HitRow & Record<string, unknown>>(NAMED, [location_id, search]),
    searchContacts(tx, location_id, { search, filters: [], now }, { limit: MAX_OF_KIND, cursor: null }),
  ]);
  const people = contacts.map(({ external_contact_id, name, email, phone }): Hit => {
    const title = name ?? email ?? external_contact_id;
    const subtitle = [email, phone, external_contact_id].find((other) => other !== null && other !== title) ?? null;
    return { kind: "contact", id: external_contact_id, title, subtitle, external_contact_id };
  });
  return { hits: [...exact, ...people, ...named].slice(0, MAX_HITS) };
}

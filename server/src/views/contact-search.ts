import { z } from "zod";
import type { Transaction } from "../platform/database.ts";
import { isUuid } from "../platform/ids.ts";
import { instant, uuidArray } from "../platform/sql.ts";
import type { Instant } from "../rules/time/local-days.ts";
import { findHoldings, type Holdings } from "./contact-holdings.ts";
import { cutPage, type Page } from "./page.ts";
import { nextCursor } from "./shapes.ts";

/** Days within which credits count as expiring soon. */
export const EXPIRING_DAYS = 14;

export const CONTACT_FILTERS = ["has_credits", "expiring", "frozen", "past_due"] as const;
export type ContactFilter = (typeof CONTACT_FILTERS)[number];

/** Contacts that one id leads to at most: a booking reference may name a class that many booked. */
const MAX_NAMED = 5;

const foundContactShape = z
  .object({
    id: z.guid().describe("The contact's own id."),
    external_contact_id: z.string(),
    name: z.string().nullable(),
    email: z.string().nullable(),
    phone: z.string().nullable(),
    credits_available: z.int().describe("What could be used now, over all products."),
    credits_held: z.int(),
    unlimited: z.boolean(),
    products: z
      .array(
        z.object({
          product_config_id: z.string(),
          name: z.string(),
          credits_available: z.int(),
          unlimited: z.boolean(),
        }),
      )
      .describe("Of which products that is, the one with the most first."),
    next_expiry_at: z.iso.datetime().nullable().describe("When the first of what is left expires."),
    membership: z
      .enum(["frozen", "past_due", "suspended", "active"])
      .nullable()
      .describe("Of its memberships the state that needs a look first; null: it has none."),
  })
  .describe("A member as a list shows it.");

export const contactsCursor = z.object({
  list: z.literal("contacts"),
  key: z.string().max(600),
  id: z.guid(),
  /** Those that an id led to: they were told first. */
  told: z.array(z.guid()).max(MAX_NAMED),
});
export const contactsAnswer = z.object({ contacts: z.array(foundContactShape), next_cursor: nextCursor });

interface ContactRow extends Record<string, unknown> {
  id: string;
  external_id: string;
  name: string | null;
  email: string | null;
  phone: string | null;
  key: string;
  position_id?: string;
}

export interface ContactQuestion {
  /** The beginning of a name, an e-mail address, a phone number or an external id, or any whole id; null: everybody. */
  search: string | null;
  filters: readonly ContactFilter[];
  /** The location's clock. */
  now: Instant;
}

const COLUMNS = "c.id, c.external_id, c.name, c.email, c.phone";

// A contact that matches with several of its keys stands where the first of them does.
const BY_KEY = `
  FROM contact_keys k JOIN contacts c ON c.location_id = k.location_id AND c.id = k.contact_id AND c.merged_into IS NULL
  WHERE k.location_id = $1 AND k.key >= search_key($2) AND k.key < search_key($2) || chr(1114111)
    AND NOT EXISTS (
      SELECT FROM contact_keys f
      WHERE f.location_id = $1 AND f.contact_id = k.contact_id AND f.key >= search_key($2) AND f.key < k.key
    )`;
const EVERYBODY = "FROM contacts c WHERE c.location_id = $1 AND c.merged_into IS NULL";

/** A page of the location's contacts in the order of their names, or of what of them was searched for. */
export async function searchContacts(
  tx: Transaction,
  location_id: string,
  { search, filters, now }: ContactQuestion,
  { limit, cursor }: Page<z.output<typeof contactsCursor>>,
): Promise<z.output<typeof contactsAnswer>> {
  const is_first_page = cursor === null;
  const named =
    search !== null && is_first_page && filters.length === 0 ? await findByAnyId(tx, location_id, search) : [];
  const first = named.slice(0, limit);
  const told = cursor?.told ?? first.map(({ id }) => id);
  const values: unknown[] = search === null ? [location_id] : [location_id, search];
  const given = (value: unknown) => `$${values.push(value)}`;
  const position = search === null ? "c.sort_key, c.id" : "k.key, k.contact_id";
  const conditions = filters.map((filter) => CONDITIONS[filter](given, now));
  if (cursor) conditions.push(`(${position}) > (${given(cursor.key)}::text, ${given(cursor.id)}::uuid)`);
  if (told.length > 0) conditions.push(`c.id <> ALL (${given(uuidArray(told))}::uuid[])`);
  const text = `
    SELECT ${COLUMNS}, ${search === null ? "c.sort_key" : "k.key"} AS key ${search === null ? EVERYBODY : BY_KEY}
    ${conditions.map((one) => `AND ${one}`).join(" ")}
    ORDER BY ${position} LIMIT ${given(limit - first.length + 1)}`;
  const rows = await tx.query<ContactRow>({ name: "", text }, values);
  const found = [...first.map((row) => ({ ...row, ...BEFORE_ALL })), ...rows];
  const { items, next_cursor } = cutPage(found, limit, ({ key, position_id, id }) => ({
    list: "contacts",
    key,
    id: position_id ?? id,
    told,
  }));
  return { contacts: await showContacts(tx, location_id, items, now), next_cursor };
}

/** Where the list itself begins, behind those that an id led to. */
const BEFORE_ALL = { key: "", position_id: "00000000-0000-0000-0000-000000000000" };

type Given = (value: unknown) => string;

const LOT =
  "SELECT FROM entitlements e WHERE e.location_id = $1 AND e.contact_id = c.id AND e.live AND e.state <> 'revoked'";
const MEMBERSHIP = "SELECT FROM memberships m WHERE m.location_id = $1 AND m.contact_id = c.id";
const STANDS_STILL = `m.freezes @> '[{"status": "active"}]' OR m.freezes @> '[{"status": "planned"}]'`;

const CONDITIONS: Record<ContactFilter, (given: Given, now: Instant) => string> = {
  has_credits: (given, now) =>
    `EXISTS (${LOT} AND (e.available > 0 OR e.unlimited)
      AND (e.expires_at IS NULL OR e.expires_at > ${given(instant(now))}::timestamptz))`,
  expiring: (given, now) =>
    `EXISTS (${LOT} AND e.available > 0 AND e.expires_at > ${given(instant(now))}::timestamptz
      AND e.expires_at <= ${given(instant(now + EXPIRING_DAYS * 86_400_000))}::timestamptz)`,
  frozen: (given, now) => {
    const at = `${given(now)}::bigint`;
    return `EXISTS (${MEMBERSHIP} AND (${STANDS_STILL}) AND m.status <> 'ended' AND EXISTS (
      SELECT FROM jsonb_array_elements(m.freezes) f
      WHERE f ->> 'status' <> 'cancelled' AND (f ->> 'from_at')::bigint <= ${at} AND ${at} < (f ->> 'to_at')::bigint))`;
  },
  past_due: () => `EXISTS (${MEMBERSHIP} AND m.status = 'past_due')`,
};

const NAMED = {
  name: "view_contacts_by_any_id",
  text: `
    SELECT DISTINCT ${COLUMNS}, '' AS key FROM (
      SELECT id FROM contacts WHERE location_id = $1 AND id = $3
      UNION ALL SELECT id FROM contacts WHERE location_id = $1 AND external_id = $2
      UNION ALL SELECT contact_id FROM entitlements WHERE location_id = $1 AND id = $3
      UNION ALL SELECT contact_id FROM memberships WHERE location_id = $1 AND id = $3
      UNION ALL SELECT contact_id FROM payment_events WHERE location_id = $1 AND id = $3
      UNION ALL
      SELECT p.contact_id FROM payment_keys n
      JOIN payment_events p ON p.location_id = n.location_id AND p.id = n.payment_event_id
      WHERE n.location_id = $1 AND n.key = $2
      UNION ALL
      (SELECT contact_id FROM appointments WHERE location_id = $1 AND external_id = $2 ORDER BY contact_id LIMIT ${MAX_NAMED})
    ) named
    JOIN contacts n ON n.location_id = $1 AND n.id = named.id
    JOIN contacts c ON c.location_id = $1 AND c.id = CASE WHEN n.merged_into IS NULL THEN n.id ELSE n.merged_into END
    LIMIT ${MAX_NAMED}`,
};

/** Whose id this is: the contact's own, or of something that belongs to it; of merged contacts the one that lives. */
function findByAnyId(tx: Transaction, location_id: string, id: string): Promise<ContactRow[]> {
  return tx.query<ContactRow>(NAMED, [location_id, id, isUuid(id) ? id : null]);
}

async function showContacts(
  tx: Transaction,
  location_id: string,
  rows: readonly ContactRow[],
  now: Instant,
): Promise<z.output<typeof foundContactShape>[]> {
  if (rows.length === 0) return [];
  const ids = rows.map(({ id }) => id);
  const holdingsOf = await findHoldings(tx, location_id, ids, now);
  return rows.map((row) => showContact(row, holdingsOf(row.id)));
}

function showContact(
  { id, external_id, name, email, phone }: ContactRow,
  { next_expiry_at, ...holdings }: Holdings,
): z.output<typeof foundContactShape> {
  const shown_expiry = next_expiry_at === null ? null : instant(next_expiry_at);
  return { id, external_contact_id: external_id, name, email, phone, ...holdings, next_expiry_at: shown_expiry };
}

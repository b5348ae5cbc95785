import type { z } from "zod";
import type { Clock } from "../platform/clock.ts";
import type { Database, Transaction } from "../platform/database.ts";
import { isUuid } from "../platform/ids.ts";
import { allowsMutations, type BillingStatus } from "../rules/billing/billing-status.ts";
import type { Success } from "../rules/reasons.ts";
import type { Instant } from "../rules/time/local-days.ts";
import type { Page } from "./page.ts";
import type { ContactShape } from "./shapes.ts";

/** A question about one contact: a value that says everything about itself once. */
export interface ContactRead<A extends z.ZodObject = z.ZodObject, C = unknown> {
  name: string;
  reason_code: Success;
  summary: string;
  /** What it answers beside the envelope. */
  answer: A;
  /** A position in its list; null: it is no list. */
  cursor: z.ZodType<C> | null;
  read(view: ContactView, page: Page<C>): Promise<z.output<A>>;
}

/** One contact as of one snapshot. */
export interface ContactView {
  tx: Transaction;
  location_id: string;
  contact: ContactShape;
  /** The location's clock. */
  now: Instant;
  /** The location's currency. */
  currency: string;
}

export interface ReadAs {
  location_id: string;
  /** The version of the location under which the caller was authorised. */
  version: number;
}

export type ReadAnswer<T> =
  | { kind: "read"; value: T }
  | { kind: "unknown_contact" }
  /** Something of its memberships fell due by time: settle that, then ask again (clarification 16). */
  | { kind: "due"; contact_external_id: string }
  /** The location changed since the caller was authorised: authorise again. */
  | { kind: "stale_authorisation" };

type LocationRow = { version: number; clock_offset_ms: number; currency: string; billing_status: BillingStatus };
type ContactRow = {
  id: string;
  external_id: string;
  email: string | null;
  name: string | null;
  next_due_at: Instant | null;
};

// Everything that one answer tells is of one moment.
const ONE_SNAPSHOT = { name: "", text: "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ" };

const LOCATION = {
  name: "view_location",
  text: `
    SELECT l.version, l.clock_offset_ms, l.currency, w.billing_status
    FROM locations l JOIN workspaces w ON w.id = l.workspace_id WHERE l.location_id = $1`,
};

const CONTACT = {
  name: "view_contact",
  text: `
    SELECT c.id, c.external_id, c.email, c.name, c.next_due_at FROM (
      SELECT 1 AS choice, id, merged_into FROM contacts WHERE location_id = $1 AND external_id = $2
      UNION ALL
      SELECT 2, id, merged_into FROM contacts WHERE location_id = $1 AND id = $3
    ) named
    JOIN contacts c ON c.location_id = $1
      AND c.id = CASE WHEN named.merged_into IS NULL THEN named.id ELSE named.merged_into END
    ORDER BY named.choice LIMIT 1`,
};

/** Asks about the contact that `id` names: by its external id, else by its own. Reads only, locks nothing. */
export function readContact<T>(
  db: Database,
  clock: Clock,
  { location_id, version }: ReadAs,
  id: string,
  ask: (view: ContactView) => Promise<T>,
): Promise<ReadAnswer<T>> {
  const work = async (tx: Transaction): Promise<ReadAnswer<T>> => {
    const [, [location], [contact]] = await Promise.all([
      tx.query(ONE_SNAPSHOT),
      tx.query<LocationRow>(LOCATION, [location_id]),
      tx.query<ContactRow>(CONTACT, [location_id, id, isUuid(id) ? id : null]),
    ]);
    if (location?.version !== version) return { kind: "stale_authorisation" };
    if (!contact) return { kind: "unknown_contact" };
    const { external_id, next_due_at, ...known } = contact;
    const now = clock.now() + location.clock_offset_ms;
    // While a workspace is suspended what is due waits (clarification 22).
    if (next_due_at !== null && next_due_at <= now && allowsMutations(location.billing_status)) {
      return { kind: "due", contact_external_id: external_id };
    }
    const value = await ask({
      tx,
      location_id,
      contact: { ...known, external_contact_id: external_id, ghl_contact_id: external_id },
      now,
      currency: location.currency,
    });
    return { kind: "read", value };
  };
  return db.transaction([location_id], work, { read_only: true });
}

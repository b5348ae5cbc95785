import type { z } from "zod";
import type { Clock } from "../platform/clock.ts";
import type { Database, Transaction } from "../platform/database.ts";
import { isUuid } from "../platform/ids.ts";
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
  /** The location changed since the caller was authorised: authorise again. */
  | { kind: "stale_authorisation" };

// Everything that one answer tells is of one moment.
const ONE_SNAPSHOT = { name: "", text: "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ" };

const LOCATION = {
  name: "view_location",
  text: "SELECT version, clock_offset_ms, currency FROM locations WHERE location_id = $1",
};

const CONTACT = {
  name: "view_contact",
  text: `
    SELECT id, external_id, email, name FROM (
      SELECT 1 AS choice, id, external_id, email, name FROM contacts WHERE location_id = $1 AND external_id = $2
      UNION ALL
      SELECT 2, id, external_id, email, name FROM contacts WHERE location_id = $1 AND id = $3
    ) c ORDER BY choice LIMIT 1`,
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
      tx.query<{ version: number; clock_offset_ms: number; currency: string }>(LOCATION, [location_id]),
      tx.query<{ id: string; external_id: string; email: string | null; name: string | null }>(CONTACT, [
        location_id,
        id,
        isUuid(id) ? id : null,
      ]),
    ]);
    if (location?.version !== version) return { kind: "stale_authorisation" };
    if (!contact) return { kind: "unknown_contact" };
    const { external_id, ...known } = contact;
    const value = await ask({
      tx,
      location_id,
      contact: { ...known, external_contact_id: external_id, ghl_contact_id: external_id },
      now: clock.now() + location.clock_offset_ms,
      currency: location.currency,
    });
    return { kind: "read", value };
  };
  return db.transaction([location_id], work, { read_only: true });
}

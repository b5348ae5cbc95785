import { z } from "zod";
import { instant, uuidArray } from "../platform/sql.ts";
import { isExpired, statusOf, type Lot } from "../rules/credits/lot.ts";
import type { Instant } from "../rules/time/local-days.ts";
import type { ContactRead, ContactView } from "./contact-read.ts";
import { BEHIND_ALL_TIME, cursorInstant, cutPage } from "./page.ts";
import { entitlementShape, nextCursor, type EntitlementShape } from "./shapes.ts";

type LotWithName = Lot & { name: string };

const COLUMNS = `e.id, e.contact_id, e.product_config_id, p.name, e.origin, e.state, e.unlimited, e.granted, e.available,
  e.held, e.effective_at, e.expires_at, e.activation, e.parent_id, e.membership_id, e.period_start_at, e.period_end_at,
  e.payment_event_id, e.payment_item, e.freezes, e.created_at, e.live`;
const NAMED = "JOIN product_configs p ON p.location_id = e.location_id AND p.id = e.product_config_id";

const PAGE = {
  name: "view_entitlements",
  text: `
    SELECT ${COLUMNS} FROM entitlements e ${NAMED}
    WHERE e.location_id = $1 AND e.contact_id = $2 AND (e.created_at, e.id) < ($3, $4)
    ORDER BY e.created_at DESC, e.id DESC LIMIT $5`,
};
const LIVE = {
  name: "view_live_entitlements",
  text: `
    SELECT ${COLUMNS} FROM entitlements e ${NAMED}
    WHERE e.location_id = $1 AND e.contact_id = $2 AND e.live
    ORDER BY e.created_at DESC, e.id DESC`,
};

const BY_ID = {
  name: "view_entitlements_by_id",
  text: `
    SELECT ${COLUMNS} FROM entitlements e ${NAMED}
    WHERE e.location_id = $1 AND e.contact_id = $2 AND e.id = ANY ($3::uuid[]) ORDER BY e.created_at, e.id`,
};

const LEAST_ID = "00000000-0000-0000-0000-000000000000";

const cursor = z.object({ list: z.literal("entitlements"), at: cursorInstant, id: z.guid() });
const answer = z.object({ entitlements: z.array(entitlementShape), next_cursor: nextCursor });

export const contactEntitlements: ContactRead<typeof answer, z.output<typeof cursor>> = {
  name: "contact_entitlements",
  reason_code: "entitlements_loaded",
  summary: "Every entitlement the contact ever had, newest first.",
  answer,
  cursor,
  async read({ tx, location_id, contact, now }, { limit, cursor: after }) {
    const rows = await tx.query<LotWithName & Record<string, unknown>>(PAGE, [
      location_id,
      contact.id,
      after ? instant(after.at) : BEHIND_ALL_TIME,
      after?.id ?? LEAST_ID,
      limit + 1,
    ]);
    const { items, next_cursor } = cutPage(rows, limit, (lot) => ({
      list: "entitlements",
      at: lot.created_at,
      id: lot.id,
    }));
    return { entitlements: items.map((lot) => showEntitlement(lot, now)), next_cursor };
  },
};

/** All lots that a deduction would look at, as they stand now; those swept by time are out, booked or not. Rule 15. */
export async function findLiveEntitlements({ tx, location_id, contact, now }: ContactView): Promise<LotWithName[]> {
  const rows = await tx.query<LotWithName & Record<string, unknown>>(LIVE, [location_id, contact.id]);
  return rows.filter((lot) => lot.held > 0 || !isExpired(lot, now));
}

/** These of the contact's entitlements, the earliest opened first. */
export async function findEntitlements(
  { tx, location_id, contact, now }: ContactView,
  ids: readonly string[],
): Promise<EntitlementShape[]> {
  const rows = await tx.query<LotWithName & Record<string, unknown>>(BY_ID, [location_id, contact.id, uuidArray(ids)]);
  return rows.map((lot) => showEntitlement(lot, now));
}

export function showEntitlement(lot: LotWithName, now: Instant): EntitlementShape {
  const { id, product_config_id, name, origin, unlimited, membership_id, payment_event_id, parent_id } = lot;
  const status = statusOf(lot, now);
  return {
    id,
    product_config_id,
    name,
    origin,
    status,
    unlimited,
    credits_granted: unlimited ? null : lot.granted,
    // What is left of an expired lot is gone, booked or not (clarification 16).
    credits_remaining: unlimited ? null : status === "expired" ? 0 : lot.available,
    credits_held: lot.held,
    effective_at: instant(lot.effective_at),
    expires_at: lot.expires_at === null ? null : instant(lot.expires_at),
    activated_on: lot.activation?.activated_on ?? null,
    membership_id,
    period:
      lot.period_start_at === null || lot.period_end_at === null
        ? null
        : { start_at: instant(lot.period_start_at), end_at: instant(lot.period_end_at) },
    payment_event_id,
    parent_id,
    created_at: instant(lot.created_at),
  };
}

import { z } from "zod";
import { instant, uuidArray } from "../platform/sql.ts";
import { statusOf } from "../rules/credits/lot.ts";
import type { Instant } from "../rules/time/local-days.ts";
import { findLiveEntitlements, showEntitlement } from "./contact-entitlements.ts";
import { findLedgerLines } from "./contact-ledger.ts";
import { contactMemberships } from "./contact-memberships.ts";
import { findPayments } from "./contact-payments.ts";
import type { ContactRead, ContactView } from "./contact-read.ts";
import {
  LISTED_BOOKING_COLUMNS,
  LISTED_BOOKINGS,
  listedBookingShape,
  showListedBooking,
  type ListedBooking,
  type ListedBookingRow,
} from "./location-bookings.ts";
import { membershipShape } from "./membership-shapes.ts";
import { contactShape, entitlementShape, ledgerEntryShape, paymentShape } from "./shapes.ts";

/** What a panel beside the contact has room for. */
const MAX_BOOKINGS = 3;
const MAX_PAYMENTS = 3;
const MAX_ENTRIES = 8;
/** Entitlements of one product, those that expire first. */
const MAX_LOTS = 10;

const lot = entitlementShape.pick({
  id: true,
  origin: true,
  status: true,
  unlimited: true,
  credits_granted: true,
  credits_remaining: true,
  credits_held: true,
  effective_at: true,
  expires_at: true,
});

const product = z
  .object({
    product_config_id: z.string().describe("The product config (pc_…)."),
    name: z.string().describe("Its name as it is now."),
    credits_available: z.int().min(0).describe("Credits of it that could be used now."),
    credits_held: z.int().min(0).describe("Held for bookings that have not taken place yet."),
    unlimited: z.boolean().describe("True: bookings are covered without a balance, within fair-use limits."),
    entitlements: z.array(lot).describe("Where something is left or held, what expires first at the top; at most 10."),
  })
  .describe("What the contact has of one product.");

const membership = membershipShape.omit({ periods: true, subscription_id: true });

const booking = listedBookingShape.pick({
  id: true,
  calendar_id: true,
  status: true,
  standing: true,
  starts_at: true,
  booked_at: true,
  unfunded: true,
  products: true,
});

const payment = paymentShape.pick({
  id: true,
  status: true,
  flags: true,
  amount_cents: true,
  refunded_cents: true,
  currency: true,
  product_name: true,
  paid_at: true,
});

const entry = ledgerEntryShape
  .pick({ id: true, type: true, amount: true, balance_after: true, credit_account: true, occurred_at: true })
  .extend({ product_name: z.string().nullable().describe("The product whose credits moved.") });

const answer = z.object({
  contact: contactShape,
  currency: z.string().describe("The location's currency: of payments that name none."),
  products: z.array(product).describe("Those of which something is usable first."),
  memberships: z.array(membership).describe("Those that have not ended; where all have, the last one."),
  bookings: z.object({
    next: z.array(booking).describe("The next three, the nearest first; without those that were cancelled."),
    last: z.array(booking).describe("The last three that have begun, the latest first."),
  }),
  payments: z.array(payment).describe("The last three."),
  entries: z.array(entry).describe("The latest eight lines of the ledger."),
});

/** One contact for somebody with ten seconds: everything that a side panel shows, of one moment. */
export const contactPanel: ContactRead<typeof answer> = {
  name: "contact_panel",
  reason_code: "panel_loaded",
  summary: "The contact as a side panel shows it.",
  answer,
  cursor: null,
  async read(view) {
    const [products, memberships, next, last, payments, entries] = await Promise.all([
      findProducts(view),
      findMemberships(view),
      findBookings(view, NEXT),
      findBookings(view, LAST),
      findPayments(view, null, MAX_PAYMENTS),
      findEntries(view),
    ]);
    return {
      contact: view.contact,
      currency: view.currency,
      products,
      memberships,
      bookings: { next, last },
      payments: payments.map(({ shown }) => z.parse(payment, shown)),
      entries,
    };
  },
};

async function findProducts(view: ContactView): Promise<z.output<typeof product>[]> {
  const lots = await findLiveEntitlements(view);
  const found = [...Map.groupBy(lots, (one) => one.product_config_id)].map(([product_config_id, of_product]) => {
    const active = of_product.filter((one) => statusOf(one, view.now) === "active");
    const left = of_product.filter((one) => one.held > 0 || one.unlimited || one.available > 0);
    const by_expiry = left.sort((a, b) => (a.expires_at ?? NEVER) - (b.expires_at ?? NEVER) || (a.id < b.id ? -1 : 1));
    return {
      product_config_id,
      name: of_product[0]?.name ?? product_config_id,
      credits_available: active.reduce((sum, one) => sum + one.available, 0),
      credits_held: of_product.reduce((sum, one) => sum + one.held, 0),
      unlimited: active.some((one) => one.unlimited),
      entitlements: by_expiry.slice(0, MAX_LOTS).map((one) => z.parse(lot, showEntitlement(one, view.now))),
    };
  });
  const weight = (one: z.output<typeof product>) => (one.unlimited || one.credits_available > 0 ? 0 : 1);
  return found.sort((a, b) => weight(a) - weight(b) || a.name.localeCompare(b.name, "en"));
}

const NEVER: Instant = Number.MAX_SAFE_INTEGER;

async function findMemberships(view: ContactView) {
  const { memberships } = await contactMemberships.read(view, { limit: 1, cursor: null });
  const live = memberships.filter(({ status }) => status !== "ended");
  const told = live.length > 0 ? live : memberships.slice(0, 1);
  return told.map((shown) => z.parse(membership, shown));
}

const AT = "(CASE WHEN a.starts_at IS NULL THEN a.booked_at ELSE a.starts_at END)";
const OF_CONTACT = `SELECT ${LISTED_BOOKING_COLUMNS} ${LISTED_BOOKINGS} WHERE a.location_id = $1 AND a.contact_id = $2`;
const NEXT = {
  name: "view_next_bookings",
  text: `
    ${OF_CONTACT} AND ${AT} >= $3 AND a.starts_at IS NOT NULL AND a.status IN ('confirmed', 'showed', 'noshow')
    ORDER BY ${AT}, a.external_id LIMIT $4`,
};
const LAST = {
  name: "view_last_bookings",
  text: `
    ${OF_CONTACT} AND ${AT} < $3 AND a.status <> 'deleted'
    ORDER BY ${AT} DESC, a.external_id DESC LIMIT $4`,
};

async function findBookings({ tx, location_id, contact, now }: ContactView, statement: typeof NEXT) {
  const rows = await tx.query<ListedBookingRow>(statement, [location_id, contact.id, instant(now), MAX_BOOKINGS]);
  return rows.map((row): z.output<typeof booking> => z.parse(booking, showListedBooking(row) satisfies ListedBooking));
}

const NAMES_OF_LOTS = {
  name: "view_names_of_lots",
  text: `
    SELECT e.id, p.name FROM entitlements e
    JOIN product_configs p ON p.location_id = e.location_id AND p.id = e.product_config_id
    WHERE e.location_id = $1 AND e.id = ANY ($2::uuid[])`,
};

async function findEntries(view: ContactView): Promise<z.output<typeof entry>[]> {
  const lines = (await findLedgerLines(view, null, MAX_ENTRIES)).slice(0, MAX_ENTRIES);
  if (lines.length === 0) return [];
  const lots = [...new Set(lines.map(({ shown }) => shown.entitlement_id))];
  const names = await view.tx.query<{ id: string; name: string }>(NAMES_OF_LOTS, [view.location_id, uuidArray(lots)]);
  const name_of = new Map(names.map(({ id, name }) => [id, name]));
  return lines.map(({ shown }) =>
    z.parse(entry, { ...shown, product_name: name_of.get(shown.entitlement_id) ?? null }),
  );
}

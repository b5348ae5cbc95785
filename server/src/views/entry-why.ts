import { z } from "zod";
import { instant } from "../platform/sql.ts";
import { meaningOf } from "../rules/credits/entry-reasons.ts";
import type { EntryType } from "../rules/credits/entry.ts";
import type { Instant } from "../rules/time/local-days.ts";
import { bookingWhyShape, findBookingWhy } from "./booking-why.ts";
import { findEntitlements } from "./contact-entitlements.ts";
import { findEntriesByNumber } from "./contact-ledger.ts";
import type { ContactView } from "./contact-read.ts";
import { entitlementShape, ledgerEntryShape, paymentShape, type LedgerEntryShape } from "./shapes.ts";
import { FROM_PAYMENTS, PAYMENT_COLUMNS, showPayments, type PaymentRow } from "./show-payment.ts";
import { actorShape, actsOfRequest, findActors, staffActShape, type ActorShape, type StaffAct } from "./staff-acts.ts";
import { titleOfEntry } from "./timeline-titles.ts";

/** Entries that one is told with, those of its own request and those that gave it back, and how far from it they are looked for. */
const MAX_RELATED = 50;
const NEAR = 200;

const requestShape = z
  .object({
    request_id: z.string(),
    operation: z.string(),
    reason_code: z.string().describe("What it was answered."),
    recorded_at: z.iso.datetime(),
  })
  .describe("The request behind it.");

export const entryWhyAnswer = z.object({
  why: z
    .object({
      entry: ledgerEntryShape,
      title: z.string().describe("What happened, in one line."),
      balance_before: z.int().describe("Available credits of the entitlement before this entry."),
      reason: z.object({
        code: z.string().describe("As it was booked; of an adjustment the words of whoever made it."),
        meaning: z.string(),
        rule: z.int().nullable().describe("The number of the rule that wanted it; null: a person did."),
      }),
      actor: actorShape,
      entitlement: entitlementShape.describe("The entitlement whose line it is, as it is now."),
      other_entitlement: entitlementShape.nullable().describe("Of a move between two: the other one."),
      membership: z
        .object({ id: z.guid(), name: z.string(), status: z.string() })
        .nullable()
        .describe("Whose period the entitlement is."),
      payment: paymentShape.nullable().describe("The payment that opened the entitlement."),
      booking: bookingWhyShape.nullable().describe("The booking that it belongs to."),
      request: requestShape.nullable(),
      decisions: z.array(staffActShape).describe("What staff did with the same request, and their reason."),
      together: z.array(ledgerEntryShape).describe("What else the same cause moved, in order."),
      reverses: ledgerEntryShape.nullable().describe("The entry that it gives back."),
      given_back_by: z.array(ledgerEntryShape).describe("Entries that gave it back since."),
    })
    .describe("One ledger entry with everything that explains it."),
});

type Why = z.output<typeof entryWhyAnswer>["why"];

const CAUSE = {
  name: "view_cause_of_entry",
  text: `
    SELECT e.type, e.to_entitlement_id, e.entitlement_id, m.id AS membership_id, p.name AS membership_name,
      m.status AS membership_status, l.payment_event_id,
      r.operation, r.body, r.recorded_at AS requested_at
    FROM ledger_entries e
    JOIN entitlements l ON l.location_id = e.location_id AND l.id = e.entitlement_id
    LEFT JOIN memberships m ON m.location_id = l.location_id AND m.id = l.membership_id
    LEFT JOIN product_configs p ON p.location_id = m.location_id AND p.id = m.product_config_id
    LEFT JOIN requests r ON r.location_id = e.location_id AND r.request_id = e.request_id
    WHERE e.location_id = $1 AND e.contact_id = $2 AND e.entry_number = $3`,
};

const RELATED = {
  name: "view_related_entries",
  text: `
    (SELECT entry_number, 'together' AS relation FROM ledger_entries
    WHERE location_id = $1 AND contact_id = $2 AND entry_number BETWEEN $3::bigint - ${NEAR} AND $3::bigint + ${NEAR}
      AND correlation_id = $4 AND entry_number <> $3 ORDER BY entry_number LIMIT ${MAX_RELATED})
    UNION ALL
    (SELECT entry_number, 'given_back' FROM ledger_entries
    WHERE location_id = $1 AND contact_id = $2 AND reverses = $3 AND reverses IS NOT NULL
    ORDER BY entry_number LIMIT ${MAX_RELATED})`,
};

const PAYMENT = {
  name: "view_payment_of_entry",
  text: `SELECT ${PAYMENT_COLUMNS} ${FROM_PAYMENTS} WHERE p.location_id = $1 AND p.id = $2`,
};

type Cause = {
  type: EntryType;
  entitlement_id: string;
  to_entitlement_id: string | null;
  membership_id: string | null;
  membership_name: string | null;
  membership_status: string | null;
  payment_event_id: string | null;
  operation: string | null;
  body: string | null;
  requested_at: Instant | null;
};

/** Why an entry of the contact was booked; `side`: of a move between two entitlements whose line it is. Null: there is none. */
export async function findEntryWhy(view: ContactView, number: number, side: "in" | "out"): Promise<Why | null> {
  const { tx, location_id, contact } = view;
  const [[cause], lines] = await Promise.all([
    tx.query<Cause & Record<string, unknown>>(CAUSE, [location_id, contact.id, number]),
    findEntriesByNumber(view, [number]),
  ]);
  const entry = lines.find((line) => line.side === side)?.shown;
  if (!cause || !entry) return null;
  const [related, entitlements, payment, booking, decisions, actorOf] = await Promise.all([
    tx.query<{ entry_number: number; relation: "together" | "given_back" }>(RELATED, [
      location_id,
      contact.id,
      number,
      entry.correlation_id,
    ]),
    findEntitlements(
      view,
      cause.to_entitlement_id === null ? [cause.entitlement_id] : [cause.entitlement_id, cause.to_entitlement_id],
    ),
    findPayment(view, cause.payment_event_id),
    entry.external_ref === null ? null : findBookingWhy(view, entry.external_ref),
    actsOfRequest(tx, location_id, entry),
    findActors(tx, location_id, entry.actor_id === null ? [] : [entry.actor_id]),
  ]);
  const entitlement = entitlements.find(({ id }) => id === entry.entitlement_id);
  if (!entitlement) throw new Error("an entry has its entitlement");
  const reversed = entry.reverses === null ? [] : [Number(entry.reverses.slice(entry.reverses.lastIndexOf("-") + 1))];
  const others = await findEntriesByNumber(view, [...related.map((one) => one.entry_number), ...reversed]);
  const inOrder = (numbers: readonly number[]) =>
    others
      .filter((line) => numbers.includes(line.number))
      .map(({ shown }) => shown)
      .toReversed();
  const numbersOf = (relation: string) =>
    related.filter((one) => one.relation === relation).map(({ entry_number }) => entry_number);
  return {
    entry,
    title: titleOfEntry(entry),
    balance_before: entry.balance_after - entry.amount,
    reason: { code: entry.reason, ...meaningOf({ type: cause.type, reason: entry.reason }) },
    actor: actorOf(entry.actor_id ?? "") ?? actorOfEntry(entry, decisions),
    entitlement,
    other_entitlement: entitlements.find(({ id }) => id !== entry.entitlement_id) ?? null,
    membership: membershipOf(cause),
    payment,
    booking,
    request: requestOf(entry, cause),
    decisions,
    together: inOrder(numbersOf("together")),
    reverses: inOrder(reversed)[0] ?? null,
    given_back_by: inOrder(numbersOf("given_back")),
  };
}

async function findPayment({ tx, location_id }: ContactView, id: string | null): Promise<Why["payment"]> {
  if (id === null) return null;
  const rows = await tx.query<PaymentRow>(PAYMENT, [location_id, id]);
  const [payment] = await showPayments(tx, location_id, rows);
  return payment ?? null;
}

/** Whoever is no client and no delivery: a person, whose request left its line in the audit trail, or time. */
function actorOfEntry({ source, actor_id }: LedgerEntryShape, decisions: readonly StaffAct[]): ActorShape {
  const person = decisions.find(({ actor }) => actor.kind === "person")?.actor;
  if (person) return person;
  if (actor_id !== null) return { kind: source === "console" ? "person" : "api_client", id: actor_id, name: source };
  if (source === "ghl" || source === "stripe") return { kind: "delivery", id: null, name: source };
  return source === "console" || source === "import"
    ? { kind: "command_line", id: null, name: source }
    : { kind: "time", id: null, name: "system" };
}

function membershipOf({ membership_id, membership_name, membership_status }: Cause): Why["membership"] {
  if (membership_id === null || membership_name === null || membership_status === null) return null;
  return { id: membership_id, name: membership_name, status: membership_status };
}

function requestOf({ request_id }: LedgerEntryShape, { operation, body, requested_at }: Cause): Why["request"] {
  if (request_id === null || operation === null || body === null || requested_at === null) return null;
  const { reason_code } = JSON.parse(body) as { reason_code: string };
  return { request_id, operation, reason_code, recorded_at: instant(requested_at) };
}

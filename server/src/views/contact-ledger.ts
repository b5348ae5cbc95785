import { z } from "zod";
import { instant, numberArray } from "../platform/sql.ts";
import { MOVEMENTS, signedAmount, toldAs, type NewEntry } from "../rules/credits/entry.ts";
import type { Instant } from "../rules/time/local-days.ts";
import type { ContactRead, ContactView } from "./contact-read.ts";
import { BEHIND_ALL_NUMBERS, BEHIND_ALL_TIME, cursorNumber, cutPage } from "./page.ts";
import { ledgerEntryShape, nextCursor, type LedgerEntryShape } from "./shapes.ts";

type EntryRow = Omit<NewEntry, "is_due"> & {
  /** What a lot held that a transfer went to; a rollover and a make-good open theirs. */
  received_onto: number;
  recorded_at: number;
  source: LedgerEntryShape["source"];
  actor_id: string | null;
  correlation_id: string;
  request_id: string | null;
};

const entriesWhere = (condition: string, limit = "") => `
    SELECT e.entry_number, e.type, e.amount, e.balance_after, e.entitlement_id, e.to_entitlement_id, e.reason, e.source,
      e.actor_id, e.external_ref, e.request_id, e.correlation_id, e.reverses, e.service_on, e.occurred_at, e.recorded_at,
      COALESCE(last.balance, 0) AS received_onto
    FROM ledger_entries e
    LEFT JOIN LATERAL (
      SELECT CASE WHEN b.entitlement_id = e.to_entitlement_id THEN b.balance_after ELSE b.amount END AS balance
      FROM ledger_entries b
      WHERE e.type = 'transfer' AND b.location_id = $1 AND b.contact_id = $2 AND b.entry_number < e.entry_number
        AND e.to_entitlement_id IN (b.entitlement_id, b.to_entitlement_id)
      ORDER BY b.entry_number DESC LIMIT 1
    ) last ON true
    WHERE e.location_id = $1 AND e.contact_id = $2 AND ${condition}
    ORDER BY e.entry_number DESC ${limit}`;

const ENTRIES = {
  name: "view_ledger",
  text: entriesWhere("e.entry_number < $3 AND e.occurred_at <= $5", "LIMIT $4"),
};
const BY_NUMBER = {
  name: "view_ledger_entries",
  text: entriesWhere("e.entry_number = ANY ($3::bigint[])"),
};

/** The line of the ledger that was told last. An entry between two lots has two: first `in`, then `out`. */
const line = z.object({ number: cursorNumber, side: z.enum(["in", "out"]) });
export type Line = z.output<typeof line>;

/** One entry as one of its lots sees it. */
export interface LedgerLine extends Line {
  occurred_at: number;
  shown: LedgerEntryShape;
}

const cursor = z.object({ list: z.literal("ledger"), ...line.shape });
const answer = z.object({ entries: z.array(ledgerEntryShape), next_cursor: nextCursor });

export const contactLedger: ContactRead<typeof answer, z.output<typeof cursor>> = {
  name: "contact_ledger",
  reason_code: "ledger_loaded",
  summary: "Every movement of the contact's credits, newest first; the amounts add up to the balance.",
  answer,
  cursor,
  async read(view, { limit, cursor: after }) {
    const lines = await findLedgerLines(view, after, limit + 1);
    const { items, next_cursor } = cutPage(lines, limit, ({ number, side }) => ({ list: "ledger", number, side }));
    return { entries: items.map(({ shown }) => shown), next_cursor };
  },
};

/** At least `count` lines after the given one and none later than `until`, newest first, where there are so many. */
export async function findLedgerLines(
  { tx, location_id, contact }: ContactView,
  after: Line | null,
  count: number,
  until: Instant | null = null,
): Promise<LedgerLine[]> {
  const is_split = after?.side === "in";
  const before = after ? after.number + (is_split ? 1 : 0) : BEHIND_ALL_NUMBERS;
  const rows = await tx.query<EntryRow & Record<string, unknown>>(ENTRIES, [
    location_id,
    contact.id,
    before,
    count + 1,
    until === null ? BEHIND_ALL_TIME : instant(until),
  ]);
  const lines = rows.flatMap((row) => linesOf(contact.id, row));
  return lines.filter(({ number, side }) => !(is_split && number === after.number && side === "in"));
}

/** These entries as their lots see them, the latest first; an entry between two lots has two lines. */
export async function findEntriesByNumber(
  { tx, location_id, contact }: Pick<ContactView, "tx" | "location_id" | "contact">,
  numbers: readonly number[],
): Promise<LedgerLine[]> {
  if (numbers.length === 0) return [];
  const values = [location_id, contact.id, numberArray(numbers)];
  const rows = await tx.query<EntryRow & Record<string, unknown>>(BY_NUMBER, values);
  return rows.flatMap((row) => linesOf(contact.id, row));
}

function linesOf(contact_id: string, row: EntryRow): LedgerLine[] {
  const { entry_number: number, occurred_at, to_entitlement_id } = row;
  const out: LedgerLine = { number, side: "out", occurred_at, shown: showEntry(contact_id, row, null) };
  if (to_entitlement_id === null) return [out];
  return [{ number, side: "in", occurred_at, shown: showEntry(contact_id, row, to_entitlement_id) }, out];
}

/** `receiver`: the lot that receives, where the line is that side of a move between lots. */
function showEntry(contact_id: string, row: EntryRow, receiver: string | null): LedgerEntryShape {
  const { debit, credit } = MOVEMENTS[row.type];
  const id = `${contact_id}-${row.entry_number}`;
  return {
    id: receiver === null ? id : `${id}-in`,
    entry_number: row.entry_number,
    type: toldAs(row.type),
    amount: signedAmount(row.type, row.amount, receiver !== null),
    quantity: row.amount,
    balance_after: receiver === null ? row.balance_after : row.received_onto + row.amount,
    entitlement_id: receiver ?? row.entitlement_id,
    reason: row.reason,
    source: row.source,
    actor_id: row.actor_id,
    external_ref: row.external_ref,
    request_id: row.request_id,
    correlation_id: row.correlation_id,
    debit_account: debit,
    credit_account: credit,
    reverses: row.reverses === null ? null : `${contact_id}-${row.reverses}`,
    service_on: row.service_on,
    occurred_at: instant(row.occurred_at),
    recorded_at: instant(row.recorded_at),
  };
}

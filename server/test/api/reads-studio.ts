import { randomUUID } from "node:crypto";
import { MOVEMENTS, type EntryType } from "../../src/rules/credits/entry.ts";
import { sql, type Caller, type Response, type TestServer } from "../support.ts";
import { openStudio, type Member } from "./studio.ts";

export const DAY = 86_400_000;

/** An ISO time so many days from now. */
export function inDays(days: number): string {
  return new Date(Date.now() + days * DAY).toISOString();
}

/** A member with a pack that was paid for, and one booking in three days. */
export async function openMember(server: TestServer, settings: Parameters<typeof openStudio>[1] = {}) {
  const studio = await openStudio(server, settings);
  const member = studio.newMember();
  const paid = { amount_cents: 12_000, currency: "USD", name: "Maya", email: "m@a.test" };
  const granted = await member.grant("pack", paid);
  const booking = `booking-${randomUUID()}`;
  const booked = { calendar_id: "yoga", external_ref: booking, appointment_time: inDays(3) };
  const deducted = await member.deduct(booked);
  const read = (path = "") => studio.api.get(`/contacts/${member.id}${path}`);
  return { studio, member, granted: granted.body, deducted: deducted.body, booking, read };
}

type Item = Record<string, unknown> & { id: string };

/** The list in an answer, whatever its name. */
export function itemsOf({ body, text }: Response): Item[] {
  const list = Object.values(body).find((value) => Array.isArray(value));
  if (!list) throw new Error(`no list in ${text}`);
  return list as Item[];
}

/** A fact of the thing within an item: `factOf(event, "entry", "amount")`. */
export function factOf(item: Item | undefined, thing: string, fact: string): unknown {
  return (item?.[thing] as Record<string, unknown> | undefined)?.[fact];
}

/** Follows the cursors of a list to its end. */
export async function readAll(api: Caller, path: string, limit: number): Promise<{ items: Item[]; pages: number }> {
  const items: Item[] = [];
  let cursor: string | null = "";
  let pages = 0;
  while (cursor !== null) {
    const answer: Response = await api.get(`${path}?limit=${limit}${cursor === "" ? "" : `&cursor=${cursor}`}`);
    if (answer.status !== 200) throw new Error(answer.text);
    items.push(...itemsOf(answer));
    cursor = answer.body["next_cursor"] as string | null;
    pages += 1;
    if (pages > 1000) throw new Error("the pages do not end");
  }
  return { items, pages };
}

/** The ids that the database knows a contact by. */
export async function contactRow(server: TestServer, member: Member): Promise<{ location_id: string; id: string }> {
  const [row] = await sql<{ location_id: string; id: string }>(
    server.db,
    "SELECT location_id, id FROM contacts WHERE external_id = $1",
    [member.id],
  );
  if (!row) throw new Error("there is no such contact");
  return row;
}

export interface PlantedEntry {
  type: EntryType;
  amount: number;
  balance_after: number;
  entitlement_id: string;
  to_entitlement_id?: string;
  occurred_at?: string;
  reverses?: number;
}

/** Plants entries that no door of this version writes yet; their hashes and balances are not the engine's. */
export async function plantEntries(
  server: TestServer,
  member: Member,
  entries: readonly PlantedEntry[],
): Promise<void> {
  const { location_id, id } = await contactRow(server, member);
  for (const { type, amount, balance_after, entitlement_id, to_entitlement_id, occurred_at, reverses } of entries) {
    const { debit, credit } = MOVEMENTS[type];
    await sql(
      server.db,
      `WITH numbered AS (
         UPDATE contacts SET entry_count = entry_count + 1 WHERE location_id = $1 AND id = $2 RETURNING entry_count
       )
       INSERT INTO ledger_entries (location_id, contact_id, entry_number, occurred_at, recorded_at, entitlement_id,
         to_entitlement_id, type, debit, credit, amount, balance_after, reverses, source, correlation_id, reason, hash)
       SELECT $1, $2, entry_count, COALESCE($3, now()), date_trunc('milliseconds', now()), $4, $5, $6, $7, $8, $9, $10,
         $11, 'system', $12, 'planted', sha256('') FROM numbered`,
      [
        location_id,
        id,
        occurred_at ?? null,
        entitlement_id,
        to_entitlement_id ?? null,
        type,
        debit,
        credit,
        amount,
        balance_after,
        reverses ?? null,
        randomUUID(),
      ],
    );
  }
}

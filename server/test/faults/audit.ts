import { verifyLedger } from "../../src/ledger/verify.ts";
import type { Database } from "../../src/platform/database.ts";
import { sql } from "../support.ts";
import { brokenBooks } from "./audit-books.ts";
import type { Load, LoadRequest } from "./load.ts";
import type { Studio } from "./studio.ts";

export interface Audited {
  db: Database;
  /** A server that runs again, on that database. */
  base_url: string;
  studios: readonly Studio[];
  load: Load;
}

interface Entry extends Record<string, unknown> {
  location_id: string;
  contact: string;
  entry_number: number;
  signed_amount: number;
  entitlement_id: string;
  product_config_id: string;
  request_id: string | null;
}

/** What one request did to the books, and the member's balance of that product after it. */
interface Effect {
  entries: Entry[];
  balance_after: number;
}

interface Body {
  ok: boolean;
  reason_code: string;
  balance_after?: number;
  credits_granted?: number;
  entitlement_id?: string;
  movements?: { entitlement_id: string; amount: number }[];
}

/** Connections over which the audit asks for every answer again. */
const REPLAYERS = 16;
/** Sentences at most: the first few tell. */
const MAX_SENTENCES = 20;

/**
 * The one audit after every fault: a sentence for each promise that is broken. Every acknowledged answer is found again, every
 * request had its effect once, answered balances are those of the entries, and what came after stands after.
 */
export async function audit({ db, base_url, studios, load }: Audited): Promise<string[]> {
  const open = load.requests.filter((request) => request.acknowledged_at === null);
  const acknowledged = load.acknowledged;
  const found = [
    ...load.offences,
    ...open.map((request) => `${request.kind} ${request.request_id} was never acknowledged`),
    ...(await wrongReplays(base_url, load, acknowledged)),
  ];
  const effects = await loadEffects(db, studios);
  for (const request of acknowledged) {
    const effect = effects.get(nameOf(request.studio.location_id, request.request_id));
    const offence = wrongEffect(request, JSON.parse(request.body) as Body, effect);
    if (offence) found.push(`${request.kind} ${request.request_id} of ${request.contact}: ${offence}`);
  }
  found.push(...strangers(acknowledged, effects), ...wrongOrder(acknowledged, effects), ...(await brokenBooks(db)));
  const { broken } = await verifyLedger(db);
  if (Object.keys(broken).length > 0) found.push(`kotally verify: ${JSON.stringify(broken)}`);
  return found.slice(0, MAX_SENTENCES);
}

function nameOf(location_id: string, name: string): string {
  return `${location_id} ${name}`;
}

/** Asks for every acknowledged answer again: the same bytes, said to be a replay. */
async function wrongReplays(base_url: string, load: Load, acknowledged: readonly LoadRequest[]): Promise<string[]> {
  const found: string[] = [];
  const waiting = acknowledged.values();
  const replay = async () => {
    for (const request of waiting) {
      const answer = await load.send(request, base_url);
      const is_same =
        answer.status === 200 && answer.text === request.body && answer.headers["idempotency-replayed"] === "true";
      if (!is_same)
        found.push(`${request.request_id} answered ${request.body}, and again ${answer.status} ${answer.text}`);
    }
  };
  await Promise.all(Array.from({ length: REPLAYERS }, replay));
  return found;
}

/** Walks through each member's entries in their order, with the balance of each product. */
async function loadEffects(db: Database, studios: readonly Studio[]): Promise<Map<string, Effect>> {
  const entries = await sql<Entry>(
    db,
    `SELECT e.location_id, c.external_id AS contact, e.entry_number, e.entitlement_id, l.product_config_id, e.request_id,
       CASE WHEN e.credit = 'available' THEN e.amount ELSE -e.amount END AS signed_amount
     FROM ledger_entries e
     JOIN contacts c ON c.location_id = e.location_id AND c.id = e.contact_id
     JOIN entitlements l ON l.location_id = e.location_id AND l.id = e.entitlement_id
     WHERE e.location_id = ANY ($1)
     ORDER BY e.location_id, e.contact_id, e.entry_number`,
    [studios.map((studio) => studio.location_id)],
  );
  const balances = new Map<string, number>();
  const effects = new Map<string, Effect>();
  for (const entry of entries) {
    const of = nameOf(entry.location_id, `${entry.contact} ${entry.product_config_id}`);
    const balance_after = (balances.get(of) ?? 0) + entry.signed_amount;
    balances.set(of, balance_after);
    const name = nameOf(entry.location_id, entry.request_id ?? "nobody");
    const effect = effects.get(name) ?? { entries: [], balance_after };
    effect.entries.push(entry);
    effect.balance_after = balance_after;
    effects.set(name, effect);
  }
  return effects;
}

/** Whether the entries are what was answered, once; null where they are. */
function wrongEffect(request: LoadRequest, body: Body, effect: Effect | undefined): string | null {
  const wanted = wantedAmount(request, body);
  const entries = effect?.entries ?? [];
  const moved = entries.reduce((sum, entry) => sum + entry.signed_amount, 0);
  if (moved !== wanted) return `answered ${body.reason_code}, which moves ${wanted}, and the entries move ${moved}`;
  if (!effect) return null;
  if (entries.some((entry) => entry.contact !== request.contact)) return "its entries are another member's";
  if (entries.some((entry) => entry.product_config_id !== request.product_config_id))
    return "its entries are of another product";
  if (body.balance_after !== effect.balance_after) {
    return `answered a balance of ${body.balance_after}, and the entries come to ${effect.balance_after}`;
  }
  const drawn = body.movements ?? [{ entitlement_id: body.entitlement_id, amount: Math.abs(wanted) }];
  const written = entries.map((entry) => ({
    entitlement_id: entry.entitlement_id,
    amount: Math.abs(entry.signed_amount),
  }));
  const is_same = JSON.stringify(totals(drawn)) === JSON.stringify(totals(written));
  return is_same ? null : `answered movements ${JSON.stringify(drawn)}, and the entries are ${JSON.stringify(written)}`;
}

function wantedAmount(request: LoadRequest, body: Body): number {
  switch (body.reason_code) {
    case "grant_applied":
      return request.amount;
    case "deducted":
      return -request.amount;
    case "restored":
      return request.amount;
    default:
      return 0;
  }
}

/** Movements per lot: one lot may have been written in several entries. */
function totals(movements: readonly { entitlement_id: string | undefined; amount: number }[]): [string, number][] {
  const sums = new Map<string, number>();
  for (const { entitlement_id = "", amount } of movements)
    sums.set(entitlement_id, (sums.get(entitlement_id) ?? 0) + amount);
  return [...sums].sort(([one], [other]) => one.localeCompare(other));
}

/** Entries that no acknowledged request of that very location caused. */
function strangers(acknowledged: readonly LoadRequest[], effects: ReadonlyMap<string, Effect>): string[] {
  const known = new Set(acknowledged.map((request) => nameOf(request.studio.location_id, request.request_id)));
  return [...effects.keys()]
    .filter((name) => !known.has(name))
    .map((name) => `${name} moved credits, and nobody asked for it`);
}

/** If A was acknowledged before B was sent, A stands before B in that member's ledger. */
function wrongOrder(acknowledged: readonly LoadRequest[], effects: ReadonlyMap<string, Effect>): string[] {
  const found: string[] = [];
  const by_member = Map.groupBy(acknowledged, (request) => nameOf(request.studio.location_id, request.contact));
  for (const requests of by_member.values()) {
    const standing = requests.flatMap((request) => {
      const numbers = effects
        .get(nameOf(request.studio.location_id, request.request_id))
        ?.entries.map((entry) => entry.entry_number);
      return numbers ? [{ ...request, first: Math.min(...numbers), last: Math.max(...numbers) }] : [];
    });
    const answered = standing.toSorted((a, b) => (a.acknowledged_at ?? 0) - (b.acknowledged_at ?? 0));
    let latest = 0;
    let seen = 0;
    for (const request of standing.toSorted((a, b) => a.sent_at - b.sent_at)) {
      for (; (answered[seen]?.acknowledged_at ?? Infinity) < request.sent_at; seen += 1) {
        latest = Math.max(latest, answered[seen]?.last ?? 0);
      }
      if (request.first < latest)
        found.push(`${request.request_id} of ${request.contact} stands before what was answered earlier`);
    }
  }
  return found;
}

import type { EntryType } from "../../server/src/rules/credits/entry.ts";
import type { Instant } from "../../server/src/rules/time/local-days.ts";
import type { Act, Calendar, Product, WrittenYear } from "./acts.ts";
import { DAY, HOUR, localDateOf } from "./diary.ts";
import type { YearRun } from "./year-run.ts";

/** Credits that one sale or one paid month of each product brings; 0: no balance. */
const CREDITS: Record<Product, number> = {
  intro3: 3,
  pack10: 10,
  pack5: 5,
  gold8: 8,
  open: 0,
  basic4: 4,
  plus8: 8,
  term4: 4,
  steady4: 4,
  silver6: 6,
};

interface Paid {
  what: Product;
  quantity: number;
  at: Instant;
}

/** What was paid, read from what people did and from nothing of Kotally's. */
function paidIn({ acts }: WrittenYear): Map<string, Paid> {
  const paid = new Map<string, Paid>();
  const sold = new Map<string, Paid>();
  const bills = new Map<string, { what: Product; count: number; is_ending: boolean }>();
  for (const act of acts) {
    if (act.do === "sell" || act.do === "sell_by_stripe" || act.do === "grant") {
      const sale = { what: act.what, quantity: "quantity" in act ? act.quantity : 1, at: act.at };
      sold.set(act.sale, sale);
      if (!("told" in act) || act.told !== "slow_order") paid.set(act.sale, sale);
    } else if (act.do === "pay_order") {
      const sale = sold.get(act.sale);
      if (sale) paid.set(act.sale, { ...sale, at: act.at });
    } else if (act.do === "subscribe") {
      bills.set(act.subscription, { what: act.what, count: 1, is_ending: false });
      paid.set(`${act.subscription}-1`, { what: act.what, quantity: 1, at: act.at });
    } else if (act.do === "cancel_subscription") {
      const bill = bills.get(act.subscription);
      if (bill) bill.is_ending = true;
    } else if (act.do === "renew") {
      const bill = bills.get(act.subscription);
      if (!bill || bill.is_ending) continue;
      bill.count += 1;
      paid.set(`${act.subscription}-${bill.count}`, { what: bill.what, quantity: 1, at: act.at });
    }
  }
  return paid;
}

/** A sentence for each payment that was not granted once, with its credits, or is not shown to staff instead. */
export async function brokenPayments(run: YearRun, year: WrittenYear): Promise<string[]> {
  const { names } = run.providers;
  const rows = await run.sql<{ keys: string[]; status: string; lots: number; granted: number; attention: string[] }>(
    `SELECT p.status, p.attention, count(l.id)::integer AS lots, COALESCE(sum(e.amount), 0)::integer AS granted,
       ARRAY(SELECT k.key FROM payment_keys k WHERE k.location_id = p.location_id AND k.payment_event_id = p.id) AS keys
     FROM payment_events p
     LEFT JOIN entitlements l ON l.location_id = p.location_id AND l.payment_event_id = p.id
     LEFT JOIN ledger_entries e ON e.location_id = l.location_id AND e.entitlement_id = l.id AND e.type = 'grant'
     WHERE p.duplicate_of IS NULL
     GROUP BY p.location_id, p.id`,
  );
  const granted = new Map<string, { lots: number; granted: number; attention: string[] }>();
  const found: string[] = [];
  for (const row of rows) {
    const name = names.paymentOf(row.keys);
    const before = granted.get(name);
    if (before && before.lots + row.lots > 1) found.push(`${name} was granted ${before.lots + row.lots} times`);
    if (!before || row.lots > 0) granted.set(name, row);
  }
  for (const [name, { what, quantity }] of paidIn(year)) {
    const is = granted.get(name);
    const is_shown = is !== undefined && is.lots === 0 && is.attention.length > 0;
    // A plan that was changed by staff is what a payment of the old one brings.
    const wanted = what === "basic4" || what === "plus8" ? [4, 8] : [CREDITS[what] * quantity];
    if (!is_shown && !(is?.lots === 1 && wanted.includes(is.granted)))
      found.push(`${name} paid for ${wanted.join(" or ")} credits and brought ${JSON.stringify(is)}`);
  }
  const paid = paidIn(year);
  for (const [name, { lots }] of granted) {
    if (lots > 0 && !paid.has(name)) found.push(`${name} was granted and never paid`);
  }
  return found;
}

/** All that was told of one booking, by its provider's times. */
interface Told {
  members: Set<string>;
  changed_at: Set<Instant>;
  starts: Set<Instant>;
  calendars: Set<Calendar>;
}

function bookingsOf(acts: readonly Act[]): Map<string, Told> {
  const bookings = new Map<string, Told>();
  for (const act of acts) {
    if (!("booking" in act)) continue;
    const nothing: Told = { members: new Set(), changed_at: new Set(), starts: new Set(), calendars: new Set() };
    const told = bookings.get(act.booking) ?? nothing;
    bookings.set(act.booking, told);
    if (act.do === "book" || act.do === "give_to") told.members.add(act.who);
    told.changed_at.add(act.at);
    if (act.do === "book" || act.do === "move") told.starts.add(act.starts_at);
    if (act.do === "book" || act.do === "change_calendar") told.calendars.add(act.calendar);
  }
  return bookings;
}

/**
 * Whether a freeze that was told later covers that instant: a period that began then, and held what had waited for it, begins after
 * the freeze by now (rule 23).
 */
function isFrozenSince({ acts }: WrittenYear, { members }: Told, at: Instant): boolean {
  const day = localDateOf(at).toString();
  return acts.some((act) => act.do === "freeze" && members.has(act.who) && act.at > at && act.from_on <= day);
}

const CHARGES: Partial<Record<EntryType, 1 | -1>> = {
  hold: 1,
  usage: 1,
  deduct: 1,
  release: -1,
  usage_restore: -1,
  restore: -1,
};
const CLASS: Instant = HOUR;

/** A sentence for each booking that was charged more than once, or by another clock than its provider's. */
export async function brokenBookings(run: YearRun, year: WrittenYear): Promise<string[]> {
  const { names } = run.providers;
  const bookings = bookingsOf(year.acts);
  // A refund takes what is held for a booking too, as of its own time (rule 34).
  const reversed_at = new Set(year.acts.filter(({ do: deed }) => /refund|dispute/u.test(deed)).map(({ at }) => at));
  const entries = await run.sql<{
    external_ref: string;
    type: EntryType;
    amount: number;
    reason: string;
    occurred_at: Instant;
    service_on: string | null;
    effective_at: Instant;
    is_merged: boolean;
  }>(
    `SELECT e.external_ref, e.type, e.amount, e.reason, e.occurred_at, e.service_on::text AS service_on, l.effective_at,
       EXISTS (SELECT FROM ledger_entries m WHERE m.reason = 'merged' AND m.occurred_at = e.occurred_at) AS is_merged
     FROM ledger_entries e JOIN entitlements l ON l.location_id = e.location_id AND l.id = e.entitlement_id
     WHERE e.external_ref IS NOT NULL AND e.reason <> 'no_show_penalty' AND e.source IN ('ghl', 'system')`,
  );
  const found: string[] = [];
  for (const [ref, of_booking] of Map.groupBy(entries, ({ external_ref }) => names.nameOf(external_ref))) {
    const told = bookings.get(ref);
    if (!told) continue;
    const standing = of_booking.reduce((sum, { type, amount }) => sum + (CHARGES[type] ?? 0) * amount, 0);
    const most = told.calendars.has("reformer") ? 2 : 1;
    if (standing < 0 || standing > most) found.push(`${ref} is charged ${standing}, at most ${most}`);
    const days = new Set([...told.starts].map((at) => localDateOf(at).toString()));
    const settled = [...told.starts].map((at) => at + CLASS + DAY);
    for (const { type, occurred_at, service_on, effective_at, reason, is_merged } of of_booking) {
      if (service_on !== null && !days.has(service_on))
        found.push(`${ref}: ${type} on ${service_on}, which it never was`);
      const is_told = told.changed_at.has(occurred_at) || settled.includes(occurred_at) || occurred_at === effective_at;
      const is_reversed = /refund|dispute/u.test(reason) && reversed_at.has(occurred_at);
      const is_moved = type === "hold" && isFrozenSince(year, told, occurred_at);
      if (!is_told && !is_merged && !is_reversed && !is_moved)
        found.push(`${ref}: ${type} (${reason}) at ${new Date(occurred_at).toISOString()}, when nothing happened`);
    }
  }
  return found;
}

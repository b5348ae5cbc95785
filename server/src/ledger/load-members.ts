import type { Transaction } from "../platform/database.ts";
import type { Catalog } from "../rules/catalog/product-config.ts";
import { hasLimits } from "../rules/credits/limits.ts";
import type { Contact, Member } from "../rules/credits/member.ts";
import { DAY, localDate, startOfWeek, type Instant } from "../rules/time/local-days.ts";
import { findClosedLots, findLiveLots, findNamedLots, type LotRow } from "../store/entitlements.ts";
import { findUsage } from "../store/ledger-entries.ts";
import { findMemberships } from "../store/memberships.ts";
import { joinKey, memberKey } from "./keys.ts";
import type { NamedFacts } from "./load-named.ts";
import type { Command } from "./operation.ts";

/** How long before its payment the period may have begun that the payment opens. */
const LONGEST_PERIOD = 32 * DAY;

type Keyed = { location_id: string; contact_id: string };

/** The second round: lots (live, or named by the first round), memberships, and usage where a limit asks for it. */
export async function loadMembers(
  tx: Transaction,
  tenants: readonly string[],
  commands: readonly Command[],
  named: NamedFacts,
  catalogs: ReadonlyMap<string, Catalog>,
): Promise<{ members: Map<string, Member>; member_keys: Map<string, string> }> {
  const payers = payersOf(commands, named);
  const contacts: (Contact & { location_id: string; key: string })[] = [
    ...named.contacts.map((row) => ({ ...row, key: joinKey(row.location_id, row.external_id) })),
    ...payers,
  ];
  const keyed: Keyed[] = contacts.map(({ location_id, id }) => ({ location_id, contact_id: id }));
  const lot_ids = [...new Map(named.charges.map((row) => [row.entitlement_id, row])).values()].map(
    ({ location_id, entitlement_id }) => ({ location_id, id: entitlement_id }),
  );
  const wants_memberships = commands.some(({ keys }) => keys.memberships);
  const none = Promise.resolve([]);
  const [live, closed, memberships] = await Promise.all([
    keyed.length > 0 ? findLiveLots(tx, tenants, keyed) : none,
    lot_ids.length > 0 ? findNamedLots(tx, tenants, lot_ids) : none,
    wants_memberships && keyed.length > 0 ? findMemberships(tx, tenants, keyed) : none,
  ]);
  const lots = groupByContact([...live, ...closed.filter((lot) => !lot.live)]);
  const since = usageSince(commands, contacts, lots, catalogs, named);
  const usage = groupByContact(since.length > 0 ? await findUsage(tx, tenants, since) : []);
  // Two commands may name the same deduction, one by its product and one without.
  const unique = new Map(named.charges.map((row) => [joinKey(row.contact_id, String(row.entry_number)), row]));
  const charges = groupByContact([...unique.values()]);
  const appointments = groupByContact(named.appointments);
  const held = groupByContact(memberships);

  const members = new Map<string, Member>();
  for (const { location_id, key, ...contact } of contacts) {
    const of = joinKey(location_id, contact.id);
    members.set(key, {
      contact,
      lots: lots.get(of) ?? [],
      has_closed_lots: false,
      memberships: held.get(of) ?? [],
      charges: charges.get(of) ?? [],
      usage: usage.get(of) ?? [],
      appointments: appointments.get(of) ?? [],
    });
  }
  const member_keys = new Map(contacts.map(({ location_id, id, key }) => [joinKey(location_id, id), key]));
  return { members, member_keys };
}

/** The member with its closed lots too. */
export async function withClosedLots(tx: Transaction, location_id: string, member: Member): Promise<Member> {
  const rows = await findClosedLots(tx, [location_id], [{ location_id, contact_id: member.contact.id }]);
  const known = new Set(member.lots.map((lot) => lot.id));
  return { ...member, has_closed_lots: true, lots: [...member.lots, ...rows.filter((lot) => !known.has(lot.id))] };
}

/** Members of another contact's name whose payment was sent again: their balance is told, nothing of them is changed. */
function payersOf(commands: readonly Command[], { contacts, payments }: NamedFacts) {
  const known = new Set(contacts.map((row) => joinKey(row.location_id, row.id)));
  return commands.flatMap(({ keys, location_id }) => {
    if (!keys.payment) return [];
    const payment = payments.get(joinKey(location_id, keys.payment.provider, keys.payment.external_payment_id));
    if (!payment || known.has(joinKey(location_id, payment.contact_id))) return [];
    known.add(joinKey(location_id, payment.contact_id));
    const contact = { id: payment.contact_id, external_id: "", email: null, name: null, entry_count: 0 };
    return [{ ...contact, location_id, key: joinKey(location_id, "payer", payment.contact_id) }];
  });
}

/**
 * From which service date on the bookings of each contact count: of those who hold something with a limit, and of those to
 * whom a command of this batch may grant it.
 */
function usageSince(
  commands: readonly Command[],
  contacts: readonly { location_id: string; id: string; key: string }[],
  lots: ReadonlyMap<string, LotRow[]>,
  catalogs: ReadonlyMap<string, Catalog>,
  { loaded_at, states }: NamedFacts,
): (Keyed & { since: string })[] {
  const earliest = new Map<string, Instant>();
  for (const command of commands) {
    const { service_at, granted_at } = command.keys;
    const key = memberKey(command);
    const now = loaded_at + (states.get(command.location_id)?.clock_offset_ms ?? 0);
    const paid_at = granted_at === "now" ? now : granted_at;
    const wanted = [earliest.get(key), service_at, paid_at === undefined ? undefined : paid_at - LONGEST_PERIOD];
    const known = wanted.filter((at) => at !== undefined);
    if (known.length > 0) earliest.set(key, Math.min(...known));
  }
  const granted = new Set(commands.filter(({ keys }) => keys.granted_at !== undefined).map(memberKey));
  return contacts.flatMap(({ location_id, id, key }) => {
    const catalog = catalogs.get(location_id);
    const limited = (lots.get(joinKey(location_id, id)) ?? []).filter((lot) => {
      const config = catalog?.configs.get(lot.product_config_id);
      return lot.live && config && hasLimits(config);
    });
    if (!catalog || (limited.length === 0 && !(granted.has(key) && hasLimited(catalog)))) return [];
    // A lot's own life and period begin before anything that counts against it; a week may begin before the lot.
    const starts = limited.map((lot) => Math.min(lot.effective_at, lot.period_start_at ?? lot.effective_at));
    const from = Math.min(...starts, earliest.get(key) ?? Number.POSITIVE_INFINITY);
    return [{ location_id, contact_id: id, since: startOfWeek(localDate(from, catalog.policy.timezone)) }];
  });
}

function hasLimited(catalog: Catalog): boolean {
  return [...catalog.configs.values()].some(hasLimits);
}

function groupByContact<T extends Keyed>(rows: readonly T[]): Map<string, T[]> {
  return Map.groupBy(rows, (row) => joinKey(row.location_id, row.contact_id));
}

import type { Transaction } from "../platform/database.ts";
import type { Catalog } from "../rules/catalog/product-config.ts";
import { hasLimits } from "../rules/credits/limits.ts";
import { HISTORY_DAYS, newContact, type Contact, type Member } from "../rules/credits/member.ts";
import { addDays, DAY, localDate, startOfWeek, type Instant } from "../rules/time/local-days.ts";
import { findAppointmentsOf, findStanding, findUnfunded } from "../store/appointments.ts";
import { findClosedLots, findLiveLots, findLotsOfPayments, findNamedLots, type LotRow } from "../store/entitlements.ts";
import { findHoldsOfLots, findPastMoves, findRecentCharges, findUsage, type PastKey } from "../store/ledger-entries.ts";
import { findMemberships } from "../store/memberships.ts";
import { ifAny, joinKey, memberKey, relatedKey } from "./keys.ts";
import type { NamedFacts } from "./load-named.ts";
import type { Command } from "./operation.ts";

/** How long before its payment the period may have begun that the payment opens. */
const LONGEST_PERIOD = 32 * DAY;
/** What falls due within this time is loaded too: commands are decided a moment later than their facts are asked for. */
const SOON = 60_000;

type Keyed = { location_id: string; contact_id: string };
type KeyedContact = Contact & { location_id: string; key: string };

/** The second round: lots (live, or named by the first round), memberships, and usage where a limit asks for it. */
export async function loadMembers(
  tx: Transaction,
  tenants: readonly string[],
  commands: readonly Command[],
  named: NamedFacts,
  catalogs: ReadonlyMap<string, Catalog>,
): Promise<{ members: Map<string, Member>; member_keys: Map<string, string> }> {
  const payers = payersOf(named);
  const contacts: KeyedContact[] = [
    ...named.contacts.map((row) => ({ ...row, key: joinKey(row.location_id, row.external_id) })),
    ...payers,
  ];
  const keyed: Keyed[] = contacts.map(({ location_id, id }) => ({ location_id, contact_id: id }));
  const in_time = contactsInTime(commands, contacts, named);
  const past = pastOf(commands, contacts, named, catalogs);
  const paid = [...named.payments.values()].map(({ location_id, id }) => ({ location_id, id }));
  const [live, named_lots, of_payments, memberships, unfunded, recent, moves, standing] = await Promise.all([
    ifAny(keyed, (keys) => findLiveLots(tx, tenants, keys)),
    ifAny(lotsOf(named.charges), (keys) => findNamedLots(tx, tenants, keys)),
    ifAny(paid, (keys) => findLotsOfPayments(tx, tenants, keys)),
    ifAny(in_time, (keys) => findMemberships(tx, tenants, keys)),
    ifAny(in_time, (keys) => findUnfunded(tx, tenants, keys)),
    ifAny(past, (keys) => findRecentCharges(tx, tenants, keys)),
    ifAny(past, (keys) => findPastMoves(tx, tenants, keys)),
    ifAny(past, (keys) => findStanding(tx, tenants, keys)),
  ]);
  const payers_of = new Set([...named.payments.values()].map((row) => joinKey(row.location_id, row.contact_id)));
  const held = live.filter((lot) => lot.held > 0 && payers_of.has(joinKey(lot.location_id, lot.contact_id)));
  const holds = await ifAny(held, (lots) => findHoldsOfLots(tx, tenants, lots));
  const drawn = distinctRows([...named.charges, ...recent, ...holds], ({ entry_number }) => String(entry_number));
  const [drawn_on, held_for] = await Promise.all([
    ifAny(lotsOf([...recent, ...holds]), (keys) => findNamedLots(tx, tenants, keys)),
    ifAny(holds, (keys) => findAppointmentsOf(tx, tenants, keys)),
  ]);
  const gone = new Map(
    [...named_lots, ...drawn_on, ...of_payments].filter((lot) => !lot.live).map((lot) => [lot.id, lot]),
  );
  const lots = groupByContact([...live, ...gone.values()]);
  const since = usageSince(commands, contacts, lots, catalogs, named);
  const usage = groupByContact(await ifAny(since, (keys) => findUsage(tx, tenants, keys)));
  // Two commands may name the same deduction, one by its product and one without.
  const charges = groupByContact(drawn);
  const bookings = [...named.appointments, ...unfunded, ...standing, ...held_for];
  const appointments = groupByContact(distinctRows(bookings, ({ external_id }) => external_id));
  const agreed = groupByContact(memberships);
  const moved = groupByContact(moves);
  const with_memberships = new Set(in_time.map((row) => joinKey(row.location_id, row.contact_id)));
  const with_history = new Set(past.map((row) => joinKey(row.location_id, row.contact_id)));

  const members = new Map<string, Member>();
  for (const { location_id, key, ...contact } of contacts) {
    const of = joinKey(location_id, contact.id);
    members.set(key, {
      contact,
      lots: lots.get(of) ?? [],
      has_closed_lots: false,
      has_memberships: with_memberships.has(of),
      memberships: agreed.get(of) ?? [],
      charges: charges.get(of) ?? [],
      usage: usage.get(of) ?? [],
      appointments: appointments.get(of) ?? [],
      history: with_history.has(of) ? (moved.get(of) ?? []) : null,
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
function payersOf({ contacts, payers }: NamedFacts) {
  const known = new Set(contacts.map((row) => joinKey(row.location_id, row.id)));
  return payers.flatMap(({ location_id, contact_id, external_id }) => {
    if (known.has(joinKey(location_id, contact_id))) return [];
    known.add(joinKey(location_id, contact_id));
    const contact = newContact(contact_id, external_id);
    return [{ ...contact, location_id, key: joinKey(location_id, "payer", contact_id) }];
  });
}

/** Those whose memberships matter: a command asks for them, or something of them falls due. */
function contactsInTime(
  commands: readonly Command[],
  contacts: readonly KeyedContact[],
  { loaded_at, states }: NamedFacts,
): Keyed[] {
  const asked = new Set(
    commands.flatMap((command) => (command.keys.memberships ? [memberKey(command), relatedKey(command)] : [])),
  );
  return contacts
    .filter(({ key, location_id, next_due_at }) => {
      const now = loaded_at + (states.get(location_id)?.clock_offset_ms ?? 0);
      return asked.has(key) || (next_due_at !== null && next_due_at <= now + SOON);
    })
    .map(({ location_id, id }) => ({ location_id, contact_id: id }));
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

/** Whose past the commands look at, and since which date. */
function pastOf(
  commands: readonly Command[],
  contacts: readonly KeyedContact[],
  { loaded_at, states }: NamedFacts,
  catalogs: ReadonlyMap<string, Catalog>,
): PastKey[] {
  const asked = new Set(
    commands.flatMap((command) => (command.keys.history ? [memberKey(command), relatedKey(command)] : [])),
  );
  return contacts.flatMap(({ key, location_id, id }) => {
    const catalog = catalogs.get(location_id);
    if (!asked.has(key) || !catalog) return [];
    const now = loaded_at + (states.get(location_id)?.clock_offset_ms ?? 0);
    return [{ location_id, contact_id: id, since: addDays(localDate(now, catalog.policy.timezone), -HISTORY_DAYS) }];
  });
}

/** The lots that these were drawn from, each once. */
function lotsOf(
  charges: readonly { location_id: string; entitlement_id: string }[],
): { location_id: string; id: string }[] {
  const unique = new Map(charges.map(({ location_id, entitlement_id: id }) => [id, { location_id, id }]));
  return [...unique.values()];
}

/** Each row of a contact once, though several statements found it. */
function distinctRows<T extends Keyed>(rows: readonly T[], idOf: (row: T) => string): T[] {
  return [...new Map(rows.map((row) => [joinKey(row.location_id, row.contact_id, idOf(row)), row])).values()];
}

function groupByContact<T extends Keyed>(rows: readonly T[]): Map<string, T[]> {
  return Map.groupBy(rows, (row) => joinKey(row.location_id, row.contact_id));
}

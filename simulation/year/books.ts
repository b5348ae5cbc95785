import { MOVEMENTS, type EntryType } from "../../server/src/rules/credits/entry.ts";
import type { Instant } from "../../server/src/rules/time/local-days.ts";
import { MINUTE } from "./diary.ts";
import { hasteOf, type Hastes } from "./haste.ts";
import type { YearRun } from "./year-run.ts";

/** All that is written of a member, one line for each thing, in an order of its own; ids and times of recording are left out. */
export type Books = Map<string, string[]>;

interface Lot extends Record<string, unknown> {
  id: string;
  contact: string;
  config: string;
  origin: string;
  state: string;
  live: boolean;
  granted: number;
  available: number;
  held: number;
  effective_at: Instant;
  expires_at: Instant | null;
  parent_id: string | null;
  period_start_at: Instant | null;
  payment_event_id: string | null;
  payment_item: number | null;
}

interface Payment extends Record<string, unknown> {
  id: string;
  contact: string;
  status: string;
  duplicate_of: string | null;
  flags: string[];
  keys: string[];
  amount_cents: number | null;
  refunded_cents: number;
  paid_at: Instant;
  items: { item: number; status: string; reason: string | null; granted: number; taken: number; shortfall: number }[];
  disputes: { status: string }[];
}

const OF_CONTACT = "JOIN contacts c ON c.location_id = t.location_id AND c.id = t.contact_id";

/** The books as they stand, in the simulation's own names. */
export async function readBooks(run: YearRun, hastes: Hastes = new Map()): Promise<Books> {
  const { names } = run.providers;
  // A telling that turned out to be of another payment leaves no more than a note of that.
  const payments = (await readPayments(run)).filter(
    ({ duplicate_of, status }) => status !== "dismissed" || !duplicate_of,
  );
  const payment_names = new Map(payments.map((payment) => [payment.id, names.paymentOf(payment.keys)]));
  const lots = new Map((await readLots(run)).map((lot) => [lot.id, lot]));
  const nameOf = (id: string | null): string => (id === null ? "" : nameOfLot(lots, payment_names, id));
  const lines: [contact: string, line: string][] = [
    ...[...lots.values()].map((lot): [string, string] => [lot.contact, `lot ${nameOf(lot.id)}: ${lotLine(lot)}`]),
    ...payments.map((payment): [string, string] => [
      payment.contact,
      `payment ${payment_names.get(payment.id) ?? ""}: ${paymentLine(payment)}`,
    ]),
    ...(await entryLines(run, nameOf, hastes)),
    ...(await bookingLines(run, hastes)),
    ...(await membershipLines(run)),
  ];
  const books: Books = new Map();
  for (const [contact, line] of lines) {
    const member = names.nameOf(contact);
    books.set(member, [...(books.get(member) ?? []), line]);
  }
  for (const of_member of books.values()) of_member.sort();
  return books;
}

/** Without the flags that staff are shown: they say that something is different, and are no difference. */
export function withoutFlags(books: Books): Books {
  return new Map(
    [...books].map(([member, lines]) => [member, lines.map((line) => line.replace(/ \[[a-z_,]*\]/u, ""))]),
  );
}

/** What one has and the other has not, member by member; empty where they are the same. */
export function differences(tidy: Books, other: Books): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const member of new Set([...tidy.keys(), ...other.keys()])) {
    const missing = without(tidy.get(member) ?? [], other.get(member) ?? []).map((line) => `- ${line}`);
    const added = without(other.get(member) ?? [], tidy.get(member) ?? []).map((line) => `+ ${line}`);
    if (missing.length + added.length > 0) found.set(member, [...missing, ...added]);
  }
  return found;
}

/** As often as it stands here more than there. */
function without(lines: readonly string[], others: readonly string[]): string[] {
  const left = new Map<string, number>();
  for (const line of others) left.set(line, (left.get(line) ?? 0) + 1);
  return lines.filter((line) => {
    const count = left.get(line) ?? 0;
    left.set(line, count - 1);
    return count <= 0;
  });
}

function readLots(run: YearRun): Promise<Lot[]> {
  return run.sql<Lot>(
    `SELECT t.*, c.external_id AS contact, p.key AS config FROM entitlements t ${OF_CONTACT}
     JOIN product_configs p ON p.location_id = t.location_id AND p.id = t.product_config_id`,
  );
}

function readPayments(run: YearRun): Promise<Payment[]> {
  return run.sql<Payment>(
    `SELECT t.*, c.external_id AS contact, ARRAY(SELECT k.key FROM payment_keys k
       WHERE k.location_id = t.location_id AND k.payment_event_id = t.id ORDER BY k.key) AS keys
     FROM payment_events t ${OF_CONTACT}`,
  );
}

/** By what it came from: a payment, a period, another lot. */
function nameOfLot(lots: ReadonlyMap<string, Lot>, payments: ReadonlyMap<string, string>, id: string): string {
  const lot = lots.get(id);
  if (!lot) return id;
  const { config, origin, parent_id, payment_event_id, payment_item, period_start_at } = lot;
  if (payment_event_id !== null) return `${config} of ${payments.get(payment_event_id) ?? ""}#${payment_item}`;
  if (parent_id !== null) return `${origin} of (${nameOfLot(lots, payments, parent_id)})`;
  return `${config} ${origin} of ${period_start_at === null ? "nothing" : time(period_start_at)}`;
}

function lotLine({ state, live, granted, available, held, effective_at, expires_at }: Lot): string {
  const life = `${minute(effective_at)} to ${expires_at === null ? "ever" : minute(expires_at)}`;
  return `${state}${live ? "" : ", closed"}, ${granted} granted, ${available} left, ${held} held, ${life}`;
}

function paymentLine({ status, flags, amount_cents, refunded_cents, paid_at, items, disputes }: Payment): string {
  const lines = items.map(
    (item) => `${item.status} ${item.reason ?? ""} ${item.granted}-${item.taken}-${item.shortfall}`,
  );
  const money = `${amount_cents} cents, ${refunded_cents} refunded, ${disputes.map((dispute) => dispute.status).join()}`;
  return `${status} [${flags.join()}] ${minute(paid_at)}, ${money}: ${lines.join("; ")}`;
}

interface Entry extends Record<string, unknown> {
  contact: string;
  type: EntryType;
  amount: number;
  config: string;
  entitlement_id: string;
  to_entitlement_id: string | null;
  external_ref: string | null;
  service_on: string | null;
  reason: string;
  source: string;
  occurred_at: Instant;
}

async function entryLines(
  run: YearRun,
  nameOf: (id: string | null) => string,
  hastes: Hastes,
): Promise<[string, string][]> {
  const { names } = run.providers;
  const entries = await run.sql<Entry>(
    `SELECT t.*, t.service_on::text AS service_on, c.external_id AS contact, p.key AS config FROM ledger_entries t ${OF_CONTACT}
     JOIN entitlements l ON l.location_id = t.location_id AND l.id = t.entitlement_id
     JOIN product_configs p ON p.location_id = t.location_id AND p.id = l.product_config_id
     ORDER BY t.contact_id, t.entry_number`,
  );
  // Nobody tells when contacts were merged: it is true since it was seen.
  const merged_at = new Set(entries.filter(({ reason }) => reason === "merged").map(({ occurred_at }) => occurred_at));
  const lines: [string, string][] = [];
  const hasty: { contact: string; entry: Entry; what: string }[] = [];
  for (const entry of entries) {
    const { contact, type, amount, config, reason, source, service_on, external_ref, to_entitlement_id } = entry;
    const booking = external_ref === null ? "" : names.nameOf(external_ref);
    const lot = `${nameOf(entry.entitlement_id)}${to_entitlement_id === null ? "" : ` into ${nameOf(to_entitlement_id)}`}`;
    const what = `${amount} ${config} of ${lot}${booking === "" ? "" : ` for ${booking} on ${service_on}`}`;
    const haste = hasteOf(hastes, booking, entry.occurred_at);
    // What a person asked for is true when it was asked, by the running clock; all else to the millisecond.
    const is_ours = source === "api" || source === "console" || merged_at.has(entry.occurred_at);
    const at = is_ours ? minute(entry.occurred_at) : time(entry.occurred_at);
    if (haste === null) lines.push([contact, `entry ${type} ${what}, ${reason} by ${source} at ${at}`]);
    else hasty.push({ contact, entry, what: `${what}, in the hour after ${time(haste)}` });
  }
  return [...lines, ...withoutOpposites(hasty)];
}

/**
 * Of a booking that was told several states within an hour, a state that was heard of after a later one is over: rule 27 posts the
 * difference only. So there what was posted and taken back again does not count, and the hour does, not the minute.
 */
function withoutOpposites(hasty: readonly { contact: string; entry: Entry; what: string }[]): [string, string][] {
  const standing: { contact: string; entry: Entry; what: string }[] = [];
  for (const one of hasty) {
    const { debit, credit } = MOVEMENTS[one.entry.type];
    const opposite = standing.findIndex(({ contact, entry, what }) => {
      const other = MOVEMENTS[entry.type];
      return contact === one.contact && what === one.what && other.debit === credit && other.credit === debit;
    });
    if (opposite === -1) standing.push(one);
    else standing.splice(opposite, 1);
  }
  return standing.map(({ contact, entry, what }) => [contact, `entry ${entry.type} ${what}`]);
}

interface Booking extends Record<string, unknown> {
  contact: string;
  external_id: string;
  status: string;
  calendar_id: string | null;
  starts_at: Instant | null;
  generation: number;
  cancelled_at: Instant | null;
  unfunded: { reason: string } | null;
  flags: string[];
}

async function bookingLines(run: YearRun, hastes: Hastes): Promise<[string, string][]> {
  const { names, calendars } = run.providers;
  const called = new Map(Object.entries(calendars).map(([name, id]) => [id, name]));
  const bookings = await run.sql<Booking>(`SELECT t.*, c.external_id AS contact FROM appointments t ${OF_CONTACT}`);
  // Given away in haste, it may be heard of only where it is now: what that left at the other member's is nothing of the books.
  const kept = new Set(bookings.filter(({ status }) => status !== "deleted").map(({ external_id }) => external_id));
  const isLeft = ({ status, external_id }: Booking): boolean =>
    status === "deleted" && kept.has(external_id) && hastes.has(names.nameOf(external_id));
  const told = bookings.filter((booking) => !isLeft(booking));
  return told.map((booking) => {
    const { status, generation, cancelled_at, unfunded, flags, starts_at } = booking;
    const where = called.get(booking.calendar_id ?? "") ?? "";
    const when = starts_at === null ? "" : time(starts_at);
    const cancelled = cancelled_at === null ? "" : ` at ${time(cancelled_at)}`;
    const line = `${status}${cancelled}, ${where} ${when}, ${generation}. time, ${unfunded?.reason ?? "funded"} [${flags.join()}]`;
    return [booking.contact, `booking ${names.nameOf(booking.external_id)}: ${line}`];
  });
}

interface Membership extends Record<string, unknown> {
  contact: string;
  config: string;
  status: string;
  open_until: Instant;
  ends_at: Instant | null;
  periods: { start_at: Instant; end_at: Instant }[];
  freezes: { from_on: string; to_on: string; status: string }[];
}

async function membershipLines(run: YearRun): Promise<[string, string][]> {
  const memberships = await run.sql<Membership>(
    `SELECT t.*, c.external_id AS contact, p.key AS config FROM memberships t ${OF_CONTACT}
     JOIN product_configs p ON p.location_id = t.location_id AND p.id = t.product_config_id`,
  );
  return memberships.map(({ contact, config, status, open_until, ends_at, periods, freezes }) => {
    const paid = periods.map(({ start_at, end_at }) => `${minute(start_at)}/${minute(end_at)}`).join(" ");
    const frozen = freezes.map(({ from_on, to_on, status: is }) => `${is} ${from_on}/${to_on}`).join(" ");
    const until = `until ${minute(open_until)}, ends ${ends_at === null ? "never" : minute(ends_at)}`;
    return [contact, `membership ${config}: ${status} ${until}; ${paid}; ${frozen}`];
  });
}

function time(at: Instant): string {
  return new Date(at).toISOString();
}

function minute(at: Instant): string {
  return time(Math.floor(at / MINUTE) * MINUTE).replace(":00.000Z", "Z");
}

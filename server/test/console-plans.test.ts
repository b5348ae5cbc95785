import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { z } from "zod";
import type { Database, Transaction } from "../src/platform/database.ts";
import { findBookingWhy } from "../src/views/booking-why.ts";
import { findClientRequests, findRemembered } from "../src/views/client-requests.ts";
import { findHistory } from "../src/views/contact-history.ts";
import type { ContactView } from "../src/views/contact-read.ts";
import {
  CONTACT_FILTERS,
  searchContacts,
  type ContactFilter,
  type contactsCursor,
} from "../src/views/contact-search.ts";
import { findEntryWhy } from "../src/views/entry-why.ts";
import { findAnything } from "../src/views/find-anything.ts";
import { findGettingStarted } from "../src/views/getting-started.ts";
import { findListedPayments, PAYMENT_STATES, type PaymentQuestion } from "../src/views/listed-payments.ts";
import { BOOKING_FILTERS, listBookings, type BookingQuestion } from "../src/views/location-bookings.ts";
import { listMemberships, MEMBERSHIP_STATES, type MembershipFilters } from "../src/views/location-memberships.ts";
import type { LocationView } from "../src/views/location-read.ts";
import { findAttention } from "../src/views/overview-attention.ts";
import { findOutstanding } from "../src/views/overview-credits.ts";
import { findExpiring } from "../src/views/overview-expiring.ts";
import { findHealth } from "../src/views/overview-health.ts";
import { findOverview } from "../src/views/overview.ts";
import { findPaymentDetail } from "../src/views/payment-detail.ts";
import { plantMembers } from "./console-members.ts";
import { explaining, scansOf, type Explained, type Scan } from "./explained-database.ts";
import { createTestDatabase } from "./support.ts";

let db: Database;
let drop: () => Promise<void>;
let location_id: string;
let contact_id: string;

/** What grows with the members, the money and the bookings of a location. */
const TABLES = [
  "contacts",
  "contact_keys",
  "entitlements",
  "memberships",
  "payment_events",
  "payment_keys",
  "appointments",
  "ledger_entries",
  "webhook_events",
  "audit_events",
  "requests",
];

beforeAll(async () => {
  ({ db, drop } = await createTestDatabase());
  ({ location_id, contact_id } = await plantMembers(db));
}, 240_000);
afterAll(() => drop());

const DAY = 86_400_000;
const NOW = Date.now();

/** Every statement of a question, explained as the application's role runs it. */
async function explained(run: (tx: Transaction) => Promise<unknown>): Promise<Explained[]> {
  const found: Explained[] = [];
  const tx = await explaining(db, found).begin([location_id]);
  await run(tx);
  await tx.rollback();
  expect(found.every(({ plan }) => plan["Node Type"] !== "unknown")).toBe(true);
  return found;
}

/** Whatever of what was asked reads one of these tables from end to end. */
function wholeScans(found: readonly Explained[]): Scan[] {
  return found.flatMap((one) => scansOf(one, TABLES)).filter(({ node }) => node === "Seq Scan");
}

const page = { limit: 20, cursor: null };
const location = () => location_id;

const contacts =
  (text: string | null, filters: ContactFilter[] = [], cursor: z.output<typeof contactsCursor> | null = null) =>
  (tx: Transaction) =>
    searchContacts(tx, location(), { search: text, filters, now: NOW }, { limit: 20, cursor });
const memberships = (filters: Partial<MembershipFilters>) => (tx: Transaction) =>
  listMemberships(tx, location(), { state: "live", ...filters }, NOW, page);
const bookings = (question: Partial<BookingQuestion>) => (tx: Transaction) =>
  listBookings(tx, location(), { list: "upcoming", ...question, now: NOW }, page);
const payments = (question: PaymentQuestion) => (tx: Transaction) => findListedPayments(tx, location(), question, page);

const deep = {
  list: "contacts",
  key: "maya",
  id: "ffffffff-0000-4000-8000-000000000000",
  told: [] as string[],
} as const;

type Asked = [string, (tx: Transaction) => Promise<unknown>];

const asked: Asked[] = [
  ["contacts by a short beginning of a name", contacts("m")],
  ["contacts by a surname", contacts("lopez")],
  ["contacts by an e-mail address", contacts("m77@")],
  ["contacts by a phone number", contacts("+1 555 00")],
  ["contacts by an external id", contacts("ext99")],
  ["contacts by what nobody is called", contacts("qqqq")],
  ["all contacts", contacts(null)],
  ["all contacts, deep inside", contacts(null, [], deep)],
  ...CONTACT_FILTERS.map((filter): Asked => [`contacts with the filter ${filter}`, contacts(null, [filter])]),
  ["contacts with all filters and a name", contacts("anna", [...CONTACT_FILTERS])],
  ...MEMBERSHIP_STATES.map((state): Asked => [`memberships that are ${state}`, memberships({ state })]),
  ["memberships that renew soon", memberships({ renews_before: NOW + 7 * DAY })],
  ["memberships of somebody", memberships({ search: "maya" })],
  ["bookings to come", bookings({})],
  ["past bookings", bookings({ list: "past" })],
  ["all bookings that are unfunded", bookings({ list: "all", only: "unfunded" })],
  ...BOOKING_FILTERS.map((only): Asked => [`past bookings that are ${only}`, bookings({ list: "past", only })]),
  ["bookings of somebody", bookings({ search: "ext777" })],
  ["bookings of a calendar that has none", bookings({ calendar_id: "none" })],
  ["all payments", payments({})],
  ...PAYMENT_STATES.map((state): Asked => [`payments that are ${state}`, payments({ state })]),
  ["payments of somebody", payments({ search: "maya" })],
  ["payments of nobody", payments({ search: "qqqq" })],
  ["anything by a name", (tx) => findAnything(tx, location(), "maya", NOW)],
  ["anything by an id", (tx) => findAnything(tx, location(), location(), NOW)],
  ["what waits for a person", (tx) => findAttention(viewOf(tx))],
  ["what is expiring", (tx) => findExpiring(viewOf(tx))],
  ["whether everything runs", (tx) => findHealth(viewOf(tx))],
  ["how far it has come", (tx) => findGettingStarted(viewOf(tx))],
  ["what a client asked", (tx) => findClientRequests(tx, location(), location())],
  ["what a request was answered", (tx) => findRemembered(tx, location(), "none")],
  ["everything about a member", (tx) => findHistory(memberOf(tx), page)],
  ["why an entry was booked", (tx) => findEntryWhy(memberOf(tx), 1, "out")],
  ["why a booking stands as it does", (tx) => findBookingWhy(memberOf(tx), "b1-ext777")],
  ["a payment with all that is known of it", (tx) => findPaymentDetail(tx, location(), contact_id)],
];

const viewOf = (tx: Transaction): LocationView => ({
  tx,
  location_id,
  now: NOW,
  real_now: NOW,
  timezone: "America/New_York",
  currency: "USD",
  sandbox: false,
  status: "active",
  billing_status: "active",
  cancellation_window_hours: 24,
});
const memberOf = (tx: Transaction): ContactView => {
  const named = { external_contact_id: "ext777", ghl_contact_id: "ext777", email: null, name: null };
  return { tx, location_id, contact: { id: contact_id, ...named }, now: NOW, currency: "USD" };
};

describe("a location of a hundred thousand members", () => {
  test.each(asked)("answers %s from indexes", async (_, run) => {
    expect(wholeScans(await explained(run))).toEqual([]);
  });

  test("gives its overview by some thirty statements, however many it has", async () => {
    const found = await explained((tx) => findOverview(viewOf(tx)));
    expect(found.length).toBeGreaterThan(10);
    expect(found.length).toBeLessThanOrEqual(30);
  });

  test("tells 30 days of movement from the index alone", async () => {
    const found = await explained((tx) => findOutstanding(viewOf(tx)));
    const scans = found.flatMap((one) => scansOf(one, ["ledger_entries"]));
    expect(scans).toMatchObject([{ node: "Index Only Scan", index: "ledger_entries_time" }]);
  });

  test("finds contacts by a search in one indexed query", async () => {
    const found = await explained(contacts("maya lop"));
    const over_keys = found.filter(({ statement }) => statement.text.includes("contact_keys"));
    expect(over_keys).toHaveLength(1);
    const scans = over_keys.flatMap((one) => scansOf(one, ["contact_keys"]));
    expect(scans.map(({ index }) => index)).toContain("contact_keys_key");
    expect(scans.find(({ index }) => index === "contact_keys_key")?.conditions).toMatch(/key >= .* AND .*key < /);
  });
});

import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { verifyLedger } from "../../src/ledger/verify.ts";
import { settleBooking } from "../../src/operations/bookings/settle-booking.ts";
import { syncBooking } from "../../src/operations/bookings/sync-booking.ts";
import { submitOwn } from "../../src/operations/credits/submit-own.ts";
import { locationUuid } from "../../src/platform/ids.ts";
import type { BookingVersion } from "../../src/rules/bookings/booking-version.ts";
import { DAY, HOUR } from "../../src/rules/time/local-days.ts";
import { useServer } from "../support.ts";
import { PACK, useStudio, type Member } from "./studio.ts";

const server = useServer();
const scopes = ["grant", "check", "deduct", "restore", "summary", "manage"];
const SPA = { key: "spa", type: "package", credits_total: 2, calendars: ["spa"] };
const studio = useStudio(server, {
  products: [{ ...PACK, no_show_penalty: 1 }, SPA, { ...PACK, key: "other", calendars: ["yoga"], priority: 200 }],
  api_clients: [{ key: "bot", scopes }],
  sandbox: true,
});

const now = Math.floor(Date.now() / 1000) * 1000;
const from_ghl = { source: "ghl", urgency: "interactive", is_level: true } as const;

/** A booking of a member, told by GoHighLevel as often as a test says. */
function bookingOf(member: Member, first: Partial<BookingVersion> = {}) {
  const external_id = `booking-${randomUUID()}`;
  let told = 0;
  const tell = async (changes: Partial<BookingVersion> = {}, contact_external_id = member.id) => {
    told += 1;
    const version: BookingVersion = {
      external_id,
      contact_external_id: member.id,
      calendar_id: "yoga",
      status: "confirmed",
      starts_at: now + 5 * DAY,
      ends_at: now + 5 * DAY + HOUR,
      added_at: now - HOUR,
      updated_at: now - HOUR + told * 1000,
      payload_hash: "",
      ...first,
      ...changes,
    };
    const hashed = { ...version, payload_hash: version.payload_hash || `hash-${String(version.updated_at)}` };
    const location = locationUuid(studio.location_id) ?? "";
    const input = { contact_external_id, version: hashed };
    const answer = await submitOwn(server.service.ledger, syncBooking, location, input, from_ghl);
    if (answer.kind !== "answered") throw new Error(JSON.stringify(answer));
    return JSON.parse(answer.body) as Record<string, unknown> & { reason_code: string };
  };
  return { external_id, tell };
}

async function shown(member: Member, list: "upcoming" | "past" = "upcoming") {
  const { body } = await studio.api.get(`/contacts/${member.id}/appointments/${list}`);
  return (body["appointments"] as Record<string, unknown>[])[0];
}
const balanceOf = async (member: Member) => {
  const { body } = await studio.api.get(`/contacts/${member.id}/credits`);
  return body["credits"] as { credits_available: number; credits_held: number };
};
async function newMember(product?: string): Promise<Member> {
  const made = studio.newMember();
  if (product) await made.grant(product);
  return made;
}

describe("Rule 27. A booking that GoHighLevel tells of is charged by what it deserves", () => {
  test("booking_synced: held while it is to come, settled when it was visited, duplicate_event when told again", async () => {
    const maya = await newMember("pack");
    const { external_id, tell } = bookingOf(maya);
    const version = { updated_at: now - HOUR };
    expect(await tell(version)).toMatchObject({
      ok: true,
      reason_code: "booking_synced",
      movements: [{ type: "hold", amount: 1 }],
    });
    expect(await tell(version)).toMatchObject({ ok: true, reason_code: "duplicate_event", booking: external_id });
    expect(await balanceOf(maya)).toMatchObject({ credits_available: 9, credits_held: 1 });
    expect(await shown(maya)).toMatchObject({
      id: external_id,
      status: "confirmed",
      calendar_id: "yoga",
      credits_held: 1,
      credits_used: 0,
      unfunded: null,
      flags: [],
    });
    await tell({ status: "noshow" });
    expect(await shown(maya)).toMatchObject({ status: "noshow", credits_held: 0, credits_used: 2 });
    await tell({ status: "showed" });
    expect(await shown(maya)).toMatchObject({ status: "showed", credits_held: 0, credits_used: 1 });
    expect(await balanceOf(maya)).toMatchObject({ credits_available: 9, credits_held: 0 });
  });

  test("a cancellation in time gives it back, one that was told before it too", async () => {
    const maya = await newMember("pack");
    const { tell } = bookingOf(maya);
    await tell({ status: "cancelled", updated_at: now });
    await tell({ updated_at: now - HOUR });
    expect(await balanceOf(maya)).toMatchObject({ credits_available: 10, credits_held: 0 });
    expect(await shown(maya)).toMatchObject({ status: "cancelled", cancelled_by: "member", credits_used: 0 });
  });

  test("clarification 14: the API's deduct of the same booking takes nothing more, and its restore gives it back", async () => {
    const maya = await newMember("pack");
    const { external_id, tell } = bookingOf(maya);
    await tell();
    const deducted = await maya.deduct({ calendar_id: "yoga", external_ref: external_id });
    expect(deducted.body).toMatchObject({ reason_code: "deducted", balance_after: 9 });
    expect((await maya.restore({ external_ref: external_id })).body).toMatchObject({ reason_code: "restored" });
    await tell({ status: "cancelled", updated_at: now });
    expect(await balanceOf(maya)).toMatchObject({ credits_available: 10, credits_held: 0 });
  });

  test("rule 29: another contact has it now", async () => {
    const [maya, ben] = [await newMember("pack"), await newMember("pack")];
    const { tell } = bookingOf(maya);
    await tell({ payload_hash: "a", updated_at: now - HOUR });
    const moved = { contact_external_id: ben.id, payload_hash: "b", updated_at: now };
    await tell(moved, ben.id);
    await tell(moved, maya.id);
    expect([await balanceOf(maya), await balanceOf(ben)]).toMatchObject([{ credits_held: 0 }, { credits_held: 1 }]);
    expect(await shown(maya)).toMatchObject({ status: "deleted" });
  });
});

describe("Rule 30. booking_unfunded: staff see it and settle it", () => {
  const settle = (owner: Member, id: string, fields: Record<string, unknown> = {}) =>
    studio.api.post(`/bookings/${id}/settle`, { request_id: randomUUID(), external_contact_id: owner.id, ...fields });

  test("GET /bookings/unfunded (bookings_loaded) and POST /bookings/{booking_id}/settle, then NOTHING_TO_SETTLE", async () => {
    const maya = await newMember();
    const { external_id, tell } = bookingOf(maya);
    expect(await tell()).toMatchObject({ reason_code: "booking_unfunded", unfunded: { reason: "NO_ENTITLEMENT" } });
    const { body } = await studio.api.get("/bookings/unfunded");
    expect(body).toMatchObject({ ok: true, reason_code: "bookings_loaded", next_cursor: null });
    expect(body["bookings"]).toContainEqual(
      expect.objectContaining({ id: external_id, external_contact_id: maya.id, credits_held: 0 }),
    );
    expect((await settle(maya, external_id)).body).toMatchObject({ ok: false, reason_code: "NO_ENTITLEMENT" });

    await maya.grant("pack");
    const dry = await settle(maya, external_id, { dry_run: true, request_id: undefined });
    expect(dry.body).toMatchObject({
      reason_code: "booking_settled",
      dry_run: true,
      preview: {
        entries: [{ type: "hold", amount: -1, reason: "booked", balance_after: 9 }],
        balances: [{ before: 10, after: 9 }],
      },
    });
    expect(await balanceOf(maya)).toMatchObject({ credits_available: 10 });
    const request_id = randomUUID();
    const done = await settle(maya, external_id, { request_id });
    expect(done.body).toMatchObject({ ok: true, reason_code: "booking_settled", booking: external_id });
    expect((await settle(maya, external_id, { request_id })).body).toEqual(done.body);
    expect(await balanceOf(maya)).toMatchObject({ credits_available: 9, credits_held: 1 });
    const again = await settle(maya, external_id);
    expect(again.body).toMatchObject({ ok: false, reason_code: "NOTHING_TO_SETTLE" });
  });

  test("pages of it follow one another, and a cursor of another list is refused", async () => {
    const maya = await newMember();
    for (let i = 0; i < 3; i += 1)
      await bookingOf(maya, { added_at: now - 2 * HOUR }).tell({ updated_at: now - 2 * HOUR });
    const seen: unknown[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const { body } = await studio.api.get(`/bookings/unfunded?limit=2${cursor && `&cursor=${cursor}`}`);
      seen.push(...(body["bookings"] as { id: string }[]).map(({ id }) => id));
      cursor = body["next_cursor"] as string | null;
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.length).toBeGreaterThanOrEqual(3);
    expect((await studio.api.get("/bookings/unfunded?cursor=nonsense")).status).toBe(400);
  });

  test("GET /bookings/flagged: what was told late is listed, in pages, and by its flag", async () => {
    const maya = await newMember("pack");
    const ids: string[] = [];
    for (let i = 0; i < 3; i += 1) {
      const { external_id, tell } = bookingOf(maya, { added_at: now - 3 * DAY });
      await tell({ updated_at: now - 2 * DAY });
      ids.push(external_id);
    }
    const timely = bookingOf(maya);
    await timely.tell();
    const seen: string[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const { body } = await studio.api.get(`/bookings/flagged?flag=late&limit=2${cursor && `&cursor=${cursor}`}`);
      const bookings = body["bookings"] as { id: string; external_contact_id: string; flags: string[] }[];
      for (const { flags } of bookings) expect(flags).toContain("late");
      seen.push(...bookings.filter((one) => one.external_contact_id === maya.id).map(({ id }) => id));
      cursor = body["next_cursor"] as string | null;
    }
    expect(new Set(seen)).toEqual(new Set(ids));
    expect(seen).toHaveLength(ids.length);
    const { body } = await studio.api.get("/bookings/flagged?flag=partly_funded_penalty");
    expect(body["bookings"]).toEqual([]);
    expect((await studio.api.get("/bookings/flagged?cursor=nonsense")).status).toBe(400);
  });

  test("a booking that nobody knows is NOT_FOUND, and a call without a request_id is refused", async () => {
    const maya = await newMember("pack");
    expect((await settle(maya, "unknown")).body).toMatchObject({ ok: false, reason_code: "NOT_FOUND" });
    expect((await settle(maya, "unknown", { request_id: undefined })).status).toBe(400);
  });

  test("credits of other calendars do not pay for it, and paid before it was made they do when they come", async () => {
    const maya = await newMember("spa");
    const { tell } = bookingOf(maya);
    expect(await tell()).toMatchObject({ unfunded: { reason: "SERVICE_FAMILY_MISMATCH" } });
    await maya.grant("pack", { paid_at: new Date(now - DAY).toISOString() });
    expect(await shown(maya)).toMatchObject({ unfunded: null, credits_held: 1 });
  });
});

describe("Rule 28. POST /bookings/{booking_id}/studio-cancelled", () => {
  test("booking_cancelled_by_studio: a late cancellation goes back whole, and a dry run tells it before", async () => {
    const maya = await newMember("pack");
    const { external_id, tell } = bookingOf(maya, { starts_at: now + HOUR, ends_at: null });
    await tell();
    await tell({ status: "cancelled" });
    expect(await shown(maya)).toMatchObject({ status: "cancelled", credits_used: 1 });
    const ask = (fields: object) =>
      studio.api.post(`/bookings/${external_id}/studio-cancelled`, { external_contact_id: maya.id, ...fields });
    const dry = await ask({ dry_run: true });
    expect(dry.body).toMatchObject({
      dry_run: true,
      preview: { entries: [{ type: "settle" }, { type: "release", amount: 1, reason: "cancelled_by_studio" }] },
    });
    expect((await ask({ request_id: randomUUID() })).body).toMatchObject({
      ok: true,
      reason_code: "booking_cancelled_by_studio",
      movements: [{ type: "unsettle_late_cancel" }, { type: "release" }],
    });
    expect(await shown(maya)).toMatchObject({ cancelled_by: "studio", credits_used: 0, credits_held: 0 });
    expect(await balanceOf(maya)).toMatchObject({ credits_available: 10 });
  });
});

describe("Rule 29. POST /contacts/{external_contact_id}/merge", () => {
  test("contacts_merged: credits and bookings go over, either name is the same contact, and once is enough", async () => {
    const [old, maya] = [await newMember("pack"), await newMember("spa")];
    const { external_id, tell } = bookingOf(old);
    await tell();
    const merge = (fields: object) =>
      studio.api.post(`/contacts/${old.id}/merge`, { into_external_contact_id: maya.id, ...fields });
    expect((await merge({ dry_run: true })).body).toMatchObject({ reason_code: "contacts_merged", credits: 10 });
    expect((await merge({ request_id: randomUUID() })).body).toMatchObject({
      ok: true,
      reason_code: "contacts_merged",
      credits: 10,
      memberships: 0,
      bookings: 1,
    });
    expect(await balanceOf(maya)).toMatchObject({ credits_available: 11, credits_held: 1 });
    expect(await shown(maya)).toMatchObject({ id: external_id, credits_held: 1 });
    expect((await merge({ request_id: randomUUID() })).body).toMatchObject({
      reason_code: "contacts_merged",
      credits: 0,
    });
    await tell({ status: "cancelled", updated_at: now });
    expect(await balanceOf(maya)).toMatchObject({ credits_available: 12, credits_held: 0 });
    expect((await old.deduct({ calendar_id: "yoga" })).body).toMatchObject({
      reason_code: "deducted",
      balance_after: 9,
    });
    expect((await merge({ request_id: randomUUID(), into_external_contact_id: old.id })).status).toBe(400);
    expect((await merge({ request_id: randomUUID(), into_external_contact_id: "nobody" })).body).toMatchObject({
      ok: false,
    });
  });
});

describe("Clarification 1. booking_settled", () => {
  test("clarification 1: the job settles it as used a day after its end: booking_settled", async () => {
    const maya = await newMember("pack");
    const past = { starts_at: now + 2 * HOUR, ends_at: null };
    const { external_id, tell } = bookingOf(maya, past);
    await tell();
    expect(await balanceOf(maya)).toMatchObject({ credits_held: 1 });
    const early = { contact_external_id: maya.id, external_id };
    const location = locationUuid(studio.location_id) ?? "";
    const refused = await submitOwn(server.service.ledger, settleBooking, location, early, from_ghl);
    expect(refused).toMatchObject({ reason_code: "NOTHING_TO_SETTLE" });
    await studio.travelTo(new Date(now + 27 * HOUR).toISOString());
    expect(await balanceOf(maya)).toMatchObject({ credits_available: 9, credits_held: 0 });
    expect(await shown(maya, "past")).toMatchObject({ id: external_id, status: "confirmed", credits_used: 1 });
  });
});

test("after all of it the books verify", async () => {
  const verification = await verifyLedger(server.db, {});
  expect(verification.findings).toEqual([]);
});

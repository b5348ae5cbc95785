import { randomUUID } from "node:crypto";
import { syncBooking } from "../../src/operations/bookings/sync-booking.ts";
import { submitOwn } from "../../src/operations/credits/submit-own.ts";
import type { BookingVersion } from "../../src/rules/bookings/booking-version.ts";
import { DAY, HOUR } from "../../src/rules/time/local-days.ts";
import type { Response, TestServer } from "../support.ts";
import { lineOf, MAPPED, openDesk, type PaymentDesk } from "./payments-desk.ts";

/** A member of whom there is one of everything that staff can name. */
export interface FullMember {
  id: string;
  /** Nobody else's name, e-mail and reason: where they show up, something leaked. */
  marker: string;
  membership_id: string;
  freeze_id: string;
  entitlement_id: string;
  payment_id: string;
  booking_id: string;
  /** Taken by a deduction, and nothing else happened to it. */
  taken_id: string;
  unfunded_id: string;
  /** Another one, a day later. */
  waived_id: string;
}

export interface FullStudio extends PaymentDesk {
  members: FullMember[];
}

const MONTHLY = { type: "membership", monthly_credits: 8, calendars: ["yoga"] };

/** A studio with contacts of these ids, each with credits, a freeze, a payment that waits and a booking without credits. */
export async function openFullStudio(server: TestServer, ids: readonly string[]): Promise<FullStudio> {
  const desk = await openDesk(server, {
    sandbox: true,
    products: [
      MAPPED,
      { key: "monthly", ...MONTHLY, freeze: { max_days: 60, max_per_year: 10 } },
      { key: "sauna", type: "package", credits_total: 3, calendars: ["sauna"] },
      { key: "large", ...MONTHLY, monthly_credits: 20 },
    ],
  });
  const members = await Promise.all(ids.map((id) => liveThrough(server, desk, id)));
  return { ...desk, members };
}

async function liveThrough(server: TestServer, desk: PaymentDesk, id: string): Promise<FullMember> {
  const marker = `marker${randomUUID().replaceAll("-", "")}`;
  const post = async (path: string, fields: object): Promise<Response["body"]> => {
    const answer = await desk.api.post(path, { request_id: randomUUID(), external_contact_id: id, ...fields });
    if (!answer.body.ok) throw new Error(`${path}: ${answer.text}`);
    return answer.body;
  };
  const bought = (key: string) => ({ product_config_id: desk.product(key), external_payment_id: `${marker}-${key}` });
  const person = { name: marker, email: `${marker}@acme.test` };
  const pack = await post("/grants", { ...bought("pack"), ...person, external_ref: marker });
  await post("/grants", bought("monthly"));
  const { body } = await desk.api.get(`/contacts/${id}/memberships`);
  const membership_id = (body["memberships"] as { id: string }[])[0]?.id ?? "";
  const reason = marker;
  const frozen = await post(`/memberships/${membership_id}/freeze`, { from_on: onDay(20), to_on: onDay(25), reason });
  const booking_id = `${marker}-booking`;
  await post("/entitlements/deduct", { calendar_id: "yoga", external_ref: booking_id, appointment_time: at(3 * DAY) });
  const taken_id = `${marker}-taken`;
  await post("/entitlements/deduct", { calendar_id: "yoga", external_ref: taken_id, appointment_time: at(4 * DAY) });
  const items = [lineOf("prod_unknown", { name: marker })];
  const paid = await desk.pay(id, { provider: "ghl", name: `${marker}-payment`, items });
  const unfunded_id = `${marker}-unfunded`;
  await book(server, desk.uuid, { contact_external_id: id, external_id: unfunded_id });
  const waived_id = `${marker}-waived`;
  await book(server, desk.uuid, { contact_external_id: id, external_id: waived_id });
  return {
    id,
    marker,
    membership_id,
    freeze_id: (frozen["freeze"] as { id: string }).id,
    entitlement_id: String(pack["entitlement_id"]),
    payment_id: paid.payment_event_id,
    booking_id,
    taken_id,
    unfunded_id,
    waived_id,
  };
}

/** A booking of a calendar that nothing covers, as GoHighLevel tells of it. */
async function book(
  server: TestServer,
  location_id: string,
  named: Pick<BookingVersion, "contact_external_id" | "external_id">,
): Promise<void> {
  const now = Math.floor(Date.now() / 1000) * 1000;
  const version: BookingVersion = {
    ...named,
    calendar_id: "sauna",
    status: "confirmed",
    starts_at: now + 5 * DAY,
    ends_at: now + 5 * DAY + HOUR,
    added_at: now - HOUR,
    updated_at: now - HOUR,
    payload_hash: "hash",
  };
  const cause = { source: "ghl", urgency: "interactive", is_level: true } as const;
  const input = { contact_external_id: named.contact_external_id, version };
  const answer = await submitOwn(server.service.ledger, syncBooking, location_id, input, cause);
  if (answer.kind !== "answered") throw new Error(`the booking was ${answer.kind}`);
}

const at = (ms: number): string => new Date(Date.now() + ms).toISOString();

function onDay(days: number): string {
  return at(days * DAY).slice(0, 10);
}

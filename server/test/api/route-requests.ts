import { randomUUID } from "node:crypto";
import type { FullMember, FullStudio } from "./full-studio.ts";

/** A request that the studio's own staff would make: what it asks for is there, and it succeeds. */
export interface RouteRequest {
  path: string;
  /** Null: it is asked by GET. */
  body: Record<string, unknown> | null;
}

/** One request for each route of the API, as `METHOD /path` of its page. `event_id`: a delivery that can be replayed. */
export function requestsOf(
  studio: Pick<FullStudio, "product">,
  member: FullMember,
  event_id: string,
): Record<string, RouteRequest> {
  return { ...creditsOf(studio, member), ...staffOf(studio, member), ...readsOf(member), ...callsOf(member, event_id) };
}

/** What the credit operations are asked. */
function creditsOf({ product }: Pick<FullStudio, "product">, { id, booking_id }: FullMember) {
  const post = posted({ external_contact_id: id });
  return {
    "POST /grants": post("/grants", { product_config_id: product("pack"), external_payment_id: randomUUID() }),
    "POST /entitlements/check-eligibility": post("/entitlements/check-eligibility", { calendar_id: "yoga" }),
    "POST /entitlements/deduct": post("/entitlements/deduct", { calendar_id: "yoga" }),
    "POST /entitlements/restore": post("/entitlements/restore", { calendar_id: "yoga", external_ref: booking_id }),
  };
}

/** What staff ask for, in an order in which each succeeds after those before it. */
export function staffOf(
  { product }: Pick<FullStudio, "product">,
  {
    id,
    membership_id,
    freeze_id,
    entitlement_id,
    payment_id,
    booking_id,
    taken_id,
    unfunded_id,
    waived_id,
  }: FullMember,
): Record<string, RouteRequest> {
  const post = posted({ external_contact_id: id });
  const on = `/memberships/${membership_id}`;
  const items = [{ item: 1, product_config_id: product("pack") }];
  return {
    "POST /memberships/{membership_id}/unfreeze": post(`${on}/unfreeze`, { freeze_id }),
    "POST /memberships/{membership_id}/freeze": post(`${on}/freeze`, { from_on: dayIn(26), to_on: dayIn(28) }),
    "POST /memberships/{membership_id}/change-plan": post(`${on}/change-plan`, {
      product_config_id: product("large"),
      when: "next_period",
    }),
    "POST /memberships/{membership_id}/cancel": post(`${on}/cancel`, { mode: "at_period_end" }),
    "POST /memberships/{membership_id}/resume": post(`${on}/resume`, {}),
    "POST /contacts/{external_contact_id}/grant": post(`/contacts/${encodeURIComponent(id)}/grant`, {
      product_config_id: product("pack"),
      reason: "paid in cash",
    }),
    "POST /contacts/{external_contact_id}/restore": post(`/contacts/${encodeURIComponent(id)}/restore`, {
      external_ref: taken_id,
      reason: "the teacher was ill",
    }),
    "POST /contacts/{external_contact_id}/adjust": post(`/contacts/${encodeURIComponent(id)}/adjust`, {
      amount: -1,
      entitlement_id,
      reason: "told",
    }),
    "POST /contacts/{external_contact_id}/extend": post(`/contacts/${encodeURIComponent(id)}/extend`, {
      until_on: dayIn(60),
      reason: "told",
    }),
    "POST /payments/{payment_id}/resolve": post(`/payments/${payment_id}/resolve`, { action: "map", items }),
    "POST /bookings/{booking_id}/settle": post(`/bookings/${unfunded_id}/settle`, {}),
    "POST /bookings/{booking_id}/waive": post(`/bookings/${waived_id}/waive`, { reason: "a trial class" }),
    "POST /bookings/{booking_id}/studio-cancelled": post(`/bookings/${booking_id}/studio-cancelled`, {}),
    "POST /contacts/{external_contact_id}/merge": post(`/contacts/${encodeURIComponent(id)}/merge`, {
      into_external_contact_id: "somebody",
    }),
  };
}

function readsOf({ id }: FullMember): Record<string, RouteRequest> {
  const lists = ["summary", "credits", "entitlements", "memberships", "ledger", "payments", "timeline"];
  const paths = ["", ...[...lists, "appointments/upcoming", "appointments/past"].map((list) => `/${list}`)];
  const at = `/contacts/${encodeURIComponent(id)}`;
  return Object.fromEntries(paths.map((path) => [`GET /contacts/{id}${path}`, asked(`${at}${path}`)]));
}

function callsOf({ payment_id }: FullMember, event_id: string): Record<string, RouteRequest> {
  const range = { from: "2026-01-01T00:00:00Z", statuses: ["received", "waiting", "done", "failed", "dead"] };
  return {
    "GET /webhook-events": asked("/webhook-events"),
    "GET /webhook-events/{id}": asked(`/webhook-events/${event_id}`),
    "POST /webhook-events/replay": { path: "/webhook-events/replay", body: range },
    "POST /webhook-events/{id}/replay": { path: `/webhook-events/${event_id}/replay`, body: {} },
    "GET /payments": asked("/payments"),
    "GET /payments/{id}": asked(`/payments/${payment_id}`),
    "GET /bookings/unfunded": asked("/bookings/unfunded"),
    "GET /bookings/flagged": asked("/bookings/flagged"),
    "GET /ghl/products": asked("/ghl/products"),
    "GET /ghl/calendars": asked("/ghl/calendars"),
    "GET /ghl/contacts": asked("/ghl/contacts?query=Maya"),
    "GET /ghl/connection": asked("/ghl/connection"),
  };
}

const asked = (path: string): RouteRequest => ({ path, body: null });

function posted(whose: object) {
  return (path: string, fields: object): RouteRequest => ({
    path,
    body: { request_id: randomUUID(), ...whose, ...fields },
  });
}

function dayIn(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
}

import type { Appointment } from "./bookings/appointment.ts";
import type { Catalog, LocationPolicy, ProductConfig } from "./catalog/product-config.ts";
import { resolveTerms, type ProductTerms } from "./catalog/product-terms.ts";
import type { Lot } from "./credits/lot.ts";
import { newMember, type Member } from "./credits/member.ts";
import { factsAbout, type Context, type Facts } from "./decision.ts";
import type { Membership } from "./memberships/membership.ts";
import { periodAt } from "./memberships/periods.ts";
import type { PaymentEvent } from "./payments/payment-event.ts";
import { localDate, type Instant } from "./time/local-days.ts";

/** Builders for tests: everything has a sensible default, a test names only what it is about. */

export const NEW_YORK = "America/New_York";

/** The instant of a wall-clock time such as `2026-11-01T09:00` in a zone; New York where none is named. */
export function at(wall_clock: string, zone: string = NEW_YORK): Instant {
  return Temporal.PlainDateTime.from(wall_clock).toZonedDateTime(zone).epochMilliseconds;
}

/** A package of ten credits for the calendar `yoga` that never expires. Its id is its key. */
export function packOf(key: string, terms: ProductTerms = {}, active = true): ProductConfig {
  const identity = { id: key, key, name: key, type: "package", active } as const;
  return resolveTerms(identity, { credits_total: 10, calendars: ["yoga"], ...terms }, new Map());
}

/** A membership of eight credits a month for the calendar `yoga`. Its id is its key. */
export function membershipOf(key: string, terms: ProductTerms = {}): ProductConfig {
  const identity = { id: key, key, name: key, type: "membership", active: true } as const;
  return resolveTerms(identity, { monthly_credits: 8, calendars: ["yoga"], ...terms }, new Map());
}

/** A location in New York with a day's cancellation window. */
export function catalogOf(configs: readonly ProductConfig[], policy: Partial<LocationPolicy> = {}): Catalog {
  return {
    location_id: "loc_test",
    policy: {
      timezone: NEW_YORK,
      currency: "USD",
      cancellation_window_hours: 24,
      make_good_days: 7,
      no_show_penalty: 0,
      auto_settle: false,
      stripe_settle_seconds: 0,
      no_credit_products: new Set(),
      sandbox: false,
      ...policy,
    },
    configs: new Map(configs.map((config) => [config.id, config])),
  };
}

/** An open lot with ten of ten credits, in effect since 2026 and for ever, of the config `pack`. */
export function lotOf(changes: Partial<Lot> = {}): Lot {
  const granted = changes.granted ?? (changes.unlimited ? 0 : Math.max(10, changes.available ?? 0));
  return {
    id: "lot",
    contact_id: "contact",
    product_config_id: "pack",
    origin: "purchase",
    state: "open",
    unlimited: false,
    granted,
    available: granted,
    held: 0,
    effective_at: at("2026-01-01T00:00"),
    expires_at: null,
    activation: null,
    parent_id: null,
    membership_id: null,
    period_start_at: null,
    period_end_at: null,
    payment_event_id: null,
    payment_item: null,
    freezes: null,
    created_at: at("2026-01-01T00:00"),
    live: true,
    ...changes,
  };
}

/** An active membership of the config `gold`, billed by payments since `started_at`, whose periods of these numbers are paid. */
export function startedMembership(started_at: Instant, changes: Partial<Membership> = {}, paid = [0]): Membership {
  const zone = NEW_YORK;
  const blank = {
    id: "membership",
    product_config_id: "gold",
    status: "active",
    renewal: "payment",
    started_at,
    anchor_on: localDate(started_at, zone),
    periods: [],
    open_until: started_at,
    prepaid_through: 0,
    grace_until: null,
    lots_in_grace: [],
    ends_at: null,
    cancelled_at: null,
    next_config_id: null,
    subscription_id: null,
    subscription_told: null,
    freezes: [],
    ...changes,
  } as const;
  const periods = paid.map((k) => ({ ...periodAt(blank, k, zone), lot_id: `period-${String(k)}` }));
  return { ...blank, periods, open_until: periods.at(-1)?.end_at ?? started_at, ...changes };
}

export function memberOf(lots: readonly Lot[], changes: Partial<Member> = {}): Member {
  return { ...newMember("contact", "ext"), lots, ...changes };
}

/** A confirmed booking of `yoga` that came through the API. */
export function bookingOf(changes: Partial<Appointment> = {}): Appointment {
  return {
    external_id: "booking",
    calendar_id: "yoga",
    status: "confirmed",
    starts_at: null,
    ends_at: null,
    booked_at: at("2026-01-01T00:00"),
    source: "api",
    updated_at: null,
    generation: 1,
    cancelled_at: null,
    cancelled_by: null,
    unfunded: null,
    flags: [],
    settles_at: null,
    followed: null,
    ...changes,
  };
}

/** A payment of 100.00 that granted the lot `lot` of the config `pack`. */
export function paymentOf(changes: Partial<PaymentEvent> = {}): PaymentEvent {
  const external_payment_id = changes.external_payment_id ?? "payment";
  const provider = changes.provider ?? "automation";
  return {
    id: "payment-event",
    contact_id: "contact",
    provider,
    external_payment_id,
    keys: [{ provider, key: external_payment_id }],
    event_type: "payment_confirmed",
    status: "recorded",
    flags: [],
    acknowledged: [],
    amount_cents: 10_000,
    currency: "USD",
    paid_at: at("2026-01-01T00:00"),
    settles_at: null,
    duplicate_of: null,
    subscription_id: null,
    period_start_at: null,
    period_end_at: null,
    external_ref: null,
    metadata: null,
    items: [
      {
        item: 1,
        product_id: null,
        price_id: null,
        name: null,
        quantity: 1,
        amount_cents: null,
        status: "granted",
        reason: null,
        product_config_id: "pack",
        entitlement_id: "lot",
        granted: 10,
        taken: 0,
        shortfall: 0,
        is_void: false,
      },
    ],
    refunds: [],
    disputes: [],
    ...changes,
  };
}

export function factsOf(member: Member | null, catalog: Catalog, changes: Partial<Facts> = {}): Facts {
  return { ...factsAbout(member, catalog), ...changes };
}

/** Ids come in order, so that the same test makes the same ones. */
export function contextOf(now: Instant, correlation_id = "correlation"): Context {
  let made = 0;
  return {
    now,
    correlation_id,
    newId() {
      made += 1;
      return `${correlation_id}-${String(made)}`;
    },
  };
}

import type { Catalog, LocationPolicy, ProductConfig } from "./catalog/product-config.ts";
import { resolveTerms, type ProductTerms } from "./catalog/product-terms.ts";
import type { Lot } from "./credits/lot.ts";
import type { Member } from "./credits/member.ts";
import type { Context, Facts } from "./decision.ts";
import type { Instant } from "./time/local-days.ts";

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
    policy: { timezone: NEW_YORK, currency: "USD", cancellation_window_hours: 24, make_good_days: 7, ...policy },
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
    created_at: at("2026-01-01T00:00"),
    live: true,
    ...changes,
  };
}

export function memberOf(lots: readonly Lot[], changes: Partial<Member> = {}): Member {
  return {
    contact: { id: "contact", external_id: "ext", email: null, name: null, entry_count: 0 },
    lots,
    has_closed_lots: true,
    memberships: [],
    charges: [],
    usage: [],
    appointments: [],
    ...changes,
  };
}

export function factsOf(member: Member | null, catalog: Catalog, changes: Partial<Facts> = {}): Facts {
  return { member, payment: null, payer: null, catalog, is_billing_live: true, ...changes };
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

import type { Transaction } from "../platform/database.ts";
import { locationPublicId } from "../platform/ids.ts";
import type { Catalog } from "../rules/catalog/product-config.ts";
import { resolveTerms } from "../rules/catalog/product-terms.ts";
import { findLocations } from "../store/locations.ts";
import { findNoCreditProducts, findProductConfigs, findServiceFamilies } from "../store/product-configs.ts";

/** Catalogues kept in memory at most; the one that was used longest ago goes first. */
const MAX_CATALOGS = 5000;

/** A location's catalogue, and what of its settings no decision looks at. */
export interface LocationCatalog extends Catalog {
  /** True: its members' balances are shown in GoHighLevel. */
  shows_balances: boolean;
}

/** The catalogues of locations, kept while the location's version stands: correct with any number of processes. */
export class Catalogs {
  readonly #known = new Map<string, { version: number; catalog: LocationCatalog }>();
  readonly #stripe_settle_seconds: number;

  /** @param stripe_settle_seconds how long a Stripe payment waits for GoHighLevel's, where the location may be told by it */
  constructor(stripe_settle_seconds: number) {
    this.#stripe_settle_seconds = stripe_settle_seconds;
  }

  /** The catalogues of these locations at exactly these versions, read in the given transaction where unknown. */
  async load(
    tx: Transaction,
    states: readonly { location_id: string; version: number }[],
  ): Promise<Map<string, LocationCatalog>> {
    const missing = states.filter(({ location_id, version }) => this.#known.get(location_id)?.version !== version);
    if (missing.length > 0)
      await this.#read(
        tx,
        missing.map(({ location_id }) => location_id),
      );
    return new Map(
      states.flatMap(({ location_id }) => {
        const known = this.#known.get(location_id);
        if (!known) return [];
        this.#known.delete(location_id);
        this.#known.set(location_id, known);
        return [[location_id, known.catalog] as const];
      }),
    );
  }

  async #read(tx: Transaction, location_ids: readonly string[]): Promise<void> {
    const [locations, configs, families, no_credits] = await Promise.all([
      findLocations(tx, location_ids),
      findProductConfigs(tx, location_ids),
      findServiceFamilies(tx, location_ids),
      findNoCreditProducts(tx, location_ids),
    ]);
    for (const location of locations) {
      const is_own = (row: { location_id: string }) => row.location_id === location.location_id;
      const calendars = new Map(families.filter(is_own).map((family) => [family.key, family.calendars]));
      const resolved = configs.filter(is_own).map(({ id, key, name, type, active, terms }) => {
        return [id, resolveTerms({ id, key, name, type, active }, terms, calendars)] as const;
      });
      const { version, timezone, currency, cancellation_window_hours, make_good_days, auto_settle, no_show_penalty } =
        location;
      const policy = {
        sandbox: location.sandbox,
        timezone,
        currency,
        cancellation_window_hours,
        make_good_days,
        no_show_penalty,
        auto_settle,
        // A sandbox takes GoHighLevel's samples without being connected to it.
        stripe_settle_seconds: location.ghl_location_id === null && !location.sandbox ? 0 : this.#stripe_settle_seconds,
        no_credit_products: new Set(no_credits.filter(is_own).map((row) => `${row.provider}:${row.product_id}`)),
      };
      const catalog = {
        location_id: locationPublicId(location.location_id),
        policy,
        configs: new Map(resolved),
        shows_balances:
          location.shows_balances &&
          location.ghl_location_id !== null &&
          location.status !== "disconnected" &&
          !location.sandbox,
      };
      this.#known.set(location.location_id, { version, catalog });
    }
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= MAX_CATALOGS) break;
      this.#known.delete(oldest);
    }
  }
}

import type { GhlReach } from "../../gateways/ghl/client.ts";
import { StripeAccount } from "../../gateways/stripe/client.ts";
import { findConnectedGhl, openStripeKey } from "../../operations/connections/find-connections.ts";
import type { Database } from "../../platform/database.ts";
import type { Secrets } from "../../platform/secrets.ts";
import type { GhlAccounts } from "../ghl-accounts.ts";
import type { Connections } from "./taking.ts";

/** What a process needs to ask on behalf of its locations. */
export interface ProviderSettings {
  secrets: Secrets;
  /** Null: GoHighLevel is off. */
  accounts: GhlAccounts | null;
  /** Null: Stripe's own. */
  stripe_api_base: string | null;
}

/** The locations' accounts at the providers, as they are connected at the moment of asking. */
export class ProviderConnections implements Connections {
  readonly #db: Database;
  readonly #settings: ProviderSettings;

  constructor(db: Database, settings: ProviderSettings) {
    this.#db = db;
    this.#settings = settings;
  }

  async ghl(location_id: string): Promise<GhlReach | null> {
    const { accounts } = this.#settings;
    const connection = accounts && (await findConnectedGhl(this.#db, location_id));
    if (!connection) return null;
    return { client: accounts.clientOf(connection), ghl_location_id: connection.ghl_location_id };
  }

  async stripe(location_id: string): Promise<StripeAccount | null> {
    const { secrets, stripe_api_base: api_base } = this.#settings;
    const key = await openStripeKey(this.#db, secrets, location_id);
    return key === null ? null : new StripeAccount({ key, api_base });
  }
}

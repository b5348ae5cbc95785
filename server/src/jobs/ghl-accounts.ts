import { GhlClient } from "../gateways/ghl/client.ts";
import { findLocation } from "../gateways/ghl/directory.ts";
import { appIdOf, type GhlApp } from "../gateways/ghl/oauth.ts";
import { RequestBudgets } from "../gateways/ghl/request-budget.ts";
import { tokenSource } from "../gateways/ghl/token-source.ts";
import type { InstallationPorts } from "../operations/connections/finish-installation.ts";
import { GhlTokens } from "../operations/connections/ghl-tokens.ts";
import type { Clock } from "../platform/clock.ts";
import type { Database } from "../platform/database.ts";
import type { Secrets } from "../platform/secrets.ts";

/** The installations as accounts at GoHighLevel: a client for each, with tokens that are kept and refreshed. */
export class GhlAccounts implements InstallationPorts {
  readonly app: GhlApp;
  readonly app_id: string;
  readonly tokens: GhlTokens;
  readonly #budgets: RequestBudgets;

  constructor(db: Database, secrets: Secrets, clock: Clock, app: GhlApp) {
    this.app = app;
    this.app_id = appIdOf(app.client_id);
    this.tokens = new GhlTokens(db, secrets, clock, tokenSource(app, clock));
    this.#budgets = new RequestBudgets(clock);
  }

  /** Calls on behalf of this installation. They throw TokenError where there is no token, and GhlError. */
  clientOf({
    id,
    ghl_location_id,
    company_id = "",
  }: {
    id: string;
    ghl_location_id: string | null;
    company_id?: string;
  }) {
    return new GhlClient({
      api_base: this.app.api_base,
      access_token: () => this.tokens.accessToken(id),
      on_unauthorised: (refused) => this.tokens.accessToken(id, refused),
      budget: this.#budgets.of(ghl_location_id ?? company_id),
    });
  }

  async profileOf({ id, ghl_location_id }: { id: string; ghl_location_id: string }) {
    return findLocation(this.clientOf({ id, ghl_location_id }), ghl_location_id);
  }
}

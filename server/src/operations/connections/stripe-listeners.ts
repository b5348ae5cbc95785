import type { Clock } from "../../platform/clock.ts";
import type { Database } from "../../platform/database.ts";
import type { Secrets } from "../../platform/secrets.ts";
import type { Instant } from "../../rules/time/local-days.ts";
import { findStripeConnectionByUrl } from "../../store/stripe-connections.ts";

/** Who listens at an address, and the secret that deliveries to it are signed with. */
export interface StripeListener {
  connection_id: string;
  location_id: string;
  webhook_secret: string;
}

/** What a sealed credential of a connection is bound to: its location, the connection, the field. */
export function stripeSealOf(
  { location_id, id }: { location_id: string; id: string },
  field: "restricted_key" | "webhook_secret",
): string {
  return `stripe/${location_id}/${id}/${field}`;
}

/** How long a connection is believed from memory: a disconnected one listens at most this much longer. */
const KNOWN_FOR_MS = 5_000;
const MAX_KNOWN = 10_000;

/** Finds who listens at an address. What is not there is asked for each time, and never remembered. */
export class StripeListeners {
  readonly #db: Database;
  readonly #secrets: Secrets;
  readonly #clock: Clock;
  readonly #known = new Map<string, { listener: StripeListener; until: Instant }>();

  constructor(db: Database, secrets: Secrets, clock: Clock) {
    this.#db = db;
    this.#secrets = secrets;
    this.#clock = clock;
  }

  async find(url_key: string): Promise<StripeListener | null> {
    const now = this.#clock.now();
    const known = this.#known.get(url_key);
    if (known && now < known.until) return known.listener;
    this.#known.delete(url_key);
    const connection = await this.#db.transaction("inbox", (tx) => findStripeConnectionByUrl(tx, url_key), {
      read_only: true,
    });
    if (!connection?.webhook_secret) return null;
    const webhook_secret = this.#secrets.open(connection.webhook_secret, stripeSealOf(connection, "webhook_secret"));
    const listener = { connection_id: connection.id, location_id: connection.location_id, webhook_secret };
    this.#known.set(url_key, { listener, until: now + KNOWN_FOR_MS });
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= MAX_KNOWN) break;
      this.#known.delete(oldest);
    }
    return listener;
  }
}

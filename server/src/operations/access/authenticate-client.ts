import type { Clock } from "../../platform/clock.ts";
import type { Database } from "../../platform/database.ts";
import { locationPublicId } from "../../platform/ids.ts";
import { instant } from "../../platform/sql.ts";
import { findApiClient, touchApiClient } from "../../store/api-clients.ts";
import type { Caller } from "./caller.ts";
import { isSameToken, readBearer } from "./tokens.ts";

interface Known {
  caller: Caller;
  token_hash: Buffer;
  touched_at: number;
}

/** Clients kept in memory at most. */
const MAX_KNOWN = 10_000;
/** `last_used_at` is written at most this often. */
const TOUCH_EVERY_MS = 60_000;

/**
 * Turns tokens into callers. What it keeps in memory is only a claim: the transaction that serves the request compares the
 * location's version and asks again when it moved, so a rotated or deactivated client is refused at once, by every process.
 */
export class Authenticator {
  readonly #db: Database;
  readonly #clock: Clock;
  readonly #known = new Map<string, Known>();

  constructor(db: Database, clock: Clock) {
    this.#db = db;
    this.#clock = clock;
  }

  /** Null: no such active client, or another secret. */
  async authenticate(authorization: string | undefined): Promise<Caller | null> {
    const bearer = readBearer(authorization);
    if (!bearer) return null;
    const known = this.#known.get(bearer.client_id);
    if (known && isSameToken(bearer.token, known.token_hash)) {
      this.#touch(known);
      return known.caller;
    }
    return this.authenticateAfresh(authorization);
  }

  /** Asks the database, whatever is in memory. */
  async authenticateAfresh(authorization: string | undefined): Promise<Caller | null> {
    const bearer = readBearer(authorization);
    if (!bearer) return null;
    const row = await this.#db.transaction([], (tx) => findApiClient(tx, bearer.client_id), { read_only: true });
    this.#known.delete(bearer.client_id);
    if (!row?.active || row.status === "disconnected" || !isSameToken(bearer.token, row.token_hash)) return null;
    const caller: Caller = {
      actor: { kind: "api_client", id: row.id, name: row.name },
      location_id: row.location_id,
      location_public_id: locationPublicId(row.location_id),
      ghl_location_id: row.ghl_location_id,
      scopes: new Set(row.scopes),
      version: row.version,
    };
    const known = { caller, token_hash: row.token_hash, touched_at: 0 };
    this.#known.set(row.id, known);
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= MAX_KNOWN) break;
      this.#known.delete(oldest);
    }
    this.#touch(known);
    return caller;
  }

  #touch(known: Known): void {
    const now = this.#clock.now();
    if (now - known.touched_at < TOUCH_EVERY_MS) return;
    known.touched_at = now;
    const { location_id, actor } = known.caller;
    const touched = this.#db.transaction([location_id], (tx) =>
      touchApiClient(tx, location_id, actor.id, instant(now)),
    );
    // When it was last used is a courtesy: no request fails for it.
    touched.catch(() => {});
  }
}

import { setTimeout as pause } from "node:timers/promises";
import type { Clock } from "../../platform/clock.ts";
import type { Database } from "../../platform/database.ts";
import type { Secrets } from "../../platform/secrets.ts";
import type { Instant } from "../../rules/time/local-days.ts";
import {
  endRefresh,
  findGhlConnection,
  findInstallation,
  keepTokens,
  leaseRefresh,
  type GhlConnection,
} from "../../store/ghl-connections.ts";

/** A pair as GoHighLevel gives it. */
export interface TokenPair {
  access_token: string;
  /** Empty where there is none. */
  refresh_token: string;
  expires_at: Instant;
  scopes: string[];
}

/** What asking for the next pair came to. `inactive`: the location is paused; its pair works again later and is kept. */
export type Asked =
  | { kind: "pair"; pair: TokenPair }
  | { kind: "reinstall_needed" | "inactive" }
  | { kind: "failed"; error: unknown };

/** The calls to GoHighLevel that this needs; they are made outside of every transaction. */
export interface TokenSource {
  refresh(refresh_token: string, user_type: GhlConnection["user_type"]): Promise<Asked>;
  /** A location's token for its agency's. */
  ofLocation(agency: { access_token: string; company_id: string; ghl_location_id: string }): Promise<Asked>;
}

/** Why there is no token: `disconnected`, `needs_reinstall`, `inactive` (later again), `unavailable` (soon again). */
export class TokenError extends Error {
  readonly kind: "disconnected" | "needs_reinstall" | "inactive" | "unavailable";

  constructor(kind: TokenError["kind"], message: string, cause?: unknown) {
    super(message, { cause });
    this.kind = kind;
  }
}

/** Refreshed when this part of its life is over, so that a token in use never ends. */
const REFRESH_AT = 0.8;
/** Shorter than the 30 seconds in which GoHighLevel answers a repeated refresh alike: what a killed process asked is asked again. */
const LEASE_MS = 25_000;
const LOOK_EVERY_MS = 100;
const PATIENCE_MS = 30_000;

/** What a sealed token is bound to: its installation and the field. */
export function ghlSealOf(
  { company_id, ghl_location_id }: Pick<GhlConnection, "company_id" | "ghl_location_id">,
  field: "access_token" | "refresh_token",
): string {
  return `ghl/${company_id}/${ghl_location_id ?? ""}/${field}`;
}

/** Access tokens of installations: refreshed by one process at a time, the new pair kept before it is used. */
export class GhlTokens {
  readonly #db: Database;
  readonly #secrets: Secrets;
  readonly #clock: Clock;
  readonly #source: TokenSource;

  constructor(db: Database, secrets: Secrets, clock: Clock, source: TokenSource) {
    this.#db = db;
    this.#secrets = secrets;
    this.#clock = clock;
    this.#source = source;
  }

  /** The token to use now. `refused`: one that GoHighLevel no longer takes, whatever its age. Throws TokenError. */
  async accessToken(connection_id: string, refused: string | null = null): Promise<string> {
    const give_up_at = this.#clock.now() + PATIENCE_MS;
    for (;;) {
      const connection = await this.#find(connection_id);
      const now = this.#clock.now();
      const known = this.#openToken(connection);
      if (known !== null && known !== refused && !isAging(connection, now)) return known;
      if (await this.#lease(connection, now)) return this.#renew(connection, known === refused ? null : known);
      // Another process is at it; meanwhile the old token serves as long as it lives.
      if (known !== null && known !== refused && (connection.expires_at ?? 0) > now) return known;
      if (now > give_up_at) throw new TokenError("unavailable", "another process does not finish its refresh");
      await pause(LOOK_EVERY_MS);
    }
  }

  /** Keeps a pair that was given for an installation. */
  async keep(connection: GhlConnection, pair: TokenPair): Promise<void> {
    const { access_token, refresh_token, expires_at, scopes } = pair;
    const seal = (text: string, field: "access_token" | "refresh_token") =>
      this.#secrets.seal(text, ghlSealOf(connection, field));
    const sealed = {
      access_token: seal(access_token, "access_token"),
      refresh_token: refresh_token === "" ? null : seal(refresh_token, "refresh_token"),
      issued_at: this.#clock.now(),
      expires_at,
      scopes,
    };
    await this.#db.transaction("inbox", (tx) => keepTokens(tx, connection.id, sealed));
  }

  async #find(id: string): Promise<GhlConnection> {
    const connection = await this.#db.transaction("inbox", (tx) => findGhlConnection(tx, id), { read_only: true });
    if (!connection || connection.status === "disconnected")
      throw new TokenError("disconnected", "the app is not installed");
    if (connection.status === "needs_reinstall") {
      throw new TokenError("needs_reinstall", "GoHighLevel's permission has ended: install the app again");
    }
    return connection;
  }

  #openToken(connection: GhlConnection): string | null {
    if (connection.access_token === null) return null;
    return this.#secrets.open(connection.access_token, ghlSealOf(connection, "access_token"));
  }

  #lease(connection: GhlConnection, now: Instant): Promise<boolean> {
    return this.#db.transaction("inbox", (tx) => leaseRefresh(tx, connection, { until: now + LEASE_MS, now }));
  }

  /** Fetches the next pair; `usable` is a token that still serves where there is none. */
  async #renew(connection: GhlConnection, usable: string | null): Promise<string> {
    const asked = await this.#ask(connection).catch((error: unknown): Asked => ({ kind: "failed", error }));
    if (asked.kind === "pair") {
      await this.keep(connection, asked.pair);
      return asked.pair.access_token;
    }
    const needs_reinstall = asked.kind === "reinstall_needed";
    await this.#db.transaction("inbox", (tx) => endRefresh(tx, connection.id, { needs_reinstall }));
    if (asked.kind === "failed" && usable !== null && (connection.expires_at ?? 0) > this.#clock.now()) return usable;
    if (asked.kind === "failed") {
      if (asked.error instanceof TokenError) throw asked.error;
      throw new TokenError("unavailable", "GoHighLevel gave no token", asked.error);
    }
    throw needs_reinstall
      ? new TokenError("needs_reinstall", "GoHighLevel's permission has ended: install the app again")
      : new TokenError("inactive", "the location is paused at GoHighLevel");
  }

  async #ask(connection: GhlConnection): Promise<Asked> {
    const { company_id, ghl_location_id, refresh_token, user_type } = connection;
    if (refresh_token !== null) {
      return this.#source.refresh(this.#secrets.open(refresh_token, ghlSealOf(connection, "refresh_token")), user_type);
    }
    if (ghl_location_id === null) return { kind: "reinstall_needed" };
    const agency = await this.#db.transaction("inbox", (tx) => findInstallation(tx, company_id, null), {
      read_only: true,
    });
    if (!agency)
      return { kind: "failed", error: new TokenError("unavailable", "no token was given for this location yet") };
    const access_token = await this.accessToken(agency.id);
    return this.#source.ofLocation({ access_token, company_id, ghl_location_id });
  }
}

function isAging({ issued_at, expires_at }: GhlConnection, now: Instant): boolean {
  if (issued_at === null || expires_at === null) return true;
  return now >= issued_at + (expires_at - issued_at) * REFRESH_AT;
}

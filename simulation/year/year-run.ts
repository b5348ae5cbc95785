import { setTimeout as sleep } from "node:timers/promises";
import { ProviderConnections } from "../../server/src/jobs/events/connections.ts";
import { GhlAccounts } from "../../server/src/jobs/ghl-accounts.ts";
import { pollGhl } from "../../server/src/jobs/poll-ghl.ts";
import { openLedger, type Ledger } from "../../server/src/operations/ledger.ts";
import { findLocation } from "../../server/src/operations/locations/find-location.ts";
import { moveClock } from "../../server/src/operations/locations/move-clock.ts";
import { systemClock } from "../../server/src/platform/clock.ts";
import { createLogger } from "../../server/src/platform/log.ts";
import type { Instant } from "../../server/src/rules/time/local-days.ts";
import { createTestDatabase, sql } from "../../server/test/support.ts";
import { NEVER, openYearStudio, type OpenStudio } from "./open-studio.ts";
import { Providers, type Delivery } from "./providers.ts";

/** How long anything may take before that itself is a failure. */
const PATIENCE_MS = 90_000;
const DRAIN_EVERY_MS = 4;
/** What has not been taken by then waits for its turn by real time: that is passed over. */
const HURRY_AFTER_MS = 1_500;
const EVERY_NIGHT = ["transactions", "transactions_sweep", "subscriptions"] as const;

type PollKind = "transactions" | "transactions_sweep" | "subscriptions" | "bookings";

export interface Counts {
  deliveries: number;
  /** Sent again because nobody answered, or the server said so. */
  repeated: number;
  kills: number;
  /** On their way, or in work, at a kill. */
  cut_off: number;
  polled: number;
  staff: Record<string, number>;
}

/** A studio that lives through its year on a real server, by a clock that is set. */
export class YearRun {
  readonly providers: Providers;
  readonly studio: OpenStudio;
  readonly counts: Counts = { deliveries: 0, repeated: 0, kills: 0, cut_off: 0, polled: 0, staff: {} };
  readonly #ledger: Ledger;
  readonly #connections: ProviderConnections;
  #on_their_way = 0;

  private constructor(providers: Providers, studio: OpenStudio) {
    this.providers = providers;
    this.studio = studio;
    const { db } = studio.database;
    this.#ledger = openLedger(db, systemClock, { batch: "mixed" });
    const app = { ...providers.ghl.app, api_base: providers.api_bases.ghl };
    this.#connections = new ProviderConnections(db, {
      secrets: studio.secrets,
      accounts: new GhlAccounts(db, studio.secrets, systemClock, app),
      stripe_api_base: providers.api_bases.stripe,
    });
  }

  /** `sown`: SQL of a bug that the database then has. */
  static async open(begins_at: Instant, sown = ""): Promise<YearRun> {
    const providers = new Providers(begins_at);
    await providers.start();
    const database = await createTestDatabase();
    if (sown !== "") await sql(database.db, sown);
    const run = new YearRun(providers, await openYearStudio(providers, database));
    await run.clockTo(begins_at);
    for (const delivery of await providers.takeTold()) await run.deliver(delivery);
    await run.drain();
    return run;
  }

  async close(): Promise<void> {
    await this.#ledger.close();
    await this.studio.server.kill();
    await this.providers.stop();
    await this.studio.database.drop();
  }

  sql<R extends Record<string, unknown>>(text: string, values: unknown[] = []): Promise<R[]> {
    return sql<R>(this.studio.database.db, text, values);
  }

  /** Moves the location's clock, through everything that falls due on the way; answers how much that was. */
  async clockTo(at: Instant): Promise<number> {
    const { database, reference } = this.studio;
    this.providers.clock.at = Math.max(this.providers.clock.at, at);
    const location = await findLocation(database.db, reference);
    const moved = await moveClock(database.db, this.#ledger, systemClock, location, (now) => Math.max(now, at));
    return moved.settled;
  }

  /** Sends a delivery as its provider does: again and again until it is answered. */
  async deliver({ provider, body, headers }: Delivery): Promise<void> {
    this.counts.deliveries += 1;
    const url = `${this.studio.server.base_url}${this.studio.paths[provider]}`;
    await this.#untilAnswered(`a delivery to ${url}`, async () => {
      const answer = await fetch(url, { method: "POST", body, headers: headers() });
      await answer.arrayBuffer();
      return answer.status === 200 ? answer : null;
    });
  }

  /** Asks the API; a server that is away is asked again, with the same request id. */
  async ask(path: string, body: object): Promise<string> {
    const { server, token } = this.studio;
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    const told = await this.#untilAnswered(path, async () => {
      const url = `${server.base_url}/api/v2${path}`;
      const answer = await fetch(url, { method: "POST", body: JSON.stringify(body), headers });
      const text = await answer.text();
      return answer.status < 500 ? (JSON.parse(text) as { reason_code: string }) : null;
    });
    const name = `${path.split("/").at(-1)} ${told.reason_code}`;
    this.counts.staff[name] = (this.counts.staff[name] ?? 0) + 1;
    return told.reason_code;
  }

  async #untilAnswered<T>(what: string, ask: () => Promise<T | null>): Promise<T> {
    const give_up_at = performance.now() + PATIENCE_MS;
    this.#on_their_way += 1;
    for (;;) {
      const answer = await ask().catch(() => null);
      if (answer !== null) {
        this.#on_their_way -= 1;
        return answer;
      }
      if (performance.now() > give_up_at) throw new Error(`${what} was never answered: ${this.studio.server.errors}`);
      this.counts.repeated += 1;
      await sleep(20);
    }
  }

  /** Ends the server as kill -9 does, and starts it again; what it had in work comes back when its lease is over. */
  async kill(): Promise<void> {
    const { server } = this.studio;
    await server.kill();
    this.counts.kills += 1;
    const [in_work] = await this.sql<{ count: number }>(
      "SELECT count(*)::integer AS count FROM webhook_events WHERE next_attempt_at IS NOT NULL AND attempts > 0",
    );
    this.counts.cut_off += this.#on_their_way + (in_work?.count ?? 0);
    await server.start();
    await this.#hurry();
  }

  /** Waits until everything that was told is taken. */
  async drain(): Promise<void> {
    const began_at = performance.now();
    let hurried_at = began_at;
    for (;;) {
      const [row] = await this.sql<{ is_busy: boolean }>(
        "SELECT EXISTS (SELECT FROM webhook_events WHERE next_attempt_at IS NOT NULL) AS is_busy",
      );
      if (row?.is_busy === false) return;
      const now = performance.now();
      if (now - began_at > PATIENCE_MS) throw new Error("what was told is never taken");
      if (now - hurried_at > HURRY_AFTER_MS) {
        await this.#hurry();
        hurried_at = now;
      }
      await sleep(DRAIN_EVERY_MS);
    }
  }

  async #hurry(): Promise<void> {
    await this.sql("UPDATE webhook_events SET next_attempt_at = now() WHERE next_attempt_at > now()");
    await this.sql("UPDATE ghl_connections SET refresh_leased_until = NULL WHERE refresh_leased_until IS NOT NULL");
  }

  /** Reads GoHighLevel now, as its timers do by the location's clock, and takes what was news. */
  async look({ is_daily, with_bookings }: { is_daily: boolean; with_bookings: boolean }): Promise<void> {
    await this.#read(is_daily ? EVERY_NIGHT : ["transactions", "subscriptions"]);
    // Who was merged is told by transactions only, and whose a booking is hangs on it.
    if (with_bookings) await this.#read(["bookings"]);
  }

  async #read(kinds: readonly PollKind[]): Promise<void> {
    const read = () =>
      this.sql<{ kind: string; succeeded_at: number | null; trouble: string | null }>(
        "SELECT kind, succeeded_at, trouble FROM ghl_polls WHERE kind = ANY ($1)",
        [kinds],
      );
    const before = new Map((await read()).map(({ kind, succeeded_at }) => [kind, succeeded_at ?? 0]));
    const give_up_at = performance.now() + PATIENCE_MS;
    for (let is_read = false; !is_read;) {
      await this.sql("UPDATE ghl_polls SET next_at = '2000-01-01' WHERE kind = ANY ($1)", [kinds]);
      const { db } = this.studio.database;
      const log = createLogger("silent");
      this.counts.polled += await pollGhl({ db, clock: systemClock, log, connections: this.#connections });
      const after = await read();
      is_read = after.every(({ kind, succeeded_at }) => (succeeded_at ?? 0) > (before.get(kind) ?? 0));
      if (!is_read && performance.now() > give_up_at)
        throw new Error(`GoHighLevel cannot be read: ${after.map(({ trouble }) => trouble).join("; ")}`);
    }
    await this.sql("UPDATE ghl_polls SET next_at = $1", [NEVER]);
    await this.drain();
  }
}

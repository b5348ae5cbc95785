import { setImmediate as turn, setTimeout as sleep } from "node:timers/promises";
import { verifyLedger } from "../server/src/ledger/verify.ts";
import { setBillingStatus } from "../server/src/operations/billing/set-billing-status.ts";
import { applyFile, parseApplyFile } from "../server/src/operations/catalog/apply-file.ts";
import { settleMember } from "../server/src/operations/due/settle-dues.ts";
import { findLocation } from "../server/src/operations/locations/find-location.ts";
import { moveClock } from "../server/src/operations/locations/move-clock.ts";
import type { Database } from "../server/src/platform/database.ts";
import { newId } from "../server/src/platform/ids.ts";
import type { Location } from "../server/src/store/locations.ts";
import type { TcpProxy } from "../server/test/faults/tcp-proxy.ts";
import { createLocation, sql } from "../server/test/support.ts";
import type { Fault, History } from "./history.ts";
import { PRODUCTS } from "./products.ts";
import { ServerSide, type OperationName } from "./server-side.ts";

/** A command as it is sent: again and again with the same request id, until it is answered. */
export interface Sent {
  name: OperationName;
  body: Record<string, unknown>;
  /** The answer, word for word. */
  answer: string;
}

/** How long a command is sent again before that itself is a failure: an executor alone tries for four seconds. */
const PATIENCE_MS = 30_000;

export interface Ground {
  db: Database;
  proxy: TcpProxy;
  /** The database behind the proxy. */
  proxied_url: string;
}

/** The real thing: a location of its own, served by two server sides over connections that may break. */
export class World {
  readonly location: Location;
  readonly product_ids: Record<string, string>;
  readonly #ground: Ground;
  readonly #workspace: string;
  readonly #token: string;
  /** The instant at which real time stands still here; only the sandbox's offset moves. */
  readonly base: number;
  readonly #retired: ServerSide[] = [];
  #sides: [ServerSide, ServerSide];
  #sent = 0;

  private constructor(
    ground: Ground,
    base: number,
    made: { location: Location; products: Record<string, string>; workspace: string; token: string },
  ) {
    this.#ground = ground;
    this.base = base;
    this.location = made.location;
    this.product_ids = made.products;
    this.#workspace = made.workspace;
    this.#token = made.token;
    this.#sides = this.#start();
  }

  static async open(ground: Ground, { zone, starts_at }: History): Promise<World> {
    const made = await createLocation(ground.db, { timezone: zone, sandbox: true, products: PRODUCTS });
    const location = await findLocation(ground.db, made.location_id);
    return new World(ground, Date.parse(starts_at), { ...made, location });
  }

  /** Real time stands still; only the sandbox's offset moves. */
  readonly #clock = { now: () => this.base };

  #start(): [ServerSide, ServerSide] {
    const { proxied_url } = this.#ground;
    return [new ServerSide(proxied_url, this.#clock), new ServerSide(proxied_url, this.#clock)];
  }

  /** Sends all at once while the fault strikes; resolves with an answer to each, whatever it took. */
  async sendAll(
    commands: readonly { name: OperationName; body: Record<string, unknown> }[],
    fault: Fault,
    is_doubled: boolean,
  ): Promise<Sent[]> {
    const { proxy } = this.#ground;
    if (fault === "cut_before_commit" || fault === "cut_after_commit") proxy.weather = fault;
    const answers = commands.map(({ name, body }) => this.#sendUntilAnswered(name, body));
    const doubles = is_doubled ? commands.map(({ name, body }) => this.#sendUntilAnswered(name, body)) : [];
    if (fault === "cut_connections" || fault === "restart") {
      // Some way into the round, which differs from round to round.
      for (let i = 0; i < this.#sent % 23; i += 1) await turn();
      proxy.cutAll();
    }
    if (fault === "restart") {
      this.#retired.push(...this.#sides);
      this.#sides = this.#start();
    }
    // All of them end before anything is told: what is still under way must not fail behind the next history's back.
    await Promise.allSettled([...answers, ...doubles]);
    proxy.weather = "clear";
    const answered = await Promise.all(answers);
    for (const [i, double] of (await Promise.all(doubles)).entries()) {
      const is_written = commands[i]?.name !== "check";
      if (is_written && double !== answered[i])
        throw new Error(`two answers to one request: ${answered[i]} and ${double}`);
    }
    return commands.map((command, i) => ({ ...command, answer: answered[i] ?? "" }));
  }

  async #sendUntilAnswered(name: OperationName, body: Record<string, unknown>): Promise<string> {
    const give_up_at = performance.now() + PATIENCE_MS;
    while (performance.now() < give_up_at) {
      this.#sent += 1;
      const side = this.#sides[this.#sent % 3 === 0 ? 1 : 0];
      const answer = await side.send(this.#token, name, body);
      if (answer.kind === "answered") return answer.body;
      if (answer.kind !== "in_progress" && answer.kind !== "unavailable") {
        throw new Error(`${name} was not answered: ${describe(answer)}`);
      }
      await sleep(5);
    }
    throw new Error(`${name} was never answered`);
  }

  /** Moves the location's clock, with the jobs that run on the way or without. */
  async moveClockTo(at: number, jobs: boolean): Promise<void> {
    const { db } = this.#ground;
    if (jobs) {
      const location = await findLocation(db, this.location.location_id);
      await moveClock(db, this.#sides[0].ledger, this.#clock, location, () => at);
    } else {
      const text = "UPDATE locations SET clock_offset_ms = $2 WHERE location_id = $1";
      await sql(db, text, [this.location.location_id, at - this.base]);
    }
  }

  async setBilling(status: "active" | "suspended"): Promise<void> {
    await setBillingStatus(this.#ground.db, this.#workspace, status);
  }

  async setProductActive(key: string, active: boolean): Promise<void> {
    const locations = [{ key: "main", products: [{ key, active }] }];
    await applyFile(this.#ground.db, parseApplyFile({ workspace: { key: this.#workspace }, locations }));
  }

  /** Books what fell due for a member, as a read does that finds it. */
  async settle(member: string): Promise<void> {
    await settleMember(this.#sides[0].ledger, this.location.location_id, member);
  }

  /** Books everything that fell due; answers with the invariants that do not hold then. */
  async settleAndVerify(members: readonly string[]): Promise<Record<string, number>> {
    const { location_id } = this.location;
    for (const member of members) await this.settle(member);
    const { broken } = await verifyLedger(this.#ground.db, { location_id });
    return broken;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#retired, ...this.#sides].map((side) => side.close()));
  }

  newRequestId(): string {
    return newId();
  }
}

function describe(answer: object): string {
  return JSON.stringify(answer, (_, value: unknown) => (value instanceof Error ? value.stack : value));
}

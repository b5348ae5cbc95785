import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { isUuid } from "./ids.ts";
import type { Statement } from "./sql.ts";

/**
 * What a transaction runs as: the application's role within these locations, within a workspace, or among what a person belongs
 * to; the inbox's role, which sees what came in and no member's data; the role that signs people in, which sees no tenant; or
 * the owner, who sees everything.
 */
export type Tenants = readonly string[] | WorkspaceTenant | { user_id: string } | "inbox" | "sign_in" | "owner";

export interface WorkspaceTenant {
  workspace_id: string;
  /** Of its locations, those whose own rows are wanted too. */
  location_ids?: readonly string[];
  /** The person who acts in it, where they are no member yet. */
  user_id?: string;
}

export interface TransactionSettings {
  /** Milliseconds that a statement waits for a row that another transaction holds. */
  lock_timeout_ms?: number;
  read_only?: boolean;
}

export type Row = Record<string, unknown>;

/** One open transaction. Statements are sent at once and answered in order, so several share a round trip. */
export interface Transaction {
  query<R extends Row = Row>(statement: Statement, values?: unknown[]): Promise<R[]>;
  /** Resolves when the transaction is durable; rejects when anything in it failed. */
  commit(): Promise<void>;
  rollback(): Promise<void>;
}

const types = {
  getTypeParser(oid: number, format?: string): unknown {
    if (oid === pg.types.builtins.TIMESTAMPTZ) return parseInstant;
    if (oid === pg.types.builtins.INT8) return Number;
    if (oid === pg.types.builtins.DATE) return String;
    return pg.types.getTypeParser(oid, format as "text");
  },
};

/** `2026-11-21 10:50:46.123+00` → milliseconds since the epoch; the session's time zone is UTC. */
function parseInstant(text: string): number {
  const at = Date.parse(`${text.slice(0, 10)}T${text.slice(11).replace(/\+00$/, "Z")}`);
  if (Number.isNaN(at)) throw new Error(`the database answered the instant ${text}`);
  return at;
}

const CLOSE_PATIENCE_MS = 1_000;

/** A small pool of connections to one PostgreSQL. */
export class Database {
  readonly url: string;
  readonly #pool: pg.Pool;

  constructor(url: string, size: number) {
    this.url = url;
    this.#pool = new pg.Pool({
      connectionString: url,
      max: size,
      pipeline: true,
      types,
      connectionTimeoutMillis: 5000,
      idleTimeoutMillis: 60_000,
      keepAlive: true,
      application_name: "kotally",
    });
    // A connection that breaks is replaced by the pool, and whoever uses it hears of it through the query. An error that
    // nobody listens to would end the process.
    this.#pool.on("error", () => {});
    this.#pool.on("connect", (client) => client.on("error", () => {}));
  }

  /** Opens a transaction; nothing is awaited but a free connection. The caller commits or rolls back. */
  async begin(tenants: Tenants, settings: TransactionSettings = {}): Promise<Transaction> {
    const client = await this.#pool.connect().catch((error: unknown) => {
      throw asUnavailable(error);
    });
    return openTransaction(client, beginText(tenants, settings), tenants === "owner" ? undefined : ANSWER_PATIENCE_MS);
  }

  /** Runs `work` in one transaction and commits; rolls back when it throws. */
  async transaction<T>(
    tenants: Tenants,
    work: (tx: Transaction) => Promise<T>,
    settings: TransactionSettings = {},
  ): Promise<T> {
    const tx = await this.begin(tenants, settings);
    let result: T;
    try {
      result = await work(tx);
    } catch (error) {
      await tx.rollback();
      throw error;
    }
    await tx.commit();
    return result;
  }

  /** Gives every connection back; one that is still in use is waited for only briefly. */
  async close(): Promise<void> {
    await Promise.race([this.#pool.end(), sleep(CLOSE_PATIENCE_MS, undefined, { ref: false })]);
  }
}

function beginText(tenants: Tenants, { lock_timeout_ms, read_only }: TransactionSettings): string {
  let text = `BEGIN${read_only ? " READ ONLY" : ""};SET LOCAL TimeZone='UTC';`;
  if (tenants !== "owner") {
    text += roleText(tenants);
    text += `SET LOCAL plan_cache_mode=force_generic_plan;SET LOCAL idle_in_transaction_session_timeout=${ANSWER_PATIENCE_MS};`;
  }
  if (lock_timeout_ms !== undefined) text += `SET LOCAL lock_timeout=${Math.floor(lock_timeout_ms)};`;
  return text;
}

function roleText(tenants: Exclude<Tenants, "owner">): string {
  if (typeof tenants === "string") return `SET LOCAL ROLE kotally_${tenants};`;
  if (isLocations(tenants)) {
    return `SET LOCAL ROLE kotally_app;SET LOCAL kotally.locations='{${tenants.map(uuidText).join(",")}}';`;
  }
  const { workspace_id = null, location_ids = [], user_id = null } = tenants as Partial<WorkspaceTenant>;
  let text = roleText(location_ids);
  if (workspace_id !== null) text += `SET LOCAL kotally.workspace='${uuidText(workspace_id)}';`;
  if (user_id !== null) text += `SET LOCAL kotally.person='${uuidText(user_id)}';`;
  return text;
}

function isLocations(tenants: Exclude<Tenants, string>): tenants is readonly string[] {
  return Array.isArray(tenants);
}

/** What is written into a statement's text is nothing but an id. */
function uuidText(id: string): string {
  if (!isUuid(id)) throw new Error(`${id} is no id of a tenant`);
  return id;
}

/** How long the application waits for an answer, and the server for one that fell silent and holds locks. */
const ANSWER_PATIENCE_MS = 10_000;

interface TimedQuery extends pg.QueryConfig {
  /** Milliseconds after which a connection without an answer counts as broken. */
  query_timeout: number | undefined;
}

function openTransaction(client: pg.PoolClient, begin: string, query_timeout: number | undefined): Transaction {
  let broken: Error | null = null;
  let is_open = true;
  const fail = (error: unknown): never => {
    broken ??= error instanceof pg.DatabaseError ? error : asUnavailable(error);
    throw broken;
  };
  const release = () => {
    if (is_open) client.release(broken instanceof DatabaseUnavailable ? broken : undefined);
    is_open = false;
  };
  const { stream } = (client as unknown as { connection: { stream: Socket } }).connection;
  let is_gathering = false;
  const send = <R extends Row>(query: pg.QueryConfig) => {
    // What is sent in one turn travels in one write: each costs a system call, and wakes the server.
    if (!is_gathering) {
      is_gathering = true;
      stream.cork();
      process.nextTick(() => {
        is_gathering = false;
        stream.uncork();
      });
    }
    const timed: TimedQuery = { ...query, query_timeout };
    return client.query<R>(timed);
  };
  const started = send({ text: begin }).catch(fail);
  started.catch(() => {});
  return {
    query: <R extends Row>(statement: Statement, values: unknown[] = []) => {
      const rows = send<R>({ ...statement, values }).then(({ rows: found }) => found, fail);
      // Statements of one round trip fail together; the first that is awaited tells.
      rows.catch(() => {});
      return rows;
    },
    commit: async () => {
      try {
        const { command } = await send({ text: "COMMIT" });
        await started;
        // PostgreSQL answers the COMMIT of a failed transaction with ROLLBACK.
        if (command !== "COMMIT") throw broken ?? new Error("the transaction was rolled back");
      } catch (error) {
        fail(error);
      } finally {
        release();
      }
    },
    rollback: async () => {
      // After a commit, failed or not, the connection is somebody else's.
      if (!is_open) return;
      await send({ text: "ROLLBACK" }).catch((error: unknown) => {
        broken = asUnavailable(error);
      });
      release();
    },
  };
}

/** The connection is gone, or the server takes none; whether the last commit went through may be unknown. */
class DatabaseUnavailable extends Error {}

function asUnavailable(error: unknown): Error {
  if (error instanceof DatabaseUnavailable) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new DatabaseUnavailable(message, { cause: error });
}

/** The five-character SQLSTATE of a database error; null where the error is none. */
export function sqlState(error: unknown): string | null {
  return error instanceof pg.DatabaseError ? (error.code ?? null) : null;
}

/** Whether the server itself is going away or starting: as good as a lost connection. */
export function isUnavailable(error: unknown): boolean {
  const state = sqlState(error);
  return error instanceof DatabaseUnavailable || (state !== null && /^(08|57P|53)/.test(state));
}

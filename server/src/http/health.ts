import { setTimeout as wait } from "node:timers/promises";
import type { FastifyInstance } from "fastify";
import type { Database } from "../platform/database.ts";
import { pendingMigrations } from "../platform/migrate.ts";
import type { Success } from "../rules/reasons.ts";
import { RETRY_AFTER, sendBody, sendError } from "./envelope.ts";
import { otherMethods, type MachineApi } from "./machine-api.ts";

/** How long the database may take to say that it is there, in milliseconds. */
const READY_WITHIN_MS = 2000;

/** `/healthz`: the process answers. `/readyz`: so does the database, and its schema is this version's. */
export function healthRoutes(app: FastifyInstance, api: MachineApi): void {
  const readiness = new Readiness(api.db);
  const body = (reason_code: Success, correlation_id: string) =>
    JSON.stringify({ ok: true, reason_code, correlation_id });
  app.get("/healthz", (request, reply) => sendBody(reply, body("alive", request.id), request.id, "alive"));
  app.get("/readyz", async (request, reply) => {
    // Looking takes a moment, in which the end may begin.
    const found = api.is_draining() ? null : await readiness.whyNot();
    const message = api.is_draining() ? "The server is shutting down." : found;
    if (message !== null) return sendError(reply, "UNAVAILABLE", { message, retry_after: RETRY_AFTER.UNAVAILABLE });
    return sendBody(reply, body("ready", request.id), request.id, "ready");
  });
  otherMethods(app, "/healthz", "GET");
  otherMethods(app, "/readyz", "GET");
}

/** Whether requests should come here. Those who ask at the same time share one look at the database. */
class Readiness {
  readonly #db: Database;
  #is_migrated = false;
  #looking: Promise<string | null> | null = null;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Null: ready. */
  async whyNot(): Promise<string | null> {
    this.#looking ??= this.#look().finally(() => {
      this.#looking = null;
    });
    const controller = new AbortController();
    const late = wait(READY_WITHIN_MS, "The database does not answer in time.", { signal: controller.signal });
    late.catch(() => {});
    try {
      return await Promise.race([this.#looking, late]);
    } catch {
      return "The database is away.";
    } finally {
      controller.abort();
    }
  }

  async #look(): Promise<string | null> {
    if (this.#is_migrated) {
      await this.#db.transaction([], () => Promise.resolve(), { read_only: true });
      return null;
    }
    const [first] = await pendingMigrations(this.#db);
    // A schema does not go back, so this is asked until it is true once.
    this.#is_migrated = first === undefined;
    return first === undefined ? null : `Migration ${first} is pending: run kotally migrate.`;
  }
}

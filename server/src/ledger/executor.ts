import { setTimeout as pause } from "node:timers/promises";
import { monotonicNow } from "../platform/clock.ts";
import { isUnavailable, sqlState, type TransactionSettings } from "../platform/database.ts";
import type { Answer, Command } from "./operation.ts";
import { runBatch, type LedgerAccess } from "./run-batch.ts";

export interface ExecutorSettings {
  /** `location`: a batch holds one location only, for a cluster sharded by location. */
  batch: "mixed" | "location";
}

interface Lane {
  waiting: Waiting[];
  is_running: boolean;
  max_batch: number;
  transaction: TransactionSettings;
}

interface Waiting {
  command: Command;
  answer(answer: Answer): void;
}

/** Commands that wait in one lane at most; more are refused at once (UNAVAILABLE). */
const MAX_WAITING = 2000;
/** How long a batch is tried again while the database is away. */
const RETRY_FOR_MS = 4000;
const MAX_ATTEMPTS = 4;
const RETRIED_STATES = new Set(["40001", "40P01", "23505"]);
const LOCK_NOT_AVAILABLE = "55P03";
/** How long the parts of a failed batch wait for a row: whoever holds it has had the whole batch's patience already. */
const PART_LOCK_TIMEOUT_MS = 250;

/**
 * Takes commands that wait together and runs them as one batch per lane. While one batch is in the database the next one
 * gathers: no timer, so a lone command does not wait. Commands of one member keep their order of arrival.
 */
export class Executor {
  readonly #access: LedgerAccess;
  readonly #settings: ExecutorSettings;
  readonly #in_work = new Set<string>();
  readonly #lanes = {
    read: newLane(256, { read_only: true }),
    interactive: newLane(256, { lock_timeout_ms: 5000 }),
    bulk: newLane(200, { lock_timeout_ms: 250 }),
  };
  #is_closed = false;
  #on_idle: (() => void)[] = [];

  constructor(access: LedgerAccess, settings: ExecutorSettings) {
    this.#access = access;
    this.#settings = settings;
  }

  /** Resolves when the effect is durable. Never rejects: what went wrong is an answer too. */
  submit(command: Command, urgency: "interactive" | "bulk" = "interactive"): Promise<Answer> {
    const lane = command.operation.is_read ? this.#lanes.read : this.#lanes[urgency];
    const claim = command.request && `${command.location_id}\0${command.request.id}`;
    if (claim && this.#in_work.has(claim)) return Promise.resolve({ kind: "in_progress" });
    if (this.#is_closed || lane.waiting.length >= MAX_WAITING) return Promise.resolve({ kind: "unavailable" });
    if (claim) this.#in_work.add(claim);
    return new Promise((resolve) => {
      const answer = (given: Answer) => {
        if (claim) this.#in_work.delete(claim);
        resolve(given);
      };
      lane.waiting.push({ command, answer });
      if (!lane.is_running) void this.#run(lane);
    });
  }

  /** Answers what was accepted, then takes no more. */
  async close(): Promise<void> {
    this.#is_closed = true;
    if (Object.values(this.#lanes).some((lane) => lane.is_running)) {
      await new Promise<void>((resolve) => this.#on_idle.push(resolve));
    }
  }

  async #run(lane: Lane): Promise<void> {
    lane.is_running = true;
    while (lane.waiting.length > 0) {
      const batch = this.#take(lane);
      await this.#answerAll(batch, lane);
    }
    lane.is_running = false;
    if (!Object.values(this.#lanes).some((other) => other.is_running)) {
      for (const resolve of this.#on_idle.splice(0)) resolve();
    }
  }

  #take(lane: Lane): Waiting[] {
    if (this.#settings.batch === "mixed") return lane.waiting.splice(0, lane.max_batch);
    const location_id = lane.waiting[0]?.command.location_id;
    const batch: Waiting[] = [];
    const rest: Waiting[] = [];
    for (const waiting of lane.waiting) {
      const fits = waiting.command.location_id === location_id && batch.length < lane.max_batch;
      (fits ? batch : rest).push(waiting);
    }
    lane.waiting = rest;
    return batch;
  }

  /** Runs a batch; what fails is bisected, so that one poisoned command fails alone. Both halves keep their order. */
  async #answerAll(batch: readonly Waiting[], lane: Lane, settings = lane.transaction): Promise<void> {
    const commands = batch.map(({ command }) => command);
    const result = await this.#attempt(commands, settings);
    if (Array.isArray(result)) {
      for (const [i, { answer }] of batch.entries()) answer(result[i] ?? { kind: "failed", error: "no answer" });
      return;
    }
    const { error } = result;
    if (isUnavailable(error)) {
      // What waits behind it would fare no better, only later.
      for (const { answer } of [...batch, ...lane.waiting.splice(0)]) answer({ kind: "unavailable" });
      return;
    }
    if (batch.length > 1) {
      const middle = Math.ceil(batch.length / 2);
      const impatient = { ...settings, lock_timeout_ms: PART_LOCK_TIMEOUT_MS };
      await this.#answerAll(batch.slice(0, middle), lane, impatient);
      await this.#answerAll(batch.slice(middle), lane, impatient);
      return;
    }
    const last =
      sqlState(error) === LOCK_NOT_AVAILABLE ? ({ kind: "unavailable" } as const) : { kind: "failed" as const, error };
    batch[0]?.answer(last);
  }

  /** Tries again while that can help: every command carries its own key, so an unknown commit is found, not repeated. */
  async #attempt(commands: readonly Command[], settings: TransactionSettings): Promise<Answer[] | { error: unknown }> {
    const give_up_at = monotonicNow() + RETRY_FOR_MS;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await runBatch(this.#access, commands, settings);
      } catch (error) {
        const is_away = isUnavailable(error) && monotonicNow() < give_up_at;
        const is_retried = RETRIED_STATES.has(sqlState(error) ?? "") && attempt < MAX_ATTEMPTS && commands.length === 1;
        const is_deadlock = sqlState(error) === "40P01" && attempt < MAX_ATTEMPTS;
        if (!is_away && !is_retried && !is_deadlock) return { error };
        await pause(is_away ? Math.min(50 * 2 ** attempt, 500) : 5 * attempt);
      }
    }
  }
}

function newLane(max_batch: number, transaction: TransactionSettings): Lane {
  return { waiting: [], is_running: false, max_batch, transaction };
}

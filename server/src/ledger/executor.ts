import { setTimeout as pause } from "node:timers/promises";
import { monotonicNow } from "../platform/clock.ts";
import { isUnavailable, sqlState, type TransactionSettings } from "../platform/database.ts";
import { memberKey } from "./keys.ts";
import type { Answer, Command } from "./operation.ts";
import { runBatch, type LedgerAccess } from "./run-batch.ts";

export interface ExecutorSettings {
  /** `location`: a batch holds one location only, for a cluster sharded by location. */
  batch: "mixed" | "location";
}

interface Lane {
  waiting: Waiting[];
  /** Batches in the database, and the commands in them. */
  in_flight: number;
  commands_in_flight: number;
  /** Members of the batches in the database: what comes for them waits, so that it keeps its order. */
  members: Set<string>;
  is_woken: boolean;
  max_in_flight: number;
  max_batch: number;
  transaction: TransactionSettings;
}

interface Waiting {
  command: Command;
  member: string;
  answer(answer: Answer): void;
}

/** Commands that wait in one lane at most; more are refused at once (UNAVAILABLE). */
const MAX_WAITING = 2000;
/** A bulk batch holds both cores for a while: it is small while somebody else has asked within this time. */
const SMALL_BATCH = 50;
const SMALL_FOR_MS = 1000;
/** How long a batch is tried again while the database is away. */
const RETRY_FOR_MS = 4000;
const MAX_ATTEMPTS = 4;
const RETRIED_STATES = new Set(["40001", "40P01", "23505"]);
const LOCK_NOT_AVAILABLE = "55P03";
/** How long the parts of a failed batch wait for a row: whoever holds it has had the whole batch's patience already. */
const PART_LOCK_TIMEOUT_MS = 250;

/**
 * Takes commands that wait together and runs them as one batch. While one batch is in the database and another is decided on
 * or answered, the next one gathers: no timer, so a lone command does not wait. Commands of one member keep their order of
 * arrival.
 */
export class Executor {
  readonly #access: LedgerAccess;
  readonly #settings: ExecutorSettings;
  readonly #in_work = new Set<string>();
  readonly #lanes = {
    read: newLane(2, 256, { read_only: true }),
    interactive: newLane(2, 256, { lock_timeout_ms: 5000 }),
    bulk: newLane(1, 200, { lock_timeout_ms: 250 }),
  };
  /** When anything but bulk was last asked for. */
  #asked_at = Number.NEGATIVE_INFINITY;
  #is_closed = false;
  #on_idle: (() => void)[] = [];

  constructor(access: LedgerAccess, settings: ExecutorSettings) {
    this.#access = access;
    this.#settings = settings;
  }

  /** Resolves when the effect is durable. Never rejects: what went wrong is an answer too. */
  submit(command: Command, urgency: "interactive" | "bulk" = "interactive"): Promise<Answer> {
    const lane = command.operation.is_read ? this.#lanes.read : this.#lanes[urgency];
    if (lane !== this.#lanes.bulk) this.#asked_at = monotonicNow();
    const claim = command.request && `${command.location_id}\0${command.request.id}`;
    if (claim && this.#in_work.has(claim)) return Promise.resolve({ kind: "in_progress" });
    if (this.#is_closed || lane.waiting.length >= MAX_WAITING) return Promise.resolve({ kind: "unavailable" });
    if (claim) this.#in_work.add(claim);
    return new Promise((resolve) => {
      const enqueue = (asked: Command) => {
        const answer = (given: Answer) => {
          // Rule 29. Whoever was merged into another contact is meant by both names.
          if (given.kind === "merged") return enqueue(renamed(asked, given.name, given.into));
          if (claim) this.#in_work.delete(claim);
          return resolve(given);
        };
        lane.waiting.push({ command: asked, member: memberKey(asked), answer });
        this.#wake(lane);
      };
      enqueue(command);
    });
  }

  /** Answers what was accepted, then takes no more. */
  async close(): Promise<void> {
    this.#is_closed = true;
    if (this.#is_busy()) {
      await new Promise<void>((resolve) => this.#on_idle.push(resolve));
    }
  }

  #is_busy(): boolean {
    return Object.values(this.#lanes).some((lane) => lane.in_flight > 0 || lane.waiting.length > 0);
  }

  /** Batches are taken when everything that has arrived by now was read, so that what arrives together goes together. */
  #wake(lane: Lane): void {
    if (lane.is_woken || lane.in_flight >= lane.max_in_flight) return;
    lane.is_woken = true;
    setImmediate(() => {
      lane.is_woken = false;
      // A second batch is worth its round trips once it is as large as the first.
      if (lane.in_flight >= lane.max_in_flight || lane.waiting.length < lane.commands_in_flight) return;
      const batch = this.#take(lane);
      if (batch.length > 0) void this.#run(lane, batch);
    });
  }

  async #run(lane: Lane, batch: readonly Waiting[]): Promise<void> {
    lane.in_flight += 1;
    lane.commands_in_flight += batch.length;
    for (const { member } of batch) lane.members.add(member);
    await this.#answerAll(batch, lane);
    for (const { member } of batch) lane.members.delete(member);
    lane.in_flight -= 1;
    lane.commands_in_flight -= batch.length;
    if (lane.waiting.length > 0) this.#wake(lane);
    if (!this.#is_busy()) for (const resolve of this.#on_idle.splice(0)) resolve();
  }

  /** The oldest commands whose members are free, of one location where the settings say so. */
  #take(lane: Lane): Waiting[] {
    const is_mixed = this.#settings.batch === "mixed";
    const is_small = lane === this.#lanes.bulk && monotonicNow() - this.#asked_at < SMALL_FOR_MS;
    const at_most = is_small ? SMALL_BATCH : lane.max_batch;
    const batch: Waiting[] = [];
    const rest: Waiting[] = [];
    for (const waiting of lane.waiting) {
      const [first = waiting] = batch;
      const is_near = is_mixed || waiting.command.location_id === first.command.location_id;
      const fits = is_near && batch.length < at_most && !lane.members.has(waiting.member);
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

function renamed(command: Command, name: string, into: string): Command {
  const { keys } = command;
  // The second contact of a command: its books are found by the keys.
  if (keys.contact_external_id !== name) return { ...command, keys: { ...keys, related_contact: into } };
  const input = { ...(command.input as object), contact_external_id: into };
  return { ...command, input, keys: { ...keys, contact_external_id: into } };
}

function newLane(max_in_flight: number, max_batch: number, transaction: TransactionSettings): Lane {
  return {
    waiting: [],
    in_flight: 0,
    commands_in_flight: 0,
    members: new Set(),
    is_woken: false,
    max_in_flight,
    max_batch,
    transaction,
  };
}

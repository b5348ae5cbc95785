import { setTimeout as sleep } from "node:timers/promises";
import { isRunning, type Postmaster } from "./postmaster.ts";

const LOOK_EVERY_MS = 100;
const LONGEST_PAUSE_MS = 5_000;

/** Keeps a PostgreSQL running: one that dies, of whatever, is started again, for as long as it takes. */
export class PostmasterWatch {
  #postmaster: Postmaster;
  readonly #startAgain: (port: number) => Promise<Postmaster>;
  readonly #log: (line: string) => void;
  readonly #ending = new AbortController();
  readonly #ended: Promise<void>;

  constructor(postmaster: Postmaster, startAgain: (port: number) => Promise<Postmaster>, log: (line: string) => void) {
    this.#postmaster = postmaster;
    this.#startAgain = startAgain;
    this.#log = log;
    this.#ended = this.#watch();
  }

  /** Watches no longer; answers with the one that runs, or ran last. */
  async end(): Promise<Postmaster> {
    this.#ending.abort();
    await this.#ended;
    return this.#postmaster;
  }

  async #watch(): Promise<void> {
    for (let failures = 0; !this.#ending.signal.aborted;) {
      if (isRunning(this.#postmaster.pid)) {
        await this.#pause(LOOK_EVERY_MS);
        continue;
      }
      try {
        // Who is connected knows this port and no other.
        this.#postmaster = await this.#startAgain(this.#postmaster.port);
        failures = 0;
        this.#log(`the embedded PostgreSQL died and was started again (pid ${this.#postmaster.pid})`);
      } catch (error) {
        failures += 1;
        this.#log(`the embedded PostgreSQL died: ${(error as Error).message}`);
        await this.#pause(Math.min(LOOK_EVERY_MS * 2 ** failures, LONGEST_PAUSE_MS));
      }
    }
  }

  /** Keeps no process alive, and is over at once when the watch ends. */
  async #pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { ref: false, signal: this.#ending.signal }).catch(() => {});
  }
}

import { randomInt } from "node:crypto";

export type TestLength = "short" | "usual" | "long";

/** `npm test` is short, `npm run test:faults` usual, `npm run test:faults -- --long` long. */
export const test_length = (process.env["TEST_LENGTH"] ?? "short") as TestLength;

/** The short form's, which leads to every kind of answer. */
const SHORT_SEED = 11;

/** What a test says on the way: past vitest, which would put a heading over each line. */
export function say(line: string): void {
  process.stdout.write(`faults: ${line}\n`);
}

/**
 * Chance that can be had again: `FAULT_SEED` repeats a run's decisions, if not its timing. The short form always decides alike,
 * so that what fails there is the change and not the dice; the longer forms throw them anew.
 */
export class Chance {
  readonly seed: number;
  #state: number;

  constructor(subject: string) {
    const given = process.env["FAULT_SEED"];
    this.seed = given ? Number(given) : test_length === "short" ? SHORT_SEED : randomInt(2 ** 31);
    this.#state = this.seed;
    say(`${subject}: seed ${this.seed}, ${test_length} form`);
  }

  /** From 0 to below 1 (mulberry32). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number from `least` to `most`. */
  between(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  pick<T>(from: readonly T[]): T {
    const picked = from[this.between(0, from.length - 1)];
    if (picked === undefined) throw new Error("nothing to pick from");
    return picked;
  }
}

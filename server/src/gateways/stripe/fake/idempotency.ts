import type { Clock } from "../../../platform/clock.ts";
import type { Instant } from "../../../rules/time/local-days.ts";
import { refusal, type Answer } from "./answers.ts";

const KEPT_MS = 24 * 3_600_000;

interface Kept {
  words: string;
  answer: Answer;
  at: Instant;
}

/** What was asked under an idempotency key is done once; other words under the same key are refused. */
export class Idempotency {
  readonly #clock: Clock;
  readonly #kept = new Map<string, Kept>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  run(key: string | undefined, words: string, work: () => Answer): Answer {
    if (key === undefined) return work();
    const known = this.#kept.get(key);
    const now = this.#clock.now();
    if (known && now - known.at < KEPT_MS) {
      if (known.words === words) return known.answer;
      return refusal(
        400,
        "Keys for idempotent requests can only be used with the same parameters.",
        "idempotency_error",
      );
    }
    const answer = work();
    if (answer.status === 200) this.#kept.set(key, { words, answer, at: now });
    return answer;
  }
}

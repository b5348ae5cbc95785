import type { Clock } from "./clock.ts";

/** Remembers answers for a short while; those who ask for the same at once share one asking, and failures are forgotten. */
export class ShortMemory {
  readonly #clock: Clock;
  readonly #lives_ms: number;
  readonly #most: number;
  readonly #known = new Map<string, { until: number; answer: Promise<unknown> }>();

  constructor(clock: Clock, { lives_ms, most }: { lives_ms: number; most: number }) {
    this.#clock = clock;
    this.#lives_ms = lives_ms;
    this.#most = most;
  }

  /** What is known under this key, else what asking brings. */
  recall<T>(key: string, ask: () => Promise<T>): Promise<T> {
    const now = this.#clock.now();
    const known = this.#known.get(key);
    if (known && now < known.until) return known.answer as Promise<T>;
    const answer = ask();
    this.#known.delete(key);
    this.#known.set(key, { until: now + this.#lives_ms, answer });
    answer.catch(() => {
      if (this.#known.get(key)?.answer === answer) this.#known.delete(key);
    });
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= this.#most) break;
      this.#known.delete(oldest);
    }
    return answer;
  }
}

interface Waiting<T> {
  item: T;
  resolve(): void;
  reject(error: unknown): void;
}

/**
 * Runs `work` on all that was given while its last run was under way: one at a time, no timer. Each item is answered with its
 * run; a run that fails is repeated item by item, so that one item fails alone.
 */
export class Gathering<T> {
  readonly #work: (items: readonly T[]) => Promise<void>;
  readonly #max: number;
  readonly #waiting: Waiting<T>[] = [];
  #is_running = false;

  constructor(work: (items: readonly T[]) => Promise<void>, max: number) {
    this.#work = work;
    this.#max = max;
  }

  add(item: T): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      if (!this.#is_running) void this.#run();
    });
  }

  async #run(): Promise<void> {
    this.#is_running = true;
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, this.#max);
      // One run after the other is the purpose.
      await this.#settle(batch);
    }
    this.#is_running = false;
  }

  async #settle(batch: readonly Waiting<T>[]): Promise<void> {
    try {
      await this.#work(batch.map(({ item }) => item));
      for (const { resolve } of batch) resolve();
    } catch (error) {
      if (batch.length === 1) batch[0]?.reject(error);
      else for (const one of batch) await this.#settle([one]);
    }
  }
}

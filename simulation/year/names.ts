/** What the simulation calls things, for every id that a provider gave them; two runs get different ids. */
export class Names {
  readonly #ids = new Map<string, string>();
  readonly #names = new Map<string, string>();

  /** From now on `name` has this id; a thing may have several ids, the first is the one that `idOf` tells. */
  give(name: string, id: string): void {
    if (!this.#ids.has(name)) this.#ids.set(name, id);
    this.#names.set(id, name);
  }

  has(name: string): boolean {
    return this.#ids.has(name);
  }

  idOf(name: string): string {
    const id = this.#ids.get(name);
    if (id === undefined) throw new Error(`nothing is called ${name}`);
    return id;
  }

  /** What a payment is called by all its ids: the attempt that failed is another name of the one that was paid later. */
  paymentOf(keys: readonly string[]): string {
    const called = keys.map((key) => this.nameOf(key)).filter((name) => /^m\d/u.test(name));
    const names = new Set(called.map((name) => name.replace(/ (charge|intent|paid|order)$/u, "")));
    const paid = [...names].filter((name) => !name.endsWith(" failed"));
    return (paid.length > 0 ? paid : [...names]).sort().join("&");
  }

  /** An id that nobody named stays as it is, and shows as a difference. */
  nameOf(id: string): string {
    return this.#names.get(id) ?? id;
  }
}

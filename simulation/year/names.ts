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

  /** An id that nobody named stays as it is, and shows as a difference. */
  nameOf(id: string): string {
    return this.#names.get(id) ?? id;
  }
}

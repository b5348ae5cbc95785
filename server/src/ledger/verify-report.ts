import type { AnswerTotals } from "./verify-answers.ts";
import { MAX_TOLD, type ChunkRow, type ChunkTotals } from "./verify-chunk.ts";

/** One thing that is off: which promise, where, and the ids that a person needs to look at it. */
export interface Finding {
  invariant: string;
  location_id: string;
  subject: Record<string, unknown>;
}

export interface Verification {
  locations: number;
  contacts: number;
  entries: number;
  entitlements: number;
  answers: number;
  /** At most `MAX_TOLD` of each invariant. */
  findings: Finding[];
  /** How many there are, by invariant; empty: the books are clean. */
  broken: Record<string, number>;
}

const ZERO_INVARIANT = "accounts_sum_to_zero";

/** Gathers findings, and the sums that only a whole location has. */
export class Report {
  entries = 0;
  answers: AnswerTotals[] = [];
  #entitlements = 0;
  readonly #findings: Finding[] = [];
  readonly #broken = new Map<string, number>();
  readonly #sums = new Map<string, { outside: number; inside: number; effects: number; fingerprint: bigint }>();

  /** Of `total` findings of one invariant those that are told; all are counted. */
  add(invariant: string, told: readonly Omit<Finding, "invariant">[], total: number = told.length): void {
    if (total === 0) return;
    const before = this.#broken.get(invariant) ?? 0;
    this.#broken.set(invariant, before + total);
    for (const { location_id, subject } of told.slice(0, Math.max(0, MAX_TOLD - before))) {
      this.#findings.push({ invariant, location_id, subject });
    }
  }

  addChunk(rows: readonly ChunkRow[]): void {
    for (const [invariant, found] of Map.groupBy(rows, (row) => row.invariant)) {
      if (invariant !== "totals") this.add(invariant, found, found[0]?.total);
      else
        for (const { location_id, subject } of found) this.#addTotals(location_id, subject as unknown as ChunkTotals);
    }
  }

  #addTotals(location_id: string, { entries, lots, outside, inside, effects, fingerprint }: ChunkTotals): void {
    this.entries += entries;
    this.#entitlements += lots;
    const sums = this.#sums.get(location_id) ?? { outside: 0, inside: 0, effects: 0, fingerprint: 0n };
    sums.outside += outside;
    sums.inside += inside;
    sums.effects += effects;
    sums.fingerprint += BigInt(fingerprint);
    this.#sums.set(location_id, sums);
  }

  /** Locations whose entries and answers do not say the same: equal counts and fingerprints prove that all of them do. */
  locationsToCompare(): string[] {
    const answered = new Map(this.answers.map((row) => [row.location_id, row]));
    return [...new Set([...answered.keys(), ...this.#sums.keys()])].filter((location_id) => {
      const said = answered.get(location_id);
      const done = this.#sums.get(location_id);
      return (
        (said?.effects ?? 0) !== (done?.effects ?? 0) || BigInt(said?.fingerprint ?? 0) !== (done?.fingerprint ?? 0n)
      );
    });
  }

  /** Double entry: the accounts of a location and the credits in its entitlements are one sum, and it is zero. */
  compareAccounts(): void {
    for (const [location_id, { outside, inside }] of this.#sums) {
      if (outside + inside !== 0) this.add(ZERO_INVARIANT, [{ location_id, subject: { outside, inside } }]);
    }
  }

  verification({ locations, contacts }: { locations: number; contacts: number }): Verification {
    return {
      locations,
      contacts,
      entries: this.entries,
      entitlements: this.#entitlements,
      answers: this.answers.reduce((sum, { answers }) => sum + answers, 0),
      findings: this.#findings,
      broken: Object.fromEntries(this.#broken),
    };
  }
}

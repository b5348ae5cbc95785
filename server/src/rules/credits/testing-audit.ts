import { MOVEMENTS, signedAmount } from "./entry.ts";
import type { TestLedger } from "./testing-ledger.ts";

/** Rule 6, recomputed from the entries alone: a sentence for everything that is not as it must be. */
export function brokenInvariants(ledger: TestLedger): string[] {
  const broken: string[] = [];
  const demand = (holds: boolean, sentence: string) => {
    if (!holds) broken.push(sentence);
  };
  /** Account balances by lot, credits minus debits. */
  const balances = new Sums();
  /** What the member sees: the signed amounts of all entries of a lot. */
  const shown = new Sums();
  const put_in = new Sums();

  for (const [i, { entry_number, type, amount, balance_after, ...lots }] of ledger.entries.entries()) {
    const { entitlement_id: id, to_entitlement_id: to } = lots;
    demand(entry_number === i + 1, `entry ${entry_number} stands at place ${i + 1}`);
    demand(Number.isSafeInteger(amount) && amount > 0, `entry ${entry_number} moves ${amount}`);
    balances.add(`${MOVEMENTS[type].debit} of ${id}`, -amount);
    balances.add(`${MOVEMENTS[type].credit} of ${to ?? id}`, amount);
    shown.add(id, signedAmount(type, amount, false));
    if (to !== null) shown.add(to, signedAmount(type, amount, true));
    if (type === "grant") put_in.add(id, amount);
    if (type === "adjust_up") put_in.add(id, amount);
    if (to !== null) put_in.add(to, amount);
    demand(balance_after === shown.of(id), `entry ${entry_number} left ${shown.of(id)}, not ${balance_after}`);
  }
  demand(balances.total() === 0, `all accounts together hold ${balances.total()}`);
  for (const { id, available, held, granted } of ledger.lots) {
    demand(
      available === balances.of(`available of ${id}`),
      `${id}: ${available} available is not what its entries say`,
    );
    demand(held === balances.of(`held of ${id}`), `${id}: ${held} held is not what its entries say`);
    demand(available === shown.of(id), `${id}: its signed amounts add up to ${shown.of(id)}, not ${available}`);
    demand(available >= 0 && held >= 0, `${id}: ${available} available, ${held} held`);
    demand(available + held <= granted, `${id}: ${available} + ${held} of ${granted}`);
    demand(granted === put_in.of(id), `${id}: ${granted} granted, ${put_in.of(id)} put in`);
  }
  for (const { entry_number, amount, restored } of ledger.charges()) {
    demand(restored <= amount, `entry ${entry_number}: ${restored} of ${amount} restored`);
  }
  for (const { id } of ledger.memberships.values()) {
    const paid_periods = ledger.paidPeriods(id);
    demand(new Set(paid_periods).size === paid_periods.length, `${id}: a period was granted twice`);
  }
  return broken;
}

class Sums {
  readonly #sums = new Map<string, number>();

  add(key: string, by: number): void {
    this.#sums.set(key, this.of(key) + by);
  }

  of(key: string): number {
    return this.#sums.get(key) ?? 0;
  }

  total(): number {
    return [...this.#sums.values()].reduce((total, sum) => total + sum, 0);
  }
}

import { MOVEMENTS, type Account, type EntryType } from "./entry.ts";

/** What the studio owes its members: credits that can still be used, and those that wait for their visit. */
const OWED: readonly Account[] = ["available", "held"];

/** How an entry changes what is owed; null: it does not. `account` is the other side: where it came from or went. */
export function changeOfOwed(type: EntryType): { account: Account; sign: 1 | -1 } | null {
  const { debit, credit } = MOVEMENTS[type];
  const was_owed = OWED.includes(debit);
  const is_owed = OWED.includes(credit);
  if (was_owed === is_owed) return null;
  return is_owed ? { account: debit, sign: 1 } : { account: credit, sign: -1 };
}

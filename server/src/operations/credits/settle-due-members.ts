import type { Clock } from "../../platform/clock.ts";
import type { Database } from "../../platform/database.ts";
import { instant } from "../../platform/sql.ts";
import { findDueMembers, type DueMember } from "../../store/due.ts";
import type { Ledger } from "../ledger.ts";
import { expireCredits } from "./expire-credits.ts";
import { submitOwn } from "./submit-own.ts";

/** Members that one round of the job takes. */
const ROUND = 1000;

/**
 * Books what fell due for members anywhere, in rounds, until nothing is left. Level-triggered: it asks what is due, so a
 * missed run, a second process or a crash in the middle changes nothing. Answers with the number of members settled.
 */
export async function settleDueMembers(db: Database, ledger: Ledger, clock: Clock): Promise<number> {
  let settled = 0;
  for (;;) {
    const now = instant(clock.now());
    const due = await db.transaction([], (tx) => findDueMembers(tx, now, ROUND), { read_only: true });
    if (due.length === 0) return settled;
    const done = await settleMembers(ledger, due);
    settled += done;
    // What cannot be settled now is asked for again by the next run; it does not hold up the others.
    if (done === 0) return settled;
  }
}

/** Settles what is due for one member, at once. */
export async function settleMember(ledger: Ledger, location_id: string, contact_external_id: string): Promise<void> {
  await submitOwn(ledger, expireCredits, location_id, { contact_external_id }, SETTLED_NOW);
}

const IN_BULK = { source: "system", urgency: "bulk", is_level: true } as const;
const SETTLED_NOW = { source: "system", urgency: "interactive", is_level: true } as const;

/** Settles these members through the bulk lane; answers how many succeeded. */
export async function settleMembers(ledger: Ledger, due: readonly DueMember[]): Promise<number> {
  const answers = await Promise.all(
    due.map(({ location_id, contact_external_id }) =>
      submitOwn(ledger, expireCredits, location_id, { contact_external_id }, IN_BULK),
    ),
  );
  return answers.filter((answer) => answer.kind === "answered" && answer.reason_code === "due_settled").length;
}

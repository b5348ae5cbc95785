import type { Answer } from "../../ledger/operation.ts";
import type { Clock } from "../../platform/clock.ts";
import type { Database } from "../../platform/database.ts";
import { instant } from "../../platform/sql.ts";
import { findDueMembers, findDueSubjects, type DueOfLocation } from "../../store/due.ts";
import { settleBooking } from "../bookings/settle-booking.ts";
import { expireCredits } from "../credits/expire-credits.ts";
import { submitOwn, type OwnCause } from "../credits/submit-own.ts";
import type { Ledger } from "../ledger.ts";
import { settlePayment } from "../payments/settle-payment.ts";

/** Dues that one round of the job takes. */
const ROUND = 1000;

const IN_BULK: OwnCause = { source: "system", urgency: "bulk", is_level: true };
const AT_ONCE: OwnCause = { source: "system", urgency: "interactive", is_level: true };

/**
 * Settles what fell due anywhere, in rounds, until nothing is left: members' lots and memberships, then bookings after their visit
 * and payments that have waited. Level-triggered: it asks what is due, so a missed run, a second process or a crash in the middle
 * changes nothing. `stopping`: no further round is begun. Answers with how much was settled.
 */
export async function settleEverywhere(
  db: Database,
  ledger: Ledger,
  clock: Clock,
  stopping?: AbortSignal,
): Promise<number> {
  const settleAll = (find: () => Promise<DueOfLocation[]>) => settleRounds(ledger, find, stopping);
  const members = await settleAll(async () => {
    const due = await db.transaction([], (tx) => findDueMembers(tx, instant(clock.now()), ROUND), { read_only: true });
    return due.map((member) => ({ ...member, kind: "member" as const, subject_id: null }));
  });
  const subjects = await settleAll(() =>
    db.transaction([], (tx) => findDueSubjects(tx, instant(clock.now()), ROUND), { read_only: true }),
  );
  return members + subjects;
}

async function settleRounds(
  ledger: Ledger,
  find: () => Promise<DueOfLocation[]>,
  stopping: AbortSignal | undefined,
): Promise<number> {
  let last_round = "";
  for (let settled = 0; ;) {
    if (stopping?.aborted) return settled;
    // Each round asks what the one before has left.
    const due = await find();
    // What is due all the same after it was settled is a bug, and must not keep the job from everything else.
    const round = due
      .map((one) => JSON.stringify(one))
      .sort()
      .join();
    if (due.length === 0 || round === last_round) return settled;
    last_round = round;
    const done = await settleDues(ledger, due);
    settled += done;
    // What cannot be settled now is asked for again by the next run; it does not hold up the others.
    if (done === 0) return settled;
  }
}

/** Settles what is due for one member, at once. */
export async function settleMember(ledger: Ledger, location_id: string, contact_external_id: string): Promise<void> {
  await submitOwn(ledger, expireCredits, location_id, { contact_external_id }, AT_ONCE);
}

/** Settles these through the bulk lane; answers how many succeeded. */
export async function settleDues(ledger: Ledger, dues: readonly DueOfLocation[]): Promise<number> {
  const answers = await Promise.all(dues.map((due) => settle(ledger, due)));
  return answers.filter((answer) => answer.kind === "answered" && answer.reason_code !== "BILLING_SUSPENDED").length;
}

function settle(ledger: Ledger, due: DueOfLocation): Promise<Answer> {
  const { location_id, contact_external_id } = due;
  switch (due.kind) {
    case "member":
      return submitOwn(ledger, expireCredits, location_id, { contact_external_id }, IN_BULK);
    case "booking": {
      const input = { contact_external_id, external_id: due.subject_id };
      return submitOwn(ledger, settleBooking, location_id, input, IN_BULK);
    }
    case "payment": {
      const input = { contact_external_id, payment_event_id: due.subject_id };
      return submitOwn(ledger, settlePayment, location_id, input, IN_BULK);
    }
  }
}

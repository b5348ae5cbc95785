import type { Transaction } from "../platform/database.ts";
import { instant } from "../platform/sql.ts";
import type { Instant } from "../rules/time/local-days.ts";

/** An event of Kotally's own Stripe account: what it says is read at Stripe, so the row only says that it was taken. */
export interface BillingEvent {
  id: string;
  type: string;
  workspace_id: string | null;
  told_at: Instant;
  received_at: Instant;
}

const FORGET = { name: "", text: "DELETE FROM billing_events WHERE received_at < $1" };

const INSERT = {
  name: "",
  text: `
    INSERT INTO billing_events (id, type, workspace_id, told_at, received_at) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT DO NOTHING RETURNING id`,
};

/** Whether the event is new. Those received before `forget` are forgotten: Stripe sends nothing that late. */
export async function insertBillingEvent(
  tx: Transaction,
  { id, type, workspace_id, told_at, received_at }: BillingEvent,
  forget: Instant,
): Promise<boolean> {
  await tx.query(FORGET, [instant(forget)]);
  return (await tx.query(INSERT, [id, type, workspace_id, instant(told_at), instant(received_at)])).length > 0;
}

import type { Transaction } from "../platform/database.ts";
import { instant } from "../platform/sql.ts";
import type { Instant } from "../rules/time/local-days.ts";

const USE = {
  name: "use_embed_context",
  text: "INSERT INTO embed_contexts (fingerprint, used_at) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING used_at",
};
const FORGET = { name: "forget_embed_contexts", text: "DELETE FROM embed_contexts WHERE used_at < $1" };

/** Whether a context with this fingerprint was never used before; it is used now. Those used before `forget` are forgotten. */
export async function useEmbedContext(
  tx: Transaction,
  fingerprint: Buffer,
  now: Instant,
  forget: Instant,
): Promise<boolean> {
  await tx.query(FORGET, [instant(forget)]);
  return (await tx.query(USE, [fingerprint, instant(now)])).length > 0;
}

import type { Transaction } from "../platform/database.ts";
import { textArray } from "../platform/sql.ts";

const NO_CONNECTION = "00000000-0000-0000-0000-000000000000";

const FIND = {
  name: "find_known_deliveries",
  text: `
    SELECT dedupe_key FROM webhook_events
    WHERE provider = $1 AND COALESCE(connection_id, '${NO_CONNECTION}'::uuid) = $2::uuid AND dedupe_key = ANY ($3::text[])`,
};

/** Which of these deliveries are kept already. */
export async function findKnownDeliveries(
  tx: Transaction,
  { provider, connection_id }: { provider: "ghl" | "stripe"; connection_id: string | null },
  dedupe_keys: readonly string[],
): Promise<Set<string>> {
  const values = [provider, connection_id ?? NO_CONNECTION, textArray(dedupe_keys)];
  const rows = await tx.query<{ dedupe_key: string }>(FIND, values);
  return new Set(rows.map(({ dedupe_key }) => dedupe_key));
}

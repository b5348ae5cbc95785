import type { Database } from "../../platform/database.ts";
import type { Secrets } from "../../platform/secrets.ts";
import { findSealedOtherwise, replaceSealed, type SealedRow } from "../../store/sealed-credentials.ts";
import { ghlSealOf } from "./ghl-tokens.ts";
import { stripeSealOf } from "./stripe-listeners.ts";

const ROUND = 200;
const BEFORE_ALL = "00000000-0000-0000-0000-000000000000";

/**
 * Seals with the first secret what an older one sealed, so that the older one can be taken out of KOTALLY_SECRET. Answers how
 * many rows; may be repeated, and run by several processes. Throws SealError for what no secret opens.
 */
export async function resealCredentials(db: Database, secrets: Secrets): Promise<number> {
  let resealed = 0;
  for (let after = BEFORE_ALL; ;) {
    const last = await db.transaction("owner", async (tx) => {
      const rows = await findSealedOtherwise(tx, after, secrets.sealPrefix, ROUND);
      for (const row of rows) {
        const [first, second] = placesOf(row);
        await replaceSealed(tx, row, again(secrets, row.first, first), again(secrets, row.second, second));
      }
      resealed += rows.length;
      return rows.length < ROUND ? null : (rows.at(-1)?.id ?? null);
    });
    if (last === null) return resealed;
    after = last;
  }
}

function placesOf(row: SealedRow): [string, string] {
  if (row.kind === "ghl") return [ghlSealOf(row, "access_token"), ghlSealOf(row, "refresh_token")];
  const connection = { location_id: row.location_id ?? "", id: row.id };
  return [stripeSealOf(connection, "restricted_key"), stripeSealOf(connection, "webhook_secret")];
}

function again(secrets: Secrets, sealed: string | null, place: string): string | null {
  return sealed === null ? null : secrets.seal(secrets.open(sealed, place), place);
}

import type { Transaction } from "../platform/database.ts";
import type { Chunk } from "./verify-chunk.ts";

/** Entries that one statement sorts in memory; what one contact has beyond that is its own chunk. */
export const CHUNK_ENTRIES = 100_000;
/** Locations of one chunk at most: their contacts without entries cost something too. */
const CHUNK_LOCATIONS = 1000;
const FIRST = "00000000-0000-0000-0000-000000000000";
const LAST = "ffffffff-ffff-ffff-ffff-ffffffffffff";

/** Of a workspace that is being deleted, what is left has no sense. */
export const IS_COMPLETE = "location_id NOT IN (SELECT location_id FROM leaving_locations)";

// Found from one location to the next through the index: entries whose location is gone are verified too.
const LOCATIONS = `
  WITH RECURSIVE of_entries AS (
    (SELECT location_id FROM ledger_entries ORDER BY location_id LIMIT 1)
    UNION ALL
    SELECT (SELECT l.location_id FROM ledger_entries l WHERE l.location_id > e.location_id ORDER BY l.location_id LIMIT 1)
    FROM of_entries e WHERE e.location_id IS NOT NULL
  )
  SELECT location_id, COALESCE(c.contacts, 0) AS contacts, COALESCE(c.entries, 0) AS entries
  FROM (SELECT location_id FROM locations UNION SELECT location_id FROM of_entries WHERE location_id IS NOT NULL) known
  LEFT JOIN (
    SELECT location_id, count(*) AS contacts, sum(entry_count)::bigint AS entries FROM contacts GROUP BY location_id
  ) c USING (location_id)
  WHERE ($1::uuid IS NULL OR location_id = $1) AND ${IS_COMPLETE}
  ORDER BY location_id`;

const BOUNDARIES = `
  SELECT min(id::text) AS first FROM (
    SELECT id, sum(entry_count + 1) OVER (ORDER BY id)::bigint / $2::bigint AS chunk FROM contacts WHERE location_id = $1
  ) c GROUP BY chunk ORDER BY first`;

type Size = { location_id: string; contacts: number; entries: number };

/** Cuts the books, or those of one location, into chunks of about the same size. */
export async function listChunks(
  tx: Transaction,
  location_id: string | null,
  chunk_entries: number,
): Promise<{ chunks: Chunk[]; locations: number; contacts: number; entries: number }> {
  const sizes = await tx.query<Size>({ name: "", text: LOCATIONS }, [location_id]);
  const chunks: Chunk[] = [];
  let gathered: Chunk = { location_ids: [], from: FIRST, to: LAST };
  let size = 0;
  for (const { location_id: id, contacts, entries } of sizes) {
    if (entries + contacts > chunk_entries) {
      chunks.push(...(await cut(tx, id, chunk_entries)));
      continue;
    }
    gathered.location_ids.push(id);
    size += entries + contacts;
    if (size > chunk_entries || gathered.location_ids.length >= CHUNK_LOCATIONS) {
      chunks.push(gathered);
      gathered = { location_ids: [], from: FIRST, to: LAST };
      size = 0;
    }
  }
  if (gathered.location_ids.length > 0) chunks.push(gathered);
  const sum = (field: "contacts" | "entries") => sizes.reduce((so_far, row) => so_far + row[field], 0);
  return { chunks, locations: sizes.length, contacts: sum("contacts"), entries: sum("entries") };
}

async function cut(tx: Transaction, location_id: string, chunk_entries: number): Promise<Chunk[]> {
  const rows = await tx.query<{ first: string }>({ name: "", text: BOUNDARIES }, [location_id, chunk_entries]);
  return rows.map(({ first }, i) => ({
    location_ids: [location_id],
    from: i === 0 ? FIRST : first,
    to: rows[i + 1]?.first ?? LAST,
  }));
}

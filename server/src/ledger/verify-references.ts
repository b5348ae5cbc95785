import type { Transaction } from "../platform/database.ts";
import { MAX_TOLD } from "./verify-chunk.ts";

export const REFERENCES_INVARIANT = "nothing_leads_elsewhere";

interface BrokenReference {
  location_id: string;
  subject: Record<string, unknown>;
}

// Entries and entitlements are verified chunk by chunk, far faster than key by key.
const KEYS = `
  SELECT k.conname AS name, f.relname AS "table", t.relname AS target,
    (SELECT string_agg(format('s.%1$I = t.%2$I', a.attname, b.attname), ' AND ' ORDER BY i)
      FROM unnest(k.conkey, k.confkey) WITH ORDINALITY AS c (a, b, i)
      JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = c.a
      JOIN pg_attribute b ON b.attrelid = k.confrelid AND b.attnum = c.b) AS same,
    (SELECT string_agg(format('s.%I IS NOT NULL', a.attname), ' AND ' ORDER BY i)
      FROM unnest(k.conkey) WITH ORDINALITY AS c (a, i)
      JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = c.a) AS given,
    (SELECT string_agg(format('''%1$s'', s.%1$I', a.attname), ', ' ORDER BY i)
      FROM pg_index p, unnest(p.indkey) WITH ORDINALITY AS c (a, i)
      JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = c.a
      WHERE p.indrelid = k.conrelid AND p.indisprimary) AS ids
  FROM pg_constraint k JOIN pg_class f ON f.oid = k.conrelid JOIN pg_class t ON t.oid = k.confrelid
  WHERE k.contype = 'f' AND cardinality(k.conkey) > 1 AND k.connamespace = 'public'::regnamespace
    AND f.relname NOT IN ('ledger_entries', 'entitlements')
    AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = k.conrelid AND a.attname = 'location_id'
      AND a.attnum = ANY (k.conkey))
  ORDER BY f.relname, k.conname`;

type Key = { name: string; table: string; target: string; same: string; given: string; ids: string };

/** Every other reference within a location, as the catalogue lists them: what a disabled trigger let through is found. */
export async function findBrokenReferences(tx: Transaction, location_id: string | null): Promise<BrokenReference[]> {
  const found: BrokenReference[] = [];
  for (const key of await tx.query<Key>({ name: "", text: KEYS })) {
    const text = `
      SELECT s.location_id, jsonb_build_object('table', '${key.table}', 'refers_to', '${key.target}', ${key.ids}) AS subject
      FROM "${key.table}" s LEFT JOIN "${key.target}" t ON ${key.same}
      WHERE ($1::uuid IS NULL OR s.location_id = $1) AND ${key.given} AND t.location_id IS NULL
      LIMIT ${MAX_TOLD}`;
    found.push(...(await tx.query<BrokenReference & Record<string, unknown>>({ name: "", text }, [location_id])));
  }
  return found;
}

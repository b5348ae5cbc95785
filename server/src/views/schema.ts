import type { Database, Transaction } from "../platform/database.ts";

/** The schema as SQL, for reading and review: from the catalogue, the same on every PostgreSQL that Kotally runs on. */
export async function readSchema(db: Database): Promise<string> {
  return db.transaction("owner", async (tx) => {
    // Names of our own are written without their schema; no other schema is ours.
    await tx.query({ name: "", text: "SET LOCAL search_path = public" });
    const types = await texts(tx, TYPES);
    const functions = await texts(tx, FUNCTIONS);
    const tables = await texts(tx, TABLES);
    const blocks = [HEADER, ...types, ...functions, ...tables].map((text) => text.replaceAll("public.", "").trim());
    return `${blocks.join("\n\n")}\n`;
  });
}

const HEADER = `-- The schema as it is after all migrations, for reading and review. Written by \`npm run schema -- server/schema.sql\`,
-- kept current by a test; never run.`;

async function texts(tx: Transaction, text: string): Promise<string[]> {
  const rows = await tx.query<{ text: string }>({ name: "", text });
  return rows.map((row) => row.text);
}

const TYPES = `
  SELECT format('CREATE TYPE %I AS ENUM (%s);', t.typname,
    (SELECT string_agg(quote_literal(e.enumlabel), ', ' ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid)) AS text
  FROM pg_type t WHERE t.typnamespace = 'public'::regnamespace AND t.typtype = 'e'
  ORDER BY t.typname COLLATE "C"`;

const AGGREGATE = `
  SELECT format('CREATE AGGREGATE %I(%s) (SFUNC = %s, STYPE = %s);', p.proname, pg_get_function_arguments(p.oid),
    a.aggtransfn::regproc, format_type(a.aggtranstype, NULL))
  FROM pg_aggregate a WHERE a.aggfnoid = p.oid`;

const FUNCTIONS = `
  SELECT CASE p.prokind WHEN 'a' THEN (${AGGREGATE}) ELSE rtrim(pg_get_functiondef(p.oid), E' \\n') || ';' END
    || CASE WHEN p.proacl IS NULL THEN '' ELSE format(E'\\nREVOKE ALL ON FUNCTION %I FROM PUBLIC;', p.proname) END
    || COALESCE((
      SELECT string_agg(format(E'\\nGRANT %s ON FUNCTION %I TO %s;', g.privilege_type, p.proname,
        CASE g.grantee WHEN 0 THEN 'PUBLIC' ELSE g.grantee::regrole::text END), '' ORDER BY g.grantee::regrole::text)
      FROM aclexplode(p.proacl) g WHERE g.grantee <> p.proowner
    ), '') AS text
  FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace
  ORDER BY p.proname COLLATE "C", pg_get_function_identity_arguments(p.oid) COLLATE "C"`;

const COLUMNS = `
  SELECT string_agg(format('  %I %s%s%s', a.attname, format_type(a.atttypid, a.atttypmod),
    CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END, COALESCE(' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid), '')), E',\\n'
    ORDER BY a.attnum)
  FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  WHERE a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped`;

// From PostgreSQL 18 on NOT NULL is a constraint of its own (n); it is told with its column everywhere.
const CONSTRAINTS = `
  SELECT string_agg(format(E',\\n  CONSTRAINT %I %s', k.conname, pg_get_constraintdef(k.oid, true)), ''
    ORDER BY position(k.contype::text IN 'pufc'), k.conname COLLATE "C")
  FROM pg_constraint k WHERE k.conrelid = t.oid AND k.contype IN ('p', 'u', 'f', 'c')`;

const INDEXES = `
  SELECT string_agg(E'\\n' || replace(pg_get_indexdef(i.indexrelid, 0, true), ' USING btree', '') || ';', ''
    ORDER BY c.relname COLLATE "C")
  FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
  WHERE i.indrelid = t.oid AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.conrelid = t.oid)`;

const TRIGGERS = `
  SELECT string_agg(E'\\n' || pg_get_triggerdef(g.oid, true) || ';', '' ORDER BY g.tgname COLLATE "C")
  FROM pg_trigger g WHERE g.tgrelid = t.oid AND NOT g.tgisinternal`;

const POLICIES = `
  SELECT string_agg(format(E'\\nCREATE POLICY %I ON %I FOR %s TO %s%s%s;', p.polname, t.relname,
    CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE' ELSE 'ALL' END,
    (SELECT string_agg(CASE r WHEN 0 THEN 'PUBLIC' ELSE r::regrole::text END, ', ') FROM unnest(p.polroles) r),
    COALESCE(' USING (' || pg_get_expr(p.polqual, p.polrelid, true) || ')', ''),
    COALESCE(' WITH CHECK (' || pg_get_expr(p.polwithcheck, p.polrelid, true) || ')', '')), '' ORDER BY p.polname COLLATE "C")
  FROM pg_policy p WHERE p.polrelid = t.oid`;

const GRANTS = `
  SELECT string_agg(format(E'\\nGRANT %s ON %I TO %s;', held.privileges, t.relname, held.grantee), '' ORDER BY held.grantee, held.privileges)
  FROM (
    SELECT g.grantee::regrole::text AS grantee,
      string_agg(g.privilege_type, ', ' ORDER BY position(left(g.privilege_type, 3) IN 'SEL INS UPD DEL'), g.privilege_type) AS privileges
    FROM aclexplode(t.relacl) g WHERE g.grantee <> t.relowner GROUP BY g.grantee
    UNION ALL
    SELECT g.grantee::regrole::text, format('%s (%s)', g.privilege_type, string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum))
    FROM pg_attribute a, aclexplode(a.attacl) g WHERE a.attrelid = t.oid GROUP BY g.grantee, g.privilege_type
  ) held`;

const TABLES = `
  SELECT format(E'CREATE TABLE %I (\\n%s%s\\n)%s;', t.relname, (${COLUMNS}), (${CONSTRAINTS}),
      COALESCE(' WITH (' || array_to_string(t.reloptions, ', ') || ')', ''))
    || COALESCE((${INDEXES}), '') || COALESCE((${TRIGGERS}), '')
    || CASE WHEN t.relrowsecurity THEN format(E'\\nALTER TABLE %I ENABLE ROW LEVEL SECURITY;', t.relname) ELSE '' END
    || CASE WHEN t.relforcerowsecurity THEN format(E'\\nALTER TABLE %I FORCE ROW LEVEL SECURITY;', t.relname) ELSE '' END
    || COALESCE((${POLICIES}), '') || COALESCE((${GRANTS}), '') AS text
  FROM pg_class t WHERE t.relnamespace = 'public'::regnamespace AND t.relkind IN ('r', 'p')
  ORDER BY t.relname COLLATE "C"`;

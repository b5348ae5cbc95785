import type { Database, Row, Transaction } from "../src/platform/database.ts";
import type { Statement } from "../src/platform/sql.ts";

interface PlanNode {
  "Node Type": string;
  "Relation Name"?: string;
  "Index Name"?: string;
  "Index Cond"?: string;
  "Recheck Cond"?: string;
  Plans?: PlanNode[];
}

/** A statement as it was sent, and the plan that PostgreSQL keeps for it. */
export interface Explained {
  statement: Statement;
  plan: PlanNode;
}

/** A scan of a table; `conditions` are those that the index is entered with, none for a sequential scan. */
export interface Scan {
  statement: string;
  table: string;
  node: string;
  index: string | null;
  conditions: string;
}

/** The same database, except that every statement is explained, in its own transaction with these settings, before it runs. */
export function explaining(db: Database, found: Explained[], settings: readonly string[] = []): Database {
  return new Proxy(db, {
    get(target, name) {
      if (name !== "begin") return Reflect.get(target, name) as unknown;
      return async (...given: Parameters<Database["begin"]>) => {
        const tx = await target.begin(...given);
        // What the embedded server is set to: small tables look alike on every server then.
        await tx.query({ name: "", text: "SET LOCAL random_page_cost = 1.1" });
        // As the application's role has it: the plan that holds for every value.
        await tx.query({ name: "", text: "SET LOCAL plan_cache_mode = force_generic_plan" });
        for (const setting of settings) await tx.query({ name: "", text: `SET LOCAL ${setting}` });
        return explainingTransaction(tx, found);
      };
    },
  });
}

function explainingTransaction(tx: Transaction, found: Explained[]): Transaction {
  return {
    ...tx,
    query: async <R extends Row>(statement: Statement, values: unknown[] = []): Promise<R[]> => {
      // Sent together, so that they keep their place among what the caller sends meanwhile.
      const name = `explained_${found.length}`;
      const place = found.push({ statement, plan: { "Node Type": "unknown" } }) - 1;
      const given = values.length > 0 ? `(${values.map(literal).join(",")})` : "";
      const prepared = tx.query({ name: "", text: `PREPARE ${name} AS ${statement.text}` });
      const plans = tx.query<{ "QUERY PLAN": { Plan: PlanNode }[] }>({
        name: "",
        text: `EXPLAIN (FORMAT JSON) EXECUTE ${name}${given}`,
      });
      const dropped = tx.query({ name: "", text: `DEALLOCATE ${name}` });
      const rows = tx.query<R>(statement, values);
      const [, [row]] = await Promise.all([prepared, plans, dropped]);
      const plan = row?.["QUERY PLAN"][0]?.Plan;
      if (plan) found[place] = { statement, plan };
      return rows;
    },
  };
}

function literal(value: unknown): string {
  return value === null ? "NULL" : `'${(value as string | number | Date).toString().replaceAll("'", "''")}'`;
}

/** Every scan of one of these tables in a statement's plan. */
export function scansOf({ statement, plan }: Explained, tables: readonly string[]): Scan[] {
  const scans: Scan[] = [];
  const walk = (node: PlanNode) => {
    const table = node["Relation Name"];
    if (table !== undefined && tables.includes(table) && node["Node Type"].endsWith("Scan")) {
      const conditions = node["Index Cond"] ?? node["Recheck Cond"] ?? "";
      const index = node["Index Name"] ?? null;
      scans.push({ statement: statement.name, table, node: node["Node Type"], index, conditions });
    }
    node.Plans?.forEach(walk);
  };
  walk(plan);
  return scans;
}

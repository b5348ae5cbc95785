import type { Row, Transaction } from "../platform/database.ts";

/** The tables of the role that signs people in. */
const TABLES = new Set(["users", "sign_in_methods", "sessions", "verifications", "two_factors", "passkeys"]);

const OPERATORS = { eq: "=", ne: "<>", lt: "<", lte: "<=", gt: ">", gte: ">=" } as const;

/** What a row must be like. Those joined by OR hold when one of them does. */
export interface Condition {
  field: string;
  operator: keyof typeof OPERATORS | "in" | "not_in";
  value: unknown;
  connector: "AND" | "OR";
}

export interface Selection {
  where?: readonly Condition[] | undefined;
  order?: { field: string; direction: "asc" | "desc" } | undefined;
  limit?: number | undefined;
  offset?: number | undefined;
}

export async function insertRow(tx: Transaction, table: string, row: Row): Promise<Row> {
  const columns = Object.keys(row);
  const places = columns.map((_, i) => `$${i + 1}`).join(",");
  const text = `INSERT INTO ${tableName(table)} (${columns.map(columnName).join(",")}) VALUES (${places}) RETURNING *`;
  const [inserted] = await tx.query({ name: "", text }, Object.values(row));
  if (!inserted) throw new Error(`nothing was put into ${table}`);
  return inserted;
}

export function selectRows(
  tx: Transaction,
  table: string,
  { where = [], order, limit, offset }: Selection,
): Promise<Row[]> {
  const values: unknown[] = [];
  let text = `SELECT * FROM ${tableName(table)}${whereText(where, values)}`;
  if (order) text += ` ORDER BY ${columnName(order.field)} ${order.direction === "desc" ? "DESC" : "ASC"}`;
  if (limit !== undefined) text += ` LIMIT ${Math.floor(limit)}`;
  if (offset) text += ` OFFSET ${Math.floor(offset)}`;
  return tx.query({ name: "", text }, values);
}

export async function countRows(tx: Transaction, table: string, where: readonly Condition[]): Promise<number> {
  const values: unknown[] = [];
  const text = `SELECT count(*)::integer AS count FROM ${tableName(table)}${whereText(where, values)}`;
  const [row] = await tx.query<{ count: number }>({ name: "", text }, values);
  return row?.count ?? 0;
}

/** What is to become of the rows: fields set, and fields that grow by a number. */
export interface RowChange {
  set?: Row | undefined;
  grow?: Record<string, number> | undefined;
}

/** The changed rows. `only_one`: at most one of those that fit, and two who come at once do not both get it. */
export async function updateRows(
  tx: Transaction,
  table: string,
  where: readonly Condition[],
  { set = {}, grow = {} }: RowChange,
  only_one = false,
): Promise<Row[]> {
  const values: unknown[] = [];
  const place = (value: unknown) => `$${values.push(value)}`;
  const changes = [
    ...Object.entries(set).map(([field, value]) => `${columnName(field)} = ${place(value)}`),
    ...Object.entries(grow).map(
      ([field, by]) => `${columnName(field)} = COALESCE(${columnName(field)}, 0) + ${place(by)}`,
    ),
  ];
  if (changes.length === 0) return selectRows(tx, table, { where, limit: only_one ? 1 : undefined });
  const text = `UPDATE ${tableName(table)} SET ${changes.join(",")}${targetText(table, where, values, only_one)} RETURNING *`;
  return tx.query({ name: "", text }, values);
}

/** The deleted rows. */
export function deleteRows(
  tx: Transaction,
  table: string,
  where: readonly Condition[],
  only_one = false,
): Promise<Row[]> {
  const values: unknown[] = [];
  const text = `DELETE FROM ${tableName(table)}${targetText(table, where, values, only_one)} RETURNING *`;
  return tx.query({ name: "", text }, values);
}

/** One row is locked before it is touched, and looked at again: whoever waited for it meets what became of it. */
function targetText(table: string, where: readonly Condition[], values: unknown[], only_one: boolean): string {
  const fits = whereText(where, values);
  return only_one ? ` WHERE id = (SELECT id FROM ${tableName(table)}${fits} LIMIT 1 FOR UPDATE)` : fits;
}

function whereText(where: readonly Condition[], values: unknown[]): string {
  const all = where.filter(({ connector }) => connector === "AND").map((condition) => conditionText(condition, values));
  const any = where.filter(({ connector }) => connector === "OR").map((condition) => conditionText(condition, values));
  if (any.length > 0) all.push(`(${any.join(" OR ")})`);
  return all.length > 0 ? ` WHERE ${all.join(" AND ")}` : "";
}

function conditionText({ field, operator, value }: Condition, values: unknown[]): string {
  const column = columnName(field);
  if (operator === "in" || operator === "not_in") {
    const list = `${column}::text = ANY ($${values.push(value)}::text[])`;
    return operator === "in" ? list : `NOT (${list})`;
  }
  if (value === null) return `${column} IS ${operator === "ne" ? "NOT " : ""}NULL`;
  return `${column} ${OPERATORS[operator]} $${values.push(value)}`;
}

function tableName(table: string): string {
  if (!TABLES.has(table)) throw new Error(`${table} is no table of signing in`);
  return table;
}

/** What is written into a statement's text is nothing but a name. */
function columnName(field: string): string {
  if (!/^[a-z_]{1,40}$/.test(field)) throw new Error(`${field} is no column`);
  return field;
}

/** Sessions and links whose time is over. */
export async function forgetExpired(tx: Transaction): Promise<void> {
  for (const table of ["sessions", "verifications"]) {
    await tx.query({ name: "", text: `DELETE FROM ${tableName(table)} WHERE expires_at < now()` });
  }
}

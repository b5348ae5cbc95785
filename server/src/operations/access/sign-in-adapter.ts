import type { BetterAuthOptions } from "better-auth";
import { createAdapterFactory, type CleanedWhere, type CustomAdapter, type DBAdapter } from "better-auth/adapters";
import type { Database, Row, Transaction } from "../../platform/database.ts";
import { isUuid } from "../../platform/ids.ts";
import {
  countRows,
  deleteRows,
  insertRow,
  selectRows,
  updateRows,
  type Condition,
  type RowChange,
} from "../../store/sign-in-rows.ts";

type Run = <T>(work: (tx: Transaction) => Promise<T>) => Promise<T>;

/** What the sign-in library keeps its rows with: our pool, in the role that sees its tables and no tenant. */
export function signInAdapter(db: Database): (options: BetterAuthOptions) => DBAdapter {
  const inOne: Run = (work) => db.transaction("sign_in", work);
  return (options) =>
    adapterOver(inOne, {
      transaction: <R>(work: (adapter: DBAdapter) => Promise<R>) =>
        inOne((tx) => work(adapterOver((inside) => inside(tx), { transaction: false })(options))),
    })(options);
}

type Config = Parameters<typeof createAdapterFactory>[0]["config"];

function adapterOver(run: Run, { transaction }: { transaction: unknown }) {
  const config = {
    adapterId: "kotally",
    supportsUUIDs: true,
    supportsJSON: false,
    supportsArrays: false,
    supportsNumericIds: false,
    transaction,
    customTransformOutput: ({ data, fieldAttributes }) => {
      return fieldAttributes.type === "date" && typeof data === "number" ? new Date(data) : (data as unknown);
    },
  } as Config;
  return createAdapterFactory({ config, adapter: ({ getFieldName }) => rowsOver(run, getFieldName) });
}

type Where = readonly CleanedWhere[];

interface Target {
  model: string;
  where: Where;
}

interface Found extends Omit<Target, "where"> {
  where?: Where;
  limit?: number;
  offset?: number;
  sortBy?: { field: string; direction: "asc" | "desc" };
}

interface Growth extends Target {
  increment: Record<string, number>;
  set?: Row;
}

/** Rows are the library's own affair: their shapes are those of its models. */
function rowsOver(run: Run, columnOf: (named: { model: string; field: string }) => string): CustomAdapter {
  const select = ({ model, where = [], limit, offset, sortBy }: Found) => {
    // Of all names this one comes as the library's own.
    const order = sortBy && { ...sortBy, field: columnOf({ model, field: sortBy.field }) };
    return asked(where, [], (fits) => run((tx) => selectRows(tx, model, { where: fits, limit, offset, order })));
  };
  const change = ({ model, where }: Target, what: RowChange, only_one: boolean) =>
    asked(where, [], (fits) => run((tx) => updateRows(tx, model, fits, what, only_one)));
  const remove = ({ model, where }: Target, only_one: boolean) =>
    asked(where, [], (fits) => run((tx) => deleteRows(tx, model, fits, only_one)));
  const rows = {
    create: ({ model, data }: { model: string; data: Row }) => run((tx) => insertRow(tx, model, data)),
    findOne: async (target: Target) => (await select({ ...target, limit: 1 }))[0] ?? null,
    findMany: select,
    count: ({ model, where = [] }: Found) => asked(where, 0, (fits) => run((tx) => countRows(tx, model, fits))),
    update: async (target: Target & { update: Row }) => (await change(target, { set: target.update }, true))[0] ?? null,
    updateMany: async (target: Target & { update: Row }) =>
      (await change(target, { set: target.update }, false)).length,
    delete: async (target: Target) => void (await remove(target, false)),
    deleteMany: async (target: Target) => (await remove(target, false)).length,
    consumeOne: async (target: Target) => (await remove(target, true))[0] ?? null,
    incrementOne: async ({ increment: grow, set, ...target }: Growth) =>
      (await change(target, { set, grow }, true))[0] ?? null,
  };
  return rows as unknown as CustomAdapter;
}

const IDS = new Set(["id", "user_id"]);

/** Asks by conditions; what is no id at all is nobody's. */
async function asked<T>(
  where: readonly CleanedWhere[],
  nothing: T,
  ask: (fits: Condition[]) => Promise<T>,
): Promise<T> {
  const is_nobodys = ({ field, operator, connector, value }: CleanedWhere) =>
    IDS.has(field) && operator === "eq" && connector === "AND" && !isUuid(String(value));
  return where.some(is_nobodys) ? nothing : ask(where.map(conditionOf));
}

function conditionOf(where: CleanedWhere): Condition {
  const { field, operator = "eq", value, connector = "AND", mode } = where;
  if (mode === "insensitive" || operator === "contains" || operator === "starts_with" || operator === "ends_with") {
    throw new Error(`rows are not searched by ${operator}, ${mode}`);
  }
  return { field, operator, value, connector };
}

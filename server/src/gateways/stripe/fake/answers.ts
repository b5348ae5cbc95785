import type { FakeAccount } from "./account.ts";
import { ageSession } from "./checkout-writes.ts";
import { readForm } from "./form.ts";
import { isToldIn, newLine, render } from "./render.ts";
import type { AnyRow, TableName } from "./rows.ts";
import { idBeside } from "./sales.ts";
import { WriteRefusal } from "./write-call.ts";
import { write } from "./writes.ts";

/** One question to the API, its form fields flat: `payment[payment_intent]`. */
export interface Question {
  method: string;
  path: string;
  fields: URLSearchParams;
  /** The version that the answer is to be written in. */
  version: string;
  /** The account's own version: events stay as they were written when they came about. */
  account_version: string;
  /** Where the account's own pages are. */
  base: string;
}

export interface Answer {
  status: number;
  body: Record<string, unknown>;
}

const DEFAULT_PAGE = 10;
const MAX_PAGE = 100;

const PATHS: Record<string, TableName> = {
  customers: "customers",
  products: "products",
  prices: "prices",
  payment_intents: "payment_intents",
  charges: "charges",
  invoices: "invoices",
  invoice_payments: "invoice_payments",
  subscriptions: "subscriptions",
  "checkout/sessions": "checkout_sessions",
  refunds: "refunds",
  disputes: "disputes",
  events: "events",
  webhook_endpoints: "webhook_endpoints",
  "billing_portal/configurations": "portal_configurations",
  "billing_portal/sessions": "portal_sessions",
};
/** `/v1/<collection>`, then an id, then a list inside that object. */
const PATH = /^\/v1\/(checkout\/sessions|billing_portal\/[a-z]+|[a-z_]+)(?:\/([A-Za-z0-9_]+))?(?:\/([a-z_]+))?$/u;
/** Filters that compare a field, under the name that the question gives them. */
const FILTERS: Record<string, string> = {
  customer: "customer",
  charge: "charge",
  invoice: "invoice",
  payment_intent: "payment_intent",
  status: "status",
  subscription: "subscription",
  type: "type",
};

/** The table that a path reads or writes; null where there is no such path. */
export function tableOf(path: string): TableName | null {
  const name = PATH.exec(path)?.[1] ?? "";
  return Object.hasOwn(PATHS, name) ? (PATHS[name] ?? null) : null;
}

export function answer(account: FakeAccount, question: Question): Answer {
  const table = tableOf(question.path);
  const [, , id, inner] = PATH.exec(question.path) ?? [];
  if (table === null) return refusal(404, `Unrecognized request URL (${question.method}: ${question.path}).`);
  if (table === "webhook_endpoints" && question.method !== "GET") return writeEndpoint(account, question, id);
  if (question.method !== "GET") return writeRow(account, question);
  if (id === undefined) return listRows(account, table, question);
  const row = account.find(table, id);
  if (row === null) return refusal(404, `No such object in ${table}: '${id}'`, "resource_missing");
  if (row.object === "checkout.session") ageSession(account, row);
  if (inner === undefined) {
    const version = versionOf(table, question);
    return { status: 200, body: expand(account, row, { fields: question.fields, version, prefix: "" }) };
  }
  return listInside(account, row, inner);
}

export function refusal(status: number, message: string, code?: string): Answer {
  const type = status >= 500 ? "api_error" : "invalid_request_error";
  return { status, body: { error: { type, message, ...(code === undefined ? {} : { code }) } } };
}

function listRows(account: FakeAccount, table: TableName, question: Question): Answer {
  const { path, fields } = question;
  const version = versionOf(table, question);
  const newest_first = candidates(account, table, fields).toReversed();
  const is_told = (row: AnyRow) => row.object !== "event" || isToldIn(version, row);
  const found = newest_first.filter((row) => matches(row, fields) && is_told(row));
  const after = fields.get("starting_after");
  const before = fields.get("ending_before");
  const start = after === null ? 0 : found.findIndex(({ id }) => id === after) + 1;
  const end = before === null ? found.length : found.findIndex(({ id }) => id === before);
  const limit = Math.min(Number(fields.get("limit") ?? DEFAULT_PAGE), MAX_PAGE);
  const window = found.slice(start, end);
  const page = before === null ? window.slice(0, limit) : window.slice(-limit);
  const data = page.map((row) => expand(account, row, { fields, version, prefix: "data." }));
  return { status: 200, body: { object: "list", url: path, data, has_more: window.length > page.length } };
}

function versionOf(table: TableName, { version, account_version }: Question): string {
  return table === "events" ? account_version : version;
}

/** Rows among which the matching ones are: what hangs on a payment has an id that follows from it. */
function candidates(account: FakeAccount, table: TableName, fields: URLSearchParams): AnyRow[] {
  const of_invoice = fields.get("invoice");
  const intent =
    of_invoice === null
      ? (fields.get("payment[payment_intent]") ?? fields.get("payment_intent"))
      : (account.find("invoices", of_invoice)?._payment_intent ?? "");
  if (intent === null || (table !== "invoice_payments" && table !== "checkout_sessions")) return account.all(table);
  const row = account.find(table, idBeside(intent, table === "invoice_payments" ? "inpay" : "cs"));
  return row === null ? [] : [row];
}

function matches(row: AnyRow, fields: URLSearchParams): boolean {
  const values = row as unknown as Record<string, unknown>;
  for (const [name, field] of Object.entries(FILTERS)) {
    const wanted = fields.get(name);
    if (wanted !== null && wanted !== "all" && values[field] !== wanted) return false;
  }
  // Those that ended are told only to whom asks for them.
  if (row.object === "subscription" && fields.get("status") === null && row.status === "canceled") return false;
  const key = fields.get("lookup_keys[0]");
  if (key !== null && (row.object !== "price" || row.lookup_key !== key)) return false;
  const paid_by = fields.get("payment[payment_intent]");
  if (paid_by !== null && (row.object !== "invoice_payment" || row.payment.payment_intent !== paid_by)) return false;
  const { created } = row;
  return created >= Number(fields.get("created[gte]") ?? 0) && created <= Number(fields.get("created[lte]") ?? created);
}

/** A row as it is told, with what was asked for beside it; only what our clients ask for. */
function expand(
  account: FakeAccount,
  row: AnyRow,
  { fields, version, prefix }: { fields: URLSearchParams; version: string; prefix: "" | "data." },
): Record<string, unknown> {
  const told = render(row, version);
  const wanted = fields.get("expand[0]");
  if (row.object === "invoice_payment" && wanted === `${prefix}payment.payment_intent`) {
    const payment_intent = render(account.get("payment_intents", row.payment.payment_intent), version);
    return { ...told, payment: { ...row.payment, payment_intent } };
  }
  if (row.object === "subscription" && wanted === `${prefix}latest_invoice`) {
    const invoice = account.find("invoices", row.latest_invoice ?? "");
    return { ...told, latest_invoice: invoice && render(invoice, version) };
  }
  if (row.object === "price" && wanted === `${prefix}tiers`) {
    const tiers = row._tiers?.map((tier) => ({ flat_amount: null, ...tier }));
    return { ...told, ...(tiers && { tiers }) };
  }
  return told;
}

function writeRow(account: FakeAccount, { path, fields, version, base }: Question): Answer {
  try {
    const written = write(account, { path, form: readForm(fields), base });
    if (written === null) return refusal(405, "This is not done here.");
    return { status: 200, body: expand(account, written as AnyRow, { fields, version, prefix: "" }) };
  } catch (error) {
    if (!(error instanceof WriteRefusal)) throw error;
    return refusal(error.status, error.message, error.code);
  }
}

function listInside(account: FakeAccount, row: AnyRow, inner: string): Answer {
  if (row.object === "invoice" && inner === "lines") return linesAnswer(row._lines.map(newLine));
  if (row.object === "payment_intent" && inner === "amount_details_line_items") return linesAnswer([]);
  if (row.object !== "checkout.session" || inner !== "line_items") return refusal(404, `Unrecognized request URL.`);
  const price = account.get("prices", row._price);
  const { name } = account.get("products", price.product);
  const line = {
    id: row.id.replace("cs_", "li_"),
    object: "item",
    amount_total: row.amount_total,
    currency: row.currency,
    description: name,
    price,
    quantity: row._quantity,
  };
  return linesAnswer([line]);
}

function linesAnswer(data: unknown[]): Answer {
  return { status: 200, body: { object: "list", data, has_more: false } };
}

function writeEndpoint(account: FakeAccount, { method, fields }: Question, id: string | undefined): Answer {
  if (method === "POST" && id === undefined) {
    const events = [...fields.entries()].filter(([name]) => name.startsWith("enabled_events"));
    const endpoint = account.add("webhook_endpoints", {
      ...account.begin("we", "webhook_endpoint"),
      url: fields.get("url") ?? "",
      api_version: fields.get("api_version"),
      enabled_events: events.map(([, type]) => type),
      status: "enabled",
      _secret: account.newId("whsec"),
    });
    return { status: 200, body: { ...render(endpoint, ""), secret: endpoint._secret } };
  }
  if (method !== "DELETE" || id === undefined) return refusal(405, "Endpoints are made and removed.");
  if (account.find("webhook_endpoints", id) === null)
    return refusal(404, `No such endpoint: '${id}'`, "resource_missing");
  account.remove("webhook_endpoints", id);
  return { status: 200, body: { id, object: "webhook_endpoint", deleted: true } };
}

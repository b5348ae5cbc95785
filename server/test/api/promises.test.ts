import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { DETAILS, REFUSALS, SUCCESSES, TRANSPORT_ERRORS } from "../../src/rules/reasons.ts";
import { treeOf, visit, type SourceFile } from "../source-tree.ts";

/** The rows of the tables of api-v2.md, and the fields that its prose lists for the other endpoints. */
const FIELDS: Record<string, readonly string[]> = {
  "/grants": [
    "location_id",
    "request_id",
    "external_payment_id",
    "external_contact_id",
    "ghl_contact_id",
    "product_config_id",
    "provider",
    "event_type",
    "amount_cents",
    "currency",
    "paid_at",
    "email",
    "name",
    "external_ref",
    "metadata",
  ],
  "/entitlements/check-eligibility": [
    "location_id",
    "external_contact_id",
    "product_config_id",
    "calendar_id",
    "amount",
    "appointment_time",
  ],
  "/entitlements/deduct": [
    "location_id",
    "external_contact_id",
    "product_config_id",
    "calendar_id",
    "amount",
    "request_id",
    "external_ref",
    "appointment_time",
  ],
  "/entitlements/restore": [
    "location_id",
    "external_contact_id",
    "product_config_id",
    "calendar_id",
    "amount",
    "request_id",
    "external_ref",
    "appointment_time",
  ],
};

/** What each endpoint answers, field by field. */
const ANSWERS: Record<string, readonly string[]> = {
  "POST /grants": ["location_id", "contact_id", "entitlement_id", "credits_granted", "balance_after"],
  "POST /entitlements/check-eligibility": ["ok", "reason_code", "correlation_id", "balance_after"],
  "POST /entitlements/deduct": ["balance_after", "entitlement_id", "movements"],
  "POST /entitlements/restore": ["balance_after", "entitlement_id", "movements"],
};

const READS: Record<string, string> = {
  "/contacts/{id}": "contact_loaded",
  "/contacts/{id}/summary": "summary_loaded",
  "/contacts/{id}/credits": "credits_loaded",
  "/contacts/{id}/entitlements": "entitlements_loaded",
  "/contacts/{id}/memberships": "memberships_loaded",
  "/contacts/{id}/ledger": "ledger_loaded",
  "/contacts/{id}/payments": "payments_loaded",
  "/contacts/{id}/appointments/upcoming": "appointments_loaded",
  "/contacts/{id}/appointments/past": "appointments_loaded",
  "/contacts/{id}/timeline": "timeline_loaded",
  "/webhook-events": "webhook_events_loaded",
  "/ghl/connection": "ghl_connection_loaded",
  "/ghl/products": "ghl_products_loaded",
  "/ghl/calendars": "ghl_calendars_loaded",
  "/ghl/contacts": "ghl_contacts_loaded",
  "/webhook-events/{id}": "webhook_event_loaded",
};

const REPLAYS: Record<string, string> = {
  "/webhook-events/replay": "webhook_events_replayed",
  "/webhook-events/{id}/replay": "webhook_events_replayed",
};

const ALSO_SERVED = ["/openapi.json", "/reason-codes", "/healthz", "/readyz"];

const SCOPES: Record<string, string> = {
  grant: "/grants",
  check: "/entitlements/check-eligibility",
  deduct: "/entitlements/deduct",
  restore: "/entitlements/restore",
  summary: "/contacts/",
  manage: "/webhook-events",
};

/** Answers of the expiry job and of the command line: no request over HTTP can get them. */
const NEVER_SENT = ["due_settled", "subscription_followed"];

const folder = import.meta.dirname;

const files: SourceFile[] = globSync(["*.ts", "../console/*.ts"], { cwd: folder })
  .filter((name) => name !== "promises.test.ts")
  .flatMap((name) => treeOf({ [name]: readFileSync(join(folder, name), "utf8") }));

interface Titled {
  start: number;
  end: number;
  is_test: boolean;
  text: string;
}

/** Where a table of cases is declared, its text: the rows stand in the titles of the tests that run them. */
function declared(name: string, file: SourceFile): string {
  for (const place of [file, ...files]) {
    let found = "";
    visit(place, {
      VariableDeclarator: (node) => {
        if (node.id.type === "Identifier" && node.id.name === name) found = place.text.slice(node.start, node.end);
      },
    });
    if (found !== "") return found;
  }
  return name;
}

/** Every `describe` and `test` of a file with its title, and with the cases of its `each`. */
function titled(file: SourceFile): Titled[] {
  const found: Titled[] = [];
  const source = (node: { start: number; end: number }) => file.text.slice(node.start, node.end);
  visit(file, {
    CallExpression: (node) => {
      const kind = /^(describe|test|it)\b/.exec(source(node.callee))?.[1];
      const [title] = node.arguments;
      if (kind === undefined || !title || !/^["'`]/.test(source(title))) return;
      const cases = node.callee.type === "CallExpression" ? node.callee.arguments[0] : undefined;
      const rows = cases ? source(cases).replace(/^[A-Za-z_]+/, (name) => declared(name, file)) : "";
      found.push({ start: node.start, end: node.end, is_test: kind !== "describe", text: `${source(title)} ${rows}` });
    },
  });
  return found;
}

/** The titles of all tests, each with those of the groups around it. */
const titles = files
  .filter(({ path }) => path.endsWith(".test.ts"))
  .flatMap((file) => {
    const all = titled(file);
    return all
      .filter(({ is_test }) => is_test)
      .map((one) =>
        all
          .filter((other) => other.start <= one.start && one.end <= other.end)
          .map(({ text }) => text)
          .join(" › "),
      );
  });

/** Whether some test names all of these words, each as a whole. */
function isNamed(...words: string[]): boolean {
  const patterns = words.map((word) => new RegExp(`(?<![\\w-])${RegExp.escape(word)}(?![\\w-])`));
  return titles.some((title) => patterns.every((pattern) => pattern.test(title)));
}

/** Of the console and the embed: whether some test of theirs awaits it. */
const people_text = files
  .filter(({ path }) => /console\/|embed-/.test(path))
  .map(({ text }) => text)
  .join("\n");
const isAwaited = (code: string): boolean => people_text.includes(`"${code}"`);

describe("the titles of the tests of the API", () => {
  test("are found at all, and what nobody promised is not", () => {
    expect(titles.length).toBeGreaterThan(200);
    expect(isNamed("grant_appl")).toBe(false);
    expect(isNamed("grant_applied", "/nowhere")).toBe(false);
  });

  const codes = Object.keys({ ...SUCCESSES, ...REFUSALS, ...DETAILS, ...TRANSPORT_ERRORS });

  test.each(codes.filter((code) => !NEVER_SENT.includes(code)))("name the reason code %s", (code) => {
    expect(isNamed(code) || isAwaited(code)).toBe(true);
  });

  test.each(Object.entries(TRANSPORT_ERRORS).map(([code, { status }]) => [code, String(status)]))(
    "name %s together with its status %s",
    (code, status) => {
      expect(isNamed(code, status)).toBe(true);
    },
  );

  test.each(Object.entries(FIELDS))("name every field of POST %s", (endpoint, fields) => {
    expect(fields.filter((field) => !isNamed(endpoint, field))).toEqual([]);
  });

  test.each(Object.entries(ANSWERS))("name every field that %s answers", (endpoint, fields) => {
    expect(isNamed(endpoint, ...fields)).toBe(true);
  });

  test.each(Object.entries(READS))("name GET %s with %s", (path, code) => {
    expect(isNamed(path, code)).toBe(true);
  });

  test.each(Object.entries(REPLAYS))("name POST %s with %s", (path, code) => {
    expect(isNamed(path, code)).toBe(true);
  });

  test.each(ALSO_SERVED)("name %s", (path) => {
    expect(titles.some((title) => title.includes(path))).toBe(true);
  });

  test.each(Object.entries(SCOPES))("name the scope %s with what it opens, %s", (scope, path) => {
    expect(titles.some((title) => title.includes(path) && new RegExp(`\\b${scope}\\b`).test(title))).toBe(true);
  });
});

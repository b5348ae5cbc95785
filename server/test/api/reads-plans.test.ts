import { beforeAll, describe, expect, test } from "vitest";
import { API_ROUTES } from "../../src/http/routes.ts";
import type { Transaction } from "../../src/platform/database.ts";
import { contactPanel } from "../../src/views/contact-panel.ts";
import { readContact, type ContactView } from "../../src/views/contact-read.ts";
import { sql, useServer } from "../support.ts";
import { contactRow, itemsOf, openMember } from "./reads-studio.ts";

const server = useServer();
const MANY = 10_000;
const OTHERS = 1000;
let known: Awaited<ReturnType<typeof openMember>>;
let ids: { location_id: string; id: string };

/** One member with a long history among many others, in a location that is not the only one. */
beforeAll(async () => {
  known = await openMember(server);
  await openMember(server);
  ids = await contactRow(server, known.member);
  await server.db.transaction("owner", async (tx) => {
    const run = (text: string, values: unknown[] = []) => tx.query({ name: "", text }, values);
    // The triggers of foreign keys would take most of the time.
    await run("SET LOCAL session_replication_role = replica");
    const at = "date_trunc('milliseconds', now()) - interval '400 days' + i * interval '1 minute'";
    await run(
      `CREATE TEMPORARY TABLE members ON COMMIT DROP AS
       SELECT c.location_id, c.id, 10000 AS many FROM contacts c WHERE c.id = $2
       UNION ALL SELECT $1, gen_random_uuid(), 20 FROM generate_series(1, ${OTHERS})`,
      [ids.location_id, ids.id],
    );
    await run(
      `INSERT INTO contacts (location_id, id, external_id, created_at)
       SELECT location_id, id, id::text, now() FROM members WHERE id <> $1`,
      [ids.id],
    );
    await run(
      `INSERT INTO product_configs (location_id, id, key, name, type, terms)
       SELECT p.location_id, 'pc_' || lpad(i::text, 26, '0'), i::text, 'other', type, terms
       FROM product_configs p, generate_series(1, 1500) i`,
    );
    await run(
      `INSERT INTO entitlements (location_id, id, contact_id, product_config_id, origin, state, unlimited, live, granted,
         available, held, effective_at, created_at)
       SELECT m.location_id, gen_random_uuid(), m.id, e.product_config_id, 'purchase', 'open', false, i % 50 = 0, 1, 0, 0,
         ${at}, ${at}
       FROM members m, entitlements e, generate_series(1, least(many, 1000)) i WHERE e.contact_id = $1 AND e.granted = 10`,
      [ids.id],
    );
    await run(
      `INSERT INTO ledger_entries (location_id, contact_id, entry_number, occurred_at, recorded_at, entitlement_id, type,
         debit, credit, amount, balance_after, source, correlation_id, reason, external_ref, hash)
       SELECT m.location_id, m.id, i + 2, ${at}, ${at}, e.id, 'deduct', 'available', 'used', 1, 0, 'api',
         gen_random_uuid(), 'deducted', 'ref-' || i, sha256('')
       FROM members m, generate_series(1, many) i,
         (SELECT id FROM entitlements WHERE contact_id = $1 LIMIT 1) e`,
      [ids.id],
    );
    await run(
      `INSERT INTO payment_events (location_id, id, contact_id, provider, external_payment_id, event_type, status, flags,
         attention, amount_cents, currency, refunded_cents, paid_at, items, refunds, disputes, recorded_at)
       SELECT m.location_id, gen_random_uuid(), m.id, 'test', i::text, 'paid', 'recorded', '{}', '{}', 100, 'USD', 0, ${at},
         p.items, '[]', '[]', now()
       FROM members m, payment_events p, generate_series(1, least(many, 1000)) i WHERE p.contact_id = $1`,
      [ids.id],
    );
    await run(
      `INSERT INTO payment_keys (location_id, provider, key, payment_event_id)
       SELECT location_id, provider, id::text, id FROM payment_events WHERE provider = 'test' ON CONFLICT DO NOTHING`,
    );
    await plantMemberships(run, at);
    await plantOpportunities(run, at);
    await run(
      `INSERT INTO appointments (location_id, external_id, contact_id, calendar_id, status, starts_at, booked_at, source,
         generation, flags)
       SELECT location_id, id || '-' || i, id, 'yoga', 'confirmed',
         CASE WHEN i % 10 > 0 THEN ${at} + i % 2 * interval '800 days' END, ${at}, 'ghl', 1, '{}'
       FROM members, generate_series(1, many) i`,
    );
  });
  await sql(server.db, "ANALYZE");
}, 120_000);

type Run = (text: string, values?: unknown[]) => Promise<unknown>;

/** A few memberships for each of the members, with their events. */
async function plantMemberships(run: Run, at: string): Promise<void> {
  await run(
    `INSERT INTO memberships (location_id, id, contact_id, product_config_id, status, renewal, started_at, anchor_on, periods,
       open_until, prepaid_through, lots_in_grace, freezes, created_at)
     SELECT m.location_id, gen_random_uuid(), m.id, e.product_config_id, 'ended', 'payment', ${at}, '2026-01-01', '[]',
       ${at}, 0, '[]', '[]', ${at}
     FROM members m, entitlements e, generate_series(1, least(many, 10)) i WHERE e.contact_id = $1 AND e.granted = 10`,
    [ids.id],
  );
  await run(
    `INSERT INTO audit_events (workspace_id, id, location_id, actor, action, subject, after)
     SELECT l.workspace_id, gen_random_uuid(), m.location_id, 'test', 'freeze_membership', 'membership ' || m.id,
       '{"at": "2026-01-01T00:00:00.000Z"}'
     FROM memberships m JOIN locations l USING (location_id), generate_series(1, 5) i`,
  );
}

/** Deliveries of the CRM, of which half are opportunities of a member. */
async function plantOpportunities(run: Run, at: string): Promise<void> {
  await run(
    `INSERT INTO webhook_events (id, provider, dedupe_key, type, location_id, headers, body, verification, told_at, received_at,
       status, attempts_allowed, correlation_id, contacts)
     SELECT gen_random_uuid(), 'ghl', gen_random_uuid()::text,
       CASE WHEN i % 2 = 0 THEN 'OpportunityUpdate' ELSE 'ContactUpdate' END, m.location_id, '{}', '{}', 'verified', ${at},
       ${at}, 'ignored', 12, gen_random_uuid(), ARRAY[c.external_id]
     FROM members m JOIN contacts c ON c.location_id = m.location_id AND c.id = m.id, generate_series(1, least(many, 50)) i`,
  );
}

/** The plan of a statement as the server would run it: prepared, generic, as the application's role. */
async function planOf(tx: Transaction, text: string, values: readonly (string | number | null)[]): Promise<string> {
  const run = (statement: string) => tx.query<{ "QUERY PLAN": string }>({ name: "", text: statement });
  await run(`PREPARE explained AS ${text}`);
  const literals = values.map((value) => (value === null ? "NULL" : `'${value}'`));
  const rows = await run(`EXPLAIN (ANALYZE, BUFFERS) EXECUTE explained(${literals.join(", ")})`);
  await run("DEALLOCATE explained");
  return rows.map((row) => row["QUERY PLAN"]).join("\n");
}

/** The plan, where it reads rows only to throw them away; a few are none. */
function wasteOf(plan: string): string {
  const removed = [...plan.matchAll(/Rows Removed by (?:Filter|Index Recheck): (\d+)/g)].map(([, rows]) =>
    Number(rows),
  );
  return Math.max(0, ...removed) > 20 ? plan : "";
}

/** Asks a question while noting the plan of every statement that it sends. */
async function plansOf(read: (view: ContactView) => Promise<unknown>): Promise<string[]> {
  const plans: string[] = [];
  const noting = (tx: Transaction): Transaction => ({
    ...tx,
    query: async (statement, values = []) => {
      if (statement.name !== "")
        plans.push(`${statement.name}\n${await planOf(tx, statement.text, values as string[])}`);
      return tx.query(statement, values);
    },
  });
  const db = Object.create(server.db, {
    transaction: {
      value: (tenants: string[], work: (tx: Transaction) => Promise<unknown>) =>
        server.db.transaction(tenants, async (tx) => {
          // One after the other: a prepared name is used again.
          let last: Promise<unknown> = Promise.resolve();
          const noted = noting(tx);
          return work({
            ...tx,
            query: (statement, values) => {
              const next = last.then(() => noted.query(statement, values));
              last = next;
              return next;
            },
          } as Transaction);
        }),
    },
  }) as typeof server.db;
  const [location] = await sql<{ version: number }>(server.db, "SELECT version FROM locations WHERE location_id = $1", [
    ids.location_id,
  ]);
  const as = { location_id: ids.location_id, version: location?.version ?? 0 };
  const answer = await readContact(db, { now: () => Date.now() }, as, known.member.id, read);
  expect(answer.kind).toBe("read");
  return plans;
}

/** The machine API's questions about a contact, and the embed's. */
const READS = [...API_ROUTES.reads, { path: "/contacts/{id}/panel", read: contactPanel }];

describe.each(READS)("$path among many rows", ({ read }) => {
  test("scans no table, and sorts nothing that grows with the history", async () => {
    const plans = await plansOf((view) => read.read(view, { limit: 20, cursor: null }));
    expect(plans.length).toBeGreaterThanOrEqual(2);
    for (const plan of plans) {
      // Locations are no tenant's rows: the table is as small as it is in this database.
      const scanned = plan.replaceAll(/Seq Scan on (?:locations|workspaces)/g, "");
      expect(scanned).not.toContain("Seq Scan");
      // Of a member's memberships there are few, and they have no one order of time; a booking has few products.
      const sorted = plan.replaceAll(/Sort .*\n *Sort Key: p\.name\n *Sort Method.*/g, "");
      if (!/^view_(?:contact\n|live|membership)/.test(plan)) expect(sorted).not.toContain("Sort");
      // A few products by their keys: PostgreSQL before 18 gathers them so.
      if (!plan.startsWith("view_names_of_products\n")) expect(plan).not.toContain("Bitmap");
      expect(wasteOf(plan)).toBe("");
    }
  });
});

const lists = API_ROUTES.reads.filter(({ read }) => read.cursor !== null);

describe.each(lists)("the list $path among many rows", ({ path, read }) => {
  test("goes on from deep inside as cheaply as from the top", async () => {
    const url = path.replace("/api/v2", "").replace("{id}", known.member.id);
    let cursor = "";
    for (let page = 0; page < 5; page += 1) {
      const answer = await known.studio.api.get(`${url}?limit=100${cursor === "" ? "" : `&cursor=${cursor}`}`);
      if (itemsOf(answer).length < 100) return;
      cursor = String(answer.body["next_cursor"]);
    }
    const position: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString());
    const plans = await plansOf((view) => read.read(view, { limit: 20, cursor: position }));
    for (const plan of plans.filter((each) => each.includes("Limit"))) {
      expect(wasteOf(plan)).toBe("");
    }
  });
});

test(`a summary with ${MANY} entries reads as few pages as one with ten`, async () => {
  const summary = API_ROUTES.reads.find(({ read }) => read.name === "contact_summary");
  if (!summary) throw new Error("there is no summary");
  const plans = await plansOf((view) => summary.read.read(view, { limit: 20, cursor: null }));
  for (const name of ["view_ledger", "view_appointments", "view_payments"]) {
    const plan = plans.find((each) => each.startsWith(`${name}\n`)) ?? "";
    const pages = [...plan.matchAll(/shared hit=(\d+)/g)].map(([, hit]) => Number(hit));
    expect(Math.max(...pages)).toBeLessThan(100);
  }
});

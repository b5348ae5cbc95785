import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { verifyLedger } from "../src/ledger/verify.ts";
import { MailPost } from "../src/operations/access/mail-post.ts";
import { keepRetention } from "../src/operations/billing/keep-retention.ts";
import { setBillingStatus } from "../src/operations/billing/set-billing-status.ts";
import { applyFile, parseApplyFile } from "../src/operations/catalog/apply-file.ts";
import { systemClock } from "../src/platform/clock.ts";
import { sqlState } from "../src/platform/database.ts";
import { locationUuid } from "../src/platform/ids.ts";
import { DAY } from "../src/rules/time/local-days.ts";
import { openFullStudio } from "./api/full-studio.ts";
import { PASSWORD, useConsole } from "./console/console-server.ts";
import { sql } from "./support.ts";

const server = useConsole();

let mine: Cancelled;
let theirs: Cancelled;
beforeAll(async () => {
  [mine, theirs] = [await newWorkspace(), await newWorkspace()];
});

interface Cancelled {
  workspace_id: string;
  key: string;
  location_id: string;
  owner: string;
}

/** A workspace with an owner and a studio of which there is one of everything. */
async function newWorkspace(): Promise<Cancelled> {
  const studio = await openFullStudio(server, [`maya-${randomUUID()}`]);
  const location_id = locationUuid(studio.location_id) ?? "";
  const [row] = await sql<{ id: string; key: string }>(
    server.db,
    "SELECT w.id, w.key FROM workspaces w JOIN locations l ON l.workspace_id = w.id WHERE l.location_id = $1",
    [location_id],
  );
  const { id: workspace_id = "", key = "" } = row ?? {};
  const owner = `owner-${randomUUID()}@studio.test`;
  const workspace = { key, owner: { email: owner, password: PASSWORD } };
  await applyFile(server.db, parseApplyFile({ workspace, locations: [] }));
  return { workspace_id, key, location_id, owner };
}

/** One run of the timer, so many days from now. */
async function keep(days: number, stopping?: AbortSignal) {
  const clock = { now: () => systemClock.now() + days * DAY };
  const post = new MailPost(server.db, server.secrets, clock, null);
  const failed = (_: string, error: unknown) => {
    throw error;
  };
  const retention = { db: server.db, clock, post, billing: null, public_url: "https://kotally.test" };
  return keepRetention(retention, failed, stopping);
}

/** Every table in which one of these ids stands, however it is called there. */
async function traces({ workspace_id, location_id, owner }: Cancelled): Promise<string[]> {
  const tables = await sql<{ name: string }>(
    server.db,
    "SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY relname",
  );
  const found: string[] = [];
  for (const { name } of tables) {
    const text = `SELECT count(*)::integer AS count FROM ${name} t WHERE to_jsonb(t)::text ~ $1`;
    const [row] = await sql<{ count: number }>(server.db, text, [`${workspace_id}|${location_id}|${owner}`]);
    if (row && row.count > 0) found.push(name);
  }
  return found;
}

const cancel = async ({ key }: Cancelled) => setBillingStatus(server.db, key, "cancelled");

describe("Rule 39. A cancelled workspace", () => {
  test("is announced its deletion thirty, seven and one days before, to every owner, once", async () => {
    await cancel(mine);
    expect(await keep(59)).toEqual({ notices: 0, deleted: 0 });
    for (const days of [60, 60.5, 83, 84, 89]) await keep(days);
    const mails = await server.mailsTo(mine.owner);
    expect(mails).toHaveLength(3);
    const day = new Intl.DateTimeFormat("en", { dateStyle: "long", timeZone: "UTC" });
    for (const { subject, paragraphs } of mails) {
      expect(subject).toContain(`will be deleted on ${day.format(systemClock.now() + 90 * DAY)}`);
      expect(paragraphs.at(-1)).toBe(`https://kotally.test/admin/workspaces/${mine.workspace_id}/billing`);
    }
    expect(await server.mailsTo(theirs.owner)).toEqual([]);
  });

  test("is whole until then, and can be read", async () => {
    expect(await keep(89.9)).toEqual({ notices: 0, deleted: 0 });
    const owner = server.visitor();
    await owner.signIn(mine.owner, PASSWORD);
    const { body } = await owner.console("GET", `/workspaces/${mine.workspace_id}/billing`);
    expect(body).toMatchObject({ billing_status: "cancelled", banner: { code: "cancelled" } });
    expect(await traces(mine)).toEqual(
      expect.arrayContaining(["ledger_entries", "contacts", "audit_events", "requests"]),
    );
  });

  test("is then deleted with everything in it, its neighbours untouched, its people keep their sign-in", async () => {
    const before = await traces(theirs);
    expect(await keep(90.1)).toEqual({ notices: 0, deleted: 1 });
    expect(await traces(mine)).toEqual(["deleted_workspaces", "mails", "users"]);
    // The log of its requests may still be on its way.
    expect(await traces(theirs)).toEqual(expect.arrayContaining(before));
    expect((await verifyLedger(server.db)).broken).toEqual({});
    const owner = server.visitor();
    expect((await owner.signIn(mine.owner, PASSWORD)).status).toBe(200);
    expect((await owner.console("GET", `/workspaces/${mine.workspace_id}/billing`)).status).toBe(404);
    expect((await owner.console("GET", "/session")).body).toMatchObject({ workspaces: [] });
  });

  test("is never deleted without a day's notice, and not at all once it is back", async () => {
    await cancel(theirs);
    expect(await keep(200)).toEqual({ notices: 1, deleted: 0 });
    const [mail] = await server.mailsTo(theirs.owner);
    const day = new Intl.DateTimeFormat("en", { dateStyle: "long", timeZone: "UTC" });
    expect(mail?.subject).toContain(day.format(systemClock.now() + 201 * DAY));
    await setBillingStatus(server.db, theirs.key, "active");
    expect(await keep(400)).toEqual({ notices: 0, deleted: 0 });
    await cancel(theirs);
    expect(await keep(0)).toEqual({ notices: 0, deleted: 0 });
    await setBillingStatus(server.db, theirs.key, "active");
  });
});

describe("a deletion", () => {
  test("goes on wherever it was cut off, and what is left of the books troubles nobody", async () => {
    const leaving = await newWorkspace();
    await cancel(leaving);
    await keep(89);
    const original = server.db.transaction.bind(server.db);
    let rounds = 0;
    for (let deleted = 0; deleted === 0; rounds += 1) {
      // Each round may look around, and then make a few more steps than the one before.
      const stopping = new AbortController();
      let left = 4 + rounds * 3;
      server.db.transaction = ((...args: Parameters<typeof original>) => {
        left -= 1;
        if (left <= 0) stopping.abort();
        return original(...args);
      }) as typeof original;
      try {
        ({ deleted } = await keep(91, stopping.signal));
      } finally {
        server.db.transaction = original;
      }
      expect((await verifyLedger(server.db)).broken).toEqual({});
    }
    expect(rounds).toBeGreaterThan(5);
    expect(await traces(leaving)).toEqual(["deleted_workspaces", "mails", "users"]);
  });

  test("is the only way in which what is append-only ever leaves", async () => {
    const { location_id } = await newWorkspace();
    for (const table of ["ledger_entries", "requests", "audit_events", "appointment_versions"]) {
      const deleted = sql(server.db, `DELETE FROM ${table} WHERE location_id = $1`, [location_id]);
      const state = await deleted.then(() => "deleted", sqlState);
      expect([table, state]).toEqual([table, "23001"]);
    }
    const marked = sql(server.db, "UPDATE workspaces SET deleting_since = now() WHERE billing_status = 'active'");
    expect(await marked.then(() => null, sqlState)).toBe("23514");
  });
});

import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { resumeBulkWork } from "../../src/operations/bulk/bulk-work.ts";
import { runBulkJob } from "../../src/operations/bulk/run-bulk-job.ts";
import { systemClock } from "../../src/platform/clock.ts";
import { locationUuid } from "../../src/platform/ids.ts";
import { callerOf, sql } from "../support.ts";
import { useConsole } from "./console-server.ts";
import { openDesk, type Desk } from "./desk.ts";

const server = useConsole();
const MONTHLY = { key: "monthly", type: "membership", monthly_credits: 8, calendars: ["yoga"] };
const PACK = { key: "pack", type: "package", credits_total: 10, expiry_days: 30, calendars: ["yoga"] };
const products = [MONTHLY, PACK];
const FREEZE = { kind: "freeze", reason: "closed for repairs" };

const ports = () => ({ db: server.db, ledger: server.service.ledger, clock: systemClock });
const never = new AbortController().signal;

async function sell(studio: Desk, key: string, contacts: string[]) {
  for (const external_contact_id of contacts) {
    await callerOf(server.base_url, studio.token).post("/grants", {
      request_id: randomUUID(),
      external_payment_id: randomUUID(),
      external_contact_id,
      product_config_id: studio.products[key],
    });
  }
}

async function workOf(studio: Desk, id: unknown) {
  const { body } = await studio.viewer.at("GET", `/bulk-work/${String(id)}`);
  return body["bulk_job"] as Record<string, unknown>;
}

async function finished(studio: Desk, id: unknown) {
  await expect.poll(async () => (await workOf(studio, id))["status"], { timeout: 10_000 }).toBe("done");
  return workOf(studio, id);
}

async function itemsOf(studio: Desk, id: unknown, status?: string) {
  const query = status === undefined ? "" : `?status=${status}`;
  const { body } = await studio.viewer.at("GET", `/bulk-work/${String(id)}/items${query}`);
  return body["items"] as Record<string, unknown>[];
}

/** Previews a wish, and waits until all is told. */
async function preview(studio: Desk, work: object) {
  const { body } = await studio.admin.at("POST", "/bulk-work/preview", { work });
  expect(body).toMatchObject({ ok: true });
  return finished(studio, body["id"]);
}

async function run(studio: Desk, id: unknown) {
  const { body } = await studio.admin.at("POST", `/bulk-work/${String(id)}/run`);
  expect(body).toMatchObject({ ok: true });
  return finished(studio, body["id"]);
}

async function membershipOf(studio: Desk, contact: string) {
  const { body } = await studio.viewer.at("GET", `/contacts/${contact}/memberships`);
  const [membership] = body["memberships"] as { id: string; is_frozen: boolean; freezes: { id: string }[] }[];
  return membership!;
}

const bookedFor = ({ location_id }: Desk) =>
  sql(server.db, "SELECT type, source FROM ledger_entries WHERE location_id = $1 ORDER BY recorded_at", [
    locationUuid(location_id),
  ]);

describe("Freezing many memberships", () => {
  test("is told member by member, changes nothing until it is run, and then does exactly that", async () => {
    const studio = await openDesk(server, { products });
    await sell(studio, "monthly", ["ana", "ben", "cleo"]);
    const told = await preview(studio, FREEZE);
    expect(told).toMatchObject({ is_preview: true, total: 3, done: 3, refused: 0, can_run: true, can_undo: false });
    expect(told["summary"]).toMatchObject({ memberships: 3 });
    expect((await membershipOf(studio, "ana")).is_frozen).toBe(false);

    const done = await run(studio, told["id"]);
    expect(done).toMatchObject({ is_preview: false, total: 3, done: 3, can_undo: true, of_job: told["id"] });
    for (const contact of ["ana", "ben", "cleo"]) expect((await membershipOf(studio, contact)).is_frozen).toBe(true);
    const trail = await sql(
      server.db,
      "SELECT action, actor, ip FROM audit_events WHERE workspace_id = $1 AND action = 'freeze_membership'",
      [studio.workspace_id],
    );
    expect(trail).toEqual(
      Array.from({ length: 3 }, () => ({
        action: "freeze_membership",
        actor: studio.admin.email,
        ip: studio.admin.visitor.ip,
      })),
    );
  });

  test("is undone by a preview and a run of its own, and freezes nobody else", async () => {
    const studio = await openDesk(server, { products });
    await sell(studio, "monthly", ["ana", "ben"]);
    const { id } = await membershipOf(studio, "ben");
    const told = await preview(studio, { ...FREEZE, membership_ids: [id] });
    const done = await run(studio, told["id"]);
    expect((await membershipOf(studio, "ana")).is_frozen).toBe(false);
    const undo = await studio.admin.at("POST", `/bulk-work/${String(done["id"])}/undo`);
    const ended = await run(studio, (await finished(studio, undo.body["id"]))["id"]);
    expect(ended).toMatchObject({ kind: "unfreeze", done: 1 });
    expect((await membershipOf(studio, "ben")).is_frozen).toBe(false);
  });

  test("says of each member for whom it cannot be why, and leaves them out", async () => {
    const studio = await openDesk(server, { products });
    await sell(studio, "monthly", ["ana", "ben"]);
    const { id } = await membershipOf(studio, "ana");
    await studio.admin.at("POST", `/memberships/${id}/freeze`, { request_id: "f1", external_contact_id: "ana" });
    const told = await preview(studio, FREEZE);
    expect(told).toMatchObject({ total: 2, done: 1, refused: 1 });
    expect(await itemsOf(studio, told["id"], "refused")).toMatchObject([
      { external_contact_id: "ana", reason_code: "FREEZE_OVERLAPS", answer: { freeze_id: expect.any(String) } },
    ]);
    expect(await run(studio, told["id"])).toMatchObject({ total: 1, done: 1 });
  });
});

describe("Giving many more time", () => {
  test("tells each entitlement's expiry before and after, and then moves it", async () => {
    const studio = await openDesk(server, { products });
    await sell(studio, "pack", ["ana", "ben"]);
    const told = await preview(studio, { kind: "extend", days: 7, reason: "closed for a week" });
    expect(told).toMatchObject({ done: 2, summary: { members: 2, entitlements: 2 } });
    const [first] = (await itemsOf(studio, told["id"])) as {
      answer: { extended: { before: string; after: string }[] };
    }[];
    const extended = first?.answer.extended ?? [];
    await run(studio, told["id"]);
    const { body } = await studio.viewer.at("GET", "/contacts/ana/entitlements");
    expect(body["entitlements"]).toMatchObject([{ expires_at: extended[0]?.after }]);
    expect(extended[0]?.before).not.toBe(extended[0]?.after);
  });

  test("means only those that are chosen: of a product, of some contacts, or that expire by a day", async () => {
    const studio = await openDesk(server, { products });
    await sell(studio, "pack", ["ana", "ben"]);
    const base = { kind: "extend", until_on: "2099-01-01", reason: "gift" };
    expect(await preview(studio, { ...base, contacts: ["ben"] })).toMatchObject({ total: 1 });
    expect(await preview(studio, { ...base, product_config_id: studio.products["pack"] })).toMatchObject({ total: 2 });
    const nothing = { ...base, product_config_id: studio.products["monthly"] };
    expect((await studio.admin.at("POST", "/bulk-work/preview", { work: nothing })).body.reason_code).toBe(
      "NOTHING_TO_DO",
    );
    const early = await studio.admin.at("POST", "/bulk-work/preview", { work: { ...base, expires_by: "2020-01-01" } });
    expect(early.body.reason_code).toBe("NOTHING_TO_DO");
  });

  test("asks for one of: until when, or how much longer", async () => {
    const studio = await openDesk(server, { products });
    const { status, body } = await studio.admin.at("POST", "/bulk-work/preview", { work: { kind: "extend" } });
    expect(status).toBe(400);
    expect(body["errors"]).toEqual(
      expect.arrayContaining([
        { field: "work.reason", message: "is required" },
        { field: "work.until_on", message: "is required (or days, and not both)" },
      ]),
    );
  });
});

test("A preview may be run for half an hour", async () => {
  const studio = await openDesk(server, { products });
  await sell(studio, "pack", ["ana"]);
  const told = await preview(studio, { kind: "extend", days: 7, reason: "storm" });
  const age = (minutes: number) =>
    sql(server.db, "UPDATE bulk_jobs SET created_at = now() - $2 * interval '1 minute' WHERE id = $1", [
      told["id"],
      minutes,
    ]);
  await age(31);
  expect(await workOf(studio, told["id"])).toMatchObject({ can_run: false });
  const late = await studio.admin.at("POST", `/bulk-work/${String(told["id"])}/run`);
  expect(late.body).toMatchObject({ ok: false, reason_code: "NOT_READY", status: "done" });
  await age(29);
  expect(await workOf(studio, told["id"])).toMatchObject({ can_run: true });
  expect(await run(studio, told["id"])).toMatchObject({ status: "done", done: 1 });
});

describe("Work that is interrupted", () => {
  test("goes on where it stopped, and what was done before a kill is not done again", async () => {
    const studio = await openDesk(server, { products });
    const contacts = Array.from({ length: 60 }, (_, i) => `member-${String(i).padStart(2, "0")}`);
    await Promise.all(contacts.map((contact) => sell(studio, "pack", [contact])));
    const told = await preview(studio, { kind: "extend", days: 7, reason: "storm" });
    const done = await run(studio, told["id"]);
    const location_id = locationUuid(studio.location_id)!;
    const expiries = () =>
      sql(server.db, "SELECT id, expires_at FROM entitlements WHERE location_id = $1 ORDER BY id", [location_id]);
    const after = await expiries();

    // As a process leaves it that was killed before it wrote down what it had done.
    const at = [location_id, done["id"]];
    await sql(
      server.db,
      "UPDATE bulk_items SET status = 'waiting', reason_code = NULL, answer = NULL WHERE location_id = $1 AND job_id = $2 AND number > 10",
      at,
    );
    await sql(
      server.db,
      "UPDATE bulk_jobs SET status = 'running', finished_at = NULL, done = 10, leased_by = gen_random_uuid(), leased_until = now() + interval '1 minute' WHERE location_id = $1 AND id = $2",
      at,
    );
    expect(await resumeBulkWork(ports(), never)).toBe(0);
    await sql(
      server.db,
      "UPDATE bulk_jobs SET leased_until = now() - interval '1 second' WHERE location_id = $1 AND id = $2",
      at,
    );
    expect(await resumeBulkWork(ports(), never)).toBe(1);
    expect(await workOf(studio, done["id"])).toMatchObject({ status: "done", done: 60, refused: 0 });
    expect(await expiries()).toEqual(after);
  });

  test("stops when it is cancelled, and when its process is to stop another takes it at once", async () => {
    const studio = await openDesk(server, { products });
    await sell(studio, "pack", ["ana"]);
    const told = await preview(studio, { kind: "extend", days: 7, reason: "storm" });
    const location_id = locationUuid(studio.location_id)!;
    const at = [location_id, told["id"]];
    await sql(
      server.db,
      "UPDATE bulk_items SET status = 'waiting', reason_code = NULL, answer = NULL WHERE location_id = $1 AND job_id = $2",
      at,
    );
    await sql(
      server.db,
      "UPDATE bulk_jobs SET status = 'running', finished_at = NULL, done = 0 WHERE location_id = $1 AND id = $2",
      at,
    );
    const id = { location_id, id: String(told["id"]) };
    await runBulkJob(ports(), id, AbortSignal.abort());
    expect(await workOf(studio, told["id"])).toMatchObject({ status: "running", done: 0 });
    const cancelled = await studio.admin.at("POST", `/bulk-work/${id.id}/cancel`);
    expect(cancelled.body).toMatchObject({ ok: true, done: 0, total: 1 });
    expect(await runBulkJob(ports(), id, never)).toBe(false);
    expect((await studio.admin.at("POST", `/bulk-work/${id.id}/cancel`)).body.reason_code).toBe("ALREADY_SO");
    expect((await studio.admin.at("POST", `/bulk-work/${id.id}/run`)).body.reason_code).toBe("NOT_READY");
  });

  test("is run once, however often it is asked for", async () => {
    const studio = await openDesk(server, { products });
    await sell(studio, "pack", ["ana"]);
    const told = await preview(studio, { kind: "extend", days: 7, reason: "storm" });
    const first = await run(studio, told["id"]);
    const again = await studio.admin.at("POST", `/bulk-work/${String(told["id"])}/run`);
    expect(again.body).toMatchObject({ ok: true, id: first["id"] });
    expect(await bookedFor(studio)).toHaveLength(1);
  });
});

test("Nobody of another workspace sees or runs it, and who may only look runs nothing", async () => {
  const studio = await openDesk(server, { products });
  const other = await openDesk(server, { products });
  await sell(studio, "pack", ["ana"]);
  const told = await preview(studio, { kind: "extend", days: 7, reason: "storm" });
  const path = `/bulk-work/${String(told["id"])}`;
  expect((await other.owner.at("GET", path)).body.reason_code).toBe("NOT_FOUND");
  expect((await other.owner.at("POST", `${path}/run`)).body.reason_code).toBe("NOT_FOUND");
  expect((await studio.viewer.at("POST", `${path}/run`)).status).toBe(403);
  expect((await studio.viewer.at("POST", "/bulk-work/preview", { work: FREEZE })).status).toBe(403);
});

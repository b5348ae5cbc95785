import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { locationUuid } from "../../src/platform/ids.ts";
import { sql } from "../support.ts";
import { useConsole } from "./console-server.ts";
import { openDesk, type Desk } from "./desk.ts";

const server = useConsole();
const FROM = "2026-01-01T00:00:00Z";

/** A delivery that stands so, as the inbox keeps it. */
async function deliver({ location_id }: Desk, status: string, type = "AppointmentUpdate"): Promise<string> {
  const id = randomUUID();
  const is_over = ["done", "ignored", "dead"].includes(status);
  await sql(
    server.db,
    `INSERT INTO webhook_events (id, provider, dedupe_key, type, location_id, headers, body, verification, told_at, received_at,
       status, attempts, attempts_allowed, next_attempt_at, finished_at, correlation_id)
     VALUES ($1, 'ghl', $2, $3, $4, '{}', '{}', 'verified', now(), now(), $5, 1, 5, $6, $7, gen_random_uuid())`,
    [id, id, type, locationUuid(location_id), status, is_over ? null : new Date(), is_over ? new Date() : null],
  );
  return id;
}

const countsOf = async (studio: Desk, query = "") =>
  (await studio.viewer.at("GET", `/webhook-events/counts?from=${FROM}${query}`)).body;

describe("Counting deliveries", () => {
  test("says how many a replay would take, of which types, and afterwards how far it is", async () => {
    const studio = await openDesk(server);
    const other = await openDesk(server);
    await deliver(other, "dead");
    for (const status of ["dead", "dead", "failed", "done"]) await deliver(studio, status);
    await deliver(studio, "dead", "InvoicePaid");
    expect(await countsOf(studio)).toMatchObject({
      counts: { dead: 3, failed: 1, done: 1, received: 0, waiting: 0, ignored: 0 },
      types: [
        { type: "AppointmentUpdate", provider: "ghl", count: 4 },
        { type: "InvoicePaid", provider: "ghl", count: 1 },
      ],
    });
    expect(await countsOf(studio, "&statuses=dead&type=InvoicePaid")).toMatchObject({ counts: { dead: 1, failed: 0 } });
    const replay = { from: FROM, statuses: ["dead", "failed"] };
    expect((await studio.admin.at("POST", "/webhook-events/replay", replay)).body).toMatchObject({ replayed: 4 });
    expect(await countsOf(studio)).toMatchObject({ counts: { dead: 0, failed: 0, received: 4 } });
  });

  test("names what is wrong with a range", async () => {
    const studio = await openDesk(server);
    const { status, body } = await studio.viewer.at("GET", "/webhook-events/counts?from=yesterday&statuses=dead,gone");
    expect(status).toBe(400);
    expect((body["errors"] as { field: string }[]).map(({ field }) => field)).toEqual(["from", "statuses.1"]);
  });
});

describe("A dead letter that is given up", () => {
  test("says who and why, is taken no more, and can be replayed all the same", async () => {
    const studio = await openDesk(server);
    const id = await deliver(studio, "dead");
    const done = await deliver(studio, "done");
    const given = await studio.admin.at("POST", "/webhook-events/give-up", {
      ids: [id, done],
      reason: "a test contact",
    });
    expect(given.body).toMatchObject({ ok: true, given_up: 1 });
    const { body } = await studio.viewer.at("GET", `/webhook-events/${id}`);
    expect(body["webhook_event"]).toMatchObject({ status: "ignored", outcome: "GIVEN_UP", detail: "a test contact" });
    const [line] = await sql(
      server.db,
      "SELECT actor, after FROM audit_events WHERE workspace_id = $1 AND action = 'give_up_webhook_events'",
      [studio.workspace_id],
    );
    expect(line).toEqual({ actor: studio.admin.email, after: { given_up: [id], reason: "a test contact" } });
    expect((await studio.admin.at("POST", `/webhook-events/${id}/replay`)).body).toMatchObject({ replayed: 1 });
  });

  test("is another workspace's own affair, and needs a reason", async () => {
    const studio = await openDesk(server);
    const other = await openDesk(server);
    const id = await deliver(studio, "dead");
    const foreign = await other.owner.at("POST", "/webhook-events/give-up", { ids: [id], reason: "not mine" });
    expect(foreign.body.reason_code).toBe("NOTHING_TO_DO");
    const { body } = await studio.admin.at("POST", "/webhook-events/give-up", { ids: [id] });
    expect(body["errors"]).toEqual([{ field: "reason", message: "is required" }]);
    expect((await studio.viewer.at("POST", "/webhook-events/give-up", { ids: [id], reason: "x" })).status).toBe(403);
  });
});

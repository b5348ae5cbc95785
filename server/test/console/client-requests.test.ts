import { randomUUID } from "node:crypto";
import { describe, expect, test, vi } from "vitest";
import { RequestLog, type ClientRequest } from "../../src/operations/access/request-log.ts";
import { systemClock } from "../../src/platform/clock.ts";
import { openDesk, type PaymentDesk } from "../api/payments-desk.ts";
import { sql } from "../support.ts";
import { useConsole } from "./console-server.ts";
import { openStaffDesk, type StaffDesk } from "./staff-desk.ts";

const server = useConsole({ api_rate_limit: 20 });

interface Log {
  client: { id: string; name: string };
  requests: { method: string; route: string; status: number; reason_code: string; correlation_id: string }[];
  days: { day: string; requests: number; refused: number; rate_limited: number; last_rate_limited_at: string | null }[];
}

const clientOf = (desk: PaymentDesk) => /^ktly_([0-9a-f-]{36})_/.exec(desk.token)?.[1] ?? "";

async function logOf(staff: StaffDesk, client_id: string, enough: (log: Log) => boolean): Promise<Log> {
  return vi.waitUntil(
    async () => {
      const { body } = await staff.get(`/api-clients/${client_id}/requests`);
      const log = body as unknown as Log;
      return enough(log) && log;
    },
    { timeout: 10_000, interval: 200 },
  );
}

describe("what an API client asked is seen in the console", () => {
  test("within seconds, with what each request was answered, and nothing of what it sent", async () => {
    const desk = await openDesk(server);
    const staff = await openStaffDesk(server, desk, "viewer");
    const member = desk.newMember();
    const granted = await member.grant("pack", { email: "canary@studio.test" });
    await member.deduct({ calendar_id: "sauna" });
    await desk.api.get(`/contacts/${member.id}/summary`);
    await desk.api.post("/grants", { nonsense: true });
    const log = await logOf(staff, clientOf(desk), ({ requests }) => requests.length === 4);
    expect(log.client.name).toBe("bot");
    expect(log.requests.map(({ method, route, status, reason_code }) => [method, route, status, reason_code])).toEqual([
      ["POST", "/api/v2/grants", 400, "VALIDATION_ERROR"],
      ["GET", "/api/v2/contacts/{id}/summary", 200, "summary_loaded"],
      ["POST", "/api/v2/entitlements/deduct", 200, "NO_ENTITLEMENT"],
      ["POST", "/api/v2/grants", 200, "grant_applied"],
    ]);
    expect(log.requests[3]?.correlation_id).toBe(granted.body.correlation_id);
    expect(log.days).toMatchObject([{ requests: 4, refused: 2, rate_limited: 0, last_rate_limited_at: null }]);
    const kept = await sql(server.db, "SELECT * FROM api_client_requests WHERE client_id = $1", [clientOf(desk)]);
    for (const secret of [member.id, "canary@studio.test", desk.token]) {
      expect(JSON.stringify(kept)).not.toContain(secret);
    }
  });

  test("refusals of its rate limit are counted", async () => {
    const desk = await openDesk(server);
    const staff = await openStaffDesk(server, desk, "viewer");
    const answers = await Promise.all(Array.from({ length: 60 }, () => desk.api.get("/contacts/none")));
    const limited = answers.filter(({ status }) => status === 429).length;
    expect(limited).toBeGreaterThan(0);
    const { days } = await logOf(staff, clientOf(desk), (log) => log.days[0]?.requests === 60);
    expect(days[0]).toMatchObject({ requests: 60, rate_limited: limited, refused: 60 - limited });
    expect(Date.parse(days[0]?.last_rate_limited_at ?? "")).toBeLessThanOrEqual(Date.now());
  });

  test("of another location's client nothing is told", async () => {
    const [desk, other] = await Promise.all([openDesk(server), openDesk(server)]);
    const staff = await openStaffDesk(server, other, "owner");
    expect((await staff.get(`/api-clients/${clientOf(desk)}/requests`)).body.reason_code).toBe("NOT_FOUND");
  });
});

describe("the log of requests is bounded", () => {
  function requestOf(desk: PaymentDesk, n: number): ClientRequest {
    return {
      location_id: desk.uuid,
      client_id: clientOf(desk),
      correlation_id: randomUUID(),
      received_at: Date.now() - 1_000_000 + n,
      method: "GET",
      route: "/api/v2/contacts/{id}",
      status: 200,
      reason_code: "contact_loaded",
      duration_ms: 1,
    };
  }

  test("a client keeps its latest hundred, and all are counted", async () => {
    const desk = await openDesk(server);
    const log = new RequestLog(server.db, systemClock);
    for (const n of Array.from({ length: 1000 }, (_, i) => i)) {
      log.note(requestOf(desk, n));
      if (n % 250 === 249) await log.write();
    }
    const [kept] = await sql<{ count: number; oldest: number }>(
      server.db,
      "SELECT count(*), min(received_at) AS oldest FROM api_client_requests WHERE client_id = $1",
      [clientOf(desk)],
    );
    expect(kept?.count).toBe(100);
    const [day] = await sql<{ requests: number }>(
      server.db,
      "SELECT sum(requests)::bigint AS requests FROM api_client_days WHERE client_id = $1",
      [clientOf(desk)],
    );
    expect(day?.requests).toBe(1000);
  });

  test("clients that ask at once share what one writing takes, and all is counted", async () => {
    const desk = await openDesk(server);
    const staff = await openStaffDesk(server, desk, "admin");
    const clients: string[] = [];
    for (const name of Array.from({ length: 20 }, (_, i) => `bot ${i}`)) {
      const { body } = await staff.send("POST", "/api-clients", { name, scopes: ["check"] });
      clients.push(String(body["id"]));
    }
    // All at one moment: what waits longer is written by itself.
    const log = new RequestLog(server.db, systemClock);
    for (const client_id of clients) {
      for (let n = 0; n < 60; n += 1) log.note({ ...requestOf(desk, n), client_id });
    }
    await log.write();
    const kept = await sql<{ count: number; requests: number }>(
      server.db,
      `SELECT count(*), min(d.requests) AS requests
       FROM api_client_requests r JOIN api_client_days d USING (location_id, client_id)
       WHERE client_id = ANY ($1::uuid[]) GROUP BY client_id`,
      [clients],
    );
    expect(kept).toHaveLength(20);
    for (const one of kept) expect(one).toMatchObject({ count: 50, requests: 60 });
  });

  test("two processes that write at once lose nothing", async () => {
    const desk = await openDesk(server);
    const logs = [new RequestLog(server.db, systemClock), new RequestLog(server.db, systemClock)];
    for (let round = 0; round < 5; round += 1) {
      for (const log of logs) for (let n = 0; n < 20; n += 1) log.note(requestOf(desk, round * 100 + n));
      await Promise.all(logs.map((log) => log.write()));
    }
    const [day] = await sql<{ requests: number }>(
      server.db,
      "SELECT sum(requests)::bigint AS requests FROM api_client_days WHERE client_id = $1",
      [clientOf(desk)],
    );
    expect(day?.requests).toBe(200);
  });
});

test("a refused request says by its id which entitlements would not do, and why", async () => {
  const desk = await openDesk(server);
  const staff = await openStaffDesk(server, desk, "viewer");
  const member = desk.newMember();
  await member.grant("pack");
  const request_id = randomUUID();
  await member.deduct({ request_id, calendar_id: "sauna" });
  const { body } = await staff.get(`/requests/${request_id}`);
  expect(body["request"]).toMatchObject({
    operation: "deduct_credits",
    answer: { reason_code: "NO_ENTITLEMENT" },
    explanation: { chosen: [], rejected: [{ reason: "SERVICE_FAMILY_MISMATCH" }] },
  });
  expect((await staff.get("/requests/none")).body.reason_code).toBe("NOT_FOUND");
});

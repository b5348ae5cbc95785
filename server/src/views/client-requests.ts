import { z } from "zod";
import type { Transaction } from "../platform/database.ts";
import { instant } from "../platform/sql.ts";
import type { Explanation } from "../rules/outcome.ts";
import type { Instant } from "../rules/time/local-days.ts";

/** Requests and days of one client that are told: as many as are kept, and a month. */
const MAX_REQUESTS = 100;
const MAX_DAYS = 31;

const requestShape = z
  .object({
    correlation_id: z.guid().describe("The same as in its answer, and in the ledger entries that it caused."),
    received_at: z.iso.datetime(),
    method: z.string(),
    route: z.string().describe("As the API's reference writes it."),
    status: z.int().describe("The HTTP status."),
    reason_code: z.string().nullable().describe("What it was answered."),
    duration_ms: z.int(),
  })
  .describe("A request of an API client.");

const dayShape = z
  .object({
    day: z.iso.date().describe("The day, UTC."),
    requests: z.int(),
    refused: z.int().describe("Of these: answered with ok false, its rate limit aside."),
    rate_limited: z.int().describe("Of these: refused by its rate limit."),
    last_rate_limited_at: z.iso.datetime().nullable(),
  })
  .describe("What an API client asked on one day.");

export const clientRequestsAnswer = z.object({
  client: z.object({
    id: z.guid(),
    name: z.string(),
    last_used_at: z.iso.datetime().nullable().describe("To the minute."),
  }),
  requests: z.array(requestShape).describe("Its latest, at most 100, the latest first; about a second old."),
  days: z.array(dayShape).describe("The last 31 days on which it asked anything, the latest first."),
});

const CLIENT = {
  name: "view_client",
  text: "SELECT id, name, last_used_at FROM api_clients WHERE location_id = $1 AND id = $2",
};
const REQUESTS = {
  name: "view_client_requests",
  text: `
    SELECT correlation_id, received_at, method, route, status, reason_code, duration_ms FROM api_client_requests
    WHERE location_id = $1 AND client_id = $2 ORDER BY received_at DESC, correlation_id DESC LIMIT ${MAX_REQUESTS}`,
};
const DAYS = {
  name: "view_client_days",
  text: `
    SELECT day, requests, refused, rate_limited, last_rate_limited_at FROM api_client_days
    WHERE location_id = $1 AND client_id = $2 ORDER BY day DESC LIMIT ${MAX_DAYS}`,
};

type RequestRow = Omit<z.output<typeof requestShape>, "received_at"> & { received_at: Instant };
type DayRow = Omit<z.output<typeof dayShape>, "last_rate_limited_at"> & { last_rate_limited_at: Instant | null };

/** What an API client asked, and how it fared; null: the location has no such client. */
export async function findClientRequests(
  tx: Transaction,
  location_id: string,
  client_id: string,
): Promise<z.output<typeof clientRequestsAnswer> | null> {
  const values = [location_id, client_id];
  const [[client], requests, days] = await Promise.all([
    tx.query<{ id: string; name: string; last_used_at: Instant | null }>(CLIENT, values),
    tx.query<RequestRow & Record<string, unknown>>(REQUESTS, values),
    tx.query<DayRow & Record<string, unknown>>(DAYS, values),
  ]);
  if (!client) return null;
  return {
    client: { ...client, last_used_at: isoOf(client.last_used_at) },
    requests: requests.map(({ received_at, ...request }) => ({ ...request, received_at: instant(received_at) })),
    days: days.map(({ last_rate_limited_at: at, ...day }) => ({ ...day, last_rate_limited_at: isoOf(at) })),
  };
}

function isoOf(at: Instant | null): string | null {
  return at === null ? null : instant(at);
}

const lotShape = z.object({ entitlement_id: z.guid(), product_config_id: z.string() });

export const rememberedAnswer = z.object({
  request: z
    .object({
      request_id: z.string(),
      operation: z.string(),
      recorded_at: z.iso.datetime(),
      answer: z.record(z.string(), z.unknown()).describe("The body of its answer, which every repetition gets."),
      explanation: z
        .object({
          chosen: z.array(lotShape.extend({ amount: z.int() })),
          rejected: z.array(lotShape.extend({ reason: z.string() })),
        })
        .nullable()
        .describe("Of a refusal: which entitlements were looked at, and why they would not do (rule 13)."),
    })
    .describe("A request whose answer is remembered."),
});

const REMEMBERED = {
  name: "view_remembered_request",
  text: `
    SELECT request_id, operation, recorded_at, body, explanation FROM requests
    WHERE location_id = $1 AND request_id = $2`,
};

type Remembered = {
  request_id: string;
  operation: string;
  recorded_at: Instant;
  body: string;
  explanation: Explanation | null;
};

/** What a request was answered, by its request id; null: none is remembered. */
export async function findRemembered(
  tx: Transaction,
  location_id: string,
  request_id: string,
): Promise<z.output<typeof rememberedAnswer> | null> {
  const [row] = await tx.query<Remembered & Record<string, unknown>>(REMEMBERED, [location_id, request_id]);
  if (!row) return null;
  const { body, recorded_at, ...request } = row;
  const answer = JSON.parse(body) as Record<string, unknown>;
  return { request: { ...request, recorded_at: instant(recorded_at), answer } };
}

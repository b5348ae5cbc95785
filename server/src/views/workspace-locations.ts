import { z } from "zod";
import type { Database } from "../platform/database.ts";
import { locationPublicId } from "../platform/ids.ts";
import { instant, uuidArray } from "../platform/sql.ts";
import type { Instant } from "../rules/time/local-days.ts";

const moment = z.iso.datetime().nullable();

const ghlHealth = z.object({
  status: z.enum(["not_connected", "unclaimed", "connected", "disconnected", "needs_reinstall"]),
  ghl_location_id: z.string().nullable(),
  installed_at: moment,
  last_webhook_at: moment.describe("When the last delivery came."),
  last_poll_at: moment.describe("The last reading that succeeded, by the location's clock."),
  trouble: z.string().nullable().describe("Why the last reading failed; null: none did."),
});

const stripeHealth = z.object({
  status: z.enum(["not_connected", "connected"]),
  mode: z.enum(["webhook", "poll"]).nullable(),
  is_live: z.boolean().nullable().describe("False: a test account."),
  connected_at: moment,
  last_webhook_at: moment,
  last_poll_at: moment,
  last_event_at: moment.describe("When the latest event that was read happened."),
  trouble: z.string().nullable(),
});

export const locationOverview = z.object({
  location_id: z.string(),
  key: z.string(),
  name: z.string(),
  status: z
    .enum(["pending", "active", "disconnected"])
    .describe("pending: billing does not allow it yet; disconnected: its tokens are refused, its data is kept."),
  sandbox: z.boolean(),
  now: z.iso.datetime().describe("What its clock shows: a sandbox's may be ahead."),
  timezone: z.string(),
  currency: z.string(),
  created_at: z.iso.datetime(),
  api_clients: z.int().describe("That are switched on."),
  api_last_used_at: moment,
  dead_events: z.int().describe("Deliveries that were given up; 100 stands for more."),
  ghl: ghlHealth,
  stripe: stripeHealth,
});

export const locationsAnswer = z.object({ locations: z.array(locationOverview) });

type Overview = z.output<typeof locationOverview>;
type Row = Pick<Overview, "location_id" | "key" | "name" | "status" | "sandbox" | "timezone" | "currency"> & {
  clock_offset_ms: number;
  created_at: Instant;
  api_clients: number;
  api_last_used_at: Instant | null;
  dead_events: number;
  ghl_status: Exclude<Overview["ghl"]["status"], "not_connected"> | null;
  ghl_location_id: string | null;
  installed_at: Instant | null;
  ghl_webhook_at: Instant | null;
  ghl_poll_at: Instant | null;
  ghl_trouble: string | null;
  stripe_mode: "webhook" | "poll" | null;
  is_live: boolean | null;
  connected_at: Instant | null;
  stripe_webhook_at: Instant | null;
  stripe_poll_at: Instant | null;
  last_event_at: Instant | null;
  stripe_trouble: string | null;
};

const IDS = {
  name: "view_locations_of_workspace",
  text: "SELECT location_id FROM locations WHERE workspace_id = $1",
};

const LAST_WEBHOOK = (provider: string) => `(
  SELECT e.received_at FROM webhook_events e
  WHERE e.location_id = l.location_id AND e.provider = '${provider}' AND e.verification <> 'polled'
  ORDER BY e.received_at DESC LIMIT 1)`;

const LIST = {
  name: "view_workspace_locations",
  text: `
    SELECT l.location_id, l.key, l.name, l.status, l.sandbox, l.timezone, l.currency, l.clock_offset_ms, l.created_at,
      a.api_clients, a.api_last_used_at, d.dead_events,
      g.status AS ghl_status, g.ghl_location_id, g.installed_at, p.ghl_poll_at, p.ghl_trouble,
      s.mode AS stripe_mode, s.is_live, s.created_at AS connected_at, s.polled_at AS stripe_poll_at, s.last_event_at,
      s.trouble AS stripe_trouble,
      ${LAST_WEBHOOK("ghl")} AS ghl_webhook_at, ${LAST_WEBHOOK("stripe")} AS stripe_webhook_at
    FROM locations l
    LEFT JOIN ghl_connections g ON g.location_id = l.location_id
    LEFT JOIN stripe_connections s ON s.location_id = l.location_id AND s.status = 'connected'
    CROSS JOIN LATERAL (
      SELECT count(*) FILTER (WHERE c.active)::integer AS api_clients, max(c.last_used_at) AS api_last_used_at
      FROM api_clients c WHERE c.location_id = l.location_id
    ) a
    CROSS JOIN LATERAL (
      SELECT count(*)::integer AS dead_events FROM (
        SELECT FROM webhook_events e WHERE e.location_id = l.location_id AND e.status = 'dead' LIMIT 100
      ) dead
    ) d
    CROSS JOIN LATERAL (
      SELECT max(q.succeeded_at) AS ghl_poll_at, min(q.trouble) AS ghl_trouble
      FROM ghl_polls q WHERE q.location_id = l.location_id
    ) p
    WHERE l.workspace_id = $1 AND l.location_id = ANY ($2::uuid[])
    ORDER BY l.sandbox, l.status = 'disconnected', l.name, l.location_id`,
};

/** Every location of a workspace, with how it stands with its providers. */
export async function listLocations(
  db: Database,
  workspace_id: string,
  real_now: Instant,
): Promise<z.output<typeof locationsAnswer>> {
  const ids = await db.transaction({ workspace_id }, (tx) => tx.query<{ location_id: string }>(IDS, [workspace_id]), {
    read_only: true,
  });
  return {
    locations: await overviewsOf(
      db,
      workspace_id,
      ids.map(({ location_id }) => location_id),
      real_now,
    ),
  };
}

/** The same of some of them. */
export async function overviewsOf(
  db: Database,
  workspace_id: string,
  location_ids: readonly string[],
  real_now: Instant,
): Promise<Overview[]> {
  const values = [workspace_id, uuidArray(location_ids)];
  const rows = await db.transaction({ workspace_id, location_ids }, (tx) => tx.query<Row>(LIST, values), {
    read_only: true,
  });
  return rows.map((row) => overviewOf(row, real_now));
}

function overviewOf(row: Row, real_now: Instant): Overview {
  const { key, name, status, sandbox, timezone, currency, api_clients, dead_events } = row;
  return {
    location_id: locationPublicId(row.location_id),
    key,
    name,
    status,
    sandbox,
    timezone,
    currency,
    api_clients,
    dead_events,
    now: instant(real_now + row.clock_offset_ms),
    created_at: instant(row.created_at),
    api_last_used_at: at(row.api_last_used_at),
    ghl: {
      status: row.ghl_status ?? "not_connected",
      ghl_location_id: row.ghl_location_id,
      installed_at: at(row.installed_at),
      last_webhook_at: at(row.ghl_webhook_at),
      last_poll_at: at(row.ghl_poll_at),
      trouble: row.ghl_trouble,
    },
    stripe: {
      status: row.stripe_mode === null ? "not_connected" : "connected",
      mode: row.stripe_mode,
      is_live: row.is_live,
      connected_at: at(row.connected_at),
      last_webhook_at: at(row.stripe_webhook_at),
      last_poll_at: at(row.stripe_poll_at),
      last_event_at: at(row.last_event_at),
      trouble: row.stripe_trouble,
    },
  };
}

function at(when: Instant | null): string | null {
  return when === null ? null : instant(when);
}

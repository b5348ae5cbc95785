import { askDatabase } from "../postgres.ts";
import { measureDueRun } from "./due-run.ts";
import type { OwnRow } from "./row.ts";

/** Each member gets a membership whose first month ended last midnight, with all of its credits left. */
const MAKE_DUE = `
  WITH month AS (
    SELECT location_id, (now() AT TIME ZONE timezone)::date AS today,
      ((now() AT TIME ZONE timezone)::date - interval '1 month')::date AS anchor_on, timezone
    FROM locations WHERE location_id = bench_location(0)
  ), due AS (
    SELECT m.location_id, bench_id('8000', n) AS contact_id, bench_id('8001', n) AS lot_id, bench_id('8003', n) AS id,
      p.id AS product_config_id, m.anchor_on, m.anchor_on::timestamp AT TIME ZONE m.timezone AS start_at,
      (m.anchor_on + interval '1 month') AT TIME ZONE m.timezone AS end_at
    FROM generate_series($1::bigint, $2::bigint - 1) n CROSS JOIN month m
    JOIN product_configs p ON p.location_id = m.location_id AND p.key = 'pass'
  ), agreed AS (
    INSERT INTO memberships (location_id, id, contact_id, product_config_id, status, renewal, started_at, anchor_on, periods,
      open_until, prepaid_through, lots_in_grace, freezes, created_at)
    SELECT location_id, id, contact_id, product_config_id, 'active', 'schedule', start_at, anchor_on,
      jsonb_build_array(jsonb_build_object('index', 0, 'start_at', floor(extract(epoch FROM start_at) * 1000)::bigint,
        'end_at', floor(extract(epoch FROM end_at) * 1000)::bigint, 'lot_id', lot_id)),
      end_at, 1, '[]', '[]', start_at
    FROM due
  ), begun AS (
    UPDATE entitlements e SET product_config_id = d.product_config_id, origin = 'period', membership_id = d.id,
      effective_at = d.start_at, period_start_at = d.start_at, period_end_at = d.end_at, expires_at = d.end_at
    FROM due d WHERE e.location_id = d.location_id AND e.id = d.lot_id
  )
  UPDATE contacts c SET next_due_at = d.end_at FROM due d WHERE c.location_id = d.location_id AND c.id = d.contact_id`;

/** Memberships of which another month begins: a lot for it, and one that takes over what is left. */
export const RENEWALS_ROW: OwnRow = {
  key: "renewals",
  title: "Renewal run with rollover, memberships per second",
  measure: async (arena) => {
    const { url, data } = await arena.renewals();
    const [target] = data.targets["single"] ?? [];
    if (!target) throw new Error("no memberships to renew");
    const makeDue = async (first: number, count: number) => {
      await askDatabase(url, MAKE_DUE, [first, first + count]);
      await askDatabase(url, "VACUUM (ANALYZE) entitlements, contacts, memberships");
    };
    return measureDueRun(arena, { url, target, makeDue, path: "/renew", limit: 1.5 });
  },
};

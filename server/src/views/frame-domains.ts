import type { Database } from "../platform/database.ts";
import { isUuid, locationUuid } from "../platform/ids.ts";

const DOMAINS = {
  name: "view_frame_domains",
  text: `
    SELECT DISTINCT d.whitelabel_domain AS domain
    FROM locations l
    JOIN ghl_connections c ON c.location_id = l.location_id
    JOIN ghl_connections d ON d.id = c.id OR (d.company_id = c.company_id AND d.ghl_location_id IS NULL)
    WHERE (l.location_id = $1 OR l.ghl_location_id = $2) AND c.status = 'connected' AND d.status = 'connected'
      AND d.whitelabel_domain IS NOT NULL
    ORDER BY 1 LIMIT 5`,
};

/**
 * Under which domains of its own an agency shows GoHighLevel to the people of a location, as the installation told. The location by
 * its `loc_…` id, its uuid, or GoHighLevel's id.
 */
export async function findFrameDomains(db: Database, location: string): Promise<string[]> {
  const id = isUuid(location) ? location : locationUuid(location);
  const find = db.transaction("inbox", (tx) => tx.query<{ domain: string }>(DOMAINS, [id, location]), {
    read_only: true,
  });
  return (await find).map(({ domain }) => domain);
}

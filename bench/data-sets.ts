import { createHash } from "node:crypto";
import pg from "pg";
import { applyFile, parseApplyFile } from "../server/src/operations/catalog/apply-file.ts";
import { Database } from "../server/src/platform/database.ts";
import { migrate } from "../server/src/platform/migrate.ts";
import { appendMembers, CALENDAR, CREDITS, LOCATIONS } from "./load-members.ts";
import type { Target } from "./load/load-job.ts";
import type { BenchPostgres } from "./postgres.ts";

/** Members of equal history: `locations` locations from `first_location` on share them evenly. */
export interface MemberGroup {
  name: string;
  first_location: number;
  locations: number;
  members: number;
  entries_each: number;
}

export interface DataSet {
  name: string;
  groups: MemberGroup[];
}

export const MAIN: DataSet = {
  name: "main",
  groups: [
    { name: "single", first_location: 0, locations: 1, members: 100_000, entries_each: 1 },
    { name: "spread", first_location: 1, locations: 1000, members: 100_000, entries_each: 1 },
    { name: "connected", first_location: 1001, locations: 100, members: 10_000, entries_each: 1 },
    { name: "history_short", first_location: 0, locations: 1, members: 10, entries_each: 10 },
    { name: "history_long", first_location: 0, locations: 1, members: 10, entries_each: 10_000 },
  ],
};

/** Whose memberships are renewed. */
export const RENEWALS: DataSet = {
  name: "renewals",
  groups: [{ name: "single", first_location: 0, locations: 1, members: 100_000, entries_each: 1 }],
};

export function growthSet(members: number): DataSet {
  const group = { name: "single", first_location: 0, locations: 1, members, entries_each: 10 };
  return { name: `growth_${members}`, groups: [group] };
}

/** A database with data in it, and where a load aims in it. */
export interface LoadedData {
  database: string;
  targets: Record<string, Target[]>;
}

/** The data set, loaded now if it was never loaded for this schema; takes from seconds to minutes, once. */
export async function loadedData(
  postgres: BenchPostgres,
  set: DataSet,
  say: (line: string) => void,
): Promise<LoadedData> {
  const database = `${postgres.prefix}${set.name}`;
  if (!(await postgres.has(database))) {
    say(`Loading the data set ${set.name}; it is kept for the next runs.`);
    const unfinished = `${postgres.prefix}unfinished`;
    await postgres.drop(unfinished);
    await postgres.ask(`CREATE DATABASE ${unfinished}`);
    await load(postgres.urlOf(unfinished), set);
    await postgres.ask(`ALTER DATABASE ${unfinished} RENAME TO ${database}`);
  }
  const client = new pg.Client({ connectionString: postgres.urlOf(database) });
  await client.connect();
  const { rows } = await client.query<{ id: string }>("SELECT id FROM product_configs WHERE key = 'pack' LIMIT 1");
  await client.end();
  const product_config_id = rows[0]?.id;
  if (!product_config_id) throw new Error(`${database} has no product`);
  return { database, targets: targetsOf(set, product_config_id) };
}

function targetsOf(set: DataSet, product_config_id: string): Record<string, Target[]> {
  let first = 0;
  const targets: Record<string, Target[]> = {};
  for (const { name, first_location, locations, members } of set.groups) {
    const each = members / locations;
    const begin = first;
    targets[name] = Array.from({ length: locations }, (_, i) => ({
      token: tokenOf(first_location + i),
      product_config_id,
      ghl_location_id: `ghl-${String(first_location + i).padStart(8, "0")}`,
      first_member: begin + i * each,
      members: each,
    }));
    first += members;
  }
  return targets;
}

/** Tokens of the benchmark's own databases can be worked out again: nothing has to be kept. */
function tokenOf(location: number): string {
  const uuid = (text: string) => {
    const hex = createHash("md5").update(text).digest("hex");
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
  };
  return `ktly_${uuid(`client ${location}`)}_${uuid(`secret ${location}`)}`;
}

async function load(url: string, set: DataSet): Promise<void> {
  const db = new Database(url, 1);
  await migrate(db);
  const monthly = { type: "membership", monthly_credits: 10, renewal: "schedule", rollover: "all" };
  const products = [
    { key: "pack", type: "package", credits_total: CREDITS, calendars: [CALENDAR] },
    { key: "pass", ...monthly },
  ];
  await applyFile(
    db,
    parseApplyFile({ workspace: { key: "bench" }, locations: [{ key: "l0", timezone: "America/New_York", products }] }),
  );
  await db.close();
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const locations = Math.max(...set.groups.map((group) => group.first_location + group.locations));
    await client.query(LOCATIONS);
    await client.query("SELECT bench_add_locations($1)", [locations]);
    let first = 0;
    for (const group of set.groups) {
      await appendMembers(client, group, first);
      first += group.members;
    }
    await client.query("VACUUM (ANALYZE)");
  } finally {
    await client.end();
  }
}

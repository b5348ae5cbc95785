/** Where a request goes: a location, and how many members it has. */
export interface Target {
  token: string;
  product_config_id: string;
  /** What GoHighLevel calls the location. */
  ghl_location_id: string;
  /** Number of the first member; members are `m` and eight digits. */
  first_member: number;
  members: number;
}

/** What one load process does; handed over as JSON. */
export interface LoadJob {
  port: number;
  path: string;
  method: "POST" | "GET";
  /** Whether each request carries a request id of its own. */
  mutates: boolean;
  /** PEM: each request is a booking that GoHighLevel tells of, signed with this private key. */
  signing_key?: string;
  connections: number;
  warmup_seconds: number;
  seconds: number;
  targets: Target[];
  /** Requests per second over all connections; omitted: each connection asks again as soon as it is answered. */
  rate?: number;
  /** Refused for now (409, 429, 503): ask again with the same request id after a moment, as a client should. */
  retries?: boolean;
  /** Begins every request id; unlike any other run's. */
  run: string;
}

export interface LoadResult {
  /** Answers with status 200 and `ok: true` within the measured seconds. */
  answered: number;
  seconds: number;
  /** Bucket counts of a `Histogram`, in microseconds. */
  latencies: number[];
  /** Answers by status that were not 200. */
  statuses: Record<string, number>;
  /** Answers with status 200 that said `ok: false`. */
  refusals: number;
  /** Connections that broke. */
  broken: number;
  /** Seconds of processor time that the load process itself used. */
  cpu_seconds: number;
  first_unexpected: string | null;
}

export function memberName(number: number): string {
  return `m${String(number).padStart(8, "0")}`;
}

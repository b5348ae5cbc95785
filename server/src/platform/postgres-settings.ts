/** Given on the command line, so that they hold whatever a configuration file in the data directory says. */
const SETTINGS: Record<string, string> = {
  cluster_name: "kotally",
  listen_addresses: "127.0.0.1",
  // A path of more than 107 characters is no socket, and nobody needs one.
  unix_socket_directories: "",
  max_connections: "100",
  TimeZone: "UTC",

  fsync: "on",
  full_page_writes: "on",
  synchronous_commit: "on",
  // 2 GB is about ten seconds of recovery. This build lacks lz4; pglz took 30 % of the throughput after a checkpoint.
  max_wal_size: "2GB",
  min_wal_size: "256MB",
  wal_compression: "off",
  checkpoint_timeout: "10min",

  shared_buffers: "256MB",
  // Containers may see huge pages of the host that they must not use.
  huge_pages: "off",
  random_page_cost: "1.1",
  jit: "off",

  // Balance rows are updated all the time: small rounds often keep them in their pages.
  autovacuum_naptime: "15s",
  autovacuum_vacuum_scale_factor: "0.05",
  autovacuum_analyze_scale_factor: "0.05",
  autovacuum_vacuum_cost_limit: "1000",

  log_timezone: "UTC",
  log_checkpoints: "off",
};

const SETTINGS_OF_PLATFORM: Partial<Record<NodeJS.Platform, Record<string, string>>> = {
  // A query whose client was killed ends, instead of keeping locks, or a dead postmaster's memory.
  linux: { client_connection_check_interval: "2s" },
  // Only F_FULLFSYNC reaches the disk there.
  darwin: { client_connection_check_interval: "2s", wal_sync_method: "fsync_writethrough" },
};

/** The settings as arguments of `postgres`. */
export function settingsArguments(): string[] {
  const settings = { ...SETTINGS, ...SETTINGS_OF_PLATFORM[process.platform] };
  return Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
}

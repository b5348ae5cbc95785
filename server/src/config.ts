import { existsSync, readFileSync } from "node:fs";
import { parseEnv } from "node:util";
import { z } from "zod";

/** The message is one sentence that names the setting and what it must be. */
export class ConfigError extends Error {}

export interface Config {
  port: number;
  host: string;
  public_url: string;
  data_dir: string;
  /** Null: PostgreSQL runs embedded in the data directory. */
  database_url: string | null;
  /** Null: none was given; required with a database of one's own. */
  secret: string | null;
  api_rate_limit: number;
  ledger_batch: "mixed" | "location";
  log_level: string;
  /** Whether an empty embedded database gets the demo studio. */
  demo: boolean;
}

const port = z.coerce.number().int().min(0).max(65_535);
const whole = z.coerce.number().int().min(0).max(1_000_000);

const settings = z.object({
  PORT: port.default(3000),
  HOST: z.string().min(1).default("127.0.0.1"),
  PUBLIC_URL: z.url().optional(),
  KOTALLY_DATA_DIR: z.string().min(1).default(".kotally"),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  KOTALLY_SECRET: z.string().min(16).optional(),
  API_RATE_LIMIT: whole.default(100),
  LEDGER_BATCH: z.enum(["mixed", "location"]).default("mixed"),
  LOG_LEVEL: z.enum(["trace", "debug", "info", "warn", "error", "fatal", "silent"]).default("info"),
  KOTALLY_DEMO: z.enum(["0", "1"]).default("1"),
});

const WANTED: Record<keyof z.input<typeof settings>, string> = {
  PORT: "a port number from 0 to 65535",
  HOST: "a host name or address to listen on",
  PUBLIC_URL: "an address such as https://kotally.example.com",
  KOTALLY_DATA_DIR: "a directory",
  DATABASE_URL: "an address such as postgres://user:password@host:5432/database",
  KOTALLY_SECRET: "at least 16 characters long",
  API_RATE_LIMIT: "a whole number of requests per second, 0 for none",
  LEDGER_BATCH: "mixed or location",
  LOG_LEVEL: "one of trace, debug, info, warn, error, fatal, silent",
  KOTALLY_DEMO: "0 or 1",
};

/** Environment → settings, read once; `.env` fills what the environment does not say. */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): Config {
  const file = existsSync(".env") ? parseEnv(readFileSync(".env", "utf8")) : {};
  // An empty value is how a shell unsets a setting.
  const given = Object.fromEntries(Object.entries({ ...file, ...environment }).filter(([, value]) => value !== ""));
  const parsed = settings.safeParse(given);
  if (!parsed.success) {
    const name = String(parsed.error.issues[0]?.path[0]) as keyof typeof WANTED;
    throw new ConfigError(`${name} must be ${WANTED[name]}.`);
  }
  const read = parsed.data;
  if (read.DATABASE_URL !== undefined && read.KOTALLY_SECRET === undefined) {
    throw new ConfigError(
      "KOTALLY_SECRET is required with DATABASE_URL: set at least 16 random characters, and keep them.",
    );
  }
  return {
    port: read.PORT,
    host: read.HOST,
    public_url: read.PUBLIC_URL ?? `http://localhost:${read.PORT}`,
    data_dir: read.KOTALLY_DATA_DIR,
    database_url: read.DATABASE_URL ?? null,
    secret: read.KOTALLY_SECRET ?? null,
    api_rate_limit: read.API_RATE_LIMIT,
    ledger_batch: read.LEDGER_BATCH,
    log_level: read.LOG_LEVEL,
    demo: read.KOTALLY_DEMO === "1",
  };
}

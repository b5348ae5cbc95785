import { existsSync, readFileSync } from "node:fs";
import { parseEnv } from "node:util";
import { z } from "zod";
import { MIN_SECRET } from "./platform/secrets.ts";

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
  mail: MailSettings;
  /** Who may frame the embed beside GoHighLevel and its installers' own domains, as a content security policy names them. */
  embed_origins: string[];
  ghl: GhlSettings;
  stripe: StripeSettings;
}

export interface MailSettings {
  /** Null: no mail leaves; it is read in the development mailbox. */
  smtp_url: string | null;
  from: string;
}

/** Nulls: GoHighLevel is off. */
export interface GhlSettings {
  client_id: string | null;
  client_secret: string | null;
  /** Opens the user context that GoHighLevel encrypts for embedded pages. */
  shared_secret: string | null;
  /** The app's install link, as its settings show it. */
  install_url: string | null;
  api_base: string;
  /** PEM; null: the keys that GoHighLevel publishes. */
  webhook_public_keys: string | null;
  sandbox_launch_token: string | null;
}

/** Kotally's own billing where the first two are given; a studio's own account has its own keys. */
export interface StripeSettings {
  secret_key: string | null;
  webhook_secret: string | null;
  price_id: string | null;
  /** Null: Stripe's. */
  api_base: string | null;
  /** How long a Stripe payment waits for GoHighLevel's word of it (rule 32). */
  settle_seconds: number;
}

/** What Kotally's own billing takes. */
export interface BillingSettings {
  secret_key: string;
  webhook_secret: string;
  /** Null: the price is found by its lookup key, or made. */
  price_id: string | null;
}

/** Null: this server bills nobody. */
export function billsByStripe({ secret_key, webhook_secret, price_id }: StripeSettings): BillingSettings | null {
  return secret_key === null || webhook_secret === null ? null : { secret_key, webhook_secret, price_id };
}

const port = z.coerce.number().int().min(0).max(65_535);
const text = z.string().min(1).max(10_000);
const WEB = /^https?$/;
/** An address that paths are appended to. */
const base = z.url({ protocol: WEB }).transform((url) => url.replace(/\/+$/, ""));
/** Of a page that frames another; `*` may stand for what comes before a domain. */
const ORIGIN = /^https?:\/\/(?:\*\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)*(?::\d{1,5})?$/i;
const origins = z
  .string()
  .transform((given) => given.split(",").map((origin) => origin.trim().replace(/\/$/, "")))
  .refine((given) => given.every((origin) => ORIGIN.test(origin)));
const whole = z.coerce.number().int().min(0).max(1_000_000);

const settings = z.object({
  PORT: port.default(3000),
  HOST: z.string().min(1).default("127.0.0.1"),
  PUBLIC_URL: z.url().optional(),
  KOTALLY_DATA_DIR: z.string().min(1).default(".kotally"),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  KOTALLY_SECRET: z
    .string()
    .refine((given) => given.split(",").every((secret) => secret.trim().length >= MIN_SECRET))
    .optional(),
  API_RATE_LIMIT: whole.default(100),
  LEDGER_BATCH: z.enum(["mixed", "location"]).default("mixed"),
  LOG_LEVEL: z.enum(["trace", "debug", "info", "warn", "error", "fatal", "silent"]).default("info"),
  KOTALLY_DEMO: z.enum(["0", "1"]).default("1"),
  SMTP_URL: z.url({ protocol: /^smtps?$/ }).optional(),
  MAIL_FROM: z
    .string()
    .max(320)
    .regex(/^(?:[^<>@\r\n]*<[^<>@\s]+@[^<>@\s]+>|[^<>@\s]+@[^<>@\s]+)$/)
    .optional(),
  EMBED_ORIGINS: origins.default([]),
  GHL_CLIENT_ID: text.optional(),
  GHL_CLIENT_SECRET: text.optional(),
  GHL_SHARED_SECRET: text.optional(),
  GHL_INSTALL_URL: z.url({ protocol: WEB }).optional(),
  GHL_API_BASE: base.default("https://services.leadconnectorhq.com"),
  GHL_WEBHOOK_PUBLIC_KEYS: text.optional(),
  GHL_SANDBOX_LAUNCH_TOKEN: z.string().min(16).optional(),
  STRIPE_SECRET_KEY: z.string().startsWith("sk_").optional(),
  STRIPE_WEBHOOK_SECRET: z.string().startsWith("whsec_").optional(),
  STRIPE_PRICE_ID: text.optional(),
  STRIPE_API_BASE: base.optional(),
  STRIPE_SETTLE_SECONDS: z.coerce.number().int().min(0).max(86_400).default(120),
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
  SMTP_URL: "an address such as smtp://user:password@mail.example.com:587",
  MAIL_FROM: "an address such as Kotally <mail@example.com>",
  EMBED_ORIGINS: "origins such as https://app.example.com or https://*.example.com, separated by commas",
  GHL_CLIENT_ID: "the client id of the app in GoHighLevel's marketplace",
  GHL_CLIENT_SECRET: "the client secret of the app in GoHighLevel's marketplace",
  GHL_SHARED_SECRET: "the shared secret of the app in GoHighLevel's marketplace",
  GHL_INSTALL_URL: "the install link of the app, as its Auth settings show it",
  GHL_API_BASE: "an address such as https://services.leadconnectorhq.com",
  GHL_WEBHOOK_PUBLIC_KEYS: "Ed25519 public keys in PEM, or the name of a file that holds them",
  GHL_SANDBOX_LAUNCH_TOKEN: "at least 16 characters long",
  STRIPE_SECRET_KEY: "a secret key of Kotally's own Stripe account, sk_…",
  STRIPE_WEBHOOK_SECRET: "the secret of the billing webhook endpoint, whsec_…",
  STRIPE_PRICE_ID: "the id of the graduated price, price_…",
  STRIPE_API_BASE: "an address such as https://api.stripe.com",
  STRIPE_SETTLE_SECONDS: "a whole number of seconds from 0 to 86400",
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
  if ((read.GHL_CLIENT_ID === undefined) !== (read.GHL_CLIENT_SECRET === undefined)) {
    const missing = read.GHL_CLIENT_ID === undefined ? "GHL_CLIENT_ID" : "GHL_CLIENT_SECRET";
    throw new ConfigError(`GHL_CLIENT_ID and GHL_CLIENT_SECRET go together: set ${missing} too, or neither.`);
  }
  if (read.DATABASE_URL !== undefined && read.KOTALLY_SECRET === undefined) {
    throw new ConfigError(
      "KOTALLY_SECRET is required with DATABASE_URL: set at least 16 random characters, and keep them.",
    );
  }
  const public_url = read.PUBLIC_URL ?? `http://localhost:${read.PORT}`;
  refuseHalfBilling(read);
  return {
    port: read.PORT,
    host: read.HOST,
    public_url,
    data_dir: read.KOTALLY_DATA_DIR,
    database_url: read.DATABASE_URL ?? null,
    secret: read.KOTALLY_SECRET ?? null,
    api_rate_limit: read.API_RATE_LIMIT,
    ledger_batch: read.LEDGER_BATCH,
    log_level: read.LOG_LEVEL,
    demo: read.KOTALLY_DEMO === "1",
    mail: {
      smtp_url: read.SMTP_URL ?? null,
      from: read.MAIL_FROM ?? `Kotally <kotally@${new URL(public_url).hostname}>`,
    },
    embed_origins: read.EMBED_ORIGINS,
    ghl: {
      client_id: read.GHL_CLIENT_ID ?? null,
      client_secret: read.GHL_CLIENT_SECRET ?? null,
      shared_secret: read.GHL_SHARED_SECRET ?? null,
      install_url: read.GHL_INSTALL_URL ?? null,
      api_base: read.GHL_API_BASE,
      webhook_public_keys: readKeys(read.GHL_WEBHOOK_PUBLIC_KEYS),
      sandbox_launch_token: read.GHL_SANDBOX_LAUNCH_TOKEN ?? null,
    },
    stripe: {
      secret_key: read.STRIPE_SECRET_KEY ?? null,
      webhook_secret: read.STRIPE_WEBHOOK_SECRET ?? null,
      price_id: read.STRIPE_PRICE_ID ?? null,
      api_base: read.STRIPE_API_BASE ?? null,
      settle_seconds: read.STRIPE_SETTLE_SECONDS,
    },
  };
}

/** Who meant to be paid must not run for nothing by mistake. */
function refuseHalfBilling({
  STRIPE_SECRET_KEY,
  STRIPE_WEBHOOK_SECRET,
  STRIPE_PRICE_ID,
}: z.output<typeof settings>): void {
  const keys = { STRIPE_SECRET_KEY, STRIPE_WEBHOOK_SECRET };
  const missing = Object.entries(keys).filter(([, value]) => value === undefined);
  if (missing.length === 0 || (missing.length === 2 && STRIPE_PRICE_ID === undefined)) return;
  const names = missing.map(([name]) => name).join(" and ");
  throw new ConfigError(
    `Billing through Stripe takes STRIPE_SECRET_KEY and STRIPE_WEBHOOK_SECRET: set ${names} too, or none.`,
  );
}

/** The keys themselves, with line breaks as PEM needs them, or what the files hold that are named, separated by commas. */
function readKeys(given: string | undefined): string | null {
  if (given === undefined) return null;
  if (given.includes("-----BEGIN")) return given.replaceAll("\\n", "\n");
  try {
    return given
      .split(",")
      .map((path) => readFileSync(path.trim(), "utf8"))
      .join("\n");
  } catch {
    throw new ConfigError(`GHL_WEBHOOK_PUBLIC_KEYS must be ${WANTED.GHL_WEBHOOK_PUBLIC_KEYS}.`);
  }
}

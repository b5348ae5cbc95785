import { setTimeout as sleep } from "node:timers/promises";
import { Command } from "commander";
import { apply } from "./commands/apply.ts";
import { setBilling } from "./commands/billing.ts";
import { moveSandboxClock } from "./commands/clock.ts";
import { connectGhl, connectStripeAccount, type StripeOptions } from "./commands/connect.ts";
import { extendEntitlements } from "./commands/extend.ts";
import { installations, type ClaimOptions } from "./commands/installations.ts";
import { CommandError, type CommandResult } from "./commands/result.ts";
import { schema } from "./commands/schema.ts";
import { sendSample, type SendOptions } from "./commands/send.ts";
import { serve, type Running } from "./commands/serve.ts";
import { support } from "./commands/support.ts";
import { verify } from "./commands/verify.ts";
import { ConfigError, readConfig, type Config } from "./config.ts";
import { SAMPLES } from "./gateways/samples.ts";
import { stripePorts } from "./gateways/stripe/connecting.ts";
import { isConsoleBuilt, NOT_BUILT } from "./http/console-files.ts";
import { settlingAfter } from "./jobs/settle-after.ts";
import { createTakeEvent } from "./jobs/take-event.ts";
import { startTakingEvents } from "./jobs/take-webhook-events.ts";
import { startJobs } from "./jobs/worker.ts";
import {
  ledgerSettings,
  openBilling,
  openConnections,
  openGhlAccounts,
  openListening,
  openPost,
  type Listening,
} from "./listening.ts";
import { BillingError } from "./operations/billing/set-billing-status.ts";
import { ApplyError } from "./operations/catalog/apply-changes.ts";
import { resealCredentials } from "./operations/connections/reseal-credentials.ts";
import type { WebhookInbox } from "./operations/events/webhook-inbox.ts";
import { openLedger, type Ledger } from "./operations/ledger.ts";
import { UnknownLocationError } from "./operations/locations/find-location.ts";
import { ClockError } from "./operations/locations/move-clock.ts";
import { systemClock } from "./platform/clock.ts";
import { isUnavailable, type Database } from "./platform/database.ts";
import { EmbeddedPostgresError } from "./platform/embedded-postgres.ts";
import { createLogger, type Logger } from "./platform/log.ts";
import { assertDurable, migrate, MigrationError } from "./platform/migrate.ts";
import { openDatabase, type OpenDatabase } from "./platform/open-database.ts";
import { SealError } from "./platform/secrets.ts";
import { createService } from "./service.ts";

/** Errors whose message is a sentence for the person who typed the command. */
const SENTENCES = [
  CommandError,
  ConfigError,
  MigrationError,
  EmbeddedPostgresError,
  ApplyError,
  ClockError,
  UnknownLocationError,
  BillingError,
  SealError,
];

/** How long draining may take: whoever stops us uses force after ten seconds, and the books need no farewell. */
const DRAIN_PATIENCE_MS = 8_000;

const print = (line: string) => process.stdout.write(`${line}\n`);

// Whoever reads the output may leave, as `head` does: nothing ends of that, least of all without its database.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
});

const program = new Command("kotally").description("Credits, memberships and bookings in a double-entry ledger.");
program.option("--json", "print one JSON document");

program
  .command("serve")
  .description("the server with its jobs")
  .action(() => run(startServer));
program
  .command("work")
  .description("jobs only")
  .action(() => run(startWorker));

command("migrate", "bring the database up to date", async ({ db }) => {
  const applied = await migrate(db);
  return {
    document: { applied },
    lines: applied.length > 0 ? applied.map((name) => `applied ${name}`) : ["Up to date."],
  };
});
command("apply <file>", "make the database match a YAML or JSON file", ({ db }, [file = ""], options, { stripe }) =>
  apply({ db, stripe }, file, options),
).option("--dry-run", "show what would change");
command(
  "clock <location>",
  "move a sandbox's clock forward and run what falls due",
  async ({ db }, [location = ""], options, config) => {
    const ledger = openLedger(db, systemClock, ledgerSettings(config));
    const result = await moveSandboxClock(db, ledger, systemClock, location, {
      advance: options.advance,
      set: options.set?.toString(),
    });
    await ledger.close();
    return result;
  },
)
  .option("--advance <duration>", "an ISO 8601 duration, such as P31D")
  .option("--set <time>", "an ISO 8601 time with an offset");
command(
  "extend <location> <contact>",
  "give a member's entitlements more time",
  async ({ db }, [location = "", contact = ""], options, config) => {
    const ledger = openLedger(db, systemClock, ledgerSettings(config));
    const result = await extendEntitlements(db, ledger, location, contact, options);
    await ledger.close();
    return result;
  },
)
  .requiredOption("--until <date>", "the new last usable day, such as 2026-12-31")
  .requiredOption("--reason <text>", "kept in the audit trail")
  .option("--entitlement <id...>", "only these; else all that expire earlier")
  .option("--dry-run", "show what would change");
command(
  "billing <workspace>",
  "set a workspace's billing status by hand",
  ({ db }, [workspace = ""], options, { stripe }) => setBilling({ db, stripe }, workspace, options.status ?? ""),
).requiredOption("--status <status>", "none, trialing, active, past_due, suspended or cancelled");
command(
  "support <email>",
  "let owners show this user their workspace as Kotally's support",
  ({ db }, [email = ""], options) => support(db, email, options),
).option("--remove", "they are support no longer");
command("verify", "recompute every balance, invariant and hash chain", ({ db }, _, options) =>
  verify(db, options),
).option("--location <id>", "only this one: a loc_ id, or workspace-key/location-key");
command("connect <provider> <name>", "connect a workspace to GoHighLevel, or a location to Stripe", connect)
  .option("--key <key>", "stripe: a restricted key, rk_…")
  .option("--webhook-secret <secret>", "stripe: the secret of an endpoint that was made by hand, whsec_…")
  .option("--poll", "stripe: ask for events instead of listening")
  .option("--disconnect", "stripe: destroy the credentials");
command("installations", "list installations of the app, and claim one", async ({ db }, _, options, config, log) =>
  installations(db, systemClock, openGhlAccounts(db, await openListening(config, log)), options),
)
  .option("--claim <id>", "the installation")
  .option("--workspace <key>", "the workspace that claims it");
command("send <provider> <event>", "a signed sample webhook to a running sandbox", send)
  .option("--location <id>", "the sandbox: a loc_ id, or workspace-key/location-key; the only one needs no name")
  .option("--contact <id>", "the contact's id in GoHighLevel")
  .option("--set <path=value...>", "what should stand in the body, such as appointment.status=cancelled")
  .option("--url <address>", "where the server answers; else PUBLIC_URL");
command("schema [file]", "print the database's schema, or write it to a file", ({ db }, [file]) => schema(db, file));

await program.parseAsync();

async function connect(...[{ db }, [provider = "", name = ""], options, config, log]: Parameters<Action>) {
  const listening = await openListening(config, log);
  const { public_url } = config;
  const context = { db, clock: systemClock, secrets: listening.secrets, public_url };
  if (provider === "ghl")
    return connectGhl(context, name, listening.ghl_app !== null && config.ghl.install_url !== null);
  if (provider === "stripe") return connectStripeAccount(context, stripePorts(config.stripe.api_base), name, options);
  throw new CommandError("Connect what: kotally connect ghl WORKSPACE, or kotally connect stripe LOCATION.");
}

async function send(...[{ db }, [provider = "", event = ""], options, config, log]: Parameters<Action>) {
  const { secrets, sandbox_key } = await openListening(config, log);
  const context = { db, clock: systemClock, secrets, sandbox_key, public_url: config.public_url };
  return sendSample(context, SAMPLES, provider, event, { ...options, set: [options.set ?? []].flat() });
}

interface Options extends StripeOptions, Omit<SendOptions, "set">, ClaimOptions {
  dryRun?: boolean;
  advance?: string;
  /** A time for `clock`, several settings for `send`. */
  set?: string | string[];
  status?: string;
  until?: string;
  reason?: string;
  remove?: boolean;
  entitlement?: string[];
}

type Action = (
  opened: OpenDatabase,
  args: string[],
  options: Options,
  config: Config,
  log: Logger,
) => Promise<CommandResult>;

/** A command that opens the database, answers once and ends. */
function command(usage: string, description: string, action: Action): Command {
  return program
    .command(usage)
    .description(description)
    .option("--json", "print one JSON document")
    .action(async (...given: unknown[]) => {
      const self = given.at(-1) as Command;
      await run(async (config) => {
        const opened = await openDatabase(config);
        try {
          if (self.name() !== "migrate") await migrate(opened.db);
          const result = await action(opened, self.args, self.opts<Options>(), config, createLogger("silent"));
          if (self.optsWithGlobals<{ json?: boolean }>().json) print(JSON.stringify(result.document, null, 2));
          else result.lines.forEach(print);
          process.exitCode = result.exit_code ?? 0;
        } finally {
          await opened.close();
        }
      });
    });
}

async function startServer(config: Config): Promise<void> {
  const stopping = untilSignal();
  const log = createLogger(config.log_level);
  const opened = await openDatabase(config, (line) => log.info(line));
  await stopIfFails(opened, async () => {
    await prepare(opened);
    const listening = await openListening(config, log);
    const running = await serve(
      opened,
      config,
      log,
      {
        why_no_console: isConsoleBuilt() ? null : NOT_BUILT,
        createService: async () => {
          const { app, ledger, inbox, mailbox, close } = await createService(opened.db, config, log, listening);
          return {
            ledger,
            inbox,
            mailbox,
            close,
            listen: async () => void (await app.listen({ port: config.port, host: config.host })),
          };
        },
        startJobs: (ledger, inbox) => startAllJobs(opened, ledger, log, listening, config, inbox),
      },
      print,
    );
    stopping.attach(opened, running);
  });
}

async function startWorker(config: Config): Promise<void> {
  const stopping = untilSignal();
  const log = createLogger(config.log_level);
  const opened = await openDatabase(config, (line) => log.info(line));
  await stopIfFails(opened, async () => {
    await prepare(opened);
    const ledger = openLedger(opened.db, systemClock, ledgerSettings(config));
    const jobs = await startAllJobs(opened, ledger, log, await openListening(config, log), config);
    print("Kotally works: jobs only.");
    stopping.attach(opened, {
      stop: async () => {
        await jobs.stop();
        await ledger.close();
      },
    });
  });
}

/** Timers, and the queue of what providers told. */
async function startAllJobs(
  { db }: OpenDatabase,
  ledger: Ledger,
  log: Logger,
  listening: Listening,
  config: Config,
  inbox: WebhookInbox | null = null,
) {
  const context = {
    db,
    ledger,
    clock: systemClock,
    log,
    installations: openGhlAccounts(db, listening),
    connections: openConnections(db, listening),
    post: openPost(db, listening, config.mail),
    billing: openBilling(db, config),
    public_url: config.public_url,
  };
  await resealAll(db, listening, log);
  const jobs = await startJobs(context);
  const settling = { clock: systemClock, settle_seconds: config.stripe.settle_seconds };
  const take = settlingAfter(createTakeEvent(context), settling, (at) => jobs.settleAt(at));
  const taking = startTakingEvents({ ...context, take, inbox });
  return {
    stop: async () => {
      await Promise.all([taking.stop(), jobs.stop()]);
    },
  };
}

/** What a secret that is to be taken out still seals. A credential that none opens stops its own connection, and no server. */
async function resealAll(db: Database, { secrets }: Listening, log: Logger): Promise<void> {
  try {
    const resealed = await resealCredentials(db, secrets);
    if (resealed > 0) log.info({ resealed }, "credentials are sealed with the first KOTALLY_SECRET");
  } catch (error) {
    if (!(error instanceof SealError)) throw error;
    log.warn(error.message);
  }
}

async function prepare({ db }: OpenDatabase): Promise<void> {
  await assertDurable(db);
  await migrate(db);
}

async function stopIfFails(opened: OpenDatabase, start: () => Promise<void>): Promise<void> {
  try {
    await start();
  } catch (error) {
    await opened.close();
    throw error;
  }
}

/**
 * SIGINT and SIGTERM drain and stop; a second one while draining changes nothing. One that comes while the process is still starting is
 * kept: what was begun is ended as soon as it is there.
 */
function untilSignal(): { attach(opened: OpenDatabase, running: Running): void } {
  let is_asked = false;
  let stop = () => {};
  const ask = () => {
    if (is_asked) return;
    is_asked = true;
    stop();
  };
  process.on("SIGINT", ask);
  process.on("SIGTERM", ask);
  return {
    attach: (opened, running) => {
      stop = () => {
        void Promise.race([running.stop(), sleep(DRAIN_PATIENCE_MS)])
          .finally(() => opened.close())
          .finally(() => process.exit(0));
      };
      if (is_asked) stop();
    },
  };
}

async function run(action: (config: Config) => Promise<void>): Promise<void> {
  try {
    await action(readConfig());
  } catch (error) {
    if (SENTENCES.some((kind) => error instanceof kind)) process.stderr.write(`${(error as Error).message}\n`);
    else if (isUnavailable(error)) {
      const { message } = error as Error;
      process.stderr.write(
        `The database cannot be reached (${message}): check DATABASE_URL and that PostgreSQL runs.\n`,
      );
    } else throw error;
    process.exitCode = 1;
  }
}

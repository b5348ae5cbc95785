import type { Config } from "../config.ts";
import { hasDemoStudio, seedDemoStudio } from "../operations/catalog/demo-studio.ts";
import type { WebhookInbox } from "../operations/events/webhook-inbox.ts";
import type { Ledger } from "../operations/ledger.ts";
import { systemClock } from "../platform/clock.ts";
import type { Logger } from "../platform/log.ts";
import type { OpenDatabase } from "../platform/open-database.ts";
import { CommandError } from "./result.ts";
import { demoLines } from "./welcome.ts";

/** A server or a worker that is up; `stop` drains it. */
export interface Running {
  stop(): Promise<void>;
}

/** What main hands in: the doors, which commands may not open themselves. */
export interface Doors {
  /** Null: the console can be opened; else why not. */
  why_no_console: string | null;
  createService(): Promise<{
    ledger: Ledger;
    inbox: WebhookInbox | null;
    /** Where mail is read that does not leave; null: nowhere. */
    mailbox: string | null;
    listen(): Promise<void>;
    close(): Promise<void>;
  }>;
  startJobs(ledger: Ledger, inbox: WebhookInbox | null): Promise<{ stop(): Promise<void> }>;
}

/** `kotally serve`: HTTP and jobs on one port, until a signal. */
export async function serve(
  opened: OpenDatabase,
  config: Config,
  log: Logger,
  doors: Doors,
  print: (line: string) => void,
): Promise<Running> {
  const service = await doors.createService();
  await service.listen().catch((error: NodeJS.ErrnoException) => {
    if (error.code === "EADDRINUSE") {
      throw new CommandError(`Port ${config.port} on ${config.host} is in use: stop what runs there, or set PORT.`);
    }
    if (error.code === "EACCES")
      throw new CommandError(`Port ${config.port} may not be opened by this user: set PORT to one above 1023.`);
    if (error.code === "ENOTFOUND" || error.code === "EADDRNOTAVAIL") {
      throw new CommandError(`HOST ${config.host} is no address of this machine: set HOST to 127.0.0.1 or 0.0.0.0.`);
    }
    throw error;
  });
  const jobs = await doors.startJobs(service.ledger, service.inbox);
  const address = config.public_url;
  print(`Kotally answers at ${address}`);
  print(`  Console        ${doors.why_no_console ?? `${address}/admin`}`);
  print(`  API reference  ${address}/docs/api`);
  print(`  OpenAPI        ${address}/api/v2/openapi.json`);
  print(`  Ready?         ${address}/readyz`);
  if (service.mailbox !== null) print(`  Mailbox        ${address}${service.mailbox}`);
  if (opened.is_embedded && config.demo) {
    const demo = await seedDemoStudio(opened.db);
    if (demo) demoLines(address, demo).forEach(print);
    else if (await hasDemoStudio(opened.db)) print("  Demo studio    token shown at first start");
  }
  log.debug({ started_at: systemClock.now() }, "serving");
  return {
    stop: async () => {
      await service.close();
      await jobs.stop();
    },
  };
}

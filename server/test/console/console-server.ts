import { randomUUID } from "node:crypto";
import { afterAll, beforeAll } from "vitest";
import type { Listening, ServiceConfig } from "../../src/listening.ts";
import { MailPost, type WrittenMail } from "../../src/operations/access/mail-post.ts";
import { applyFile, parseApplyFile } from "../../src/operations/catalog/apply-file.ts";
import { systemClock } from "../../src/platform/clock.ts";
import { createLogger } from "../../src/platform/log.ts";
import { Secrets } from "../../src/platform/secrets.ts";
import { createService } from "../../src/service.ts";
import { createTestDatabase, type TestServer } from "../support.ts";
import { Visitor } from "./visitor.ts";

export const PUBLIC_URL = "https://kotally.test";

export interface ConsoleServer extends TestServer {
  secrets: Secrets;
  /** The mails to an address, newest first. */
  mailsTo(address: string): Promise<WrittenMail[]>;
  /** Somebody with a browser of their own, whom nobody knows yet. */
  visitor(): Visitor;
}

/** A started service with everything that people reach, on a database of its own for the tests of one file. */
export function useConsole(
  settings: Partial<ServiceConfig> = {},
  listens: Partial<Listening> = {},
  portOf: () => number = () => 0,
): ConsoleServer {
  const server = {} as ConsoleServer;
  let drop: () => Promise<void>;
  beforeAll(async () => {
    const { db, url, drop: dropDatabase } = await createTestDatabase();
    drop = dropDatabase;
    const secrets = new Secrets("a secret of the console's tests");
    const config = { api_rate_limit: 0, ledger_batch: "mixed", public_url: PUBLIC_URL, ...settings } as const;
    const listening = { secrets, ghl_public_keys: [], sandbox_key: null, ghl_app: null, ghl_install_url: null };
    const service = await createService(db, config, createLogger("silent"), { ...listening, ...listens });
    const base_url = await service.app.listen({ port: portOf(), host: "127.0.0.1" });
    const post = new MailPost(db, secrets, systemClock, null);
    const mailsTo = async (address: string) => (await post.latest()).filter(({ to }) => to === address);
    const visitor = () => new Visitor(base_url, new URL(config.public_url).origin);
    Object.assign(server, { db, url, base_url, service, secrets, mailsTo, visitor });
  });
  afterAll(async () => {
    await server.service.close();
    await drop();
  });
  return server;
}

export const PASSWORD = "correct horse battery";

export interface Studio {
  workspace_id: string;
  key: string;
  location_id: string;
  products: Record<string, string>;
  /** Of an API client with every scope. */
  token: string;
  owner: { email: string; visitor: Visitor };
}

/** A workspace with one location, its owner signed in: all through the doors that a person would use. */
export async function newStudio(
  server: ConsoleServer,
  { products = [], ...location }: { products?: object[]; [field: string]: unknown } = {},
): Promise<Studio> {
  const key = `w-${randomUUID()}`;
  const email = `owner-${randomUUID()}@studio.test`;
  const scopes = ["grant", "check", "deduct", "restore", "summary", "manage"];
  const file = parseApplyFile({
    workspace: { key, name: "A studio", owner: { email, password: PASSWORD } },
    locations: [
      { key: "main", timezone: "America/New_York", products, api_clients: [{ key: "bot", scopes }], ...location },
    ],
  });
  const { workspace_id, locations } = await applyFile(server.db, file);
  const { location_id = "", products: made = {}, api_clients } = locations["main"] ?? {};
  const visitor = server.visitor();
  await visitor.signIn(email, PASSWORD);
  const token = api_clients?.["bot"]?.token ?? "";
  return { workspace_id, key, location_id, products: made, token, owner: { email, visitor } };
}

import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, inject } from "vitest";
import { applyFile, parseApplyFile, type Applied } from "../src/operations/catalog/apply-file.ts";
import { Database } from "../src/platform/database.ts";
import { createLogger } from "../src/platform/log.ts";
import { createService, type Service } from "../src/service.ts";
import { databaseUrl, onServer } from "./global-setup.ts";

export interface TestDatabase {
  url: string;
  db: Database;
  close(): Promise<void>;
  /** Closes it too. */
  drop(): Promise<void>;
}

/** A database of its own for one test file, copied from the migrated template or from one that nobody is connected to. */
export async function createTestDatabase(template: string = inject("template")): Promise<TestDatabase> {
  const server_url = inject("server_url");
  const name = `kotally_test_${randomUUID().replaceAll("-", "")}`;
  await onServer(server_url, `CREATE DATABASE ${name} TEMPLATE ${template}`);
  const url = databaseUrl(server_url, name);
  const db = new Database(url, 8);
  let is_open = true;
  const close = async () => {
    if (is_open) await db.close();
    is_open = false;
  };
  const drop = async () => {
    await close();
    await onServer(server_url, `DROP DATABASE ${name} WITH (FORCE)`);
  };
  return { url, db, close, drop };
}

/** Runs SQL as the owner: what a test prepares or looks up beside the doors. */
export function sql<R extends Record<string, unknown>>(
  db: Database,
  text: string,
  values: unknown[] = [],
): Promise<R[]> {
  return db.transaction("owner", (tx) => tx.query<R>({ name: "", text }, values));
}

export interface TestLocation {
  key: string;
  location_id: string;
  products: Record<string, string>;
  token: string;
}

const ALL_SCOPES = ["grant", "check", "deduct", "restore", "summary"];

/** A new workspace with one location, its products and one API client with all scopes, through `apply`. */
export async function createLocation(
  db: Database,
  settings: { products: object[]; families?: object[]; scopes?: string[]; [field: string]: unknown },
): Promise<TestLocation & { workspace: string }> {
  const { scopes = ALL_SCOPES, ...fields } = settings;
  const workspace = `w-${randomUUID()}`;
  const applied: Applied = await applyFile(
    db,
    parseApplyFile({
      workspace: { key: workspace },
      locations: [{ key: "main", timezone: "America/New_York", api_clients: [{ key: "bot", scopes }], ...fields }],
    }),
  );
  const location = applied.locations["main"];
  const token = location?.api_clients["bot"]?.token;
  if (!location || !token) throw new Error("the location was not created");
  return { key: "main", workspace, location_id: location.location_id, products: location.products, token };
}

export interface Response {
  status: number;
  headers: Headers;
  text: string;
  body: Record<string, unknown> & { ok: boolean; reason_code: string; correlation_id: string };
}

export interface Caller {
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Response>;
  get(path: string, headers?: Record<string, string>): Promise<Response>;
}

/** Calls the machine API of a server over real HTTP with a token. */
export function callerOf(base_url: string, token: string): Caller {
  const send = async (method: string, path: string, headers: Record<string, string>, body?: string) => {
    const response = await fetch(`${base_url}/api/v2${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...headers },
      ...(body === undefined ? {} : { body }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, body: JSON.parse(text) as Response["body"] };
  };
  return {
    post: (path, body, headers = {}) =>
      send(
        "POST",
        path,
        { "content-type": "application/json", ...headers },
        typeof body === "string" ? body : JSON.stringify(body),
      ),
    get: (path, headers = {}) => send("GET", path, headers),
  };
}

export interface TestServer {
  db: Database;
  url: string;
  base_url: string;
  service: Service;
}

/** A started service on a database of its own for the tests of one file; no rate limit unless asked for. */
export function useServer(settings: { api_rate_limit?: number } = {}): TestServer {
  const server = {} as TestServer;
  let drop: () => Promise<void>;
  beforeAll(async () => {
    const database = await createTestDatabase();
    drop = database.drop;
    const batch = process.env["LEDGER_BATCH"] === "location" ? "location" : "mixed";
    const config = {
      api_rate_limit: settings.api_rate_limit ?? 0,
      ledger_batch: batch,
      public_url: "http://kotally.test",
    } as const;
    const service = await createService(database.db, config, createLogger("silent"));
    const base_url = await service.app.listen({ port: 0, host: "127.0.0.1" });
    Object.assign(server, { db: database.db, url: database.url, service, base_url });
  });
  afterAll(async () => {
    await server.service.close();
    await drop();
  });
  return server;
}

import { connect } from "node:net";
import { describe, expect, test, vi } from "vitest";
import { Database } from "../../src/platform/database.ts";
import { createLogger } from "../../src/platform/log.ts";
import { createService } from "../../src/service.ts";
import { createTestDatabase, sql, useServer } from "../support.ts";
import "./matchers.ts";

const server = useServer();
const CONFIG = { api_rate_limit: 0, ledger_batch: "mixed", public_url: "" } as const;

async function get(base_url: string, path: string, method = "GET") {
  const response = await fetch(base_url + path, { method });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

/** A service of its own on a database of its own, for tests that take one of them away. */
async function withService(db: Database, work: (base_url: string, close: () => Promise<void>) => Promise<void>) {
  const service = await createService(db, CONFIG, createLogger("silent"));
  const base_url = await service.app.listen({ port: 0, host: "127.0.0.1" });
  let closing: Promise<void> | null = null;
  const close = () => (closing ??= service.close());
  try {
    await work(base_url, close);
  } finally {
    await close();
  }
}

describe("GET /healthz", () => {
  test("says that the process is alive, without a token", async () => {
    expect(await get(server.base_url, "/healthz")).toAnswer("alive");
  });

  test("is alive while the database is away", async () => {
    const nowhere = new Database("postgres://postgres@127.0.0.1:1/none", 1);
    await withService(nowhere, async (base_url) => {
      expect(await get(base_url, "/healthz")).toAnswer("alive");
    });
    await nowhere.close();
  });
});

describe("GET /readyz", () => {
  test("says that the database answers and its schema is up to date", async () => {
    expect(await get(server.base_url, "/readyz")).toAnswer("ready");
    expect(await get(server.base_url, "/readyz")).toAnswer("ready");
  });

  test("is UNAVAILABLE with Retry-After while the database is away", async () => {
    const nowhere = new Database("postgres://postgres@127.0.0.1:1/none", 1);
    await withService(nowhere, async (base_url) => {
      const answer = await get(base_url, "/readyz");
      expect(answer).toFail(503, "UNAVAILABLE");
      expect(answer.headers.get("retry-after")).toBe("1");
    });
    await nowhere.close();
  });

  test("is UNAVAILABLE while a migration is pending, names it, and becomes ready by itself", async () => {
    const database = await createTestDatabase();
    const [taken] = await sql(
      database.db,
      "DELETE FROM kotally_migrations WHERE name = '0001_tenants.sql' RETURNING checksum",
    );
    await withService(database.db, async (base_url) => {
      const answer = await get(base_url, "/readyz");
      expect(answer).toFail(503, "UNAVAILABLE");
      expect(answer.text).toContain("0001_tenants.sql");
      const put_back = "INSERT INTO kotally_migrations (name, checksum) VALUES ('0001_tenants.sql', $1)";
      await sql(database.db, put_back, [taken?.["checksum"]]);
      expect(await get(base_url, "/readyz")).toAnswer("ready");
    });
    await database.drop();
  });

  test("takes no longer than a little over two seconds, and looks once for all who ask, however long the database does", async () => {
    const database = await createTestDatabase();
    const busy = new Database(database.url, 1);
    const looks = vi.spyOn(busy, "transaction");
    await withService(busy, async (base_url) => {
      expect(await get(base_url, "/readyz")).toAnswer("ready");
      const tx = await busy.begin("owner");
      looks.mockClear();
      const began = performance.now();
      const answers = await Promise.all([1, 2, 3].map(() => get(base_url, "/readyz")));
      expect(performance.now() - began).toBeLessThan(3500);
      for (const answer of answers) expect(answer).toFail(503, "UNAVAILABLE");
      expect(looks).toHaveBeenCalledTimes(1);
      await tx.rollback();
      await expect.poll(async () => (await get(base_url, "/readyz")).status).toBe(200);
    });
    await busy.close();
    await database.drop();
  });

  test("is UNAVAILABLE while the server shuts down, on a connection that is still open", async () => {
    await withService(server.db, async (base_url, close) => {
      const socket = connect(Number(new URL(base_url).port), "127.0.0.1");
      let answer = "";
      socket.setEncoding("utf8").on("data", (text: string) => (answer += text));
      const head = "GET /readyz HTTP/1.1\r\nHost: kotally.test\r\n";
      socket.write(`${head}\r\n${head}`);
      await expect.poll(() => answer).toContain('"reason_code":"ready"');
      // Half of a request has come: the connection is not idle, so it outlives the beginning of the end.
      const closed = close();
      socket.write("\r\n");
      await expect.poll(() => answer).toContain('"reason_code":"UNAVAILABLE"');
      expect(answer).toContain("HTTP/1.1 503 ");
      expect(answer.toLowerCase()).toContain("retry-after: 1");
      socket.destroy();
      await closed;
    });
  });
});

test.each(["/healthz", "/readyz", "/api/v2/reason-codes", "/api/v2/openapi.json", "/", "/docs/api", "/docs/api.css"])(
  "%s answers 405 to every method but GET",
  async (path) => {
    const answer = await get(server.base_url, path, "POST");
    expect(answer).toFail(405, "METHOD_NOT_ALLOWED");
    expect(answer.headers.get("allow")).toBe("GET");
  },
);

import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { applyFile, parseApplyFile } from "../../src/operations/catalog/apply-file.ts";
import { cleanUp, newServer, type ServerProcess } from "../faults/spawned-server.ts";
import { callerOf, sql, useServer, type Caller } from "../support.ts";
import { sendRaw } from "./raw-socket.ts";
import { bodyFor, OPERATIONS, openStudio, type Studio } from "./studio.ts";

const server = useServer();

const PASSWORD = `canary-password-${randomUUID()}`;
const KOTALLY_SECRET = `canary-secret-${randomUUID()}`;
const EMAIL = `canary-${randomUUID()}@acme.test`;

let running: ServerProcess;
let studio: Studio;
let answers: string[] = [];
cleanUp();

/** All that the server has written, in whatever way. */
const output = (): string => running.output + running.errors;

/** Every place of a request that a client could put a secret into by mistake. */
async function sendEverywhere(api: Caller, token: string): Promise<void> {
  const body = () => bodyFor(studio.product("pack"));
  for (const { path } of OPERATIONS) {
    const sent = [
      await api.post(path, body()),
      await api.post(path, {
        ...body(),
        token,
        password: PASSWORD,
        authorization: token,
        nested: { secret: PASSWORD },
      }),
      await api.post(path, `{"request_id": "${token}", "password": "${PASSWORD}"`),
      await api.post(path, {
        ...body(),
        request_id: 1,
        amount: PASSWORD,
        metadata: token,
        paid_at: PASSWORD,
        appointment_time: token,
      }),
      await api.post(`${path}?token=${token}&password=${PASSWORD}`, body()),
      await api.post(path, body(), { "x-api-key": token, cookie: `session=${PASSWORD}`, "x-correlation-id": token }),
      await api.post(path, token, { "content-type": "text/plain" }),
      await api.get(`${path}?token=${token}`),
      await callerOf(running.base_url, token.slice(0, -1)).post(path, body()),
      await callerOf(running.base_url, PASSWORD).post(path, body()),
    ];
    answers.push(...sent.map(({ text }) => text));
  }
  const reads = ["/contacts/somebody", "/nowhere", `/contacts/${token}`, `/${PASSWORD}`, `/%${token}`];
  for (const path of reads) answers.push((await api.get(`${path}?cursor=${token}&limit=${PASSWORD}`)).text);
  const garbage = `GARBAGE ${token} ${PASSWORD}\r\nAuthorization: Bearer ${token}\r\n\r\n`;
  answers.push((await sendRaw(running.base_url, garbage))?.text ?? "");
}

/** A fault in the database whose report would hold the whole row. */
async function sendIntoFault(api: Caller): Promise<void> {
  await sql(server.db, "ALTER TABLE contacts ADD CONSTRAINT fault CHECK (email IS NULL) NOT VALID");
  const failed = await api.post("/grants", { ...bodyFor(studio.product("pack")), email: EMAIL, name: PASSWORD });
  await sql(server.db, "ALTER TABLE contacts DROP CONSTRAINT fault");
  expect(failed).toFail(500, "INTERNAL_ERROR");
  answers.push(failed.text);
}

beforeAll(async () => {
  running = await newServer({ DATABASE_URL: server.url, LOG_LEVEL: "trace", KOTALLY_SECRET });
  await running.start();
  studio = await openStudio(server);
  const owner = { email: EMAIL, password: PASSWORD };
  const applied = await applyFile(
    server.db,
    parseApplyFile({ workspace: { key: studio.workspace, owner }, locations: [] }),
  );
  answers = [JSON.stringify(applied)];
  const api = callerOf(running.base_url, studio.token);
  await sendEverywhere(api, studio.token);
  await sendIntoFault(api);
  running.signal("SIGTERM");
  await running.ended;
});

describe("secrets sent everywhere", () => {
  test("were seen: the log has a line for each request, with its correlation_id", () => {
    const lines = output()
      .split("\n")
      .filter((line) => line.includes('"msg":"request"'));
    expect(lines.length).toBeGreaterThanOrEqual(answers.length - 3);
    for (const text of answers.slice(1, 40)) {
      const { correlation_id } = JSON.parse(text) as { correlation_id: string };
      expect(output()).toContain(correlation_id);
    }
    expect(output()).toContain("a command failed");
  });

  test("never appear in the log: no token, no half of it, no password, no secret, no e-mail, in whatever line", () => {
    const [, , secret] = studio.token.split("_");
    const written = output();
    for (const canary of [studio.token, secret ?? "", studio.token.slice(0, -1), PASSWORD, KOTALLY_SECRET, EMAIL]) {
      expect(written.split("\n").filter((line) => line.toLowerCase().includes(canary.toLowerCase()))).toEqual([]);
    }
  });

  test("never appear in an answer", () => {
    const [, , secret] = studio.token.split("_");
    for (const canary of [secret ?? "", PASSWORD, KOTALLY_SECRET]) {
      expect(answers.filter((text) => text.includes(canary))).toEqual([]);
    }
  });

  test("never lie in the database: only their hashes", async () => {
    const [, , secret] = studio.token.split("_");
    const tables = ["api_clients", "users", "audit_events", "workspaces", "locations"];
    for (const table of tables) {
      const rows = await sql<{ row: string }>(server.db, `SELECT t::text AS row FROM ${table} t`);
      for (const canary of [secret ?? "", PASSWORD]) expect(rows.filter(({ row }) => row.includes(canary))).toEqual([]);
    }
  });
});

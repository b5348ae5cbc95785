import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { MailPost } from "../../src/operations/access/mail-post.ts";
import { systemClock } from "../../src/platform/clock.ts";
import { Secrets } from "../../src/platform/secrets.ts";
import { cleanUp, newServer, type ServerProcess } from "../faults/spawned-server.ts";
import { createTestDatabase, sql, type TestDatabase } from "../support.ts";
import { codeOf } from "./authenticator.ts";
import { tokenIn, Visitor } from "./visitor.ts";

const canary = (name: string) => `${name}canary${randomUUID().replaceAll("-", "").slice(0, 16)}`;
const [email, password, name, kotally_secret] = [
  `${canary("mail")}@studio.test`,
  canary("password"),
  canary("Nina"),
  canary("secret"),
];
const invited = `${canary("invited")}@studio.test`;
const ORIGIN = "http://kotally.test";

let database: TestDatabase;
let running: ServerProcess;
cleanUp();

beforeAll(async () => {
  database = await createTestDatabase();
  running = await newServer({
    DATABASE_URL: database.url,
    PUBLIC_URL: ORIGIN,
    KOTALLY_SECRET: kotally_secret,
    LOG_LEVEL: "trace",
  });
  await running.start();
});
afterAll(() => database.drop());

test("nothing that people say or are sent is in what the server writes", async () => {
  const post = new MailPost(database.db, new Secrets(kotally_secret), systemClock, null);
  const visitor = new Visitor(running.base_url, ORIGIN);
  const lastToken = async () => tokenIn((await post.latest())[0]);
  const told = new Map(Object.entries({ email, password, name, kotally_secret, invited }));

  await visitor.post("/api/auth/sign-up/email", { name, email, password, workspace_name: name });
  told.set("confirmation", await lastToken());
  await visitor.get(`/api/auth/verify-email?token=${told.get("confirmation")}`);
  told.set("cookie", visitor.cookies.get("kotally.session_token") ?? "?");
  await visitor.signIn(email, `${password}!`);
  await visitor.post("/api/auth/request-password-reset", { email });
  told.set("reset", await lastToken());
  await visitor.post("/api/auth/reset-password", { token: told.get("reset"), newPassword: "short" });
  const { body } = await visitor.post("/api/auth/two-factor/enable", { password });
  const { totpURI, backupCodes } = body as unknown as { totpURI: string; backupCodes: string[] };
  told.set("totp", new URL(totpURI).searchParams.get("secret") ?? "?").set("backup", backupCodes[0] ?? "?");
  await visitor.post("/api/auth/two-factor/verify-totp", { code: codeOf(totpURI, Date.now()) });
  const { workspaces } = (await visitor.console("GET", "/session")).body as unknown as {
    workspaces: { workspace_id: string }[];
  };
  await visitor.console("POST", `/workspaces/${workspaces[0]?.workspace_id}/invitations`, {
    email: invited,
    role: "admin",
  });
  told.set("invitation", await lastToken());
  await visitor.console("POST", "/invitations/show", { token: told.get("invitation") });
  await visitor.post("/api/auth/sign-in/email", { email, password, callbackURL: `https://evil.test/${password}` });
  // A fault whose report would hold the whole row.
  await sql(database.db, "ALTER TABLE users ADD CONSTRAINT canary CHECK (length(email) < 5) NOT VALID");
  await sql(database.db, "ALTER TABLE sessions ADD CONSTRAINT canary CHECK (length(token) < 5) NOT VALID");
  await visitor.post("/api/auth/sign-up/email", { name, email: `x${email}`, password, workspace_name: name });
  await new Visitor(running.base_url, ORIGIN).signIn(email, password);
  await visitor.console("PATCH", "/profile", { name });

  await running.kill();
  const output = running.output + running.errors;
  expect(output).toContain("/api/auth/sign-in/email");
  expect([...told].filter(([, secret]) => output.includes(secret)).map(([what]) => what)).toEqual([]);
});

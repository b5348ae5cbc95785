import { randomUUID } from "node:crypto";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { smtpSender } from "../../src/gateways/mail/smtp.ts";
import { MailPost } from "../../src/operations/access/mail-post.ts";
import { systemClock } from "../../src/platform/clock.ts";
import { Secrets } from "../../src/platform/secrets.ts";
import { createTestDatabase, sql, type TestDatabase } from "../support.ts";
import { PASSWORD, useConsole } from "./console-server.ts";

const LINK = "https://kotally.test/admin/invitation?token=a&b";

interface Received {
  to: string[];
  raw: string;
}

/** A mail server on this machine that takes everything, unless it is told to be away. */
async function openMailServer() {
  const received: Received[] = [];
  const state = { refuses: false };
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    onMailFrom: (_, __, done) => done(state.refuses ? new Error("come back later") : null),
    onData: (stream, { envelope }, done) => {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        received.push({ to: envelope.rcptTo.map(({ address }) => address), raw: Buffer.concat(chunks).toString() });
        done();
      });
    },
  });
  server.listen(0, "127.0.0.1");
  await once(server.server, "listening");
  const { port } = server.server.address() as AddressInfo;
  return {
    received,
    state,
    url: `smtp://127.0.0.1:${port}`,
    close: () => new Promise<void>((done) => server.close(done)),
  };
}

describe("a mail that was posted", () => {
  let database: TestDatabase;
  let mails: Awaited<ReturnType<typeof openMailServer>>;
  let post: MailPost;
  const clock = { now: () => systemClock.now() + offset };
  let offset = 0;

  beforeAll(async () => {
    database = await createTestDatabase();
    mails = await openMailServer();
    const secrets = new Secrets("a secret of the mail's tests");
    post = new MailPost(database.db, secrets, clock, smtpSender(mails.url, "Kotally <mail@kotally.test>"));
  });
  afterAll(async () => {
    await mails.close();
    await database.drop();
  });

  const letter = (to = `${randomUUID()}@studio.test`) => ({ to, subject: "Hello", paragraphs: ["One & two.", LINK] });
  const to = (address: string) => mails.received.filter((mail) => mail.to.includes(address));

  test("leaves through the mail server, as text and as HTML", async () => {
    const mail = letter();
    await post.post(mail);
    await expect.poll(() => to(mail.to).length).toBe(1);
    const { raw } = to(mail.to)[0] ?? { raw: "" };
    expect(raw).toContain("From: Kotally <mail@kotally.test>");
    expect(raw).toContain("Subject: Hello");
    expect(raw).toContain("text/plain");
    expect(raw).toContain("text/html");
    expect(raw.replaceAll("=\r\n", "")).toContain("One &amp; two.");
  });

  test("waits for a mail server that is away, and leaves once when it is back", async () => {
    mails.state.refuses = true;
    const mail = letter();
    await post.post(mail);
    await expect
      .poll(() => sql(database.db, "SELECT trouble FROM mails WHERE recipient = $1", [mail.to]))
      .toEqual([{ trouble: expect.stringContaining("come back later") as string }]);
    mails.state.refuses = false;
    expect(await post.sendDue()).toEqual({ sent: 0, failed: 0 });
    offset += 10 * 60_000;
    expect(await post.sendDue()).toEqual({ sent: 1, failed: 0 });
    expect(await post.sendDue()).toEqual({ sent: 0, failed: 0 });
    expect(to(mail.to)).toHaveLength(1);
  });

  test("tells whoever reads the table nothing of its links", async () => {
    await post.post(letter());
    const rows = await sql(database.db, "SELECT * FROM mails");
    expect(JSON.stringify(rows)).not.toContain("token=a");
  });

  test("is forgotten when it is a month old", async () => {
    offset += 31 * 86_400_000;
    await post.sendDue();
    const left = async () => {
      await post.forgetOld();
      return post.latest();
    };
    // What was posted last may still be on its way.
    await expect.poll(left).toEqual([]);
  });
});

describe("the development mailbox", () => {
  const server = useConsole({ public_url: "http://localhost:3000" });
  const away = useConsole();
  const sending = useConsole({ mail: { smtp_url: "smtp://127.0.0.1:1", from: "mail@kotally.test" } });

  test("shows the mails of a server without SMTP_URL, newest first, with links to follow", async () => {
    const visitor = server.visitor();
    const email = `nina-${randomUUID()}@studio.test`;
    expect((await visitor.get("/api/console/here")).body).toMatchObject({ mailbox: "/mailbox" });
    await visitor.post("/api/auth/sign-up/email", { name: "Nina <b>", email, password: PASSWORD, workspace_name: "N" });
    const { status, text, headers } = await visitor.get("/mailbox");
    expect(status).toBe(200);
    expect(text).toContain(email);
    expect(text).toMatch(/<a class="link" href="http:\/\/localhost:3000\/admin\/verify-email\?token=/);
    expect(headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
    expect((await visitor.get("/mailbox.css")).status).toBe(200);
  });

  test("is there for nobody who comes by another name", async () => {
    const answer = await server.service.app.inject({ url: "/mailbox", headers: { host: "evil.test" } });
    expect(answer.statusCode).toBe(404);
  });

  test("is not there where others come, nor where mail leaves", async () => {
    for (const other of [away, sending]) {
      expect((await other.visitor().get("/mailbox")).status).toBe(404);
      expect((await other.visitor().get("/api/console/here")).body).toMatchObject({ mailbox: null });
    }
  });
});

import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { AUTH_ROUTES } from "../../src/http/auth/auth-routes.ts";
import { textArray } from "../../src/platform/sql.ts";
import { sql } from "../support.ts";
import { newStudio, PASSWORD, useConsole, type Studio } from "./console-server.ts";
import { tokenIn } from "./visitor.ts";

const server = useConsole();
const posts = AUTH_ROUTES.filter(({ method }) => method === "POST").map(({ path }) => `/api/auth${path}`);

describe("a session's cookie", () => {
  test("is for this site, this browser and nobody's script", async () => {
    const { owner } = await newStudio(server);
    const [cookie = ""] = owner.visitor.set_cookies;
    const [pair = "", ...attributes] = cookie.split("; ");
    expect(pair).toMatch(/^__Secure-kotally\.session_token=/);
    expect(attributes.map((attribute) => attribute.toLowerCase()).sort()).toEqual(
      ["httponly", "max-age=604800", "path=/", "samesite=lax", "secure"].sort(),
    );
  });

  test("is worth nothing with another signature, and the token in the table none without", async () => {
    const { owner } = await newStudio(server);
    const name = "__Secure-kotally.session_token";
    const value = owner.visitor.cookies.get(name) ?? "";
    const [row] = await sql<{ token: string }>(
      server.db,
      "SELECT s.token FROM sessions s JOIN users u ON u.id = s.user_id WHERE u.email = $1",
      [owner.email],
    );
    const token = row?.token ?? "";
    expect(decodeURIComponent(value).startsWith(`${token}.`)).toBe(true);
    for (const wrong of [token, `${token}.`, `${token}.${"A".repeat(43)}%3D`, `${value}x`, ""]) {
      const thief = server.visitor();
      thief.cookies.set(name, wrong);
      expect([wrong, (await thief.console("GET", "/session")).status]).toEqual([wrong, 401]);
    }
  });

  test("is new at every sign-in, and the one that the browser brought ends", async () => {
    const { owner } = await newStudio(server);
    const attacker = await newStudio(server);
    const victim = server.visitor();
    const planted = new Map(attacker.owner.visitor.cookies);
    for (const [name, value] of planted) victim.cookies.set(name, value);
    await victim.signIn(owner.email, PASSWORD);
    for (const [name, value] of victim.cookies) expect(planted.get(name)).not.toBe(value);
    expect((await victim.console("GET", "/session")).body).toMatchObject({ user: { email: owner.email } });
    const follower = server.visitor();
    for (const [name, value] of planted) follower.cookies.set(name, value);
    expect((await follower.console("GET", "/session")).status).toBe(401);
  });

  test("ends for all others when the password is changed", async () => {
    const { owner } = await newStudio(server);
    const other = server.visitor();
    await other.signIn(owner.email, PASSWORD);
    const body = { currentPassword: PASSWORD, newPassword: "a new long password", revokeOtherSessions: false };
    expect((await owner.visitor.post("/api/auth/change-password", body)).status).toBe(200);
    expect((await other.console("GET", "/session")).status).toBe(401);
    expect((await owner.visitor.console("GET", "/session")).status).toBe(200);
  });
});

describe("signing in", () => {
  test.each(posts)("takes no %s from another page, nor as a form", async (url) => {
    const visitor = server.visitor();
    const from = async (headers: Record<string, string>) => (await visitor.post(url, {}, headers)).status;
    expect(await from({ origin: "https://evil.test" })).toBe(403);
    expect(await from({ origin: "" })).toBe(403);
    expect(await from({ "sec-fetch-site": "cross-site" })).toBe(403);
    expect(await from({ "content-type": "text/plain" })).toBe(415);
    expect(await from({ "content-type": "application/x-www-form-urlencoded" })).toBe(415);
  });

  test("leads nobody to another site, by whatever parameter", async () => {
    const { owner } = await newStudio(server);
    const evil = [
      "https://evil.test",
      "//evil.test",
      "/\\evil.test",
      "https://kotally.test.evil.test",
      "javascript:alert(1)",
    ];
    for (const url of evil) {
      const visitor = server.visitor();
      const signed_in = await visitor.post("/api/auth/sign-in/email", {
        email: owner.email,
        password: PASSWORD,
        callbackURL: url,
      });
      expect([url, signed_in.status]).toEqual([url, 403]);
      const reset = await visitor.post("/api/auth/request-password-reset", { email: owner.email, redirectTo: url });
      expect([url, reset.status]).toEqual([url, 403]);
      const again = await visitor.post("/api/auth/send-verification-email", { email: owner.email, callbackURL: url });
      expect([url, again.status]).toEqual([url, 403]);
      const query = new URLSearchParams({ token: "x", callbackURL: url }).toString();
      const verified = await visitor.get(`/api/auth/verify-email?${query}`);
      expect([url, verified.status, verified.headers.get("location")]).toEqual([url, 403, null]);
    }
    expect(await server.mailsTo(owner.email)).toEqual([]);
  });

  test("by a link of a mail is done by our own page only", async () => {
    const email = `nina-${randomUUID()}@studio.test`;
    const visitor = server.visitor();
    await visitor.post("/api/auth/sign-up/email", { name: "N", email, password: PASSWORD, workspace_name: "N" });
    const url = `/api/auth/verify-email?token=${tokenIn((await server.mailsTo(email))[0])}`;
    for (const site of ["cross-site", "same-site", "none"]) {
      expect((await visitor.get(url, { "sec-fetch-site": site })).status).toBe(403);
    }
    expect((await visitor.get(url)).status).toBe(200);
  });

  test("is tried only so often with an address from one place, and says when to come again; elsewhere they sign in", async () => {
    const { owner } = await newStudio(server);
    const guesser = server.visitor();
    const statuses: number[] = [];
    for (let i = 0; i < 10; i += 1) statuses.push((await guesser.signIn(owner.email, `wrong ${i}`)).status);
    const last = await guesser.signIn(owner.email.toUpperCase(), PASSWORD);
    expect(new Set(statuses)).toEqual(new Set([401]));
    expect(last.status).toBe(429);
    expect(Number(last.headers.get("retry-after"))).toBeGreaterThan(0);
    expect((await server.visitor().signIn(owner.email, PASSWORD)).status).toBe(200);
  });

  test("is tried only so often with an address from everywhere together", async () => {
    const email = `${randomUUID()}@studio.test`;
    const guess = () => server.visitor().signIn(email, "wrong");
    const keys = async () => (await sql<{ key: string }>(server.db, "SELECT key FROM attempts")).map(({ key }) => key);
    const others = await keys();
    await guess();
    await guess();
    const raise = "UPDATE attempts SET count = 99 WHERE count = 2 AND NOT key = ANY ($1::text[]) RETURNING key";
    expect(await sql(server.db, raise, [textArray(others)])).toHaveLength(1);
    expect((await guess()).status).toBe(401);
    expect((await guess()).status).toBe(429);
  });

  test("counts no right password", async () => {
    const { owner } = await newStudio(server);
    const visitor = server.visitor();
    for (let i = 0; i < 12; i += 1) expect((await visitor.signIn(owner.email, PASSWORD)).status).toBe(200);
  });

  test("up sends an address only so many mails, whether it has an account or not", async () => {
    const { owner } = await newStudio(server);
    for (const email of [owner.email, `nina-${randomUUID()}@studio.test`]) {
      const signUp = () =>
        server.visitor().post("/api/auth/sign-up/email", { name: "N", email, password: PASSWORD, workspace_name: "N" });
      for (let i = 0; i < 10; i += 1) expect((await signUp()).status).toBe(200);
      expect((await signUp()).status).toBe(429);
    }
  });

  test("is tried only so often from one place, whatever the addresses", async () => {
    const visitor = server.visitor();
    const statuses: number[] = [];
    for (let i = 0; i < 31; i += 1)
      statuses.push((await visitor.signIn(`${randomUUID()}@studio.test`, PASSWORD)).status);
    expect(statuses.at(-1)).toBe(429);
    expect((await server.visitor().signIn(`${randomUUID()}@studio.test`, PASSWORD)).status).toBe(401);
  });

  test("has no door but those that are listed", async () => {
    const { owner } = await newStudio(server);
    const others = [
      "/delete-user",
      "/change-email",
      "/update-user",
      "/list-accounts",
      "/error",
      "/ok",
      "/sign-in/social",
      "/two-factor/send-otp",
    ];
    for (const path of [...others, "/revoke-sessions", "/list-sessions", "/callback/google", "/verify-password"]) {
      expect([path, (await owner.visitor.post(`/api/auth${path}`)).status]).toEqual([path, 404]);
      expect([path, (await owner.visitor.get(`/api/auth${path}`)).status]).toEqual([path, 404]);
    }
  });

  test("nobody becomes more by what they say at sign-up", async () => {
    const email = `nina-${randomUUID()}@studio.test`;
    const more = {
      is_support: true,
      emailVerified: true,
      email_verified: true,
      twoFactorEnabled: true,
      id: randomUUID(),
    };
    await server.visitor().post("/api/auth/sign-up/email", { name: "N", email, password: PASSWORD, ...more });
    const [row] = await sql(
      server.db,
      "SELECT is_support, email_verified, two_factor_enabled FROM users WHERE email = $1",
      [email],
    );
    expect(row).toEqual({ is_support: false, email_verified: false, two_factor_enabled: false });
  });
});

/** What a form would never send. */
const NONSENSE: unknown[] = [
  {},
  [],
  null,
  7,
  "text",
  { email: 7, password: {}, token: [], code: null, response: "x", id: {}, name: [] },
  { email: "a\0b@studio.test", password: "\0".repeat(10), token: "\ud800", code: "\0", id: "\0", name: "\0" },
  { email: `${"a".repeat(60_000)}@x.test`, password: "x".repeat(60_000) },
  {
    email: "x@studio.test",
    password: PASSWORD,
    name: "N",
    response: { id: "x", rawId: 1, response: {} },
    code: "000000",
    id: "no id",
    token: "x",
    newPassword: PASSWORD,
  },
  JSON.parse(`${"[".repeat(5000)}${"]".repeat(5000)}`),
];

describe("nonsense", () => {
  let owner: Studio["owner"];
  beforeAll(async () => {
    ({ owner } = await newStudio(server));
  });

  test.each(posts)("is answered by %s without failing", async (url) => {
    for (const body of NONSENSE) {
      for (const visitor of [server.visitor(), owner.visitor]) {
        const { status } = await visitor.post(url, body);
        expect([url, JSON.stringify(body).slice(0, 100), status < 500]).toEqual([
          url,
          JSON.stringify(body).slice(0, 100),
          true,
        ]);
      }
    }
  });
});

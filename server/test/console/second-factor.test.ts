import { betterAuth } from "better-auth";
import { describe, expect, test } from "vitest";
import { signInOptions } from "../../src/operations/access/sign-in-options.ts";
import { sql } from "../support.ts";
import { Authenticator, codeOf } from "./authenticator.ts";
import { newStudio, PASSWORD, PUBLIC_URL, useConsole, type Studio } from "./console-server.ts";

const server = useConsole();

/** Asks for a second factor from now on; answers the app's link and the backup codes. */
async function enable({ owner }: Studio): Promise<{ totpURI: string; backupCodes: string[] }> {
  const { body } = await owner.visitor.post("/api/auth/two-factor/enable", { password: PASSWORD });
  const enabled = body as unknown as { totpURI: string; backupCodes: string[] };
  const code = codeOf(enabled.totpURI, Date.now());
  expect((await owner.visitor.post("/api/auth/two-factor/verify-totp", { code })).status).toBe(200);
  return enabled;
}

/** Signs in by password on another device. */
async function halfWay({ owner }: Studio) {
  const visitor = server.visitor();
  const { body } = await visitor.signIn(owner.email, PASSWORD);
  expect(body).toMatchObject({ twoFactorRedirect: true, twoFactorMethods: ["totp"] });
  expect((await visitor.console("GET", "/session")).status).toBe(401);
  return visitor;
}

/** Of the window before: that of now was used to enable it. */
const codeBefore = (uri: string) => codeOf(uri, Date.now() - 30_000);

describe("a second factor", () => {
  test("is asked for after the password, and only with its code is anybody signed in", async () => {
    const studio = await newStudio(server);
    const { totpURI } = await enable(studio);
    expect((await studio.owner.visitor.console("GET", "/session")).body).toMatchObject({ user: { two_factor: true } });
    const visitor = await halfWay(studio);
    const wrong = codeBefore(totpURI) === "000000" ? "000001" : "000000";
    expect((await visitor.post("/api/auth/two-factor/verify-totp", { code: wrong })).status).toBe(401);
    expect((await visitor.post("/api/auth/two-factor/verify-totp", { code: codeBefore(totpURI) })).status).toBe(200);
    expect((await visitor.console("GET", "/session")).status).toBe(200);
  });

  test("takes each code once", async () => {
    const studio = await newStudio(server);
    const { totpURI } = await enable(studio);
    const code = codeBefore(totpURI);
    expect((await (await halfWay(studio)).post("/api/auth/two-factor/verify-totp", { code })).status).toBe(200);
    const second = await halfWay(studio);
    expect((await second.post("/api/auth/two-factor/verify-totp", { code })).status).toBe(401);
    expect((await second.console("GET", "/session")).status).toBe(401);
  });

  test("is asked for on every device each time, whatever a code was sent with", async () => {
    const studio = await newStudio(server);
    const { totpURI, backupCodes } = await enable(studio);
    const answers = [
      ["verify-totp", codeBefore(totpURI), 200],
      ["verify-totp", codeBefore(totpURI), 401],
      ["verify-backup-code", backupCodes[0], 200],
    ] as const;
    for (const [path, code, status] of answers) {
      const visitor = await halfWay(studio);
      const answer = await visitor.post(`/api/auth/two-factor/${path}`, { code, trustDevice: true });
      expect([path, answer.status]).toEqual([path, status]);
      expect(visitor.set_cookies.join()).not.toContain("trust");
      await visitor.post("/api/auth/sign-out");
      expect((await visitor.signIn(studio.owner.email, PASSWORD)).body).toMatchObject({ twoFactorRedirect: true });
    }
  });

  test("is asked for where a device was spared it once", async () => {
    const studio = await newStudio(server);
    const { backupCodes } = await enable(studio);
    const visitor = await halfWay(studio);
    const lenient = betterAuth(signInOptions(server.db, server.secrets, PUBLIC_URL));
    const cookie = [...visitor.cookies].map((pair) => pair.join("=")).join("; ");
    const headers = { cookie, origin: PUBLIC_URL, "content-type": "application/json" };
    const body = JSON.stringify({ code: backupCodes[0], trustDevice: true });
    const url = `${PUBLIC_URL}/api/auth/two-factor/verify-backup-code`;
    const trusted = (await lenient.handler(new Request(url, { method: "POST", headers, body }))).headers.getSetCookie();
    const [name = "", value = ""] = trusted.find((pair) => pair.includes("trust_device"))?.split(/[=;]/) ?? [];
    expect(value).not.toBe("");
    visitor.cookies.set(name, value);
    expect((await visitor.signIn(studio.owner.email, PASSWORD)).body).toMatchObject({ twoFactorRedirect: true });
  });

  test("may be a backup code, each once", async () => {
    const studio = await newStudio(server);
    const { backupCodes } = await enable(studio);
    const [code] = backupCodes;
    expect((await (await halfWay(studio)).post("/api/auth/two-factor/verify-backup-code", { code })).status).toBe(200);
    const second = await halfWay(studio);
    expect((await second.post("/api/auth/two-factor/verify-backup-code", { code })).status).not.toBe(200);
    expect((await second.console("GET", "/session")).status).toBe(401);
  });

  test("is refused for a while after too many wrong codes", async () => {
    const studio = await newStudio(server);
    const { totpURI } = await enable(studio);
    for (let i = 0; i < 3; i += 1) {
      const visitor = await halfWay(studio);
      const wrong = codeBefore(totpURI) === "000000" ? "000001" : "000000";
      for (let j = 0; j < 4; j += 1) await visitor.post("/api/auth/two-factor/verify-totp", { code: wrong });
    }
    const right = await (await halfWay(studio)).post("/api/auth/two-factor/verify-totp", { code: codeBefore(totpURI) });
    expect(right.status).toBe(429);
  });

  test("is kept so that whoever reads the table learns no secret and no code", async () => {
    const { totpURI, backupCodes } = await enable(await newStudio(server));
    const rows = JSON.stringify(await sql(server.db, "SELECT * FROM two_factors"));
    for (const secret of [new URL(totpURI).searchParams.get("secret") ?? "?", ...backupCodes]) {
      expect(rows).not.toContain(secret);
    }
  });

  test("is switched off with the password only", async () => {
    const studio = await newStudio(server);
    await enable(studio);
    const off = (password: string) => studio.owner.visitor.post("/api/auth/two-factor/disable", { password });
    expect((await off("not the password")).status).toBe(400);
    expect((await off(PASSWORD)).status).toBe(200);
    expect((await server.visitor().signIn(studio.owner.email, PASSWORD)).body["user"]).toBeDefined();
  });
});

describe("a passkey", () => {
  test("signs in without a password, until it is deleted", async () => {
    const { owner } = await newStudio(server);
    const device = new Authenticator(owner.visitor.origin);
    const asked = await owner.visitor.get("/api/auth/passkey/generate-register-options");
    const response = device.register(asked.body["challenge"] as string);
    const kept = await owner.visitor.post("/api/auth/passkey/verify-registration", { response, name: "Laptop" });
    expect(kept.status).toBe(200);

    const signIn = async () => {
      const visitor = server.visitor();
      const { body } = await visitor.get("/api/auth/passkey/generate-authenticate-options");
      const proof = device.prove(body["challenge"] as string);
      const { status } = await visitor.post("/api/auth/passkey/verify-authentication", { response: proof });
      return { status, session: (await visitor.console("GET", "/session")).body };
    };
    expect(await signIn()).toMatchObject({ status: 200, session: { user: { email: owner.email } } });

    const [passkey] = (await owner.visitor.get("/api/auth/passkey/list-user-passkeys")).body as unknown as {
      id: string;
    }[];
    const stranger = (await newStudio(server)).owner.visitor;
    for (const id of [passkey?.id, "no id"]) {
      expect((await stranger.post("/api/auth/passkey/delete-passkey", { id })).status).not.toBe(200);
    }
    expect((await owner.visitor.post("/api/auth/passkey/delete-passkey", { id: passkey?.id })).status).toBe(200);
    expect((await signIn()).status).not.toBe(200);
  });

  test("stands for both factors: the device asks for a PIN or a fingerprint, or none is kept and nobody signed in", async () => {
    const { owner } = await newStudio(server);
    const device = new Authenticator(owner.visitor.origin);
    const register = async () => {
      const { body } = await owner.visitor.get("/api/auth/passkey/generate-register-options");
      expect(body["authenticatorSelection"]).toMatchObject({ userVerification: "required" });
      const response = device.register(body["challenge"] as string);
      return (await owner.visitor.post("/api/auth/passkey/verify-registration", { response })).status;
    };
    const signIn = async () => {
      const visitor = server.visitor();
      const { body } = await visitor.get("/api/auth/passkey/generate-authenticate-options");
      const response = device.prove(body["challenge"] as string);
      const { status } = await visitor.post("/api/auth/passkey/verify-authentication", { response });
      return [status, (await visitor.console("GET", "/session")).status];
    };
    device.verifies = false;
    expect(await register()).toBe(401);
    device.verifies = true;
    expect(await register()).toBe(200);
    expect(await signIn()).toEqual([200, 200]);
    device.verifies = false;
    expect(await signIn()).toEqual([401, 401]);
  });

  test("answers a challenge once, and the one it was asked", async () => {
    const { owner } = await newStudio(server);
    const device = new Authenticator(owner.visitor.origin);
    const asked = await owner.visitor.get("/api/auth/passkey/generate-register-options");
    const response = device.register(asked.body["challenge"] as string);
    await owner.visitor.post("/api/auth/passkey/verify-registration", { response });
    const visitor = server.visitor();
    const { body } = await visitor.get("/api/auth/passkey/generate-authenticate-options");
    const proof = { response: device.prove(body["challenge"] as string) };
    expect((await visitor.post("/api/auth/passkey/verify-authentication", proof)).status).toBe(200);
    expect((await visitor.post("/api/auth/passkey/verify-authentication", proof)).status).not.toBe(200);
    const other = server.visitor();
    await other.get("/api/auth/passkey/generate-authenticate-options");
    expect((await other.post("/api/auth/passkey/verify-authentication", proof)).status).not.toBe(200);
  });
});

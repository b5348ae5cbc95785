import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { newStudio, PASSWORD, useConsole } from "./console-server.ts";
import { tokenIn } from "./visitor.ts";

const server = useConsole();

const newcomer = () => ({
  name: "Nina",
  email: `nina-${randomUUID()}@studio.test`,
  password: PASSWORD,
  workspace_name: "Nina's Yoga",
});

describe("signing up", () => {
  test("opens a workspace with its owner once the address is confirmed, and signs them in", async () => {
    const person = newcomer();
    const visitor = server.visitor();
    expect((await visitor.post("/api/auth/sign-up/email", person)).status).toBe(200);
    expect(visitor.cookies.size).toBe(0);
    expect((await visitor.signIn(person.email, PASSWORD)).status).toBe(403);

    const [mail] = await server.mailsTo(person.email);
    expect(mail?.subject).toBe("Confirm your e-mail address");
    await visitor.get(`/api/auth/verify-email?token=${tokenIn(mail)}`);
    const { body } = await visitor.console("GET", "/session");
    expect(body).toMatchObject({
      user: { email: person.email, name: "Nina" },
      workspaces: [{ name: "Nina's Yoga", key: "nina-s-yoga", role: "owner", billing_status: "active", locations: [] }],
    });
  });

  test("opens one workspace, however often the link is followed and they sign in", async () => {
    const person = newcomer();
    const visitor = server.visitor();
    await visitor.post("/api/auth/sign-up/email", person);
    const token = tokenIn((await server.mailsTo(person.email))[0]);
    for (let i = 0; i < 2; i += 1) await visitor.get(`/api/auth/verify-email?token=${token}`);
    await visitor.signIn(person.email, PASSWORD);
    const { body } = await visitor.console("GET", "/session");
    expect(body["workspaces"]).toHaveLength(1);
  });

  test("answers the same for an address that has an account, whose owner is told by mail", async () => {
    const { owner } = await newStudio(server);
    const person = newcomer();
    const known = await server.visitor().post("/api/auth/sign-up/email", { ...person, email: owner.email });
    const unknown = await server.visitor().post("/api/auth/sign-up/email", person);
    const shape = ({ status, body }: typeof known) => ({
      status,
      keys: Object.keys(body),
      user: Object.keys(body["user"] as object).sort(),
    });
    expect(shape(known)).toEqual(shape(unknown));
    const [mail] = await server.mailsTo(owner.email);
    expect(mail?.subject).toBe("You have a Kotally account already");
    expect((await server.visitor().signIn(owner.email, PASSWORD)).status).toBe(200);
  });

  test.each([
    ["name", ""],
    ["email", "no address"],
    ["password", "1234567"],
    ["workspace_name", "x".repeat(256)],
  ])("names the field %s that is wrong", async (field, value) => {
    const answer = await server.visitor().post("/api/auth/sign-up/email", { ...newcomer(), [field]: value });
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ field }] } });
  });
});

describe("a forgotten password", () => {
  test("is replaced through the link in a mail, once, and every session ends", async () => {
    const { owner } = await newStudio(server);
    const visitor = server.visitor();
    expect((await visitor.post("/api/auth/request-password-reset", { email: owner.email })).status).toBe(200);
    const token = tokenIn((await server.mailsTo(owner.email))[0]);
    const renew = () => visitor.post("/api/auth/reset-password", { token, newPassword: "another long password" });
    expect((await renew()).status).toBe(200);
    expect((await renew()).status).toBe(400);

    expect((await owner.visitor.console("GET", "/session")).status).toBe(401);
    expect((await visitor.signIn(owner.email, PASSWORD)).status).toBe(401);
    expect((await visitor.signIn(owner.email, "another long password")).status).toBe(200);
    const [notice] = await server.mailsTo(owner.email);
    expect(notice?.subject).toBe("Your password was changed");
  });

  test("is answered alike for an address that nobody has, and nothing is sent there", async () => {
    const { owner } = await newStudio(server);
    const nobody = `nobody-${randomUUID()}@studio.test`;
    const ask = (email: string) => server.visitor().post("/api/auth/request-password-reset", { email });
    const [known, unknown] = [await ask(owner.email), await ask(nobody)];
    expect(known.text).toBe(unknown.text);
    expect(await server.mailsTo(nobody)).toEqual([]);
  });
});

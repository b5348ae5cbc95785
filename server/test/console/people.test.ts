import { randomUUID } from "node:crypto";
import { describe, expect, test, vi } from "vitest";
import { sql } from "../support.ts";
import { newStudio, PASSWORD, useConsole, type Studio } from "./console-server.ts";
import { tokenIn, type Visitor } from "./visitor.ts";

const server = useConsole();
const address = () => `p-${randomUUID()}@studio.test`;

/** Invites an address; answers the token of the mail. */
async function invited({ owner, workspace_id }: Studio, email: string, role = "viewer"): Promise<string> {
  const answer = await owner.visitor.console("POST", `/workspaces/${workspace_id}/invitations`, { email, role });
  expect(answer.body).toMatchObject({ ok: true, reason_code: "saved" });
  return tokenIn((await server.mailsTo(email))[0]);
}

/** Somebody new in a studio, signed in. */
async function joined(studio: Studio, role: string): Promise<{ email: string; visitor: Visitor; user_id: string }> {
  const email = address();
  const token = await invited(studio, email, role);
  const visitor = server.visitor();
  await visitor.console("POST", "/invitations/sign-up", { token, name: "New", password: PASSWORD });
  await visitor.signIn(email, PASSWORD);
  const session = (await visitor.console("GET", "/session")).body["user"] as { id: string };
  return { email, visitor, user_id: session.id };
}

const people = async (studio: Studio) =>
  (await studio.owner.visitor.console("GET", `/workspaces/${studio.workspace_id}/users`)).body as unknown as {
    users: { email: string; role: string; user_id: string }[];
    invitations: { invitation_id: string; email: string; is_expired: boolean }[];
  };

describe("an invitation", () => {
  test("lets somebody new sign up into the workspace, in its role, and nowhere else", async () => {
    const studio = await newStudio(server);
    const email = address();
    const token = await invited(studio, email, "admin");
    const visitor = server.visitor();
    const shown = await visitor.console("POST", "/invitations/show", { token });
    expect(shown.body).toMatchObject({
      ok: true,
      email,
      role: "admin",
      workspace_name: "A studio",
      has_account: false,
    });
    const signed_up = await visitor.console("POST", "/invitations/sign-up", { token, name: "Ada", password: PASSWORD });
    expect(signed_up.body).toMatchObject({ ok: true, email });
    await visitor.signIn(email, PASSWORD);
    const { body } = await visitor.console("GET", "/session");
    expect(body["workspaces"]).toMatchObject([{ workspace_id: studio.workspace_id, role: "admin" }]);
    expect(body["workspaces"]).toHaveLength(1);
    expect((await visitor.console("POST", "/invitations/accept", { token })).body).toMatchObject({
      reason_code: "INVITATION_CLOSED",
    });
  });

  test("is accepted by whoever has an account with that address, and by nobody else", async () => {
    const [studio, other, third] = [await newStudio(server), await newStudio(server), await newStudio(server)];
    const token = await invited(studio, other.owner.email, "viewer");
    const shown = await server.visitor().console("POST", "/invitations/show", { token });
    expect(shown.body).toMatchObject({ has_account: true });
    const sign_up = { token, name: "X", password: PASSWORD };
    expect((await server.visitor().console("POST", "/invitations/sign-up", sign_up)).body.reason_code).toBe(
      "HAS_ACCOUNT",
    );
    const elsewhere = await third.owner.visitor.console("POST", "/invitations/accept", { token });
    expect(elsewhere.body.reason_code).toBe("INVITED_ELSEWHERE");
    const accepted = await other.owner.visitor.console("POST", "/invitations/accept", { token });
    expect(accepted.body).toMatchObject({ ok: true, workspace_id: studio.workspace_id });
    const { users, invitations } = await people(studio);
    expect(users.map(({ email, role }) => [email, role])).toContainEqual([other.owner.email, "viewer"]);
    expect(invitations).toEqual([]);
  });

  test("takes an account over that somebody began with the address and never confirmed", async () => {
    const studio = await newStudio(server);
    const email = address();
    await server.visitor().post("/api/auth/sign-up/email", { name: "Thief", email, password: "a thief's password" });
    const token = await invited(studio, email);
    const visitor = server.visitor();
    const sign_up = { token, name: "Rightful", password: PASSWORD };
    expect((await visitor.console("POST", "/invitations/sign-up", sign_up)).body).toMatchObject({ ok: true });
    expect((await server.visitor().signIn(email, "a thief's password")).status).toBe(401);
    expect((await visitor.signIn(email, PASSWORD)).status).toBe(200);
  });

  test("ends when it is taken back, sent again, or seven days old", async () => {
    const studio = await newStudio(server);
    const at = `/workspaces/${studio.workspace_id}/invitations`;
    const show = async (token: string) =>
      (await server.visitor().console("POST", "/invitations/show", { token })).body.reason_code;
    const idOf = async (email: string) =>
      (await people(studio)).invitations.find((open) => open.email === email)?.invitation_id ?? "";

    const first = address();
    const token = await invited(studio, first);
    await studio.owner.visitor.console("POST", `${at}/${await idOf(first)}/resend`);
    const again = tokenIn((await server.mailsTo(first))[0]);
    expect([await show(token), await show(again)]).toEqual(["INVITATION_CLOSED", "loaded"]);

    const withdrawn = await studio.owner.visitor.console("DELETE", `${at}/${await idOf(first)}`);
    expect(withdrawn.body.ok).toBe(true);
    expect(await show(again)).toBe("INVITATION_CLOSED");
    expect((await studio.owner.visitor.console("DELETE", `${at}/${randomUUID()}`)).body.reason_code).toBe("NOT_FOUND");

    const late = address();
    const expired = await invited(studio, late);
    await sql(server.db, "UPDATE invitations SET expires_at = now() - interval '1 s' WHERE email = $1", [late]);
    expect(await show(expired)).toBe("INVITATION_CLOSED");
    expect((await people(studio)).invitations).toMatchObject([{ email: late, is_expired: true }]);
  });

  test("is mailed to an address three times an hour, whoever asks, and by a workspace fifty times a day", async () => {
    const [studio, other] = [await newStudio(server), await newStudio(server)];
    const email = address();
    await invited(studio, email);
    const [open] = (await people(studio)).invitations;
    const at = `/workspaces/${studio.workspace_id}/invitations`;
    const resend = () => studio.owner.visitor.console("POST", `${at}/${open?.invitation_id}/resend`);
    for (let i = 0; i < 2; i += 1) expect((await resend()).body.ok).toBe(true);
    const of_address = { ok: false, reason_code: "LIMIT_REACHED", limit: 3 };
    expect((await resend()).body).toMatchObject(of_address);
    const elsewhere = `/workspaces/${other.workspace_id}/invitations`;
    const body = { email: email.toUpperCase(), role: "viewer" };
    expect((await other.owner.visitor.console("POST", elsewhere, body)).body).toMatchObject(of_address);
    expect(await server.mailsTo(email)).toHaveLength(3);

    const invite = () => studio.owner.visitor.console("POST", at, { email: address(), role: "viewer" });
    const answers = await Promise.all(Array.from({ length: 48 }, invite));
    expect(answers.filter(({ body: { ok } }) => ok)).toHaveLength(47);
    expect((await invite()).body).toMatchObject({ ok: false, reason_code: "LIMIT_REACHED", limit: 50 });
  });

  test("is sent to no member, and a token that is none leads nowhere", async () => {
    const studio = await newStudio(server);
    const body = { email: studio.owner.email, role: "viewer" };
    const at = `/workspaces/${studio.workspace_id}/invitations`;
    expect((await studio.owner.visitor.console("POST", at, body)).body.reason_code).toBe("ALREADY_A_MEMBER");
    for (const token of ["", "x", "a".repeat(86), `${"%".repeat(85)}\0`]) {
      const { status, body: answer } = await server.visitor().console("POST", "/invitations/show", { token });
      expect([token, status, answer.reason_code]).toEqual([token, 200, "INVITATION_CLOSED"]);
    }
  });
});

describe("a workspace", () => {
  test("keeps an owner, whoever goes and whatever they ask at the same time", async () => {
    const studio = await newStudio(server);
    const [me] = (await people(studio)).users;
    const at = `/workspaces/${studio.workspace_id}/users`;
    const own = `${at}/${me?.user_id}`;
    const by = studio.owner.visitor;
    expect((await by.console("PATCH", own, { role: "admin" })).body.reason_code).toBe("LAST_OWNER");
    expect((await by.console("DELETE", own)).body.reason_code).toBe("LAST_OWNER");
    const second = await joined(studio, "owner");
    const both = await Promise.all([
      by.console("PATCH", own, { role: "viewer" }),
      second.visitor.console("PATCH", `${at}/${second.user_id}`, { role: "viewer" }),
    ]);
    expect(both.map(({ body }) => body.reason_code).sort()).toEqual(["LAST_OWNER", "saved"]);
  });

  test("is changed by no owner who was made less while their request was on its way", async () => {
    const studio = await newStudio(server);
    const second = await joined(studio, "owner");
    const third = await joined(studio, "viewer");
    const late = address();
    await invited(studio, late);
    const [open] = (await people(studio)).invitations;
    const at = `/workspaces/${studio.workspace_id}`;
    const asked = await server.db.transaction("owner", async (tx) => {
      const by_id = [studio.workspace_id, second.user_id];
      await tx.query({ name: "", text: "SELECT FROM workspaces WHERE id = $1 FOR NO KEY UPDATE" }, by_id.slice(0, 1));
      const requests = [
        second.visitor.console("PATCH", `${at}/users/${third.user_id}`, { role: "owner" }),
        second.visitor.console("POST", `${at}/users/${third.user_id}/hand-over`),
        second.visitor.console("DELETE", `${at}/users/${third.user_id}`),
        second.visitor.console("POST", `${at}/invitations`, { email: address(), role: "owner" }),
        second.visitor.console("POST", `${at}/invitations/${open?.invitation_id}/resend`),
        second.visitor.console("DELETE", `${at}/invitations/${open?.invitation_id}`),
      ];
      await vi.waitFor(async () => {
        const waiting = "SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()";
        expect(await sql(server.db, waiting)).toHaveLength(requests.length);
      }, 10_000);
      const demote = "UPDATE workspace_members SET role = 'admin' WHERE workspace_id = $1 AND user_id = $2";
      await tx.query({ name: "", text: demote }, by_id);
      return requests;
    });
    const codes = (await Promise.all(asked)).map(({ body }) => body.reason_code);
    expect(new Set(codes)).toEqual(new Set(["NOT_FOUND"]));
    const { users, invitations } = await people(studio);
    expect(users.find(({ user_id }) => user_id === third.user_id)?.role).toBe("viewer");
    expect(invitations.map(({ email }) => email)).toEqual([late]);
  });

  test("is handed over: the other owns it, and whoever gave it is an admin", async () => {
    const studio = await newStudio(server);
    const { user_id, visitor, email } = await joined(studio, "viewer");
    const at = `/workspaces/${studio.workspace_id}/users/${user_id}/hand-over`;
    expect((await studio.owner.visitor.console("POST", at)).body.ok).toBe(true);
    const roles = (await people({ ...studio, owner: { email, visitor } })).users.map((each) => [each.email, each.role]);
    expect(Object.fromEntries(roles)).toEqual({ [email]: "owner", [studio.owner.email]: "admin" });
    expect((await studio.owner.visitor.console("POST", at)).status).toBe(403);
  });

  test("is closed to whoever was removed, from their next request on", async () => {
    const studio = await newStudio(server);
    const { visitor, user_id } = await joined(studio, "admin");
    const at = `/workspaces/${studio.workspace_id}`;
    expect((await visitor.console("GET", `${at}/users`)).status).toBe(200);
    expect((await studio.owner.visitor.console("DELETE", `${at}/users/${user_id}`)).body.ok).toBe(true);
    expect((await visitor.console("GET", `${at}/users`)).status).toBe(404);
    expect((await visitor.console("GET", `/locations/${studio.location_id}/contacts/maya`)).status).toBe(404);
  });
});

describe("one's own affairs", () => {
  test("are a name, sessions to end, and a further workspace", async () => {
    const { owner } = await newStudio(server);
    const elsewhere = server.visitor();
    await elsewhere.signIn(owner.email, PASSWORD);
    expect((await owner.visitor.console("PATCH", "/profile", { name: "Olga" })).body).toMatchObject({ name: "Olga" });
    const listed = (await owner.visitor.console("GET", "/sessions")).body["sessions"] as {
      session_id: string;
      is_this_one: boolean;
    }[];
    expect(listed.filter(({ is_this_one }) => is_this_one)).toHaveLength(1);
    expect(listed).toHaveLength(2);
    const other = listed.find(({ is_this_one }) => !is_this_one)?.session_id;
    expect((await owner.visitor.console("DELETE", `/sessions/${other}`)).body.ok).toBe(true);
    expect((await elsewhere.console("GET", "/session")).status).toBe(401);
    await elsewhere.signIn(owner.email, PASSWORD);
    expect((await owner.visitor.console("POST", "/sessions/end-others")).body).toMatchObject({ ended: 1 });
    expect((await owner.visitor.console("POST", "/workspaces", { name: "Second" })).body.ok).toBe(true);
    const { body } = await owner.visitor.console("GET", "/session");
    expect(body["workspaces"]).toMatchObject([{ name: "A studio" }, { name: "Second", role: "owner" }]);
  });

  test("are nobody else's: another's session is not there to be ended", async () => {
    const [mine, theirs] = [await newStudio(server), await newStudio(server)];
    const [their] = (await theirs.owner.visitor.console("GET", "/sessions")).body["sessions"] as {
      session_id: string;
    }[];
    const answer = await mine.owner.visitor.console("DELETE", `/sessions/${their?.session_id}`);
    expect(answer.body.reason_code).toBe("NOT_FOUND");
    expect((await theirs.owner.visitor.console("GET", "/session")).status).toBe(200);
  });
});

import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { setSupport } from "../../src/operations/access/set-support.ts";
import { callerOf, sql } from "../support.ts";
import { Authenticator, codeOf } from "./authenticator.ts";
import { newStudio, PASSWORD, useConsole, type Studio } from "./console-server.ts";
import { tokenIn, type Visitor } from "./visitor.ts";

const server = useConsole();
const products = [{ key: "pack", name: "Pack", type: "package", credits_total: 10, calendars: ["cal"] }];

interface Line {
  id: string;
  actor: string;
  client_name: string | null;
  action: string;
  subject: string;
  ip: string | null;
  before: unknown;
  after: Record<string, unknown> | null;
  correlation_id: string | null;
  location: { location_id: string; key: string } | null;
}

async function trail(visitor: Visitor, workspace_id: string, query: Record<string, string> = {}) {
  const answer = await visitor.console(
    "GET",
    `/workspaces/${workspace_id}/audit-events?${new URLSearchParams(query).toString()}`,
  );
  return answer.body as unknown as { audit_events: Line[]; next_cursor: string | null };
}

describe("the audit trail", () => {
  let studio: Studio;
  let granted: { text: string; body: Record<string, unknown> };

  beforeAll(async () => {
    studio = await newStudio(server, { products });
    const at = `/locations/${studio.location_id}`;
    const grant = {
      external_contact_id: "maya",
      product_config_id: studio.products["pack"],
      external_payment_id: "p1",
    };
    granted = await studio.owner.visitor.console("POST", `${at}/grants`, { request_id: "r1", ...grant });
    await studio.owner.visitor.console("PATCH", `/workspaces/${studio.workspace_id}/settings`, { name: "Renamed" });
    const body = { request_id: "r2", external_contact_id: "maya", calendar_id: "cal" };
    await callerOf(server.base_url, studio.token).post("/entitlements/deduct", body);
  });

  test("says of a person's change to the books who, what, when, from where, and the request of its entries", async () => {
    const { audit_events } = await trail(studio.owner.visitor, studio.workspace_id, { action: "grant_credits" });
    expect(audit_events).toMatchObject([
      {
        actor: studio.owner.email,
        subject: "contact maya",
        ip: studio.owner.visitor.ip,
        location: { location_id: studio.location_id, key: "main" },
        after: { product_config_id: studio.products["pack"] },
        correlation_id: granted.body["correlation_id"],
      },
    ]);
  });

  test("says what was before and after", async () => {
    const { audit_events } = await trail(studio.owner.visitor, studio.workspace_id, { action: "rename_workspace" });
    expect(audit_events).toMatchObject([{ before: { name: "A studio" }, after: { name: "Renamed" }, location: null }]);
  });

  test("tells an API client by its name, and is searched by it and by reasons", async () => {
    const bot = callerOf(server.base_url, studio.token);
    const of_pack = { product_config_id: studio.products["pack"] };
    await bot.post("/grants", {
      request_id: "r8",
      external_contact_id: "jonas",
      external_payment_id: "p8",
      ...of_pack,
    });
    const body = { request_id: "r9", amount: -1, reason: "Counted twice after the FLOOD" };
    expect((await bot.post("/contacts/jonas/adjust", body)).body).toMatchObject({ ok: true });
    for (const search of ["flood", "bot adjust"]) {
      const { audit_events } = await trail(studio.owner.visitor, studio.workspace_id, { search });
      expect(audit_events).toMatchObject([{ client_name: "bot", user_id: null, after: { reason: body.reason } }]);
    }
  });

  test("says nothing of what programs book: the ledger does", async () => {
    const { audit_events } = await trail(studio.owner.visitor, studio.workspace_id);
    expect(audit_events.map(({ action }) => action)).not.toContain("deduct_credits");
  });

  test("says nothing of what was refused, asked again, or only tried", async () => {
    const at = `/locations/${studio.location_id}`;
    const count = async () =>
      (await trail(studio.owner.visitor, studio.workspace_id, { limit: "100" })).audit_events.length;
    const before = await count();
    const deduct = { request_id: "r3", external_contact_id: "maya", calendar_id: "elsewhere" };
    const refused = await studio.owner.visitor.console("POST", `${at}/entitlements/deduct`, deduct);
    expect(refused.body.ok).toBe(false);
    const grant = {
      external_contact_id: "maya",
      product_config_id: studio.products["pack"],
      external_payment_id: "p1",
    };
    await studio.owner.visitor.console("POST", `${at}/grants`, { request_id: "r1", ...grant });
    const same = { name: "Renamed" };
    await studio.owner.visitor.console("PATCH", `/workspaces/${studio.workspace_id}/settings`, same);
    expect(await count()).toBe(before);
  });

  test("is searched by text, person, action, location and time, page by page", async () => {
    const { visitor } = studio.owner;
    const all = (await trail(visitor, studio.workspace_id, { limit: "100" })).audit_events;
    const ids = async (query: Record<string, string>) =>
      (await trail(visitor, studio.workspace_id, { limit: "100", ...query })).audit_events.map(({ action }) => action);
    expect(await ids({ search: "MAYA" })).toEqual(["grant_credits"]);
    expect(await ids({ search: studio.owner.email, action: "rename_workspace" })).toEqual(["rename_workspace"]);
    const user_id = ((await visitor.console("GET", "/session")).body["user"] as { id: string }).id;
    expect(await ids({ user_id })).toEqual(["rename_workspace", "grant_credits"]);
    expect(await ids({ user_id, location_id: studio.location_id })).toEqual(["grant_credits"]);
    expect(await ids({ from: "2099-01-01T00:00:00Z" })).toEqual([]);
    expect(await ids({ to: "2000-01-02T00:00:00Z" })).toEqual([]);

    const paged: Line[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const page: Awaited<ReturnType<typeof trail>> = await trail(visitor, studio.workspace_id, {
        limit: "1",
        ...(cursor && { cursor }),
      });
      paged.push(...page.audit_events);
      cursor = page.next_cursor;
    }
    expect(paged).toEqual(all);
    const { actions } = (await visitor.console("GET", `/workspaces/${studio.workspace_id}/audit-actions`)).body;
    expect(actions).toEqual([...new Set(all.map(({ action }) => action))].sort());
  });
});

test("of a refusal the trail says nothing, even where something fell due at that moment", async () => {
  const pack = { key: "short", name: "S", type: "package", credits_total: 1, expiry_days: 1, calendars: ["cal"] };
  const studio = await newStudio(server, { products: [pack], sandbox: true });
  const { visitor } = studio.owner;
  const at = `/locations/${studio.location_id}`;
  const grant = { product_config_id: studio.products["short"], external_payment_id: "p1" };
  await visitor.console("POST", `${at}/grants`, { request_id: "r1", external_contact_id: "maya", ...grant });
  await sql(server.db, "UPDATE locations SET clock_offset_ms = 864000000 WHERE key = 'main' AND workspace_id = $1", [
    studio.workspace_id,
  ]);
  const deduct = { request_id: "r2", external_contact_id: "maya", calendar_id: "cal" };
  expect((await visitor.console("POST", `${at}/entitlements/deduct`, deduct)).body.ok).toBe(false);
  const { body } = await visitor.console("GET", `${at}/contacts/maya/ledger`);
  expect(JSON.stringify(body)).toContain("expire");
  const { audit_events } = await trail(visitor, studio.workspace_id);
  expect(audit_events.map(({ action }) => action)).not.toContain("deduct_credits");
});

describe("what people change about themselves", () => {
  const linesOn = async ({ visitor, email }: Studio["owner"], workspace_id: string) =>
    (await trail(visitor, workspace_id, { limit: "100" })).audit_events
      .filter(({ subject }) => subject === `user ${email}`)
      .toReversed();

  test("is told in each workspace that they belong to, where it changed anything", async () => {
    const { workspace_id, owner } = await newStudio(server);
    const { visitor, email } = owner;
    const opened = await visitor.console("POST", "/workspaces", { name: "Second" });
    for (let i = 0; i < 2; i += 1) await visitor.console("PATCH", "/profile", { name: "Olga" });
    await visitor.console("POST", "/sessions/end-others");
    const other = server.visitor();
    await other.signIn(email, PASSWORD);
    const [first] = (await other.console("GET", "/sessions")).body["sessions"] as { session_id: string }[];
    await visitor.console("DELETE", `/sessions/${first?.session_id}`);
    await other.signIn(email, PASSWORD);
    await visitor.console("POST", "/sessions/end-others");

    const who = { actor: email, ip: visitor.ip, location: null };
    const lines = [
      { ...who, action: "rename_person", before: { name: null }, after: { name: "Olga" } },
      { ...who, action: "end_session" },
      { ...who, action: "end_other_sessions", after: { ended: 1 } },
    ];
    for (const id of [workspace_id, opened.body["workspace_id"] as string]) {
      expect(await linesOn(owner, id)).toMatchObject(lines);
    }
  });

  test("is told of how they sign in, without a secret, and of nobody who failed or only signed in", async () => {
    const { workspace_id, owner } = await newStudio(server);
    const { visitor, email } = owner;
    const stranger = (await newStudio(server)).owner.visitor;
    const auth = (path: string, body: object) => visitor.post(`/api/auth${path}`, body);
    const password = "another long password";
    await auth("/change-password", { currentPassword: "wrong", newPassword: password });
    await auth("/change-password", { currentPassword: PASSWORD, newPassword: password });
    const { totpURI, backupCodes } = (await auth("/two-factor/enable", { password })).body as unknown as {
      totpURI: string;
      backupCodes: string[];
    };
    await auth("/two-factor/verify-totp", { code: codeOf(totpURI, Date.now()) });
    await auth("/two-factor/generate-backup-codes", { password });
    const elsewhere = server.visitor();
    await elsewhere.signIn(email, password);
    const code = codeOf(totpURI, Date.now() - 30_000);
    expect((await elsewhere.post("/api/auth/two-factor/verify-totp", { code })).status).toBe(200);
    await auth("/two-factor/disable", { password });

    const asked = await visitor.get("/api/auth/passkey/generate-register-options");
    const response = new Authenticator(visitor.origin).register(asked.body["challenge"] as string);
    const { id } = (await auth("/passkey/verify-registration", { response, name: "Laptop" })).body;
    await auth("/passkey/update-passkey", { id, name: "Phone" });
    expect((await stranger.post("/api/auth/passkey/delete-passkey", { id })).status).toBe(401);
    await auth("/passkey/delete-passkey", { id });
    await auth("/request-password-reset", { email });
    const token = tokenIn((await server.mailsTo(email))[0]);
    await auth("/reset-password", { token, newPassword: PASSWORD });
    await visitor.signIn(email, PASSWORD);

    const lines = await linesOn(owner, workspace_id);
    const factor = ["enable_second_factor", "renew_backup_codes", "disable_second_factor"];
    const passkey = ["add_passkey", "rename_passkey", "remove_passkey"];
    expect(lines.map(({ action }) => action)).toEqual(["change_password", ...factor, ...passkey, "reset_password"]);
    for (const line of lines) expect(line).toMatchObject({ actor: email, ip: visitor.ip, before: null, after: null });
    for (const secret of [PASSWORD, password, code, token, ...backupCodes]) {
      expect(JSON.stringify(lines)).not.toContain(secret);
    }
  });
});

describe("Kotally's support", () => {
  async function supporter() {
    const visitor = server.visitor();
    const studio = await newStudio(server);
    await setSupport(server.db, studio.owner.email, true);
    await visitor.signIn(studio.owner.email, PASSWORD);
    const user_id = ((await visitor.console("GET", "/session")).body["user"] as { id: string }).id;
    return { visitor, user_id, email: studio.owner.email };
  }

  test("looks at a workspace while an owner lets them, changes nothing, and each look is told", async () => {
    const [studio, helper] = [await newStudio(server), await supporter()];
    const at = `/workspaces/${studio.workspace_id}`;
    expect((await helper.visitor.console("GET", `${at}/users`)).status).toBe(404);
    const { body: listed } = await studio.owner.visitor.console("GET", `${at}/support`);
    expect(listed["supporters"]).toContainEqual(
      expect.objectContaining({ user_id: helper.user_id, email: helper.email }),
    );

    const wish = { user_id: helper.user_id, hours: 2, reason: "The import stands still" };
    const granted = await studio.owner.visitor.console("POST", `${at}/support`, wish);
    expect(granted.body.ok).toBe(true);
    expect((await helper.visitor.console("GET", `${at}/users`)).status).toBe(200);
    const contacts = `/locations/${studio.location_id}/contacts/maya/ledger`;
    for (let i = 0; i < 2; i += 1) expect((await helper.visitor.console("GET", contacts)).status).toBe(200);
    expect((await helper.visitor.console("PATCH", `${at}/settings`, { name: "Theirs" })).status).toBe(403);
    expect((await helper.visitor.console("POST", `/locations/${studio.location_id}/grants`, {})).status).toBe(403);
    const session = await helper.visitor.console("GET", "/session");
    expect(session.body["workspaces"]).toContainEqual(
      expect.objectContaining({ workspace_id: studio.workspace_id, role: "viewer", is_support: true }),
    );

    const { audit_events } = await trail(studio.owner.visitor, studio.workspace_id, { action: "support_look" });
    expect(audit_events.map(({ actor, subject }) => [actor, subject])).toEqual([
      [helper.email, `/api/console${contacts}`],
      [helper.email, `/api/console${at}/users`],
    ]);

    const grant_id = granted.body["support_grant_id"] as string;
    expect((await studio.owner.visitor.console("DELETE", `${at}/support/${grant_id}`)).body.ok).toBe(true);
    expect((await helper.visitor.console("GET", `${at}/users`)).status).toBe(404);
  });

  test("looks no longer when the time is over, or when they leave Kotally", async () => {
    const [studio, helper] = [await newStudio(server), await supporter()];
    const at = `/workspaces/${studio.workspace_id}`;
    const grant = { user_id: helper.user_id, hours: 1, reason: "x" };
    await studio.owner.visitor.console("POST", `${at}/support`, grant);
    expect((await helper.visitor.console("GET", `${at}/users`)).status).toBe(200);
    await sql(
      server.db,
      `UPDATE support_grants SET created_at = now() - interval '1 h 1 s', expires_at = now() - interval '1 s'
       WHERE workspace_id = $1`,
      [studio.workspace_id],
    );
    expect((await helper.visitor.console("GET", `${at}/users`)).status).toBe(404);
    await studio.owner.visitor.console("POST", `${at}/support`, grant);
    expect((await helper.visitor.console("GET", `${at}/users`)).status).toBe(200);
    await setSupport(server.db, helper.email, false);
    expect((await helper.visitor.console("GET", `${at}/users`)).status).toBe(404);
  });

  test("is nobody whom an owner picks by chance", async () => {
    const [studio, other] = [await newStudio(server), await newStudio(server)];
    const { id } = (await other.owner.visitor.console("GET", "/session")).body["user"] as { id: string };
    const at = `/workspaces/${studio.workspace_id}/support`;
    for (const user_id of [id, randomUUID()]) {
      const answer = await studio.owner.visitor.console("POST", at, { user_id, hours: 1, reason: "x" });
      expect(answer.body.reason_code).toBe("NOT_FOUND");
    }
  });
});

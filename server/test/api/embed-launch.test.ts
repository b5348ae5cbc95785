import { beforeAll, expect, test } from "vitest";
import { sql } from "../support.ts";
import { connect, install, LAUNCH_TOKEN, look, postAuth, secrets, useEmbedServer } from "./embed-studio.ts";
import { connectedLocation } from "./listening-server.ts";

type Sandbox = Awaited<ReturnType<typeof connectedLocation>>;

const server = useEmbedServer();
let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await connectedLocation(server.db, { sandbox: true });
});

const asked = (fields: Record<string, string> = {}) => ({
  location_id: sandbox.location_id,
  user_id: "made-up",
  agency_id: "some-agency",
  token: LAUNCH_TOKEN,
  ...fields,
});

async function launch(query: Record<string, string>) {
  const url = `${server.base_url}/embed/sandbox-launch?${new URLSearchParams(query).toString()}`;
  const response = await fetch(url, { redirect: "manual" });
  const location = new URL(response.headers.get("location") ?? "http://nowhere.test/", server.base_url);
  return { status: response.status, text: await response.text(), location, headers: response.headers };
}

async function launched(query: Record<string, string> = asked()): Promise<string> {
  const { location } = await launch(query);
  return new URLSearchParams(location.hash.slice(1)).get("launch") ?? "";
}

test("opens a sandbox without GoHighLevel, once, and keeps what opens it out of every log", async () => {
  const { status, location, headers } = await launch(asked());
  expect(status).toBe(302);
  expect(location.pathname + location.search).toBe(`/embed/dashboard?location_id=${sandbox.location_id}`);
  expect(headers.get("cache-control")).toBe("no-store");
  expect(headers.get("referrer-policy")).toBe("no-referrer");
  const payload = new URLSearchParams(location.hash.slice(1)).get("launch") ?? "";
  const opened = await postAuth(server.base_url, { payload });
  expect(opened).toAnswer("embed_opened", { user: { name: null, role: "user" } });
  expect(await look(server.base_url, opened.body["token"] as string, "/today")).toAnswer("loaded");
  expect(await postAuth(server.base_url, { payload })).toFail(401, "UNAUTHORIZED");
});

test("leads to the panel of a contact that is named", async () => {
  const { location } = await launch(asked({ contact_id: "maya & co" }));
  expect(location.pathname).toBe("/embed/panel");
  expect(location.searchParams.get("contact_id")).toBe("maya & co");
});

test("knows a sandbox by GoHighLevel's id too", async () => {
  expect((await launch(asked({ location_id: sandbox.ghl_location_id }))).status).toBe(302);
  expect((await launch(asked({ location_id: sandbox.uuid }))).status).toBe(302);
});

test("every launch stands in the audit trail", async () => {
  const fresh = await connectedLocation(server.db, { sandbox: true });
  await launch(asked({ location_id: fresh.location_id }));
  await launch(asked({ location_id: fresh.location_id }));
  const trail = await sql(
    server.db,
    "SELECT actor, action, after, ip FROM audit_events WHERE location_id = $1 AND action = 'launch_embed'",
    [fresh.uuid],
  );
  const line = {
    actor: "sandbox launcher",
    action: "launch_embed",
    after: { user_id: "made-up", company_id: "some-agency" },
  };
  expect(trail).toEqual([1, 2].map(() => ({ ...line, ip: "127.0.0.1" })));
});

test("opens no live location", async () => {
  const live = await install(server.db);
  const { company_id: agency_id } = live;
  for (const location_id of [live.location_id, live.uuid, live.ghl_location_id, "nowhere"]) {
    expect((await launch(asked({ location_id, agency_id }))).status).toBe(403);
  }
});

test("opens a sandbox that an agency installed the app in for that agency only", async () => {
  const theirs = await connectedLocation(server.db, { sandbox: true });
  await connect(server.db, { ...theirs, company_id: "their-agency" });
  const { location_id } = theirs;
  expect((await launch(asked({ location_id }))).status).toBe(403);
  expect((await launch(asked({ location_id, agency_id: "their-agency" }))).status).toBe(302);
});

test("with another token opens nothing, whichever location is named", async () => {
  const wrong = await Promise.all([
    launch(asked({ token: "x" })),
    launch(asked({ token: "x", location_id: "nowhere" })),
  ]);
  expect(wrong.map(({ status }) => status)).toEqual([401, 401]);
  expect(wrong[0]?.text).toBe(wrong[1]?.text);
});

test("says in a sentence what its address lacks", async () => {
  const { status, text } = await launch({ token: LAUNCH_TOKEN, user_id: "" });
  expect(status).toBe(400);
  for (const said of ["location_id is required", "user_id must not be empty", "agency_id is required"]) {
    expect(text).toContain(said);
  }
});

test("ends two minutes later, and where the sandbox has become a live location", async () => {
  const [text = ""] = (await launched()).split(".");
  const told = JSON.parse(Buffer.from(text, "base64url").toString()) as { expires_at: number };
  expect(told.expires_at - Date.now()).toBeLessThanOrEqual(2 * 60_000);
  const late = Buffer.from(JSON.stringify({ ...told, expires_at: Date.now() - 1 })).toString("base64url");
  const payload = `${late}.${secrets.sign(late, "embed launch")}`;
  expect(await postAuth(server.base_url, { payload })).toFail(401, "UNAUTHORIZED");

  const fresh = await connectedLocation(server.db, { sandbox: true });
  await connect(server.db, { ...fresh, company_id: "some-agency" });
  const before = await launched(asked({ location_id: fresh.location_id }));
  expect(before).not.toBe("");
  await sql(server.db, "UPDATE locations SET sandbox = false WHERE location_id = $1", [fresh.uuid]);
  expect(await postAuth(server.base_url, { payload: before })).toFail(401, "UNAUTHORIZED");
});

test("a token of the embed's is no launch, and a launch no token", async () => {
  const payload = await launched();
  const { body } = await postAuth(server.base_url, { payload: await launched() });
  expect(await postAuth(server.base_url, { payload: body["token"] })).toFail(401, "UNAUTHORIZED");
  expect(await look(server.base_url, payload, "/today")).toFail(401, "UNAUTHORIZED");
});

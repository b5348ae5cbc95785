import { randomBytes, randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { sealText, sealUserContext } from "../../src/gateways/ghl/user-context.ts";
import { newEmbedToken } from "../../src/operations/access/embed-token.ts";
import { Secrets } from "../../src/platform/secrets.ts";
import { sql } from "../support.ts";
import {
  comeIn,
  connect,
  contextOf,
  install,
  look,
  postAuth,
  secrets,
  SHARED_SECRET,
  useEmbedServer,
  type Installed,
} from "./embed-studio.ts";
import { connectedLocation } from "./listening-server.ts";

const server = useEmbedServer();
let studio: Installed;
let other: Installed;

beforeAll(async () => {
  studio = await install(server.db, { name: "Lotus Yoga" });
  other = await install(server.db);
});

const payloadOf = (...args: Parameters<typeof contextOf>) => sealUserContext(contextOf(...args), SHARED_SECRET);
const knock = (payload: string) => postAuth(server.base_url, { payload });

/** The one answer to whatever is wrong: nothing in it says what that was. */
const REFUSED = {
  reason_code: "UNAUTHORIZED",
  message: "This was not accepted. Open the page again from GoHighLevel, in a location that Kotally is installed in.",
};

async function refusal(payload: string): Promise<Record<string, unknown>> {
  const answer = await knock(payload);
  expect(answer).toFail(401, "UNAUTHORIZED");
  const { correlation_id: _, ok: __, ...said } = answer.body;
  return said;
}

describe("what GoHighLevel says of its user", () => {
  test("lets them into the location they are in, for a quarter of an hour", async () => {
    const answer = await knock(payloadOf(studio));
    expect(answer).toAnswer("embed_opened", {
      user: { name: "Zoë Lindqvist", role: "user" },
      location: expect.objectContaining({ location_id: studio.location_id, name: "Lotus Yoga" }),
    });
    const lives_ms = Date.parse(answer.body["expires_at"] as string) - Date.now();
    expect(lives_ms).toBeGreaterThan(14 * 60_000);
    expect(lives_ms).toBeLessThanOrEqual(15 * 60_000);
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(answer.headers.get("set-cookie")).toBeNull();
  });

  test("may come under the name that GoHighLevel's examples give it", async () => {
    const encryptedData = payloadOf(studio);
    expect(await postAuth(server.base_url, { encryptedData })).toAnswer("embed_opened");
  });

  test("lets an agency's own people into the location they have open", async () => {
    expect(await knock(payloadOf(studio, { type: "agency", role: "admin" }))).toAnswer("embed_opened");
  });

  test("opens once", async () => {
    const payload = payloadOf(studio);
    expect(await knock(payload)).toAnswer("embed_opened");
    expect(await refusal(payload)).toEqual(REFUSED);
  });

  test("opens once of many at the same moment", async () => {
    const payload = payloadOf(studio);
    const answers = await Promise.all(Array.from({ length: 8 }, () => knock(payload)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  test("opens once, also where something in it was changed since", async () => {
    // Who flips bits keeps the salt: under another one nothing opens.
    const salt = randomBytes(8);
    const told = { userId: "zoe", companyId: studio.company_id, role: "user", type: "location" };
    const sealed = (userName: string) =>
      sealText(JSON.stringify({ ...told, activeLocation: studio.ghl_location_id, userName }), SHARED_SECRET, salt);
    expect(await knock(sealed("Zoë"))).toAnswer("embed_opened");
    expect(await refusal(sealed("Zoe"))).toEqual(REFUSED);
  });

  test("that names no location, as in the agency's own view, lets nobody in", async () => {
    expect(await refusal(payloadOf(studio, { type: "agency", ghl_location_id: null }))).toEqual(REFUSED);
  });

  test("of another agency, or another location, lets nobody in", async () => {
    expect(await refusal(payloadOf(studio, { company_id: other.company_id }))).toEqual(REFUSED);
    expect(await refusal(payloadOf(studio, { ghl_location_id: other.ghl_location_id }))).toEqual(REFUSED);
    expect(await refusal(payloadOf(studio, { ghl_location_id: "nowhere" }))).toEqual(REFUSED);
  });

  test("by our own ids of the location lets nobody in", async () => {
    expect(await refusal(payloadOf(studio, { ghl_location_id: studio.location_id }))).toEqual(REFUSED);
    expect(await refusal(payloadOf(studio, { ghl_location_id: studio.uuid }))).toEqual(REFUSED);
  });

  test("sealed with another secret, or not at all, lets nobody in", async () => {
    expect(await refusal(sealUserContext(contextOf(studio), "another-secret"))).toEqual(REFUSED);
    expect(await refusal(sealText("{}", SHARED_SECRET))).toEqual(REFUSED);
    expect(await refusal(JSON.stringify(contextOf(studio)))).toEqual(REFUSED);
    expect(await refusal(Buffer.from(JSON.stringify(contextOf(studio))).toString("base64"))).toEqual(REFUSED);
  });

  test("lets nobody in once the app was uninstalled, or awaits another installation", async () => {
    for (const status of ["disconnected", "needs_reinstall", "unclaimed"]) {
      const gone = await install(server.db);
      await sql(server.db, "UPDATE ghl_connections SET status = $2 WHERE company_id = $1", [gone.company_id, status]);
      expect(await refusal(payloadOf(gone))).toEqual(REFUSED);
    }
    const closed = await install(server.db);
    await sql(server.db, "UPDATE locations SET status = 'disconnected' WHERE location_id = $1", [closed.uuid]);
    expect(await refusal(payloadOf(closed))).toEqual(REFUSED);
  });

  test("of a location that nobody installed the app in is believed of a sandbox only", async () => {
    const company_id = "some-agency";
    const sandbox = await connectedLocation(server.db, { sandbox: true });
    const live = await connectedLocation(server.db);
    expect(await knock(payloadOf({ ...sandbox, company_id }))).toAnswer("embed_opened");
    expect(await refusal(payloadOf({ ...live, company_id }))).toEqual(REFUSED);
    await connect(server.db, { ...sandbox, company_id: "the-agency" });
    expect(await refusal(payloadOf({ ...sandbox, company_id }))).toEqual(REFUSED);
    expect(await knock(payloadOf({ ...sandbox, company_id: "the-agency" }))).toAnswer("embed_opened");
  });

  test("stands in the audit trail once a day for each of them", async () => {
    const place = await install(server.db);
    const trail = () =>
      sql(
        server.db,
        "SELECT actor, subject, after, ip FROM audit_events WHERE location_id = $1 AND action = 'open_embed' ORDER BY recorded_at, id",
        [place.uuid],
      );
    await comeIn(server.base_url, place);
    await comeIn(server.base_url, place);
    const zoe = { name: "Zoë Lindqvist", email: "zoe@studio.test", role: "user" };
    const line = { actor: "GoHighLevel user zoe-at-the-desk", subject: "location main", after: zoe, ip: "127.0.0.1" };
    expect(await trail()).toEqual([line]);
    await comeIn(server.base_url, place, { user_id: "ben" });
    expect(await trail()).toHaveLength(2);
  });
});

describe("the door", () => {
  test("names what is missing or malformed", async () => {
    expect(await postAuth(server.base_url, {})).toBeInvalid("payload");
    expect(await postAuth(server.base_url, { payload: 7 })).toBeInvalid("payload");
    expect(await postAuth(server.base_url, { payload: "x".repeat(9000) })).toBeInvalid("payload");
    expect(await postAuth(server.base_url, [])).toBeInvalid("body");
  });

  test("takes JSON only, which no page elsewhere can send unasked", async () => {
    const answer = await postAuth(server.base_url, { payload: payloadOf(studio) }, { "content-type": "text/plain" });
    expect(answer).toFail(415, "UNSUPPORTED_MEDIA_TYPE");
  });
});

describe("a token", () => {
  const pass = () => ({
    workspace_id: randomUUID(),
    location_id: studio.uuid,
    company_id: studio.company_id,
    user_id: "zoe",
    user_name: null,
  });
  const ahead = (ms: number) => ({ now: () => Date.now() + ms });

  test("opens the embed's API, and nothing of the machine API or the console", async () => {
    const token = await comeIn(server.base_url, studio);
    expect(await look(server.base_url, token, "/today")).toAnswer("loaded");
    for (const path of ["/api/v2/contacts/maya", `/api/console/locations/${studio.location_id}/contacts/maya`]) {
      const { status } = await fetch(`${server.base_url}${path}`, { headers: { authorization: `Bearer ${token}` } });
      expect([path, status]).not.toEqual([path, 200]);
    }
  });

  test("that is missing, of another kind, forged or changed opens nothing", async () => {
    const token = await comeIn(server.base_url, studio);
    const [text = "", signature = ""] = token.split(".");
    const told = JSON.parse(Buffer.from(text, "base64url").toString()) as object;
    const elsewhere = Buffer.from(JSON.stringify({ ...told, location_id: other.uuid })).toString("base64url");
    const forged = newEmbedToken(new Secrets("another-secret-of-16"), { now: Date.now }, pass()).token;
    const launch = `${text}.${secrets.sign(text, "embed launch")}`;
    for (const bad of [
      "",
      "x",
      studio.token,
      text,
      `${text}.`,
      `${elsewhere}.${signature}`,
      `${token}.x`,
      forged,
      launch,
    ]) {
      expect(await look(server.base_url, bad, "/today")).toFail(401, "UNAUTHORIZED");
    }
  });

  test("runs out", async () => {
    const workspace_id = await workspaceOf(studio);
    const fresh = newEmbedToken(secrets, ahead(-14.9 * 60_000), { ...pass(), workspace_id }).token;
    const stale = newEmbedToken(secrets, ahead(-15 * 60_000), { ...pass(), workspace_id }).token;
    expect(await look(server.base_url, fresh, "/today")).toAnswer("loaded");
    expect(await look(server.base_url, stale, "/today")).toFail(401, "UNAUTHORIZED");
  });

  test("ends with the installation, and with the location", async () => {
    const gone = await install(server.db);
    const token = await comeIn(server.base_url, gone);
    await sql(server.db, "UPDATE ghl_connections SET status = 'needs_reinstall' WHERE company_id = $1", [
      gone.company_id,
    ]);
    expect(await look(server.base_url, token, "/today")).toFail(401, "UNAUTHORIZED");

    const closed = await install(server.db);
    const second = await comeIn(server.base_url, closed);
    await sql(server.db, "UPDATE locations SET status = 'disconnected' WHERE location_id = $1", [closed.uuid]);
    expect(await look(server.base_url, second, "/today")).toFail(401, "UNAUTHORIZED");
  });

  test("of a location that another workspace has now opens nothing", async () => {
    const moved = newEmbedToken(secrets, ahead(0), pass()).token;
    expect(await look(server.base_url, moved, "/today")).toFail(401, "UNAUTHORIZED");
  });

  test("survives a change of the location's settings", async () => {
    const token = await comeIn(server.base_url, studio);
    await sql(server.db, "UPDATE locations SET version = version + 1 WHERE location_id = $1", [studio.uuid]);
    expect(await look(server.base_url, token, "/today")).toAnswer("loaded");
  });
});

async function workspaceOf({ uuid }: { uuid: string }): Promise<string> {
  const [row] = await sql<{ id: string }>(
    server.db,
    "SELECT workspace_id AS id FROM locations WHERE location_id = $1",
    [uuid],
  );
  return row?.id ?? "";
}

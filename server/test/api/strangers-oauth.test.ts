import { describe, expect, test } from "vitest";
import { newConnectToken, newState } from "../../src/operations/connections/oauth-state.ts";
import { systemClock, type Clock } from "../../src/platform/clock.ts";
import { Secrets } from "../../src/platform/secrets.ts";
import { printsOf } from "./book-prints.ts";
import {
  base_url,
  begin,
  comeBack,
  connectionOf,
  database,
  fake,
  installed,
  openWorkspace,
  secrets,
} from "./ghl-installations.ts";

const COOKIE = "kotally_ghl_install";
const MINUTE = 60_000;

/** A code that would install the app for a location that nobody has yet. */
function newCode() {
  const studio = fake.addLocation();
  return { studio, code: fake.install(studio.location_id) };
}

async function expectNothing(query: Record<string, string>, cookie: string): Promise<void> {
  await fake.drain();
  const asked = fake.requests.length;
  const before = await printsOf(database.db);
  const { status, text } = await comeBack(query, cookie);
  expect({ status, text }).toMatchObject({ status: 400, text: expect.stringContaining("not started here") });
  expect(await printsOf(database.db)).toEqual(before);
  // Not even the code was spent.
  expect(fake.requests.length).toBe(asked);
}

describe("a state that is not this browser's, or not of now", () => {
  test("of another workspace, brought by a victim's browser, installs nothing for either", async () => {
    const attacker = await begin((await openWorkspace()).id);
    const victim = await begin((await openWorkspace()).id);
    const { code, studio } = newCode();
    await expectNothing({ code, state: attacker.state }, victim.cookie);
    await expectNothing({ code, state: victim.state }, attacker.cookie);
    await expectNothing({ code, state: attacker.state }, "");
    expect(await connectionOf(studio.company_id, studio.location_id)).toBeUndefined();
  });

  test("whose workspace was exchanged for another is no state", async () => {
    const [own, other] = [await openWorkspace(), await openWorkspace()];
    const { state, cookie } = await begin(own.id);
    const [text = "", signature] = state.split(".");
    const document = Buffer.from(text, "base64url").toString();
    expect(document).toContain(own.id);
    const forged = Buffer.from(document.replace(own.id, other.id)).toString("base64url");
    await expectNothing({ code: newCode().code, state: `${forged}.${signature}` }, cookie);
  });

  test("that is half an hour old has expired", async () => {
    const { id } = await openWorkspace();
    const past: Clock = { now: () => systemClock.now() - 31 * MINUTE };
    const { state, nonce } = newState(secrets, past, { workspace_id: id, from_console: false });
    await expectNothing({ code: newCode().code, state }, `${COOKIE}=${nonce}`);
    const fresh = newState(
      secrets,
      { now: () => systemClock.now() - 29 * MINUTE },
      { workspace_id: id, from_console: false },
    );
    const answer = await comeBack({ code: newCode().code, state: fresh.state }, `${COOKIE}=${fresh.nonce}`);
    expect(answer.status).toBe(200);
  });

  test("that was used is used, also where two came at the same moment", async () => {
    const { state, cookie } = await begin((await openWorkspace()).id);
    const codes = [newCode(), newCode(), newCode()];
    const answers = await Promise.all(codes.map(({ code }) => comeBack({ code, state }, cookie)));
    expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 400, 400]);
    await expectNothing({ code: newCode().code, state }, cookie);
  });

  test("that another server signed, or that is a link's token, or empty, is none", async () => {
    const { id } = await openWorkspace();
    const foreign = newState(new Secrets("the-secret-of-another-server"), systemClock, {
      workspace_id: id,
      from_console: false,
    });
    await expectNothing({ code: newCode().code, state: foreign.state }, `${COOKIE}=${foreign.nonce}`);
    await expectNothing({ code: newCode().code, state: newConnectToken(secrets, systemClock, id) }, `${COOKIE}=x`);
    await expectNothing({ code: newCode().code, state: "" }, "");
    const own = newState(secrets, systemClock, { workspace_id: id, from_console: false });
    expect((await comeBack({ code: newCode().code, state: own.state }, `${COOKIE}=${own.nonce}`)).status).toBe(200);
  });
});

describe("an installation that another workspace has", () => {
  test("stays theirs, whoever brings a code for it", async () => {
    const { workspace, studio, connection } = await installed();
    const stranger = await openWorkspace();
    const { state, cookie } = await begin(stranger.id);
    const answer = await comeBack({ code: fake.install(studio.location_id), state }, cookie);
    expect(answer).toMatchObject({ status: 409, text: expect.stringContaining("Another workspace") });
    expect(await connectionOf(studio.company_id, studio.location_id)).toMatchObject({
      workspace_id: workspace.id,
      location_id: connection.location_id,
      status: "connected",
    });
  });

  test("and a code of a stranger without a state connects nothing to anybody", async () => {
    const { studio, code } = newCode();
    expect(await comeBack({ code })).toMatchObject({
      status: 200,
      text: expect.stringContaining("waits to be claimed"),
    });
    expect(await connectionOf(studio.company_id, studio.location_id)).toMatchObject({
      workspace_id: null,
      location_id: null,
      status: "unclaimed",
    });
  });
});

test("an answer of the callback is kept by no cache, framed by nobody, and takes the cookie away", async () => {
  const response = await fetch(`${base_url}/oauth/ghl/callback?code=x&state=y`);
  expect(response.headers.get("cache-control")).toBe("no-store");
  expect(response.headers.get("set-cookie")).toMatch(/^kotally_ghl_install=; .*Max-Age=0/);
  expect(response.headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
  expect(response.headers.get("referrer-policy")).toBe("no-referrer");
});

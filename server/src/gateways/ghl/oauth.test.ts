import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { listCalendars } from "./calendars.ts";
import type { FakeGhl } from "./fake/fake-ghl.ts";
import {
  appIdOf,
  authorizeUrl,
  exchangeCode,
  installedLocations,
  locationToken,
  refreshToken,
  type GhlApp,
} from "./oauth.ts";
import { connectToFake, handClock, type HandClock, type TestConnection } from "./testing-connection.ts";

let clock: HandClock;
let connection: TestConnection;
let fake: FakeGhl;
let app: GhlApp;

beforeEach(async () => {
  clock = handClock("2026-03-02T10:00:00Z");
  connection = await connectToFake({ clock });
  ({ fake, app } = connection);
});

afterEach(async () => {
  await fake.stop();
});

describe("A code becomes tokens once", () => {
  test("of the location that installed the app", async () => {
    const { studio } = connection;
    const tokens = await exchangeCode(app, clock, {
      code: fake.install(studio.location_id),
      redirect_uri: "https://x.example/cb",
    });
    expect(tokens).toMatchObject({
      user_type: "Location",
      location_id: studio.location_id,
      company_id: studio.company_id,
      is_bulk: false,
      expires_at: clock.now() + 86_399_000,
    });
    expect(tokens.scopes).toContain("contacts.write");
  });

  test("a code that was used is refused", async () => {
    const code = fake.install(connection.studio.location_id);
    await exchangeCode(app, clock, { code });
    await expect(exchangeCode(app, clock, { code })).rejects.toMatchObject({ kind: "refused", status: 400 });
  });

  test("a wrong client secret is not taken for a void token", async () => {
    const wrong = { ...app, client_secret: "wrong" };
    await expect(refreshToken(wrong, clock, connection.tokens)).rejects.toMatchObject({ kind: "unauthorised" });
  });
});

describe("An agency's token brings the tokens of its locations", () => {
  test("of those that have the app, and of no others", async () => {
    const company_id = fake.addCompany();
    const [north, south, without] = [
      fake.addLocation({ company_id }),
      fake.addLocation({ company_id }),
      fake.addLocation({ company_id }),
    ];
    const ids = [north.location_id, south.location_id];
    const agency = await exchangeCode(app, clock, { code: fake.installForAgency(company_id, ids) });
    expect(agency).toMatchObject({ user_type: "Company", location_id: null, is_bulk: true });

    const installed = await installedLocations(app, agency);
    expect(installed.map(({ location_id }) => location_id)).toEqual(ids);

    const tokens = await locationToken(app, clock, { ...agency, location_id: south.location_id });
    expect(tokens).toMatchObject({ user_type: "Location", location_id: south.location_id, company_id });
    const refused = locationToken(app, clock, { ...agency, location_id: without.location_id });
    await expect(refused).rejects.toMatchObject({ kind: "refused" });
  });

  test("more locations than a page holds are all listed", async () => {
    const company_id = fake.addCompany();
    const ids = Array.from({ length: 230 }, () => fake.addLocation({ company_id }).location_id);
    const agency = await exchangeCode(app, clock, { code: fake.installForAgency(company_id, ids) });
    expect(await installedLocations(app, agency)).toHaveLength(230);
  });
});

describe("A refresh token is good once", () => {
  test("the next pair works, the old refresh token needs a new install after half a minute", async () => {
    const first = connection.tokens;
    const second = await refreshToken(app, clock, first);
    expect(second.refresh_token).not.toBe(first.refresh_token);
    clock.at += 31_000;
    await expect(refreshToken(app, clock, first)).rejects.toMatchObject({ kind: "reinstall_needed" });
    expect(await refreshToken(app, clock, second)).toMatchObject({ location_id: connection.studio.location_id });
  });

  test("two at once get the same pair", async () => {
    const [one, other] = await Promise.all([
      refreshToken(app, clock, connection.tokens),
      refreshToken(app, clock, connection.tokens),
    ]);
    expect(one.refresh_token).toBe(other.refresh_token);
  });

  test("a paused location keeps its tokens: the same one works when it is active again", async () => {
    const { studio, tokens } = connection;
    fake.setActive(studio.location_id, false);
    await expect(refreshToken(app, clock, tokens)).rejects.toMatchObject({ kind: "location_inactive" });
    fake.setActive(studio.location_id, true);
    expect(await refreshToken(app, clock, tokens)).toMatchObject({ user_type: "Location" });
  });

  test("a lost answer is asked for again, and three lost ones are said", async () => {
    fake.setWeather({ fail_rate: 1 });
    const before = fake.requests.length;
    await expect(refreshToken(app, clock, connection.tokens)).rejects.toMatchObject({
      kind: "unavailable",
      status: 500,
    });
    expect(fake.requests.length - before).toBe(3);
  });

  test("after an uninstall it needs a new install", async () => {
    fake.uninstall(connection.studio.location_id);
    await expect(refreshToken(app, clock, connection.tokens)).rejects.toMatchObject({ kind: "reinstall_needed" });
    await expect(listCalendars(connection.ghl, connection.studio.location_id)).rejects.toMatchObject({
      kind: "reinstall_needed",
    });
  });

  test("where nobody answers, that is said", async () => {
    await fake.stop();
    await expect(refreshToken(app, clock, connection.tokens)).rejects.toMatchObject({
      kind: "unavailable",
      status: null,
    });
  });
});

describe("A token answer is read in either spelling", () => {
  const answers = async (body: unknown) => {
    const server = createServer((_, response) => response.end(JSON.stringify(body)));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const api_base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      return await exchangeCode({ ...app, api_base }, clock, { code: "c" });
    } finally {
      server.closeAllConnections();
      server.close();
    }
  };
  const long = "x".repeat(3000);
  const whole = {
    access_token: long,
    refresh_token: "r1",
    expires_at: Date.parse("2026-03-02T11:00:00Z"),
    user_type: "Company",
    company_id: "co1",
    location_id: null,
    user_id: "u1",
    scopes: ["a.readonly", "b.write"],
    is_bulk: true,
  };

  test("as it is sent, and as its newest version is described", async () => {
    const sent = {
      access_token: long,
      refresh_token: "r1",
      expires_in: 3600,
      userType: "Company",
      companyId: "co1",
      userId: "u1",
    };
    const rest = { scope: "a.readonly b.write" };
    expect(await answers({ ...sent, ...rest, isBulkInstallation: true })).toEqual(whole);
    const { access_token, refresh_token, expires_in, ...same } = sent;
    const camel = { accessToken: access_token, refreshToken: refresh_token, expiresIn: expires_in, ...same, ...rest };
    expect(await answers({ ...camel, isBulkInstallation: true })).toEqual(whole);
    const snake = {
      access_token,
      refresh_token,
      expires_in,
      user_type: "company",
      company_id: "co1",
      user_id: "u1",
      ...rest,
    };
    expect(await answers({ ...snake, is_bulk_installation: true })).toEqual(whole);
  });

  test("what it does not say is the usual", async () => {
    expect(await answers({ access_token: "t", companyId: "co1", locationId: "loc1" })).toEqual({
      access_token: "t",
      refresh_token: "",
      expires_at: clock.now() + 86_399_000,
      user_type: "Location",
      company_id: "co1",
      location_id: "loc1",
      user_id: null,
      scopes: [],
      is_bulk: false,
    });
  });

  test("without a token or a company it is none", async () => {
    for (const body of [
      null,
      [],
      {},
      { access_token: "t" },
      { companyId: "co1" },
      { access_token: 7, companyId: "co1" },
    ]) {
      await expect(answers(body)).rejects.toMatchObject({ kind: "unreadable" });
    }
  });
});

test("the install link carries our state beside what it had", () => {
  const link = "https://marketplace.gohighlevel.com/v2/oauth/chooselocation?client_id=a-b&scope=x.readonly%20y.write";
  const url = new URL(authorizeUrl(link, "signed state/="));
  expect(Object.fromEntries(url.searchParams)).toEqual({
    client_id: "a-b",
    scope: "x.readonly y.write",
    state: "signed state/=",
  });
  expect(appIdOf("665c6bb13d4e5364bdec0e2f-lxyz")).toBe("665c6bb13d4e5364bdec0e2f");
});

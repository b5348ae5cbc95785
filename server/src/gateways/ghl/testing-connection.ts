import { systemClock, type Clock } from "../../platform/clock.ts";
import { GhlClient } from "./client.ts";
import { FakeGhl, type FakeGhlOptions, type FakeStudio } from "./fake/fake-ghl.ts";
import { exchangeCode, refreshToken, type GhlApp, type GhlTokens } from "./oauth.ts";
import { RequestBudget } from "./request-budget.ts";

/** A fake GoHighLevel with one studio, and our client connected to it, for tests. */
export interface TestConnection {
  fake: FakeGhl;
  app: GhlApp;
  studio: FakeStudio;
  ghl: GhlClient;
  tokens: GhlTokens;
  /** Pauses that the client made, in milliseconds. */
  pauses: number[];
  refreshes: () => number;
}

export async function connectToFake(options: FakeGhlOptions = {}): Promise<TestConnection> {
  const clock: Clock = options.clock ?? systemClock;
  const fake = new FakeGhl({ sends_by_itself: false, ...options });
  const app: GhlApp = { ...fake.app, api_base: await fake.start() };
  const studio = fake.addLocation();
  const connection: TestConnection = {
    fake,
    app,
    studio,
    tokens: await exchangeCode(app, clock, { code: fake.install(studio.location_id) }),
    pauses: [],
    refreshes: () => refreshes,
    ghl: new GhlClient({
      api_base: app.api_base,
      budget: new RequestBudget(clock, async (milliseconds) => {
        connection.pauses.push(milliseconds);
        await passTime(clock, milliseconds);
      }),
      access_token: async () => Promise.resolve(connection.tokens.access_token),
      on_unauthorised: async () => {
        refreshes += 1;
        connection.tokens = await refreshToken(app, clock, connection.tokens);
        return connection.tokens.access_token;
      },
      wait: async (milliseconds) => {
        connection.pauses.push(milliseconds);
        await passTime(clock, milliseconds);
      },
      random: () => 0,
    }),
  };
  let refreshes = 0;
  return connection;
}

/** A clock that is set by hand. */
export interface HandClock extends Clock {
  at: number;
}

export function handClock(start: string): HandClock {
  const clock = { at: Date.parse(start), now: () => clock.at };
  return clock;
}

/** Waiting moves a hand clock; with the system's clock nothing is waited for. */
async function passTime(clock: Clock, milliseconds: number): Promise<void> {
  if ("at" in clock) (clock as HandClock).at += milliseconds;
  await Promise.resolve();
}

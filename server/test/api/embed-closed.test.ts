import { expect, test } from "vitest";
import { sealUserContext } from "../../src/gateways/ghl/user-context.ts";
import { comeIn, contextOf, install, look, postAuth, SHARED_SECRET, useEmbedServer } from "./embed-studio.ts";

const without = useEmbedServer({ shared_secret: null, launch_token: null });
const slow = useEmbedServer({ door_per_second: 2, visitor_per_second: 2 });

test("without the app's shared secret nobody is let in, and nobody learns why", async () => {
  const studio = await install(without.db);
  const payload = sealUserContext(contextOf(studio), SHARED_SECRET);
  expect(await postAuth(without.base_url, { payload })).toFail(401, "UNAUTHORIZED");
  expect(await postAuth(without.base_url, { payload: sealUserContext(contextOf(studio), "") })).toFail(
    401,
    "UNAUTHORIZED",
  );
});

test("without a launch token there is no launcher", async () => {
  const query = new URLSearchParams({ location_id: "x", user_id: "y", agency_id: "z", token: "null" });
  const { status } = await fetch(`${without.base_url}/embed/sandbox-launch?${query.toString()}`);
  expect(status).toBe(404);
});

test("a visitor asks so often and no oftener, whoever else does", async () => {
  const [mine, theirs] = [await install(slow.db), await install(slow.db)];
  const [token, other] = [await comeIn(slow.base_url, mine), await comeIn(slow.base_url, theirs)];
  const answers = await Promise.all(Array.from({ length: 20 }, () => look(slow.base_url, token, "/calendars")));
  expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(4);
  expect(answers.find(({ status }) => status === 429)).toFail(429, "RATE_LIMITED");
  expect(await look(slow.base_url, other, "/calendars")).toAnswer("loaded");
});

test("whoever knocks too often is told to wait, also at the launcher", async () => {
  const answers = await Promise.all(Array.from({ length: 20 }, () => postAuth(slow.base_url, { payload: "nonsense" })));
  const refused = answers.find(({ status }) => status === 429);
  expect(refused).toFail(429, "RATE_LIMITED");
  expect(refused?.headers.get("retry-after")).toMatch(/^[1-9]/);
  const launch = await fetch(`${slow.base_url}/embed/sandbox-launch?token=guess`);
  expect(launch.status).toBe(429);
  expect(launch.headers.get("retry-after")).toMatch(/^[1-9]/);
});

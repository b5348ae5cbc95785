import { expect, test } from "vitest";
import { look, postAuth } from "./embed-studio.ts";
import { base_url, begin, comeBack, fake, installed, openWorkspace, tellAndTake } from "./ghl-installations.ts";

test("an installation opens the embed to the people of its location, until it is taken off", async () => {
  const { studio } = await installed("Lotus Yoga");
  const user_id = fake.addUser({ name: "Zoë Lindqvist", location_ids: [studio.location_id] });
  const context = () => fake.userContext(user_id, studio.company_id, studio.location_id);
  const opened = await postAuth(base_url, { payload: context() });
  expect(opened).toAnswer("embed_opened", {
    user: { name: "Zoë Lindqvist", role: "user" },
    location: expect.objectContaining({ name: "Lotus Yoga", timezone: "Australia/Lord_Howe", sandbox: false }),
  });
  const token = opened.body["token"] as string;
  expect(await look(base_url, token, "/today")).toAnswer("loaded");

  await tellAndTake();
  fake.uninstall(studio.location_id);
  await tellAndTake();
  expect(await look(base_url, token, "/today")).toFail(401, "UNAUTHORIZED");
  expect(await postAuth(base_url, { payload: context() })).toFail(401, "UNAUTHORIZED");
});

test("in the agency's own view there is no location to open", async () => {
  const { studio } = await installed();
  const user_id = fake.addUser({ name: "Owner", location_ids: [] });
  const payload = fake.userContext(user_id, studio.company_id, null);
  expect(await postAuth(base_url, { payload })).toFail(401, "UNAUTHORIZED");
});

test("calendars are called what GoHighLevel calls them", async () => {
  const { studio } = await installed();
  const calendar_id = studio.desk.addCalendar("Vinyasa Flow");
  const user_id = fake.addUser({ name: "Zoë", location_ids: [studio.location_id] });
  const { body } = await postAuth(base_url, {
    payload: fake.userContext(user_id, studio.company_id, studio.location_id),
  });
  const calendars = await look(base_url, body["token"] as string, "/calendars");
  expect(calendars).toAnswer("loaded", { calendars: [{ calendar_id, name: "Vinyasa Flow" }] });
});

test("the domain that an installation tells of may frame the embed of its location", async () => {
  const company_id = fake.addCompany({ whitelabel_domain: "crm.agency.test" });
  const studio = fake.addLocation({ company_id });
  const { state, cookie } = await begin((await openWorkspace()).id);
  await comeBack({ code: fake.install(studio.location_id), state }, cookie);
  await tellAndTake();
  const page = await fetch(`${base_url}/embed/dashboard?location_id=${studio.location_id}`);
  expect(page.headers.get("content-security-policy")).toContain("https://crm.agency.test");
});

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { FakeGhl } from "../src/gateways/ghl/fake/fake-ghl.ts";
import { writeBackBalances } from "../src/jobs/write-back-balances.ts";
import { claimInstallation } from "../src/operations/connections/claim-installation.ts";
import { deductCredits } from "../src/operations/credits/deduct-credits.ts";
import { grantCredits } from "../src/operations/credits/grant-credits.ts";
import { concludeBalance, leaseBalances } from "../src/operations/write-back/write-backs.ts";
import { commandOf } from "./commands.ts";
import { connectStudio, openProviders, type ConnectedStudio, type TestProviders } from "./connected-studio.ts";
import { createTestDatabase, sql, type TestDatabase } from "./support.ts";

const PACK = { key: "pack", type: "package", credits_total: 10, calendars: ["yoga"] };

let database: TestDatabase;
let fake: FakeGhl;
let one: TestProviders;
let other: TestProviders;

beforeAll(async () => {
  database = await createTestDatabase();
  fake = new FakeGhl({ sends_by_itself: false });
  fake.onDelivery = () => Promise.resolve(200);
  const api_base = await fake.start();
  one = openProviders(database.db, fake, api_base);
  other = openProviders(database.db, fake, api_base);
});
afterAll(async () => {
  await Promise.all([one, other].map(({ context }) => context.ledger.close()));
  await fake.stop();
  await database.drop();
});

const open = (settings: Record<string, unknown> = {}) => connectStudio(one, fake, { products: [PACK], ...settings });

let requests = 0;

async function grant(location: ConnectedStudio, external_contact_id: string): Promise<void> {
  requests += 1;
  const input = {
    request_id: `r${requests}`,
    external_contact_id,
    external_payment_id: `p${requests}`,
    product_config_id: location.products["pack"],
  };
  await one.context.ledger.submit(commandOf(location.uuid, grantCredits, input));
}

async function deduct(location: ConnectedStudio, external_contact_id: string): Promise<void> {
  requests += 1;
  const input = { request_id: `r${requests}`, external_contact_id, calendar_id: "yoga" };
  await one.context.ledger.submit(commandOf(location.uuid, deductCredits, input));
}

/** What GoHighLevel shows of a contact. */
function shown({ studio }: ConnectedStudio, contact_id: string): unknown {
  const { contacts, custom_fields } = fake.world.location(studio.location_id);
  const field = [...custom_fields.values()].find(({ name }) => name === "Kotally balance");
  return contacts.get(contact_id)?.customFields.find(({ id }) => id === field?.id)?.value;
}

/** How often it was written there. */
function writings(contact_id: string): number {
  return fake.requests.filter(({ method, path }) => method === "PUT" && path === `/contacts/${contact_id}`).length;
}

async function queueOf({ uuid }: ConnectedStudio) {
  return sql<{ is_due: boolean; trouble: string | null; written: number | null; failures: number }>(
    database.db,
    "SELECT due_at <= now() AS is_due, trouble, written, failures FROM balance_write_backs WHERE location_id = $1",
    [uuid],
  );
}

describe("A member's balance stands in GoHighLevel", () => {
  test("in a number field that is made once, as it is now, however many changes led to it", async () => {
    const location = await open();
    const contacts = Array.from({ length: 3 }, () => location.studio.desk.createContact());
    for (const contact of contacts) {
      await grant(location, contact);
      await deduct(location, contact);
    }
    await deduct(location, contacts[0]!);
    await Promise.all([one, other, one].map(({ context }) => writeBackBalances(context)));
    expect(contacts.map((contact) => shown(location, contact))).toEqual(["8", "9", "9"]);
    expect(contacts.map(writings)).toEqual([1, 1, 1]);
    const fields = [...fake.world.location(location.studio.location_id).custom_fields.values()];
    expect(fields).toMatchObject([{ name: "Kotally balance", dataType: "NUMERICAL" }]);
    expect((await queueOf(location)).every(({ trouble, is_due }) => trouble === null && !is_due)).toBe(true);
  });

  test("in a field that is there already, whoever made it, also when two processes would make it at once", async () => {
    const made = await open();
    const { custom_fields } = fake.world.location(made.studio.location_id);
    custom_fields.set("by-hand", { id: "by-hand", name: "kotally Balance", dataType: "NUMERICAL" });
    const contact = made.studio.desk.createContact();
    await grant(made, contact);
    await writeBackBalances(one.context);
    expect([...custom_fields.keys()]).toEqual(["by-hand"]);
    const { contacts } = fake.world.location(made.studio.location_id);
    expect(contacts.get(contact)?.customFields).toEqual([{ id: "by-hand", value: "10" }]);

    const location = await open();
    const many = Array.from({ length: 25 }, () => location.studio.desk.createContact());
    await Promise.all(many.map((one_of_many) => grant(location, one_of_many)));
    fake.setWeather({ slow_ms: 60 });
    await Promise.all([one, other].map(({ context }) => writeBackBalances(context)));
    fake.setWeather({});
    expect(many.map((each) => shown(location, each))).toEqual(many.map(() => "10"));
    expect(fake.world.location(location.studio.location_id).custom_fields.size).toBe(1);
  });

  test("and the change that GoHighLevel then tells of changes nothing here, so nothing goes round", async () => {
    const location = await open();
    const contact = location.studio.desk.createContact();
    await grant(location, contact);
    await writeBackBalances(one.context);
    expect(fake.deliveries.filter(({ type }) => type === "ContactUpdate")).not.toEqual([]);
    await writeBackBalances(one.context);
    expect(writings(contact)).toBe(1);
  });

  test("a change that leaves the balance as it was is not written", async () => {
    const location = await open();
    const contact = location.studio.desk.createContact();
    await grant(location, contact);
    await writeBackBalances(one.context);
    await sql(
      database.db,
      "UPDATE balance_write_backs SET due_at = now() - interval '1 s', change = change + 1 WHERE location_id = $1",
      [location.uuid],
    );
    await writeBackBalances(one.context);
    expect(writings(contact)).toBe(1);
    expect(await queueOf(location)).toMatchObject([{ is_due: null, written: 10 }]);
  });

  test("also what a member had before the location was connected", async () => {
    const location = await open();
    const [contact, spent] = [location.studio.desk.createContact(), location.studio.desk.createContact()];
    const connect = "UPDATE locations SET ghl_location_id = $2, version = version + 1 WHERE location_id = $1";
    await sql(database.db, connect, [location.uuid, null]);
    await grant(location, contact);
    await grant(location, spent);
    await sql(
      database.db,
      "UPDATE entitlements SET live = false WHERE contact_id IN (SELECT id FROM contacts WHERE external_id = $1)",
      [spent],
    );
    const [connection] = await sql<{ id: string; workspace_id: string }>(
      database.db,
      "UPDATE ghl_connections SET location_id = NULL WHERE location_id = $1 RETURNING id, workspace_id",
      [location.uuid],
    );
    await sql(database.db, connect, [location.uuid, location.studio.location_id]);
    const claim = {
      connection_id: connection!.id,
      workspace_id: connection!.workspace_id,
      profile: null,
      actor: "test",
    };
    await claimInstallation(one.db, one.clock, claim);
    await claimInstallation(one.db, one.clock, claim);
    expect(await queueOf(location)).toHaveLength(1);
    await writeBackBalances(one.context);
    expect(shown(location, contact)).toBe("10");
  });

  test("also when it changes by time alone: it is looked at again when credits expire", async () => {
    const location = await open({ products: [{ ...PACK, expiry_days: 30 }] });
    await grant(location, location.studio.desk.createContact());
    await writeBackBalances(one.context);
    const [row] = await sql<{ is_expiry: boolean }>(
      database.db,
      `SELECT b.due_at = e.expires_at AS is_expiry FROM balance_write_backs b JOIN entitlements e USING (location_id, contact_id)
       WHERE b.location_id = $1`,
      [location.uuid],
    );
    expect(row).toEqual({ is_expiry: true });
  });
});

describe("Writing it survives what goes wrong", () => {
  test("a process that ends between the booking and the writing, or in the middle of it", async () => {
    const location = await open();
    const contact = location.studio.desk.createContact();
    await grant(location, contact);
    const { leased } = await leaseBalances(one.db, one.clock, location.uuid, 10);
    expect(leased).toHaveLength(1);
    await writeBackBalances(other.context);
    expect(shown(location, contact)).toBeUndefined();
    await sql(
      database.db,
      "UPDATE balance_write_backs SET leased_until = now() - interval '1 s' WHERE location_id = $1",
      [location.uuid],
    );
    await writeBackBalances(other.context);
    expect(shown(location, contact)).toBe("10");
  });

  test("a booking during the writing: the later balance follows", async () => {
    const location = await open();
    const contact = location.studio.desk.createContact();
    await grant(location, contact);
    const { leased } = await leaseBalances(other.db, other.clock, location.uuid, 10);
    await deduct(location, contact);
    for (const each of leased) {
      await concludeBalance(other.db, other.clock, each, { kind: "written", value: 10, changes_at: null });
    }
    await writeBackBalances(one.context);
    expect(shown(location, contact)).toBe("9");
  });

  test("GoHighLevel not answering: it is tried again later, and the others are written", async () => {
    const broken = await open();
    const sound = await open();
    const [ada, ben] = [broken.studio.desk.createContact(), sound.studio.desk.createContact()];
    await sql(database.db, "UPDATE ghl_connections SET access_token = 's1.broken' WHERE location_id = $1", [
      broken.uuid,
    ]);
    await grant(broken, ada);
    await grant(sound, ben);
    await writeBackBalances(one.context);
    expect(shown(sound, ben)).toBe("10");
    expect(await queueOf(broken)).toMatchObject([
      { is_due: false, failures: 1, trouble: expect.stringMatching(/./) as string },
    ]);
  });

  test("a process that is to stop begins no further writing; the next run does", async () => {
    const location = await open();
    const contact = location.studio.desk.createContact();
    await grant(location, contact);
    await writeBackBalances(one.context, AbortSignal.abort());
    expect(shown(location, contact)).toBeUndefined();
    await writeBackBalances(one.context);
    expect(shown(location, contact)).toBe("10");
  });

  test("a contact that GoHighLevel does not know is given up, and says why", async () => {
    const location = await open();
    await grant(location, "nobody-there");
    await writeBackBalances(one.context);
    await writeBackBalances(one.context);
    expect(await queueOf(location)).toMatchObject([
      { is_due: null, written: null, trouble: "GoHighLevel knows no contact of this id" },
    ]);
    expect(writings("nobody-there")).toBe(1);
  });

  test("a field that was deleted there is made again", async () => {
    const location = await open();
    const contact = location.studio.desk.createContact();
    await grant(location, contact);
    await writeBackBalances(one.context);
    fake.world.location(location.studio.location_id).custom_fields.clear();
    await deduct(location, contact);
    await writeBackBalances(one.context);
    await sql(database.db, "UPDATE balance_write_backs SET due_at = now() - interval '1 s' WHERE location_id = $1", [
      location.uuid,
    ]);
    await writeBackBalances(one.context);
    expect(shown(location, contact)).toBe("9");
  });
});

describe("Whose balance nobody shows", () => {
  test.each([
    ["a sandbox", { sandbox: true }, ""],
    [
      "a location that is not connected",
      {},
      "UPDATE locations SET ghl_location_id = NULL, version = version + 1 WHERE location_id = $1",
    ],
  ])("%s queues nothing", async (_, settings, change) => {
    const location = await open(settings);
    if (change !== "") await sql(database.db, change, [location.uuid]);
    await grant(location, location.studio.desk.createContact());
    expect(await queueOf(location)).toEqual([]);
  });
});

// Random histories, lived by the server on a real PostgreSQL whose connections break and by a model too simple to be wrong.
// A failure prints its seed (FAULT_SEED=… runs it again) and the shortest history that still fails. How it was seen to catch
// bugs: those of the last tests are sown by triggers; those sown by hand into the rules are listed in simulation/README.md.
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Chance, say, test_length } from "../../server/test/faults/chance.ts";
import { TcpProxy } from "../../server/test/faults/tcp-proxy.ts";
import { createTestDatabase, sql, type TestDatabase } from "../../server/test/support.ts";
import { histories } from "../history.ts";
import { runHistory, type Tally } from "../run-history.ts";
import type { Ground } from "../world.ts";

/** What is not done after so many minutes is left out: most of the time of a failure goes into shrinking its history. */
const SIZES = {
  short: { histories: 4, rounds: 70, minutes: 1 },
  usual: { histories: 40, rounds: 120, minutes: 10 },
  long: { histories: 200, rounds: 200, minutes: 50 },
}[test_length];

let database: TestDatabase;
let ground: Ground;

beforeAll(async () => {
  database = await createTestDatabase();
  const url = new URL(database.url);
  const proxy = new TcpProxy({ host: url.hostname, port: Number(url.port || 5432) });
  url.hostname = "127.0.0.1";
  url.port = String(await proxy.listen());
  ground = { db: database.db, proxy, proxied_url: url.href };
});

afterAll(async () => {
  await ground.proxy.close();
  await database.drop();
});

/** Every answer that these commands can have; in a long form each of them must have come up. */
const CODES = [
  "grant_applied",
  "duplicate_payment_event",
  "eligible",
  "deducted",
  "restored",
  "BILLING_SUSPENDED",
  "CONFIG_NOT_FOUND",
  "NO_ENTITLEMENT",
  "INSUFFICIENT_CREDITS",
  "CANCELLATION_WINDOW_EXPIRED",
  "NOTHING_TO_RESTORE",
];

test("the server and the naive model live through the same histories", async () => {
  const { seed } = new Chance("simulation");
  const tally: Tally = {};
  const property = fc.asyncProperty(histories(SIZES.rounds), (history) => runHistory(ground, history, tally));
  const plugins = [fc.interruptAfterTimeLimit(SIZES.minutes * 60_000)];
  await fc.assert(property, { seed, numRuns: SIZES.histories, plugins });
  say(`simulation: ${JSON.stringify(tally)}`);
  const never_given = CODES.filter((code) => !(code in tally));
  expect(test_length === "short" ? [] : never_given).toEqual([]);
}, 3_600_000);

/** Bugs that are sown into the database, where the product's own code cannot see them. */
const BUGS: Record<string, string> = {
  "a lot that lives an hour too long": `
    CREATE FUNCTION sown_bug() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN NEW.expires_at := NEW.expires_at + interval '1 hour'; RETURN NEW; END $$;
    CREATE TRIGGER sown_bug BEFORE INSERT ON entitlements FOR EACH ROW EXECUTE FUNCTION sown_bug();`,
  "answers that are forgotten": `
    CREATE FUNCTION sown_bug() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
    CREATE TRIGGER sown_bug BEFORE INSERT ON requests FOR EACH ROW EXECUTE FUNCTION sown_bug();`,
  "restores that are not counted against their deduction": `
    CREATE FUNCTION sown_bug() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN IF NEW.type = 'restore' THEN NEW.reverses := 1; END IF; RETURN NEW; END $$;
    CREATE TRIGGER sown_bug BEFORE INSERT ON ledger_entries FOR EACH ROW EXECUTE FUNCTION sown_bug();`,
  "a balance that a deduction leaves as it was": `
    CREATE FUNCTION sown_bug() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN IF NEW.available = OLD.available - 1 THEN NEW.available := OLD.available; END IF; RETURN NEW; END $$;
    CREATE TRIGGER sown_bug BEFORE UPDATE ON entitlements FOR EACH ROW EXECUTE FUNCTION sown_bug();`,
};

test.each(Object.keys(BUGS))(
  "catches %s",
  async (bug) => {
    const sown = await createTestDatabase();
    await sql(sown.db, BUGS[bug] ?? "");
    const sown_ground = { ...ground, db: sown.db, proxied_url: sown.url };
    const property = fc.asyncProperty(histories(80), (history) => runHistory(sown_ground, history, {}));
    const { failed } = await fc.check(property, { numRuns: 20, endOnFailure: true });
    await sown.drop();
    expect(failed).toBe(true);
  },
  3_600_000,
);

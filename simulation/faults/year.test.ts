import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { verifyBooks } from "../../server/src/operations/credits/verify-books.ts";
import { Chance, say, test_length } from "../../server/test/faults/chance.ts";
import { cleanUp } from "../../server/test/faults/spawned-server.ts";
import type { WrittenYear } from "../year/acts.ts";
import { differences, readBooks, withoutFlags, type Books } from "../year/books.ts";
import { hastesOf, type Hastes } from "../year/haste.ts";
import { brokenBookings, brokenPayments } from "../year/promises.ts";
import { isShown, readStaffLists, type Shown } from "../year/staff-lists.ts";
import { liveLate, liveRoughly, liveTidily, type Window } from "../year/ways-to-live.ts";
import { writeYear } from "../year/write-year.ts";
import { YearRun } from "../year/year-run.ts";

/** `npm test` lives a month, `npm run test:year` the year. */
const SIZE = {
  short: { members: 40, days: 31, visit_every_days: 9, kills: 3 },
  usual: { members: 40, days: 60, visit_every_days: 9, kills: 5 },
  long: { members: 200, days: 365, visit_every_days: 30, kills: 20 },
}[test_length];

/** What is left of a year that was lived. */
interface Left {
  books: Books;
  wrongs: string[];
  shown: Shown;
}

interface Life {
  name: string;
  year: WrittenYear;
  /** Lives it, and says where bookings changed in haste. */
  live(run: YearRun): Promise<Hastes> | Hastes;
  sown?: string;
}

cleanUp();

/** Lives a year in a studio of its own, which is gone afterwards. */
async function lived({ name, year, live, sown }: Life): Promise<Left> {
  const run = await YearRun.open(year.begins_at, sown);
  try {
    const began_at = performance.now();
    const hastes = await live(run);
    const seconds = ((performance.now() - began_at) / 1000).toFixed(0);
    say(`${name}: ${seconds} s, ${JSON.stringify(run.counts)}`);
    const broken = [...(await brokenPayments(run, year)), ...(await brokenBookings(run, year))];
    return {
      books: await readBooks(run, hastes),
      wrongs: [...(await wrongsOf(run)), ...broken],
      shown: await readStaffLists(run),
    };
  } finally {
    await run.close();
  }
}

async function livedTidily(year: WrittenYear): Promise<Left & { windows: Window[]; hastes: Hastes }> {
  let windows: Window[] = [];
  const live = async (run: YearRun) => {
    windows = await liveTidily(run, year);
    return hastesOf(windows);
  };
  const left = await lived({ name: "a tidy year", year, live });
  return { ...left, windows, hastes: hastesOf(windows) };
}

function livedRoughly(year: WrittenYear, windows: readonly Window[], kills: number, sown = ""): Promise<Left> {
  const chance = new Chance("rough year");
  const live = async (run: YearRun) => {
    await liveRoughly(run, year, windows, { chance, kills });
    return hastesOf(windows);
  };
  return lived({ name: "a rough year", year, live, sown });
}

/** Broken invariants, and deliveries whose end nobody can tell. */
async function wrongsOf(run: YearRun): Promise<string[]> {
  const { broken } = await verifyBooks(run.studio.database.db, { location_id: null });
  const open = await run.sql(
    `SELECT type, status, reason_code, detail FROM webhook_events
     WHERE next_attempt_at IS NOT NULL OR status NOT IN ('done', 'ignored') OR reason_code IS NULL`,
  );
  const wrongs = Object.entries(broken).map(([invariant, count]) => `${invariant} is broken ${count} times`);
  return [...wrongs, ...open.map((event) => `an event has no good end: ${JSON.stringify(event)}`)];
}

function told(found: ReadonlyMap<string, readonly string[]>): string[] {
  return [...found].map(([member, lines]) => [member, ...lines].join("\n  "));
}

function countsOf(causes: readonly string[]): Record<string, number> {
  return Object.fromEntries([...Map.groupBy(causes, (cause) => cause)].map(([cause, { length }]) => [cause, length]));
}

describe("a studio's year", { timeout: 3_600_000 }, () => {
  let year: WrittenYear;
  let tidy: Awaited<ReturnType<typeof livedTidily>>;
  let late: Promise<Left>;
  const tidied = Promise.withResolvers<Hastes>();

  beforeAll(async () => {
    year = writeYear(new Chance("year"), SIZE);
    say(`year: ${year.members.length} members, ${year.acts.length} acts`);
    const chance = new Chance("late year");
    const live = async (run: YearRun) => {
      await liveLate(run, year, chance);
      return tidied.promise;
    };
    // Both are lived at the same time; what goes wrong with this one its own test tells.
    late = lived({ name: "a late year", year, live });
    late.catch(() => {});
    tidy = await livedTidily(year);
    tidied.resolve(tidy.hastes);
  }, 3_600_000);

  afterAll(async () => {
    tidied.resolve(new Map());
    await late.catch(() => {});
  }, 3_600_000);

  test("told in order, every payment is granted once and every booking charged at most once", () => {
    expect(tidy.wrongs).toEqual([]);
  });

  test("a month of doubled, shuffled and late webhooks leaves exactly the same books as a tidy one", async () => {
    const rough = await livedRoughly(year, tidy.windows, SIZE.kills);
    expect.soft(told(differences(tidy.books, rough.books))).toEqual([]);
    expect(rough.wrongs).toEqual([]);
  });

  test("with a tenth of the deliveries a week late no promise is broken, and every difference is shown to staff", async () => {
    const { wrongs, books, shown } = await late;
    expect.soft(wrongs).toEqual([]);
    const found = differences(withoutFlags(tidy.books), withoutFlags(books));
    const causes = countsOf([...shown.members.values()].flatMap((whys) => [...whys]));
    say(`a late year: ${found.size} members differ; staff see ${JSON.stringify(causes)}`);
    const hidden = [...found].filter(([member, lines]) => !lines.every((line) => isShown(shown, member, line)));
    expect(told(new Map(hidden))).toEqual([]);
  });
});

/** Bugs that are sown into the database, where the product's own code cannot see them. */
const BUGS: Record<string, string> = {
  "entries that are true when our clock says so": `
    CREATE FUNCTION sown_bug() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      NEW.occurred_at := date_trunc('minute', NEW.recorded_at) + (
        SELECT clock_offset_ms FROM locations WHERE location_id = NEW.location_id) * interval '1 millisecond';
      RETURN NEW;
    END $$;
    CREATE TRIGGER sown_bug BEFORE INSERT ON ledger_entries FOR EACH ROW EXECUTE FUNCTION sown_bug();`,
  "a second delivery that is taken for another": `
    CREATE FUNCTION sown_bug() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      NEW.dedupe_key := left(NEW.dedupe_key, 100) || gen_random_uuid(); RETURN NEW;
    END $$;
    CREATE FUNCTION sown_key() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      NEW.key := left(NEW.key, 100) || gen_random_uuid(); RETURN NEW;
    END $$;
    CREATE TRIGGER sown_bug BEFORE INSERT ON webhook_events FOR EACH ROW EXECUTE FUNCTION sown_bug();
    CREATE TRIGGER sown_key BEFORE INSERT ON payment_keys FOR EACH ROW EXECUTE FUNCTION sown_key();`,
};

describe("the comparison of two years", { timeout: 3_600_000 }, () => {
  const year = writeYear(new Chance("small year"), { members: 8, days: 8, visit_every_days: 3 });
  let tidy: Awaited<ReturnType<typeof livedTidily>>;

  beforeAll(async () => {
    tidy = await livedTidily(year);
  }, 3_600_000);

  test.each(Object.keys(BUGS))("catches %s", async (bug) => {
    const rough = await livedRoughly(year, tidy.windows, 0, BUGS[bug]);
    expect(differences(tidy.books, rough.books).size).toBeGreaterThan(0);
  });
});

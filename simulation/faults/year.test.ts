import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { verifyBooks } from "../../server/src/operations/credits/verify-books.ts";
import { Chance, say, test_length } from "../../server/test/faults/chance.ts";
import { cleanUp } from "../../server/test/faults/spawned-server.ts";
import type { WrittenYear } from "../year/acts.ts";
import { differences, readBooks, type Books } from "../year/books.ts";
import { hastesOf, type Hastes } from "../year/haste.ts";
import { brokenBookings, brokenPayments } from "../year/promises.ts";
import { readStaffLists } from "../year/staff-lists.ts";
import { liveLate, liveRoughly, liveTidily, type Window } from "../year/ways-to-live.ts";
import { writeYear } from "../year/write-year.ts";
import { YearRun } from "../year/year-run.ts";

/** `npm test` lives a month, `npm run test:year` the year. */
const SIZE = {
  short: { members: 40, months: 1, visit_every_days: 7, kills: 3 },
  usual: { members: 40, months: 2, visit_every_days: 7, kills: 5 },
  long: { members: 200, months: 12, visit_every_days: 12, kills: 20 },
}[test_length];

const chance = new Chance("year");
let year: WrittenYear;
let windows: Window[];
let hastes: Hastes;
let tidy: YearRun;
let tidy_books: Books;

beforeAll(async () => {
  year = writeYear(chance, SIZE);
  say(`year: ${year.members.length} members, ${year.acts.length} acts`);
  tidy = await YearRun.open(year.begins_at);
  windows = await timed("a tidy year", tidy, () => liveTidily(tidy, year));
  hastes = hastesOf(windows);
  tidy_books = await readBooks(tidy, hastes);
}, 3_600_000);

afterAll(() => tidy.close());
cleanUp();

async function timed<T>(name: string, run: YearRun, live: () => Promise<T>): Promise<T> {
  const began_at = performance.now();
  const lived = await live();
  const seconds = ((performance.now() - began_at) / 1000).toFixed(0);
  say(`${name}: ${seconds} s, ${JSON.stringify(run.counts)}`);
  return lived;
}

/** Lives in a studio of its own, which is gone afterwards. */
async function inAnother<T>(
  name: string,
  live: (run: YearRun) => Promise<unknown>,
  look: (run: YearRun) => Promise<T>,
) {
  const run = await YearRun.open(year.begins_at);
  await timed(name, run, () => live(run));
  const seen = await look(run);
  await run.close();
  return seen;
}

/** What is wrong whatever happened: broken invariants, and deliveries whose end nobody can tell. */
async function wrongsOf(run: YearRun): Promise<string[]> {
  const { broken } = await verifyBooks(run.studio.database.db, { location_id: null });
  const open = await run.sql<{ type: string; status: string; reason_code: string | null; detail: string | null }>(
    `SELECT type, status, reason_code, detail FROM webhook_events
     WHERE next_attempt_at IS NOT NULL OR status NOT IN ('done', 'ignored') OR reason_code IS NULL`,
  );
  const wrongs = Object.entries(broken).map(([invariant, count]) => `${invariant} is broken ${count} times`);
  return [...wrongs, ...open.map((event) => `an event has no good end: ${JSON.stringify(event)}`)];
}

function tell(found: ReadonlyMap<string, readonly string[]>): string[] {
  return [...found].map(([member, lines]) => [member, ...lines].join("\n  "));
}

describe("a studio's year", { timeout: 3_600_000 }, () => {
  test("told in order, every payment is granted once and every booking charged at most once", async () => {
    expect(await wrongsOf(tidy)).toEqual([]);
    expect(await brokenPayments(tidy, year)).toEqual([]);
    expect(await brokenBookings(tidy, year)).toEqual([]);
  });

  test("a month of doubled, shuffled and late webhooks leaves exactly the same books as a tidy one", async () => {
    const [found, wrongs] = await inAnother(
      "a rough year",
      (run) => liveRoughly(run, year, windows, { chance, kills: SIZE.kills }),
      async (run) => [differences(tidy_books, await readBooks(run, hastes)), await wrongsOf(run)] as const,
    );
    expect(tell(found)).toEqual([]);
    expect(wrongs).toEqual([]);
  });

  test("with a tenth of the deliveries a week late no promise is broken, and every difference is shown to staff", async () => {
    const seen = await inAnother(
      "a late year",
      (run) => liveLate(run, year, chance),
      async (run) => ({
        wrongs: [...(await wrongsOf(run)), ...(await brokenPayments(run, year)), ...(await brokenBookings(run, year))],
        found: differences(tidy_books, await readBooks(run, hastes)),
        shown: await readStaffLists(run),
      }),
    );
    expect(seen.wrongs).toEqual([]);
    const causes = [...seen.shown.values()].flatMap((whys) => [...whys]);
    say(`late: ${seen.found.size} members differ; staff see ${JSON.stringify(countsOf(causes))}`);
    const hidden = new Map([...seen.found].filter(([member]) => !seen.shown.has(member)));
    expect(tell(hidden)).toEqual([]);
  });
});

function countsOf(causes: readonly string[]): Record<string, number> {
  return Object.fromEntries([...Map.groupBy(causes, (cause) => cause)].map(([cause, { length }]) => [cause, length]));
}

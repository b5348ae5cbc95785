import { setTimeout as sleep } from "node:timers/promises";
import type { Instant } from "../../server/src/rules/time/local-days.ts";
import type { Chance } from "../../server/test/faults/chance.ts";
import { isByStaff, type Act, type WrittenYear } from "./acts.ts";
import { DAY, HOUR, inCases } from "./diary.ts";
import { perform } from "./perform.ts";
import type { Delivery } from "./providers.ts";
import { askStaff } from "./staff.ts";
import type { YearRun } from "./year-run.ts";

/** The books are closed this long after the year, when everything late has come and what was open has settled. */
const AFTERMATH: Instant = 12 * DAY;
/** How late the late deliveries are. */
const LATE_BY: Instant = 7 * DAY;
const WINDOW: Instant = HOUR;
/** Bookings are compared with GoHighLevel's in so many nights once. */
const BOOKINGS_EVERY = 5;
/** Deliveries that are on their way at the same time. */
const TOGETHER = 6;

/** Acts that may be told in any order: within an hour, and nothing falls due between the first and the last. */
export type Window = Act[];

/** Told at once and one after the other. Answers with the windows that this year falls into. */
export async function liveTidily(run: YearRun, year: WrittenYear): Promise<Window[]> {
  const windows: Window[] = [];
  let last: Act | null = null;
  for (const act of year.acts) {
    const settled = await run.clockTo(act.at);
    const open = windows.at(-1);
    const is_within = open?.[0] !== undefined && act.at - open[0].at <= WINDOW;
    if (open && last && is_within && settled === 0 && !standsAlone(act) && !standsAlone(last)) open.push(act);
    else windows.push([act]);
    last = act;
    for (const delivery of await tellingsOf(run, act, year)) {
      await run.deliver(delivery);
      await run.drain();
    }
    if (showsOnlyInLists(act)) await run.look({ is_daily: false, with_bookings: false });
  }
  await closeBooks(run, year);
  return windows;
}

/** Everything told twice, in any order within its window, while the server is killed now and then. */
export async function liveRoughly(
  run: YearRun,
  year: WrittenYear,
  windows: readonly Window[],
  { chance, kills }: { chance: Chance; kills: number },
): Promise<void> {
  const killed = killedWindows(windows, chance, kills);
  for (const window of windows) {
    const [first, last] = [window[0], window.at(-1)];
    if (!first || !last) continue;
    await run.clockTo(first.at);
    const told: Delivery[] = [];
    for (const act of window) told.push(...(await tellingsOf(run, act, year)));
    await run.clockTo(last.at);
    const deliveries = shuffled([...told, ...told], chance);
    const killing = killed.has(window) ? sleep(chance.between(0, 30)).then(() => run.kill()) : null;
    await sendAll(run, deliveries);
    await killing;
    await run.drain();
    if (window.some(showsOnlyInLists)) await run.look({ is_daily: false, with_bookings: false });
  }
  await closeBooks(run, year);
}

/** A tenth of the deliveries comes a week late, and what is lost is not looked for among the bookings meanwhile. */
export async function liveLate(run: YearRun, year: WrittenYear, chance: Chance): Promise<void> {
  const held: { at: Instant; delivery: Delivery }[] = [];
  const bring = async (until: Instant) => {
    for (let next = held[0]; next && next.at <= until; next = held[0]) {
      held.shift();
      await run.clockTo(next.at);
      await run.deliver(next.delivery);
      await run.drain();
    }
  };
  for (const act of year.acts) {
    await bring(act.at);
    await run.clockTo(act.at);
    const told = act.do === "look_at_ghl" ? [] : await tellingsOf(run, act, year);
    if (act.do === "look_at_ghl") await run.look({ is_daily: act.is_daily, with_bookings: false });
    const late = told.filter(() => inCases(chance, 10));
    held.push(...late.map((delivery) => ({ at: act.at + LATE_BY, delivery })));
    for (const delivery of told.filter((other) => !late.includes(other))) {
      await run.deliver(delivery);
      await run.drain();
    }
    if (showsOnlyInLists(act)) await run.look({ is_daily: false, with_bookings: false });
  }
  await bring(Number.POSITIVE_INFINITY);
  await closeBooks(run, year);
}

/** Does it, and answers with what the providers have to tell of it; what is asked of Kotally itself is asked. */
async function tellingsOf(run: YearRun, act: Act, year: WrittenYear): Promise<Delivery[]> {
  if (act.do === "look_at_ghl") {
    const night = Math.round((act.at - year.begins_at) / DAY);
    await run.look({ is_daily: act.is_daily, with_bookings: night % BOOKINGS_EVERY === 0 });
    return [];
  }
  if (isByStaff(act)) {
    await askStaff(run, act);
    return [];
  }
  perform(run.providers, act);
  return run.providers.takeTold();
}

function standsAlone(act: Act): boolean {
  return act.do === "look_at_ghl" || isByStaff(act);
}

/** No webhook tells of it. */
function showsOnlyInLists({ do: deed }: Act): boolean {
  return deed === "subscribe" || deed === "renew" || deed === "fail_renewal" || deed === "cancel_subscription";
}

async function closeBooks(run: YearRun, { ends_at }: WrittenYear): Promise<void> {
  await run.clockTo(ends_at + AFTERMATH - DAY);
  await run.look({ is_daily: true, with_bookings: true });
  await run.clockTo(ends_at + AFTERMATH);
}

/** Windows with something to tell, at random. */
function killedWindows(windows: readonly Window[], chance: Chance, kills: number): Set<Window> {
  const telling = windows.filter((window) => !window.some(standsAlone));
  const picked = new Set<Window>();
  while (picked.size < Math.min(kills, telling.length)) picked.add(chance.pick(telling));
  return picked;
}

async function sendAll(run: YearRun, deliveries: readonly Delivery[]): Promise<void> {
  const waiting = [...deliveries];
  const send = async () => {
    for (let delivery = waiting.shift(); delivery; delivery = waiting.shift()) await run.deliver(delivery);
  };
  await Promise.all(Array.from({ length: TOGETHER }, send));
}

function shuffled<T>(items: readonly T[], chance: Chance): T[] {
  const drawn = items.map((item) => ({ item, place: chance.next() }));
  return drawn.sort((a, b) => a.place - b.place).map(({ item }) => item);
}

import type { Instant } from "../../server/src/rules/time/local-days.ts";
import type { Chance } from "../../server/test/faults/chance.ts";
import type { Act, WrittenYear } from "./acts.ts";
import { DAY, HOUR, inCases, localDateOf, localInstant, MINUTE, Diary } from "./diary.ts";
import { writeVisit } from "./write-bookings.ts";
import { writeMoney, type Life } from "./write-money.ts";

/** Long after any day on which this is run: a sandbox's clock only moves forward. */
const YEAR = 2041;

export interface YearSize {
  members: number;
  /** From New Year on. */
  days: number;
  /** Days between two visits of one member, about. */
  visit_every_days: number;
}

/** A studio's year, from chance: who joins, what they buy, book, miss and ask for. */
export function writeYear(chance: Chance, { members: count, days, visit_every_days }: YearSize): WrittenYear {
  const first = Temporal.PlainDate.from({ year: YEAR, month: 1, day: 1 });
  const begins_at = localInstant(first, 0);
  const ends_at = localInstant(first.add({ days }), 0);
  const span = ends_at - begins_at;
  const names = Array.from({ length: count }, (_, i) => `m${i + 1}`);
  const diaries = new Map(names.map((who) => [who, new Diary()]));
  const acts: Act[] = [];
  const joined: Life[] = [];
  for (const who of names) {
    // Half of them in the first weeks, the others all through the year.
    const share = inCases(chance, 50) ? chance.next() * 0.15 : chance.next() * 0.85;
    const diary = diaries.get(who) ?? new Diary();
    const joins_at = diary.place("join", begins_at + 10 * HOUR + Math.floor(share * span));
    acts.push({
      at: joins_at,
      do: "join",
      who,
      email: `${who}@example.com`,
      phone: `+1555${who.slice(1).padStart(7, "0")}`,
    });
    const stays = inCases(chance, 60) ? ends_at : Math.min(ends_at, joins_at + chance.between(40, 200) * DAY);
    const life: Life = { who, diary, joins_at, leaves_at: stays, acts: [] };
    writeMoney(chance, life);
    writeNewName(chance, life);
    acts.push(...life.acts, ...writeVisits(chance, life, joined, visit_every_days));
    joined.push(life);
  }
  acts.push(...writeMerges(chance, joined, ends_at), ...writeDailyLooks(begins_at, ends_at));
  return {
    begins_at,
    ends_at,
    members: acts.flatMap((act) => (act.do === "join" ? [act.who] : [])),
    acts: acts.filter(({ at }) => at < ends_at).sort((a, b) => a.at - b.at),
  };
}

function writeVisits(chance: Chance, life: Life, friends: readonly Life[], every_days: number): Act[] {
  const acts: Act[] = [];
  let wanted = life.joins_at + 30 * MINUTE;
  for (let n = 1; wanted < life.leaves_at; n += 1) {
    const booking = `${life.who}-b${n}`;
    const friend = friends.length > 0 ? chance.pick(friends) : null;
    const may_give = friend !== null && friend.joins_at < wanted - DAY && friend.leaves_at > wanted;
    acts.push(
      ...writeVisit(chance, {
        who: life.who,
        booking,
        friend: may_give ? friend : null,
        diary: life.diary,
        wanted,
        // The very first is booked right after the purchase, whichever is heard of first.
        thread: n === 1 ? "join" : booking,
      }),
    );
    wanted += Math.floor(chance.between(1, 2 * every_days) * DAY + chance.next() * 8 * HOUR);
  }
  return acts;
}

/** Now and then a contact is edited; no credits hang on that. */
function writeNewName(chance: Chance, { who, diary, joins_at, leaves_at, acts }: Life): void {
  const at = diary.place("name", joins_at + chance.between(1, 90) * DAY);
  if (inCases(chance, 25) && at < leaves_at) acts.push({ at, do: "rename", who, name: `${who} (new)` });
}

/** A second contact of the same person, made by mistake, buys and books and is merged into the first. */
function writeMerges(chance: Chance, lives: readonly Life[], ends_at: Instant): Act[] {
  return lives.flatMap(({ who, diary, joins_at, leaves_at }) => {
    if (!inCases(chance, 3)) return [];
    const twin = `${who}x`;
    const own = new Diary();
    const begins_at = own.place("join", joins_at + 15 * DAY);
    if (begins_at + 12 * DAY > Math.min(leaves_at, ends_at)) return [];
    const sold_at = own.place("sale", begins_at + 2 * HOUR);
    const visit = {
      who: twin,
      booking: `${twin}-b1`,
      friend: null,
      diary: own,
      wanted: sold_at + 3 * HOUR,
      thread: "b1",
    };
    const booked = writeVisit(chance, visit).slice(0, 1);
    const merged_at = diary.place("merge", begins_at + 3 * DAY);
    return [
      { at: begins_at, do: "join", who: twin, email: `${twin}@example.com`, phone: "" },
      { at: sold_at, do: "sell", who: twin, sale: `${twin}-p1`, what: "pack10", quantity: 1, told: "order" },
      ...booked,
      { at: merged_at, do: "merge", from: twin, into: who },
    ] satisfies Act[];
  });
}

/** GoHighLevel is looked through every night: refunds, merges and what was missed are found so. */
function writeDailyLooks(begins_at: Instant, ends_at: Instant): Act[] {
  const acts: Act[] = [];
  for (let date = localDateOf(begins_at); localInstant(date, 4, 30) < ends_at; date = date.add({ days: 1 })) {
    acts.push({ at: localInstant(date, 4, 30), do: "look_at_ghl", is_daily: true });
  }
  return acts;
}

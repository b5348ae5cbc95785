import type { Instant } from "../../server/src/rules/time/local-days.ts";
import type { Chance } from "../../server/test/faults/chance.ts";
import type { Act, Calendar, Deed } from "./acts.ts";
import { DAY, HOUR, inCases, localDateOf, localInstant, MINUTE, type Diary } from "./diary.ts";

const CALENDARS: readonly Calendar[] = ["yoga", "yoga", "yoga", "yoga", "pilates", "pilates", "reformer"];
const CLASS_HOURS = [1, 2, 7, 9, 12, 17, 18, 19];

/** A visit that somebody books, and what becomes of it. */
export interface Visit {
  who: string;
  booking: string;
  /** Another member, and that one's diary, to whom the booking may be given. */
  friend: { who: string; diary: Diary } | null;
  diary: Diary;
  /** When it is booked, about. */
  wanted: Instant;
  /** First visits come right after the purchase: booked within the hour of it. */
  thread: string;
}

type Course = (told: Told) => void;

/** Writes down one thing after the other that happens to a booking. */
class Told {
  readonly acts: Act[] = [];
  readonly visit: Visit;
  readonly chance: Chance;
  calendar: Calendar;
  starts_at: Instant;
  readonly booked_at: Instant;

  constructor(visit: Visit, chance: Chance, calendar: Calendar) {
    this.visit = visit;
    this.chance = chance;
    this.calendar = calendar;
    this.booked_at = visit.diary.place(visit.thread, visit.wanted);
    this.starts_at = this.classAfter(this.booked_at + 2 * DAY + 2 * HOUR);
    this.acts.push({
      at: this.booked_at,
      do: "book",
      who: visit.who,
      booking: visit.booking,
      calendar,
      starts_at: this.starts_at,
    });
  }

  /** A class within a week of then, by the studio's own clock on the wall: at night too, where clocks are changed. */
  classAfter(at: Instant): Instant {
    const date = localDateOf(at).add({ days: this.chance.between(1, 7) });
    return localInstant(date, this.chance.pick(CLASS_HOURS));
  }

  next(wanted: Instant, deed: Deed): Instant {
    const at = this.visit.diary.place(this.visit.thread, wanted);
    this.acts.push({ at, ...deed });
    return at;
  }

  status(wanted: Instant, status: "confirmed" | "showed" | "noshow" | "cancelled" | "invalid"): Instant {
    return this.next(wanted, { do: "set_status", booking: this.visit.booking, status });
  }

  showUp(): void {
    this.status(this.starts_at + this.chance.between(61, 300) * MINUTE, "showed");
  }

  /** Some time between the booking and a day before the class. */
  inTime(): Instant {
    const until = this.starts_at - 25 * HOUR;
    return this.booked_at + Math.floor(this.chance.next() * Math.max(HOUR, until - this.booked_at));
  }
}

const COURSES: readonly (readonly [percent: number, course: Course])[] = [
  [60, (told) => told.showUp()],
  [6, (told) => void told.status(told.starts_at + 70 * MINUTE, "noshow")],
  [9, (told) => void told.status(told.inTime(), "cancelled")],
  [4, (told) => void told.status(told.starts_at - told.chance.between(2, 20) * HOUR, "cancelled")],
  [4, cancelAndRebook],
  [4, moveInTime],
  [2, moveLateAndCancel],
  [3, changeCalendar],
  [1, (told) => void told.status(told.inTime(), "invalid")],
  [2, (told) => void told.next(told.inTime(), { do: "delete_booking", booking: told.visit.booking })],
  [2, giveAway],
  [2, correctNoShow],
];

/** A booking from its making to its last word; what is not listed stays without a final status. */
export function writeVisit(chance: Chance, visit: Visit): Act[] {
  const calendar = inCases(chance, 1) ? "workshop" : chance.pick(CALENDARS);
  const told = new Told(visit, chance, calendar);
  let drawn = chance.next() * 100;
  for (const [percent, course] of COURSES) {
    drawn -= percent;
    if (drawn < 0) {
      course(told);
      break;
    }
  }
  return told.acts;
}

/** Within minutes, so that the two may be heard of in the wrong order; now and then a second time. */
function cancelAndRebook(told: Told): void {
  const cancelled_at = told.status(told.inTime(), "cancelled");
  const again_at = told.status(cancelled_at + told.chance.between(1, 20) * MINUTE, "confirmed");
  if (inCases(told.chance, 30)) {
    const second_at = told.status(again_at + 3 * MINUTE, "cancelled");
    told.status(second_at + 2 * MINUTE, "confirmed");
  }
  told.showUp();
}

function moveInTime(told: Told): void {
  const { booking } = told.visit;
  const wanted = told.inTime();
  told.starts_at = told.classAfter(told.starts_at);
  const moved_at = told.next(wanted, { do: "move", booking, starts_at: told.starts_at });
  if (inCases(told.chance, 30)) {
    told.starts_at = told.classAfter(told.starts_at);
    told.next(moved_at + 4 * MINUTE, { do: "move", booking, starts_at: told.starts_at });
  }
  told.showUp();
}

/** Out of the window and away: the first start stays the yardstick (rule 28). */
function moveLateAndCancel(told: Told): void {
  const { booking } = told.visit;
  const first_start_at = told.starts_at;
  told.starts_at = told.classAfter(first_start_at + DAY);
  const moved_at = told.next(first_start_at - 5 * HOUR, { do: "move", booking, starts_at: told.starts_at });
  told.status(moved_at + 10 * MINUTE, "cancelled");
}

function changeCalendar(told: Told): void {
  const { booking } = told.visit;
  told.calendar = told.calendar === "reformer" ? "yoga" : "reformer";
  told.next(told.inTime(), { do: "change_calendar", booking, calendar: told.calendar });
  told.showUp();
}

function giveAway(told: Told): void {
  const { friend, booking } = told.visit;
  if (!friend) return;
  const at = friend.diary.place(booking, told.visit.diary.place(told.visit.thread, told.inTime()));
  told.next(at, { do: "give_to", booking, who: friend.who });
  const shown_at = friend.diary.place(booking, told.starts_at + 90 * MINUTE);
  told.acts.push({ at: shown_at, do: "set_status", booking, status: "showed" });
}

function correctNoShow(told: Told): void {
  const at = told.status(told.starts_at + 65 * MINUTE, "noshow");
  told.status(at + told.chance.between(5, 50) * MINUTE, "showed");
}

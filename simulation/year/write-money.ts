import type { Instant } from "../../server/src/rules/time/local-days.ts";
import type { Chance } from "../../server/test/faults/chance.ts";
import type { Act, Deed, Product, SaleTold } from "./acts.ts";
import { SOLD } from "./catalog.ts";
import { DAY, HOUR, inCases, localDateOf, MINUTE, type Diary } from "./diary.ts";

/** A member's time at the studio. */
export interface Life {
  who: string;
  diary: Diary;
  joins_at: Instant;
  leaves_at: Instant;
  acts: Act[];
}

type Habit = (chance: Chance, life: Life) => void;

const HABITS: readonly (readonly [percent: number, habit: Habit])[] = [
  [32, packs],
  [12, packsByStripe],
  [18, (chance, life) => subscription(chance, life, "gold8")],
  [7, (chance, life) => subscription(chance, life, "open")],
  [8, (chance, life) => subscription(chance, life, "silver6")],
  [13, monthlyOrders],
  [6, terms],
  [4, steady],
];

/** What the member pays, gives back, freezes and changes, as long as the member stays. */
export function writeMoney(chance: Chance, life: Life): void {
  let drawn = chance.next() * 100;
  for (const [percent, habit] of HABITS) {
    drawn -= percent;
    if (drawn >= 0) continue;
    habit(chance, life);
    return;
  }
}

function note(life: Life, thread: string, wanted: Instant, deed: Deed): Instant {
  const at = life.diary.place(thread, wanted);
  if (at < life.leaves_at) life.acts.push({ at, ...deed });
  return at;
}

/** First of all an introduction, then packs of ten as they run out; now and then another introduction, and two packs at once. */
function packs(chance: Chance, life: Life): void {
  const { who } = life;
  const first = inCases(chance, 50) ? "intro3" : "pack10";
  sell(chance, life, { sale: `${who}-p1`, what: first, thread: "join" }, life.joins_at + 5 * MINUTE);
  let wanted = life.joins_at + chance.between(12, 40) * DAY;
  for (let n = 2; wanted < life.leaves_at; n += 1) {
    const what = inCases(chance, 6) ? "intro3" : "pack10";
    sell(chance, life, { sale: `${who}-p${n}`, what, thread: `${who}-p${n}` }, wanted);
    wanted += chance.between(40, 100) * DAY;
  }
}

const TOLD: readonly SaleTold[] = ["order", "order", "slow_order", "invoice", "invoice_and_order", "order_and_stripe"];

function sell(
  chance: Chance,
  life: Life,
  { sale, what, thread }: { sale: string; what: Product; thread: string },
  wanted: Instant,
): void {
  const { who } = life;
  const told = chance.pick(TOLD);
  const quantity = what === "pack10" && inCases(chance, 6) ? 2 : 1;
  const at = note(life, thread, wanted, { do: "sell", who, sale, what, quantity, told });
  if (told === "slow_order") note(life, thread, at + chance.between(2, 40) * MINUTE, { do: "pay_order", sale });
  if (inCases(chance, 10)) refund(chance, life, sale, SOLD[what].dollars * 100 * quantity, "refund", at);
}

/** A part, then perhaps the rest; or everything at once. */
function refund(
  chance: Chance,
  life: Life,
  sale: string,
  paid_cents: number,
  way: "refund" | "refund_by_stripe",
  sold_at: Instant,
): void {
  const is_whole = inCases(chance, 40);
  const cents = is_whole ? null : Math.round((paid_cents * chance.between(10, 80)) / 100);
  const at = note(life, `${sale}-refund`, sold_at + chance.between(2, 25) * DAY, { do: way, sale, cents });
  if (!is_whole && inCases(chance, 30)) note(life, `${sale}-refund`, at + 3 * DAY, { do: way, sale, cents: null });
}

function packsByStripe(chance: Chance, life: Life): void {
  const { who } = life;
  let wanted = life.joins_at + 5 * MINUTE;
  for (let n = 1; wanted < life.leaves_at; n += 1) {
    const sale = `${who}-p${n}`;
    const through = inCases(chance, 30) ? "invoice" : "checkout";
    const quantity = inCases(chance, 10) ? 2 : 1;
    const at = note(life, n === 1 ? "join" : sale, wanted, {
      do: "sell_by_stripe",
      who,
      sale,
      what: "pack5",
      quantity,
      through,
    });
    if (inCases(chance, 12)) refund(chance, life, sale, SOLD.pack5.dollars * 100 * quantity, "refund_by_stripe", at);
    else if (inCases(chance, 14)) {
      const opened_at = note(life, `${sale}-dispute`, at + chance.between(3, 20) * DAY, { do: "dispute", sale });
      const closed_at = opened_at + (inCases(chance, 30) ? 20 * MINUTE : chance.between(5, 30) * DAY);
      note(life, `${sale}-dispute`, closed_at, { do: "close_dispute", sale, is_won: inCases(chance, 60) });
    }
    wanted += chance.between(20, 60) * DAY;
  }
}

/** Paid every month by a subscription, through GoHighLevel or the studio's own Stripe account; at times late, in the end cancelled. */
function subscription(chance: Chance, life: Life, what: "gold8" | "open" | "silver6"): void {
  const { who } = life;
  const name = `${who}-s1`;
  const at_stripe = SOLD[what].at === "stripe";
  const began_at = note(life, "join", life.joins_at + 5 * MINUTE, {
    do: "subscribe",
    who,
    subscription: name,
    what,
    at_stripe,
  });
  const quits_after = inCases(chance, 25) ? chance.between(2, 6) : Number.POSITIVE_INFINITY;
  if (inCases(chance, 30)) freeze(chance, life, what, began_at);
  for (let k = 1; ; k += 1) {
    const boundary = monthsAfter(began_at, k);
    if (boundary > life.leaves_at) return;
    if (k >= quits_after) {
      const cancelled_at = boundary - chance.between(2, 20) * DAY;
      const at_period_end = inCases(chance, 70);
      note(life, name, cancelled_at, { do: "cancel_subscription", subscription: name, at_period_end });
      if (at_stripe && at_period_end) note(life, name, boundary + 5 * MINUTE, { do: "renew", subscription: name });
      return;
    }
    const is_failing = inCases(chance, 8);
    const billed_at = note(life, name, boundary + chance.between(1, 50) * MINUTE, {
      do: is_failing ? "fail_renewal" : "renew",
      subscription: name,
    });
    const paid_late = billed_at + chance.pick([2, 5, 9, 12]) * DAY + chance.between(1, 600) * MINUTE;
    if (is_failing) note(life, name, paid_late, { do: "renew", subscription: name });
  }
}

/** A membership that lives from plain orders, a few days early or late; moved up and down, and frozen. */
function monthlyOrders(chance: Chance, life: Life): void {
  const { who } = life;
  let plan: "basic4" | "plus8" = "basic4";
  if (inCases(chance, 50)) freeze(chance, life, "basic4", life.joins_at);
  for (let k = 0; ; k += 1) {
    const wanted = monthsAfter(life.joins_at, k) + (k === 0 ? 5 * MINUTE : chance.between(-60, 200) * HOUR);
    if (wanted > life.leaves_at) return;
    const sale = `${who}-p${k + 1}`;
    const told = chance.pick(["order", "invoice", "slow_order"] as const);
    const at = note(life, k === 0 ? "join" : sale, wanted, { do: "sell", who, sale, what: plan, quantity: 1, told });
    if (told === "slow_order") note(life, k === 0 ? "join" : sale, at + 15 * MINUTE, { do: "pay_order", sale });
    if (inCases(chance, 6)) refund(chance, life, sale, SOLD[plan].dollars * 100, "refund", at);
    if (inCases(chance, 15)) {
      const to: "basic4" | "plus8" = plan === "basic4" ? "plus8" : "basic4";
      note(life, `${sale}-plan`, at + chance.between(3, 18) * DAY, { do: "change_plan", who, what: plan, to });
      plan = to;
    }
  }
}

/** Three months paid at once, told by an automation over the API. */
function terms(chance: Chance, life: Life): void {
  const { who } = life;
  for (let k = 0; ; k += 3) {
    const wanted = monthsAfter(life.joins_at, k) + (k === 0 ? 5 * MINUTE : chance.between(-3, 5) * DAY);
    if (wanted > life.leaves_at) return;
    note(life, k === 0 ? "join" : `p${k}`, wanted, { do: "grant", who, sale: `${who}-p${k + 1}`, what: "term4" });
    if (inCases(chance, 40)) freeze(chance, life, "term4", wanted);
  }
}

/** Nobody pays any more: the schedule renews it until staff end it. */
function steady(chance: Chance, life: Life): void {
  const { who } = life;
  const what = "steady4";
  const at = note(life, "join", life.joins_at + 5 * MINUTE, { do: "grant", who, sale: `${who}-p1`, what });
  if (inCases(chance, 50)) freeze(chance, life, what, at);
  if (inCases(chance, 50)) {
    const when = inCases(chance, 50) ? "now" : "at_period_end";
    note(life, "quit", at + chance.between(50, 150) * DAY, { do: "cancel_membership", who, what, when });
  }
}

/** From today, planned, or since last week; open or with an end; now and then ended early. */
function freeze(chance: Chance, life: Life, what: Product, began_at: Instant): void {
  const { who } = life;
  const wanted = began_at + chance.between(8, 60) * DAY;
  const thread = `freeze-${what}-${wanted}`;
  const at = life.diary.place(thread, wanted);
  if (at >= life.leaves_at) return;
  const from_on = localDateOf(at).add({ days: chance.pick([0, 0, 5, 12, -7]) });
  const days = chance.between(5, 40);
  const to_on = inCases(chance, 25) ? null : from_on.add({ days }).toString();
  life.acts.push({ at, do: "freeze", who, what, from_on: from_on.toString(), to_on });
  if (to_on === null || inCases(chance, 35))
    note(life, thread, at + chance.between(2, 35) * DAY, { do: "unfreeze", who, what });
}

/** As the providers reckon their billing periods. */
function monthsAfter(at: Instant, months: number): Instant {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO("UTC").add({ months }).epochMilliseconds;
}

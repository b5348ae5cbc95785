import assert from "node:assert/strict";
import type { History, Round, Step } from "./history.ts";
import { expectedSettled, expectedSight, findSettled, look } from "./look.ts";
import { check, deduct, grant, restore, type Expected, type Given } from "./model-commands.ts";
import { expire, type Model } from "./model.ts";
import { World, type Ground, type Sent } from "./world.ts";

const HOUR = 3_600_000;

/** How often each answer was given. */
export type Tally = Record<string, number>;

/** Lives a history twice, in the model and for real, and throws at the first difference; counts the answers of both. */
export async function runHistory(ground: Ground, history: History, tally: Tally): Promise<void> {
  const world = await World.open(ground, history);
  const now = Date.parse(history.starts_at);
  let models: Model[] = [{ zone: history.zone, now, is_suspended: false, inactive: [], members: {}, payments: {} }];
  const answered: Sent[] = [];
  try {
    for (const round of history.rounds) models = await runRound(ground, world, models, answered, round);
    models.forEach(expireAll);
    const broken = await world.settleAndVerify(Object.keys(models[0]?.members ?? {}));
    assert.deepEqual(broken, {}, "the books are clean");
    const settled = await findSettled(ground.db, world);
    oneOf(models, (model) => assert.deepEqual(settled, expectedSettled(model), "all that was due is settled"));
  } finally {
    await world.close();
  }
  for (const { answer } of answered) {
    const { reason_code } = JSON.parse(answer) as Expected;
    tally[reason_code] = (tally[reason_code] ?? 0) + 1;
  }
}

/** Takes and answers with the models that agree with everything seen so far: which order was taken may show rounds later. */
async function runRound(
  ground: Ground,
  world: World,
  models: Model[],
  answered: Sent[],
  round: Round,
): Promise<Model[]> {
  const { now } = models[0] ?? { now: 0 };
  let possible = models;
  if ("commands" in round) {
    const end = "while" in round ? await begin(world, models, round.while) : null;
    const commands = round.commands.map((step) => ({ name: step.do, body: bodyOf(world, now, step) }));
    const [fault, is_doubled] = "fault" in round ? [round.fault, round.is_doubled] : (["none", false] as const);
    const sent = await world.sendAll(commands, fault, is_doubled);
    answered.push(...sent);
    possible = agreeing(models, round.commands, sent);
    await end?.(possible);
  } else if ("repeat" in round) {
    const writing = answered.filter(({ name }) => name !== "check");
    const first = writing[round.repeat % Math.max(1, writing.length)];
    if (first) {
      const [again] = await world.sendAll([first], "none", false);
      assert.equal(again?.answer, first.answer, "the same request has the same answer");
    }
  } else {
    for (const model of models) model.now += round.advance_hours * HOUR;
    await world.moveClockTo(now + round.advance_hours * HOUR, round.jobs);
  }
  // A late job changes nothing that is seen.
  possible.forEach(expireAll);
  const sight = await look(ground.db, world, Object.keys(possible[0]?.members ?? {}));
  return oneOf(possible, (model) => assert.deepEqual(sight, expectedSight(model)));
}

function expireAll(model: Model): void {
  for (const member of Object.values(model.members)) expire(member, model.now, model.zone);
}

/** Those of the models that pass; where none does, what the first one failed of. */
function oneOf(models: readonly Model[], pass: (model: Model) => void): Model[] {
  let first_difference: unknown;
  const passed = models.filter((model) => {
    try {
      pass(model);
      return true;
    } catch (error) {
      first_difference ??= error;
      return false;
    }
  });
  if (passed.length === 0) throw first_difference;
  return passed;
}

/** Suspends the workspace or takes a product out of sale; answers with how that ends. */
async function begin(
  world: World,
  models: readonly Model[],
  reason: Extract<Round, { while: unknown }>["while"],
): Promise<(after: readonly Model[]) => Promise<void>> {
  if (reason === "suspended") {
    for (const model of models) model.is_suspended = true;
    await world.setBilling("suspended");
    return async (after) => {
      for (const model of after) model.is_suspended = false;
      await world.setBilling("active");
    };
  }
  for (const model of models) model.inactive = [reason.inactive];
  await world.setProductActive(reason.inactive, false);
  return async (after) => {
    for (const model of after) model.inactive = [];
    await world.setProductActive(reason.inactive, true);
  };
}

/** Commands sent at once may have been taken in any order; the models of all orders that give these answers go on. */
function agreeing(before: readonly Model[], steps: readonly Step[], sent: readonly Sent[]): Model[] {
  const orders = ordersOf(steps.map((_, i) => i));
  const lived = before.flatMap((model) => orders.map((order) => ({ order, model: structuredClone(model) })));
  const order_of = new Map(lived.map(({ order, model }) => [model, order]));
  const agreed = oneOf([...order_of.keys()], (model) => {
    for (const i of order_of.get(model) ?? []) assertAnswer(model, steps[i], sent[i]);
  });
  return [...new Map(agreed.map((model) => [JSON.stringify(model), model])).values()];
}

function assertAnswer(model: Model, step: Step | undefined, sent: Sent | undefined): void {
  assert.ok(step && sent);
  const given = JSON.parse(sent.answer) as Given & Expected;
  const expected = expect(model, step, given);
  const told = Object.fromEntries(Object.keys(expected).map((key) => [key, given[key]]));
  assert.deepEqual(told, expected, `${step.do} of ${step.member}`);
}

function expect(model: Model, step: Step, given: Given): Expected {
  if (step.do === "grant") {
    const { product, payment, paid_in_hours } = step;
    return grant(model, step.member, { product, payment, paid_at: model.now + paid_in_hours * HOUR }, given);
  }
  const { product, calendar, amount, in_hours } = step;
  const at = in_hours === undefined ? undefined : model.now + in_hours * HOUR;
  const ask = { product, calendar, amount, at, ref: step.ref };
  if (step.do === "check") return check(model, step.member, ask);
  return step.do === "deduct" ? deduct(model, step.member, ask) : restore(model, step.member, ask, given);
}

function bodyOf(world: World, now: number, step: Step): Record<string, unknown> {
  const time = (hours: number) => new Date(now + hours * HOUR).toISOString();
  const whose = {
    external_contact_id: step.member,
    product_config_id: step.product && world.product_ids[step.product],
  };
  if (step.do === "grant") {
    const paid_at = time(step.paid_in_hours);
    return { request_id: world.newRequestId(), ...whose, external_payment_id: step.payment, paid_at };
  }
  return {
    ...(step.do === "check" ? {} : { request_id: world.newRequestId(), external_ref: step.ref }),
    ...whose,
    calendar_id: step.calendar,
    amount: step.amount,
    appointment_time: step.in_hours === undefined ? undefined : time(step.in_hours),
  };
}

function ordersOf(items: readonly number[]): number[][] {
  if (items.length <= 1) return [[...items]];
  return items.flatMap((first) => ordersOf(items.filter((item) => item !== first)).map((rest) => [first, ...rest]));
}

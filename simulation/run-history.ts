import assert from "node:assert/strict";
import type { History, Round, Step } from "./history.ts";
import { expectedSettled, expectedSight, findSettled, look, type Sight } from "./look.ts";
import { check, deduct, grant, restore, type Expected, type Given } from "./model-commands.ts";
import { expire, type Model } from "./model.ts";
import { World, type Ground, type Sent } from "./world.ts";

const HOUR = 3_600_000;

/** How often each answer was given. */
export type Tally = Record<string, number>;

/** Lives a history twice, in the model and for real, and throws at the first difference; counts the answers of both. */
export async function runHistory(ground: Ground, history: History, tally: Tally): Promise<void> {
  const world = await World.open(ground, history);
  let model: Model = {
    zone: history.zone,
    now: Date.parse(history.starts_at),
    is_suspended: false,
    inactive: [],
    members: {},
    payments: {},
  };
  const answered: Sent[] = [];
  try {
    for (const round of history.rounds) model = await runRound(ground, world, model, answered, round);
    for (const member of Object.values(model.members)) expire(member, model.now);
    const broken = await world.settleAndVerify(Object.keys(model.members));
    assert.deepEqual(broken, {}, "the books are clean");
    assert.deepEqual(await findSettled(ground.db, world), expectedSettled(model), "all that was due is settled");
  } finally {
    await world.close();
  }
  for (const { answer } of answered) {
    const { reason_code } = JSON.parse(answer) as Expected;
    tally[reason_code] = (tally[reason_code] ?? 0) + 1;
  }
}

async function runRound(ground: Ground, world: World, model: Model, answered: Sent[], round: Round): Promise<Model> {
  if ("commands" in round) {
    const end = "while" in round ? await begin(world, model, round.while) : null;
    const commands = round.commands.map((step) => ({ name: step.do, body: bodyOf(world, model, step) }));
    const sent = await world.sendAll(
      commands,
      "fault" in round ? round.fault : "none",
      "fault" in round && round.is_doubled,
    );
    answered.push(...sent);
    const after = await agree(model, round.commands, sent, (agreed) => look(ground.db, world, agreed));
    await end?.(after);
    return after;
  }
  if ("repeat" in round) {
    const writing = answered.filter(({ name }) => name !== "check");
    const first = writing[round.repeat % Math.max(1, writing.length)];
    if (first) {
      const [again] = await world.sendAll([first], "none", false);
      assert.equal(again?.answer, first.answer, "the same request has the same answer");
    }
  } else {
    model.now += round.advance_hours * HOUR;
    await world.moveClockTo(model.now, round.jobs);
    if (round.jobs) for (const member of Object.values(model.members)) expire(member, model.now);
  }
  assert.deepEqual(await look(ground.db, world, model), expectedSight(model));
  return model;
}

/** Suspends the workspace or takes a product out of sale; answers with how that ends. */
async function begin(
  world: World,
  model: Model,
  reason: Extract<Round, { while: unknown }>["while"],
): Promise<(after: Model) => Promise<void>> {
  if (reason === "suspended") {
    model.is_suspended = true;
    await world.setBilling("suspended");
    return async (after) => {
      after.is_suspended = false;
      await world.setBilling("active");
    };
  }
  model.inactive = [reason.inactive];
  await world.setProductActive(reason.inactive, false);
  return async (after) => {
    after.inactive = [];
    await world.setProductActive(reason.inactive, true);
  };
}

/** Commands that were sent at once may have been taken in any order, but the answers and the lots must be those of one. */
async function agree(
  before: Model,
  steps: readonly Step[],
  sent: readonly Sent[],
  see: (after: Model) => Promise<Sight>,
): Promise<Model> {
  let first_difference: unknown;
  for (const order of ordersOf(steps.map((_, i) => i))) {
    const model = structuredClone(before);
    try {
      for (const i of order) assertAnswer(model, steps[i], sent[i]);
      assert.deepEqual(await see(model), expectedSight(model));
      return model;
    } catch (error) {
      first_difference ??= error;
    }
  }
  throw first_difference;
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

function bodyOf(world: World, model: Model, step: Step): Record<string, unknown> {
  const time = (hours: number) => new Date(model.now + hours * HOUR).toISOString();
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

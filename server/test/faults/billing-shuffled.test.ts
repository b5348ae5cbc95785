import { describe, expect, test } from "vitest";
import type { Delivery } from "../../src/gateways/stripe/fake/deliveries.ts";
import type { Subscription } from "../../src/gateways/stripe/fake/rows.ts";
import { followAll } from "../../src/operations/billing/follow-all.ts";
import { applyFile, parseApplyFile } from "../../src/operations/catalog/apply-file.ts";
import { newPayer, useBilledConsole, type Payer } from "../console/billed-console.ts";
import { sql } from "../support.ts";
import { Chance, say, test_length } from "./chance.ts";

const LIVES = { short: 4, usual: 15, long: 60 }[test_length];
const MOVES = 14;
/** Each question to Stripe fails, or its answer is lost, that often while a storm blows. */
const STORM = { api_failing: 0.15, api_losing: 0.15 };
const ATTEMPTS = 60;

const server = useBilledConsole();

/** What happens to a workspace, at Stripe or here; whatever makes no sense at the time does not happen. */
const HAPPENINGS = {
  subscribe: async (payer: Payer, { living }: World) => {
    if (!living(payer)) await persist(() => payer.pay());
  },
  fail: async (payer: Payer, { living }: World) => {
    const subscription = living(payer);
    if (subscription) server.fake.failPayment(subscription.id);
  },
  settle: async (payer: Payer, { living }: World) => {
    const subscription = living(payer);
    if (subscription) server.fake.renew(subscription.id);
  },
  giveUp: async (payer: Payer, { living }: World) => {
    const subscription = living(payer);
    if (subscription?.status === "past_due") server.fake.giveUp(subscription.id, "unpaid");
  },
  announceEnd: async (payer: Payer, { living }: World) => {
    const subscription = living(payer);
    if (subscription) server.fake.cancelSubscription(subscription.id);
  },
  thinkBetter: async (payer: Payer, { living }: World) => {
    const subscription = living(payer);
    if (subscription) server.fake.undoCancel(subscription.id);
  },
  end: async (payer: Payer, { living }: World) => {
    const subscription = living(payer);
    if (subscription) server.fake.cancelSubscription(subscription.id, { at_period_end: false });
  },
  addLocation: async ({ key }: Payer, { count }: World) => {
    const locations = [{ key: `more-${count()}`, timezone: "America/New_York" }];
    await applyFile(server.db, parseApplyFile({ workspace: { key }, locations }));
  },
  disconnect: async ({ workspace_id }: Payer) => {
    await sql(
      server.db,
      `UPDATE locations SET status = 'disconnected' WHERE location_id = (
         SELECT location_id FROM locations WHERE workspace_id = $1 AND status <> 'disconnected' AND key LIKE 'more-%' ORDER BY key LIMIT 1)`,
      [workspace_id],
    );
  },
};

type Happening = keyof typeof HAPPENINGS;
const KINDS = Object.keys(HAPPENINGS) as Happening[];

interface World {
  living(payer: Payer): Subscription | null;
  count(): number;
}

function newWorld(): World {
  let count = 0;
  return {
    count: () => (count += 1),
    living: ({ workspace_id }) => {
      const { account } = server.fake;
      const mine = account.all("customers").filter(({ metadata }) => metadata["workspace_id"] === workspace_id);
      return mine.map(({ id }) => server.fake.subscriptionOf(id)).find((one) => one !== null) ?? null;
    },
  };
}

/** Somebody who tries again. */
async function persist(act: () => Promise<unknown>): Promise<void> {
  for (let i = 0; i < ATTEMPTS; i += 1) {
    try {
      return void (await act());
    } catch {
      // Stripe was away, or its answer was lost.
    }
  }
  throw new Error("Stripe stayed away");
}

const round = () => followAll(server.desk(), () => {});
const send = ({ url, headers, body }: Delivery) => fetch(url, { method: "POST", headers, body });

/** Lives through the happenings: told in order and in peace, or in a storm by the dice. Answers how it stands in the end. */
async function live(happenings: readonly Happening[], storm: Chance | null) {
  const payer = await newPayer(server);
  const world = newWorld();
  const told: Delivery[] = [];
  let held: Delivery[] = [];
  server.fake.onDelivery = async (delivery) => {
    told.push(delivery);
    held.push(delivery);
    return 200;
  };
  for (const happening of happenings) {
    if (storm) server.fake.setWeather(STORM);
    await HAPPENINGS[happening](payer, world);
    await server.fake.drain();
    if (storm) held = await blow(payer, storm, told, held);
    else for (const delivery of held.splice(0)) await send(delivery);
    if (!storm) await round();
  }
  server.fake.setWeather({});
  await Promise.all((storm ? shuffled(told, storm) : held).map(send));
  await server.told();
  return standing(payer, world);
}

/** Some of what is held arrives, out of order; some that had arrived comes again; people come back, timers fire in two processes. */
async function blow(payer: Payer, chance: Chance, told: Delivery[], held: Delivery[]): Promise<Delivery[]> {
  const [now, later] = [[] as Delivery[], [] as Delivery[]];
  for (const delivery of shuffled(held, chance)) (chance.next() < 0.5 ? now : later).push(delivery);
  const again = shuffled(told, chance).slice(0, chance.between(0, 3));
  const arriving: Promise<unknown>[] = [...now, ...again].map(send);
  if (chance.next() < 0.4) arriving.push(payer.post("/finish"), payer.post("/finish"));
  if (chance.next() < 0.4) arriving.push(round(), round());
  await Promise.all(arriving);
  return later;
}

function shuffled<T>(list: readonly T[], chance: Chance): T[] {
  const drawn = list.map((one) => ({ one, at: chance.next() }));
  return drawn.toSorted((a, b) => a.at - b.at).map(({ one }) => one);
}

/** What a subscription counts, and which locations were active in time, depends on what was known when; where nothing is paid it is all one. */
async function standing(payer: Payer, world: World) {
  const [row] = await sql(
    server.db,
    `SELECT w.billing_status, w.cancelled_at IS NOT NULL AS is_cancelled, a.subscription_status, a.had_trial,
       CASE WHEN a.subscription_status IN ('trialing', 'active', 'past_due') THEN a.quantity END AS quantity,
       a.cancels_at IS NOT NULL AS ends, a.past_due_since IS NOT NULL AS owes, a.trouble
     FROM workspaces w LEFT JOIN billing_accounts a ON a.workspace_id = w.id WHERE w.id = $1`,
    [payer.workspace_id],
  );
  const subscription = world.living(payer);
  const { status = null, _quantity = null } = subscription ?? {};
  const at_stripe = { status, quantity: status === "unpaid" ? null : _quantity };
  const statuses = Object.entries(await payer.statuses());
  const locations = statuses.map(([key, word]) => [key, subscription || word !== "pending" ? word : "active"]);
  return { ...row, locations: Object.fromEntries(locations) as Record<string, string>, at_stripe };
}

describe("Stripe's events, lost, doubled and in any order", { timeout: 600_000 }, () => {
  test("come to the same in the end, and to what Stripe says", async () => {
    const chance = new Chance("billing shuffled");
    const seen = new Set<string>();
    for (let life = 0; life < LIVES; life += 1) {
      const happenings = Array.from({ length: MOVES }, (_, i) => (i === 0 ? "subscribe" : chance.pick(KINDS)));
      const calm = await live(happenings, null);
      const stormy = await live(happenings, chance);
      expect({ happenings, ...stormy }).toEqual({ happenings, ...calm });
      const { at_stripe, ...here } = stormy;
      const { status, quantity } = at_stripe;
      const meaning = status === "unpaid" ? "suspended" : (status ?? "cancelled");
      expect(here).toMatchObject({ billing_status: meaning, trouble: null });
      const active = Object.entries(here.locations).filter(([key, word]) => key !== "try" && word === "active");
      if (quantity !== null) expect(quantity).toBe(active.length);
      seen.add(meaning);
    }
    say(`billing shuffled: ${LIVES} lives ended ${[...seen].join(", ")}`);
  });
});

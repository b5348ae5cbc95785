import { describe, expect, test } from "vitest";
import type { BillingDesk } from "../../src/operations/billing/billing-desk.ts";
import { FollowSoon } from "../../src/operations/billing/follow-soon.ts";
import { followSubscription } from "../../src/operations/billing/follow-subscription.ts";
import { newPayer, useBilledConsole } from "./billed-console.ts";

const server = useBilledConsole();

/** A desk on which Stripe's first answer lies until it is let go; `asked` counts the questions. */
function slowDesk() {
  const desk = server.desk();
  const gate = Promise.withResolvers<null>();
  const begun = Promise.withResolvers<null>();
  const counted = { asked: 0 };
  const ports: BillingDesk["ports"] = Object.create(desk.ports) as typeof desk.ports;
  ports.findSubscription = async (customer_id) => {
    counted.asked += 1;
    const is_first = counted.asked === 1;
    const answer = await desk.ports.findSubscription(customer_id);
    if (is_first) {
      begun.resolve(null);
      await gate.promise;
    }
    return answer;
  };
  return { desk: { ...desk, ports }, letGo: () => gate.resolve(null), begun: begun.promise, counted };
}

/** A subscribed workspace of which Stripe tells nobody anything further. */
async function quietPayer() {
  const payer = await newPayer(server);
  const subscription = await payer.subscribe();
  server.fake.onDelivery = async () => 200;
  return { payer, subscription };
}

const statusOf = async (payer: { get(path: string): Promise<Record<string, unknown>> }) =>
  (await payer.get("/standing"))["billing_status"];

describe("Stripe's answers", () => {
  test("that were overtaken by a later question change nothing (rule 37)", async () => {
    const { payer, subscription } = await quietPayer();
    const { desk, letGo, begun } = slowDesk();
    const late = followSubscription(desk, payer.workspace_id);
    await begun;
    server.fake.failPayment(subscription.id);
    await followSubscription(server.desk(), payer.workspace_id);
    expect(await statusOf(payer)).toBe("past_due");
    letGo();
    await late;
    expect(await statusOf(payer)).toBe("past_due");
  });

  test("are asked for once at a time and once more, however often something was told meanwhile", async () => {
    const { payer, subscription } = await quietPayer();
    const { desk, letGo, begun, counted } = slowDesk();
    const soon = new FollowSoon(desk, (_, error) => {
      throw error;
    });
    soon.follow(payer.workspace_id);
    await begun;
    server.fake.failPayment(subscription.id);
    for (let i = 0; i < 20; i += 1) soon.follow(payer.workspace_id);
    letGo();
    await soon.settled();
    expect(counted.asked).toBe(2);
    expect(await statusOf(payer)).toBe("past_due");
  });
});

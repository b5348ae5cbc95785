import { StripeAccount } from "../client.ts";
import { completeEvent } from "../complete-event.ts";
import { readEvent } from "../read-event.ts";
import type { ResolvedEvent } from "../stripe-event.ts";
import { FakeStripe, type FakeStripeOptions } from "./fake-stripe.ts";

export const BEGAN = Date.UTC(2026, 0, 31, 9);

/** A studio with a customer, a pack of ten and a membership, its API open and a key that may read everything. */
export async function openStudio(options: Omit<FakeStripeOptions, "clock"> = {}) {
  const clock = { at: BEGAN, now: () => clock.at };
  const fake = new FakeStripe({ clock, ...options });
  const api_base = await fake.start();
  const key = fake.addKey();
  const customer = fake.createCustomer({
    email: "ann@example.com",
    name: "Ann",
    phone: "+15550100",
    metadata: { contact_id: "contact-1" },
  });
  const pack = fake.createPrice({ product: fake.createProduct("Ten classes").id, unit_amount: 5000 });
  const gold = fake.createPrice({ product: fake.createProduct("Gold").id, unit_amount: 9900, is_monthly: true });
  const account = new StripeAccount({ key, api_base });
  return { clock, fake, api_base, key, account, customer: customer.id, pack, gold };
}

export type Studio = Awaited<ReturnType<typeof openStudio>>;

/** Everything that happened so far, read and completed. */
export async function resolveAll({ fake, account }: Studio): Promise<ResolvedEvent[]> {
  const resolved: ResolvedEvent[] = [];
  for (const event of fake.events()) resolved.push(await completeEvent(account, readEvent(event)));
  return resolved;
}

/** Those of one kind. */
export function only<Kind extends ResolvedEvent["kind"]>(kind: Kind, events: ResolvedEvent[]) {
  return events.filter((event): event is Extract<ResolvedEvent, { kind: Kind }> => event.kind === kind);
}

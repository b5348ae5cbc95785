import { FakeKotally } from "../fake/fake-kotally.ts";
import type { FakeStripeOptions } from "../fake/fake-stripe.ts";
import { KotallyAccount } from "./kotally-account.ts";

export const BEGAN = Date.UTC(2026, 0, 31, 9);

/** Kotally's own account, its API open, and a client with its secret key. */
export async function openKotally(options: Omit<FakeStripeOptions, "clock"> & { price_id?: string } = {}) {
  const clock = { at: BEGAN, now: () => clock.at };
  const fake = new FakeKotally({ clock, ...options });
  const api_base = await fake.start();
  const secret_key = fake.addSecretKey();
  const clientOf = (price_id: string | null) => new KotallyAccount({ secret_key, price_id, api_base });
  return { clock, fake, api_base, secret_key, clientOf, account: clientOf(null) };
}

export type OpenedKotally = Awaited<ReturnType<typeof openKotally>>;

/** What a checkout asks for in these tests. */
export const WISHES = {
  workspace_id: "11111111-1111-4111-8111-111111111111",
  quantity: 2,
  trial_days: 14,
  success_url: "https://kotally.test/paid?checkout={CHECKOUT_SESSION_ID}",
  cancel_url: "https://kotally.test/left",
  attempt: "first",
};

/** A workspace that has subscribed, without a trial unless asked for. */
export async function subscribe({ fake, account }: OpenedKotally, { trial_days = 0, quantity = 2 } = {}) {
  const { workspace_id } = WISHES;
  const customer_id = await account.createCustomer({ workspace_id, name: "Acme", email: "owner@acme.test" });
  const page = await account.openCheckout({ ...WISHES, customer_id, trial_days, quantity });
  const { id: subscription_id } = fake.payCheckout(page.session_id);
  const subscription = await account.findSubscription(customer_id);
  if (!subscription) throw new Error("nothing was subscribed to");
  return { customer_id, page, subscription_id, item_id: subscription.item_id };
}

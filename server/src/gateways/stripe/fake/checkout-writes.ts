import { z } from "zod";
import type { FakeAccount } from "./account.ts";
import type { Session } from "./rows.ts";
import { listOfOne, metadata, text, whole, writeCall, WriteRefusal } from "./write-call.ts";

/** Seconds for which a payment page can be paid. */
const PAGE_LIVES_SECONDS = 24 * 3600;

const trial_settings = z.strictObject({
  end_behavior: z.strictObject({ missing_payment_method: z.enum(["cancel", "pause", "create_invoice"]) }),
});

export const openCheckout = writeCall({
  path: /^\/v1\/checkout\/sessions$/u,
  input: z.strictObject({
    mode: z.literal("subscription"),
    customer: text,
    client_reference_id: text.max(200),
    line_items: listOfOne(z.strictObject({ price: text, quantity: whole.min(1) })),
    payment_method_collection: z.enum(["always", "if_required"]),
    subscription_data: z.strictObject({
      metadata,
      trial_period_days: whole.min(1).max(730).optional(),
      trial_settings: trial_settings.optional(),
    }),
    metadata,
    success_url: z.url(),
    cancel_url: z.url(),
  }),
  run: ({ account, base }, input) => {
    const { price, quantity } = input.line_items;
    const { email, name, phone } = account.get("customers", input.customer);
    const { currency } = account.get("prices", price);
    const begun = account.begin("cs", "checkout.session");
    const { client_reference_id, metadata: said, success_url, cancel_url } = input;
    return account.add("checkout_sessions", {
      ...begun,
      client_reference_id,
      metadata: said,
      success_url,
      cancel_url,
      currency,
      mode: "subscription",
      amount_total: null,
      invoice: null,
      payment_intent: null,
      subscription: null,
      customer: input.customer,
      customer_details: { email, name, phone },
      payment_status: "unpaid",
      status: "open",
      url: `${base}/c/pay/${begun.id}`,
      _price: price,
      _quantity: quantity,
      _subscription_metadata: input.subscription_data.metadata,
      _trial_days: input.subscription_data.trial_period_days ?? 0,
    });
  },
});

/** A page is open for a day, unless it is paid or closed. */
export function ageSession(account: FakeAccount, session: Session): Session {
  if (session.status === "open" && account.now() > session.created + PAGE_LIVES_SECONDS) {
    Object.assign(session, { status: "expired", url: null });
  }
  return session;
}

export const closeCheckout = writeCall({
  path: /^\/v1\/checkout\/sessions\/([A-Za-z0-9_]+)\/expire$/u,
  input: z.strictObject({}),
  run: ({ account, id }) => {
    const session = ageSession(account, account.get("checkout_sessions", id));
    if (session.status !== "open") {
      throw new WriteRefusal(400, "resource_state", 'Only Checkout Sessions with a status in ["open"] can be expired.');
    }
    return Object.assign(session, { status: "expired", url: null });
  },
});

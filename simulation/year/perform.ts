import { known } from "../../server/src/gateways/ghl/fake/world.ts";
import type { Act, Product, SaleTold } from "./acts.ts";
import { SOLD } from "./catalog.ts";
import type { Providers } from "./providers.ts";

type Of<Name extends Act["do"]> = Extract<Act, { do: Name }>;
type AtProviders = Exclude<
  Act["do"],
  "look_at_ghl" | "grant" | "freeze" | "unfreeze" | "change_plan" | "cancel_membership"
>;

/** What people do at the providers. What can no longer be done, a refund of what was never paid, is not done. */
const DEEDS: { [Name in AtProviders]: (providers: Providers, act: Of<Name>) => void } = {
  join: ({ studio, stripe, names }, { who, email, phone }) => {
    const contact = studio.desk.createContact({ first_name: who, last_name: "Member", email, phone: phone || null });
    names.give(who, contact);
    names.give(`${who} at stripe`, stripe.createCustomer({ email, name: who, metadata: { contact_id: contact } }).id);
  },
  rename: ({ studio, names }, { who, name }) => studio.desk.updateContact(names.idOf(who), { firstName: name }),
  merge: ({ studio, names }, { from, into }) =>
    studio.desk.mergeContacts({ from: names.idOf(from), into: names.idOf(into) }),
  sell: (providers, act) => sell(providers, act),
  pay_order: (providers, { sale }) => payOrder(providers, sale),
  refund: (providers, { sale, cents }) => refund(providers, sale, cents),
  sell_by_stripe: (providers, act) => sellByStripe(providers, act),
  refund_by_stripe: (providers, { sale, cents }) => refundByStripe(providers, sale, cents),
  dispute: ({ stripe, names }, { sale }) => {
    names.give(`${sale} dispute`, stripe.openDispute(names.idOf(`${sale} charge`)).id);
  },
  close_dispute: ({ stripe, names }, { sale, is_won }) => {
    const dispute = names.idOf(`${sale} dispute`);
    if (is_won) stripe.winDispute(dispute);
    else stripe.loseDispute(dispute);
  },
  subscribe: (providers, act) => subscribe(providers, act),
  renew: (providers, { subscription }) => bill(providers, subscription, true),
  fail_renewal: (providers, { subscription }) => bill(providers, subscription, false),
  cancel_subscription: ({ studio, stripe, names }, { subscription, at_period_end }) => {
    const id = names.idOf(subscription);
    if (names.has(`${subscription} at stripe`)) stripe.cancelSubscription(id, { at_period_end });
    else studio.subscriptions.cancel(id, { at_period_end });
  },
  book: ({ studio, names, calendars }, { who, booking, calendar, starts_at }) => {
    const seat = { contact_id: names.idOf(who), calendar_id: calendars[calendar], starts_at };
    names.give(booking, studio.desk.book(seat));
  },
  set_status: ({ studio: { desk }, names }, { booking, status }) => {
    const id = names.idOf(booking);
    if (status === "confirmed") desk.confirm(id);
    else if (status === "cancelled") desk.cancel(id);
    else if (status === "showed") desk.show(id);
    else if (status === "noshow") desk.noShow(id);
    else desk.invalidate(id);
  },
  move: ({ studio, names }, { booking, starts_at }) => studio.desk.move(names.idOf(booking), starts_at),
  change_calendar: ({ studio, names, calendars }, { booking, calendar }) =>
    studio.desk.moveToCalendar(names.idOf(booking), calendars[calendar]),
  give_to: ({ studio, names }, { booking, who }) => studio.desk.giveToContact(names.idOf(booking), names.idOf(who)),
  delete_booking: ({ studio, names }, { booking }) => studio.desk.deleteAppointment(names.idOf(booking)),
};

/** What is done at the providers, as against what is asked of Kotally itself. */
export type ProviderAct = Of<AtProviders>;

/** Does at the providers what the act says. */
export function perform(providers: Providers, act: ProviderAct): void {
  providers.clock.at = Math.max(providers.clock.at, act.at);
  const deed = DEEDS[act.do] as (providers: Providers, act: ProviderAct) => void;
  deed(providers, act);
}

function priceOf({ prices }: Providers, what: Product): string {
  return known(prices.get(what), `price of ${what}`);
}

function sell(providers: Providers, act: Of<"sell">): void {
  const { studio, names } = providers;
  const { sale, what, quantity, told } = act;
  const contact = names.idOf(act.who);
  const lines = [{ price_id: priceOf(providers, what), quantity }];
  if (told === "invoice" || told === "invoice_and_order") {
    const invoice_id = studio.till.sendInvoice(contact, lines);
    const paid = studio.till.payInvoice(invoice_id, { as_order: told === "invoice_and_order" });
    noteSale(providers, sale, { ...paid, invoice_id });
    return;
  }
  names.give(`${sale} order`, studio.till.placeOrder(contact, lines));
  if (told === "order_and_stripe") chargeBeside(providers, act);
  if (told !== "slow_order") payOrder(providers, sale, told);
}

/** The card payment of an order stands on the studio's Stripe account too, where nobody can say what it bought. */
function chargeBeside({ stripe, names }: Providers, { who, sale, what, quantity }: Of<"sell">): void {
  const unit_amount = Math.round(SOLD[what].dollars * 100);
  const price = stripe.createPrice({ product: stripe.createProduct("Sold in GoHighLevel").id, unit_amount }).id;
  const customer = names.idOf(`${who} at stripe`);
  const { charge, payment_intent } = stripe.pay({ customer, price, quantity, through: "intent" });
  names.give(`${sale} charge`, charge.id);
  names.give(`${sale} intent`, payment_intent.id);
}

function payOrder(providers: Providers, sale: string, told: SaleTold = "slow_order"): void {
  const { studio, names, ghl } = providers;
  const { transaction_id, order_id } = studio.till.payOrder(names.idOf(`${sale} order`));
  noteSale(providers, sale, { order_id, transaction_id });
  if (told !== "order_and_stripe" || transaction_id === null) return;
  const [intent, charge] = [names.idOf(`${sale} intent`), names.idOf(`${sale} charge`)];
  const transaction = known(ghl.world.location(studio.location_id).transactions.get(transaction_id), "transaction");
  const chargeSnapshot = { id: intent, object: "payment_intent", latest_charge: charge, metadata: {} };
  Object.assign(transaction, { chargeId: intent, chargeSnapshot });
}

function noteSale(
  { names }: Providers,
  sale: string,
  ids: { order_id: string | null; transaction_id: string | null; invoice_id?: string },
): void {
  if (ids.transaction_id !== null) names.give(`${sale} paid`, ids.transaction_id);
  for (const id of [ids.invoice_id, ids.order_id, ids.transaction_id]) if (id) names.give(sale, id);
}

function refund({ studio, stripe, names }: Providers, sale: string, cents: number | null): void {
  if (!names.has(`${sale} paid`)) return;
  studio.till.refund(names.idOf(`${sale} paid`), cents === null ? undefined : cents / 100);
  if (names.has(`${sale} charge`)) refundCharge(stripe, names.idOf(`${sale} charge`), cents);
}

function refundByStripe({ stripe, names }: Providers, sale: string, cents: number | null): void {
  if (names.has(`${sale} charge`)) refundCharge(stripe, names.idOf(`${sale} charge`), cents);
}

function refundCharge(stripe: Providers["stripe"], charge_id: string, cents: number | null): void {
  const { amount, amount_refunded } = stripe.account.get("charges", charge_id);
  const left = amount - amount_refunded;
  if (left > 0) stripe.refund(charge_id, { amount: Math.min(left, cents ?? left) });
}

function sellByStripe(providers: Providers, { who, sale, what, quantity, through }: Of<"sell_by_stripe">): void {
  const { stripe, names } = providers;
  const bought = { customer: names.idOf(`${who} at stripe`), price: priceOf(providers, what), quantity };
  if (through === "checkout") {
    const { charge, payment_intent, session } = stripe.pay({ ...bought, through: "checkout" });
    names.give(`${sale} charge`, charge.id);
    for (const id of [payment_intent.id, session?.id]) if (id) names.give(sale, id);
    return;
  }
  const invoice = stripe.sellByInvoice(bought);
  names.give(sale, invoice.id);
  names.give(`${sale} charge`, known(invoice._charge ?? undefined, `charge of ${sale}`));
}

function subscribe(providers: Providers, { who, subscription, what, at_stripe }: Of<"subscribe">): void {
  const { studio, stripe, names } = providers;
  const price = priceOf(providers, what);
  if (at_stripe) {
    const begun = stripe.startSubscription({ customer: names.idOf(`${who} at stripe`), price });
    names.give(subscription, begun.subscription.id);
    names.give(`${subscription} at stripe`, begun.subscription.id);
    names.give(`${subscription}-1`, begun.invoice.id);
    return;
  }
  const begun = studio.subscriptions.subscribe(names.idOf(who), price);
  names.give(subscription, begun.subscription_id);
  for (const id of [begun.order_id, begun.transaction_id]) names.give(`${subscription}-1`, id);
}

/** The k-th bill of a subscription is called by its own number, whoever sent it and however often it was tried. */
function bill({ studio, stripe, names }: Providers, subscription: string, is_paid: boolean): void {
  const id = names.idOf(subscription);
  let k = 1;
  while (names.has(`${subscription}-${k}`)) k += 1;
  if (names.has(`${subscription} at stripe`)) {
    const invoice = is_paid ? stripe.renew(id) : stripe.failPayment(id);
    if (invoice !== null) names.give(is_paid ? `${subscription}-${k}` : `${subscription} failed`, invoice.id);
    return;
  }
  const transaction = is_paid ? studio.subscriptions.renew(id) : studio.subscriptions.failRenewal(id);
  names.give(is_paid ? `${subscription}-${k}` : `${subscription} failed`, transaction);
}

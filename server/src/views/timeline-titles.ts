import type { OpportunityShape } from "./contact-opportunities.ts";
import type { MembershipEventShape } from "./membership-shapes.ts";
import type { AppointmentShape, LedgerEntryShape, PaymentShape } from "./shapes.ts";

type EntryType = LedgerEntryShape["type"];

const WHAT_HAPPENED: Record<EntryType, string> = {
  grant: "granted",
  deduct: "used",
  restore: "given back",
  hold: "held for a booking",
  release: "released from a booking",
  settle: "settled after the visit",
  expire: "expired",
  rollover: "rolled over",
  transfer: "transferred",
  make_good: "made good",
  refund: "taken back with a refund",
  shortfall: "refunded but used already",
  adjust: "adjusted",
  usage: "covered by an unlimited membership",
};

const MOVES = new Set<EntryType>(["rollover", "transfer", "make_good"]);

/** What a booking kept though nobody came: the entry is the same, only its account tells. */
const KEPT: Partial<Record<LedgerEntryShape["credit_account"], string>> = {
  late_cancel: "kept for a late cancellation",
  no_show: "kept for a no-show",
};

export function titleOfEntry({ type, amount, quantity, credit_account }: LedgerEntryShape): string {
  const credits = quantity === 1 ? "1 credit" : `${quantity} credits`;
  if (type === "settle") return `${credits} ${KEPT[credit_account] ?? WHAT_HAPPENED.settle}`;
  if (type === "adjust") return `${credits} ${amount > 0 ? "added" : "removed"} by adjustment`;
  const side = MOVES.has(type) ? (amount > 0 ? " in" : " out") : "";
  return `${credits} ${WHAT_HAPPENED[type]}${side}`;
}

const AS_IT_STANDS: Record<PaymentShape["status"], string> = {
  pending: ", not paid yet",
  settling: "",
  probable_duplicate: ", probably told twice",
  recorded: "",
  failed: ", failed",
  dismissed: ", dismissed",
};

export function titleOfPayment(payment: PaymentShape, location_currency: string): string {
  const { amount_cents, status, items } = payment;
  const of = amount_cents === null ? "" : ` of ${money(amount_cents, payment.currency ?? location_currency)}`;
  const names = [...new Set(items.flatMap(({ product_name, name }) => product_name ?? name ?? []))];
  const bought = names.length === 0 ? "" : ` for ${names.join(", ")}`;
  return `Payment${of}${bought}${AS_IT_STANDS[status]}`;
}

export function titleOfOpportunity({ name, status }: OpportunityShape): string {
  return `Opportunity${name === null ? "" : ` ${name}`}${status === null ? "" : `, ${status}`}`;
}

export function titleOfAppointment({ status, calendar_id }: Pick<AppointmentShape, "status" | "calendar_id">): string {
  return `Booking${calendar_id === null ? "" : ` on ${calendar_id}`}${status === "cancelled" ? ", cancelled" : ""}`;
}

/** Amounts are in the smallest unit, of which not every currency has a hundred. */
function money(amount: number, currency: string): string {
  const format = new Intl.NumberFormat("en", { style: "currency", currency, currencyDisplay: "code" });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  return format.format(amount / 10 ** digits).replace("\u00a0", " ");
}

const WHAT_BECAME: Record<MembershipEventShape["action"], string> = {
  freeze_membership: "freeze agreed",
  unfreeze_membership: "freeze shortened",
  freeze_began: "frozen",
  freeze_ended: "unfrozen",
  cancel_membership: "cancelled",
  resume_membership: "resumed",
  change_plan: "plan changed",
  follow_subscription: "follows its subscription",
  membership_past_due: "past due",
  membership_suspended: "suspended",
  membership_ended: "ended",
};

export function titleOfMembership({ name, action, from_on, to_on }: MembershipEventShape): string {
  const days = from_on !== null && to_on !== null ? ` from ${from_on} until before ${to_on}` : "";
  return `${name}: ${WHAT_BECAME[action]}${days}`;
}

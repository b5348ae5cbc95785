import type { BilledInvoice, NextInvoice } from "../../rules/billing/invoices.ts";
import { takesQuantity } from "../../rules/billing/subscription.ts";
import { findBillingAccount, type BillingAccount } from "../../store/billing-accounts.ts";
import { countActive } from "../../store/locations.ts";
import type { BillingDesk } from "./billing-desk.ts";

/** What Stripe billed a workspace, newest first, and what it will bill next. */
export async function showInvoices(
  desk: BillingDesk,
  workspace_id: string,
): Promise<{ invoices: BilledInvoice[]; next_invoice: NextInvoice | null }> {
  const account = await findAccount(desk, workspace_id);
  if (!account) return { invoices: [], next_invoice: null };
  const [invoices, next_invoice] = await Promise.all([
    desk.ports.invoices(account.customer_id),
    nextInvoice(desk, account, null),
  ]);
  return { invoices, next_invoice };
}

/** What the next invoice will be with so many further locations from now on; null: there will be none, or no subscription. */
export async function nextInvoiceWith(
  desk: BillingDesk,
  workspace_id: string,
  further: number,
): Promise<NextInvoice | null> {
  const account = await findAccount(desk, workspace_id);
  if (!account) return null;
  const active = await desk.db.transaction({ workspace_id }, (tx) => countActive(tx, workspace_id), {
    read_only: true,
  });
  return nextInvoice(desk, account, active + further);
}

function findAccount({ db }: BillingDesk, workspace_id: string): Promise<BillingAccount | null> {
  return db.transaction({ workspace_id }, (tx) => findBillingAccount(tx, workspace_id), { read_only: true });
}

async function nextInvoice(
  { ports }: BillingDesk,
  { customer_id, subscription_id, item_id, subscription_status }: BillingAccount,
  quantity: number | null,
): Promise<NextInvoice | null> {
  if (subscription_id === null || item_id === null || !takesQuantity(subscription_status ?? "")) return null;
  return ports.nextInvoice(customer_id, subscription_id, quantity === null ? null : { item_id, quantity });
}

import { findBillingAccount } from "../../store/billing-accounts.ts";
import type { BillingDesk } from "./billing-desk.ts";
import { billingPage } from "./return-addresses.ts";

export type OpenedPortal = { url: string } | { refused: "NOT_SUBSCRIBED" };

/** Opens Stripe's own pages for a workspace's card, invoices and cancellation. */
export async function openPortal(desk: BillingDesk, workspace_id: string): Promise<OpenedPortal> {
  const { db, ports, public_url } = desk;
  const account = await db.transaction({ workspace_id }, (tx) => findBillingAccount(tx, workspace_id), {
    read_only: true,
  });
  if (!account?.subscription_id) return { refused: "NOT_SUBSCRIBED" };
  const { customer_id } = account;
  return { url: await ports.openPortal({ customer_id, return_url: billingPage(public_url, workspace_id, "portal") }) };
}

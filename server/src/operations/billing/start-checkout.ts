import { isOver, TRIAL_DAYS } from "../../rules/billing/subscription.ts";
import {
  findBillingAccount,
  insertBillingAccount,
  keepCheckoutSession,
  type BillingAccount,
} from "../../store/billing-accounts.ts";
import { countBillable } from "../../store/locations.ts";
import { findWorkspace } from "../../store/workspaces.ts";
import type { BillingDesk, CheckoutPage } from "./billing-desk.ts";
import { followSubscription } from "./follow-subscription.ts";
import { billingPage } from "./return-addresses.ts";

export type StartedCheckout =
  | { session_id: string; url: string; quantity: number }
  | { refused: "ALREADY_SUBSCRIBED" }
  | "unknown";

/**
 * Opens the page on which a workspace subscribes. The page that is open already is answered again, as long as it asks for the same: whoever
 * has two tabs pays once. The locations that wait for billing are paid for with it, one at least.
 */
export async function startCheckout(
  desk: BillingDesk,
  workspace_id: string,
  { email }: { email: string | null },
): Promise<StartedCheckout> {
  const { db, ports } = desk;
  const before = await loadStanding(desk, workspace_id);
  if (before === null) return "unknown";
  if (before.account) await followSubscription(desk, workspace_id);
  const account = (await loadStanding(desk, workspace_id))?.account ?? (await openAccount(desk, before, email));
  const { subscription_status: status } = account;
  if (status !== null && !isOver({ status })) return { refused: "ALREADY_SUBSCRIBED" };

  const quantity = Math.max(before.locations, 1);
  const open = await payablePage(desk, account);
  if (open?.quantity === quantity) return open;
  if (open) await ports.closeCheckout(open.session_id);
  const { session_id, url } = await ports.openCheckout({
    customer_id: account.customer_id,
    workspace_id,
    quantity,
    trial_days: account.had_trial ? 0 : TRIAL_DAYS,
    success_url: billingPage(desk.public_url, workspace_id, "paid"),
    cancel_url: billingPage(desk.public_url, workspace_id, "left"),
    attempt: `after-${account.checkout_session_id ?? "none"}`,
  });
  await db.transaction({ workspace_id }, (tx) => keepCheckoutSession(tx, workspace_id, session_id));
  if (url === null) throw new Error("Stripe opened a payment page that cannot be paid");
  return { session_id, url, quantity };
}

interface Standing {
  workspace: { id: string; name: string };
  account: BillingAccount | null;
  locations: number;
}

function loadStanding({ db }: BillingDesk, workspace_id: string): Promise<Standing | null> {
  return db.transaction(
    { workspace_id },
    async (tx) => {
      const workspace = await findWorkspace(tx, workspace_id);
      if (!workspace) return null;
      const account = await findBillingAccount(tx, workspace_id);
      return { workspace, account, locations: await countBillable(tx, workspace_id) };
    },
    { read_only: true },
  );
}

async function openAccount(
  { db, clock, ports }: BillingDesk,
  { workspace }: Standing,
  email: string | null,
): Promise<BillingAccount> {
  const { id: workspace_id, name } = workspace;
  const customer_id = await ports.createCustomer({ workspace_id, name, email });
  return db.transaction({ workspace_id }, async (tx) => {
    await insertBillingAccount(tx, workspace_id, customer_id, clock.now());
    const account = await findBillingAccount(tx, workspace_id);
    if (!account) throw new Error("the workspace has no billing account");
    return account;
  });
}

/** The page that was opened last, where it can still be paid. */
async function payablePage(
  { ports }: BillingDesk,
  { checkout_session_id }: BillingAccount,
): Promise<(CheckoutPage & { url: string }) | null> {
  const page = checkout_session_id === null ? null : await ports.findCheckout(checkout_session_id);
  const url = page?.url ?? null;
  return page && url !== null ? { ...page, url } : null;
}

import { z } from "zod";
import type { BillingDesk } from "../../operations/billing/billing-desk.ts";
import { finishCheckout } from "../../operations/billing/finish-checkout.ts";
import { openPortal } from "../../operations/billing/open-portal.ts";
import { nextInvoiceWith, showInvoices } from "../../operations/billing/show-invoices.ts";
import { startCheckout } from "../../operations/billing/start-checkout.ts";
import type { NextInvoice } from "../../rules/billing/invoices.ts";
import {
  billingStanding,
  findBillingStanding,
  findWorkspaceBilling,
  workspaceBilling,
} from "../../views/workspace-billing.ts";
import { askStripe, STRIPE_REFUSALS } from "./ask-stripe.ts";
import {
  invoiceShape,
  nextInvoiceShape,
  priceShape,
  priceWith,
  showInvoice,
  showNextInvoice,
} from "./billing-shapes.ts";
import { consoleCall, type ConsoleCall } from "./console-call.ts";

const nothing = z.object({});
const page = z.object({ url: z.url().describe("A page of Stripe's, to go to.") });

const standing = consoleCall({
  realm: "workspace",
  method: "get",
  path: "/billing/standing",
  name: "billing_standing",
  title: "How billing stands",
  about: "Whether changes may be made, and what everybody of the workspace should know.",
  role: "viewer",
  input: nothing,
  answer: billingStanding,
  run: async ({ db, clock }, { workspace_id }) =>
    (await findBillingStanding(db, workspace_id, clock.now())) ?? "unknown",
});

const overview = consoleCall({
  realm: "workspace",
  method: "get",
  path: "/billing",
  name: "billing",
  title: "Plan, locations and their price",
  about: "What is known of the workspace's billing without asking Stripe.",
  role: "owner",
  input: nothing,
  answer: workspaceBilling,
  run: async ({ db, clock, billing }, { workspace_id }) => {
    const found = { workspace_id, is_billed: billing !== null, now: clock.now() };
    return (await findWorkspaceBilling(db, found)) ?? "unknown";
  },
});

const invoices = consoleCall({
  realm: "workspace",
  method: "get",
  path: "/billing/invoices",
  name: "billing_invoices",
  title: "Invoices",
  about: "What Stripe billed, newest first, and what it will bill next; nothing where nobody is billed.",
  role: "owner",
  input: nothing,
  refusals: ["STRIPE_UNAVAILABLE"],
  answer: z.object({ invoices: z.array(invoiceShape), next_invoice: nextInvoiceShape }),
  run: async ({ billing }, { workspace_id }) => {
    if (!billing) return { invoices: [], next_invoice: null };
    return askStripe(billing, async (desk) => {
      const found = await showInvoices(desk, workspace_id);
      return { invoices: found.invoices.map(showInvoice), next_invoice: showNextInvoice(found.next_invoice) };
    });
  },
});

const MAX_FURTHER = 1000;
const further = z.object({
  further: z.coerce.number().int().min(1).max(MAX_FURTHER).default(1).describe("How many further locations."),
});

const price = consoleCall({
  realm: "workspace",
  method: "get",
  path: "/billing/price",
  name: "billing_price",
  title: "What further locations will cost",
  about: "Before a location is added: the month's price with and without it, and the next invoice with it.",
  role: "admin",
  input: further,
  answer: priceShape,
  run: async ({ db, clock, billing }, { workspace_id }, { further: more }) => {
    const found = await findWorkspaceBilling(db, { workspace_id, is_billed: billing !== null, now: clock.now() });
    if (!found) return "unknown";
    return priceWith(found, more, billing && (await previewOf(billing, workspace_id, more)));
  },
});

/** Where Stripe gives no answer, what is known here is said all the same. */
async function previewOf(desk: BillingDesk, workspace_id: string, more: number): Promise<NextInvoice | null> {
  let found: NextInvoice | null = null;
  await askStripe(desk, async () => {
    found = await nextInvoiceWith(desk, workspace_id, more);
    return {};
  });
  return found;
}

const checkout = consoleCall({
  realm: "workspace",
  method: "post",
  path: "/billing/checkout",
  name: "start_checkout",
  title: "Subscribe",
  about: "Opens Stripe's payment page; the one that is open already is answered again.",
  role: "owner",
  input: nothing,
  refusals: [...STRIPE_REFUSALS, "ALREADY_SUBSCRIBED"],
  answer: page,
  run: ({ billing, change }, by) =>
    askStripe(billing, async (desk) => {
      const started = await startCheckout(desk, by.workspace_id, { email: by.person.email });
      if (started === "unknown" || "refused" in started) return started;
      const { session_id, quantity, url } = started;
      const audit = { subject: `checkout ${session_id}`, before: null, after: { locations: quantity } };
      return change(by, async () => ({ answer: { url }, audit }));
    }),
});

const back = z.object({
  session_id: z
    .string()
    .regex(/^cs_[A-Za-z0-9_]{1,250}$/, "must be the id of a payment page, cs_…")
    .optional()
    .describe("The payment page that led back; left out: the portal did."),
});

const finish = consoleCall({
  realm: "workspace",
  method: "post",
  path: "/billing/finish",
  name: "finish_checkout",
  title: "Come back from Stripe",
  about: "Asks Stripe how it stands, so that what was paid or ended holds at once.",
  role: "owner",
  input: back,
  refusals: STRIPE_REFUSALS,
  answer: billingStanding.extend({ is_paid: z.boolean().describe("Whether the named payment page was paid.") }),
  run: ({ db, clock, billing, change }, by, { session_id = null }) =>
    askStripe(billing, async (desk) => {
      const { workspace_id } = by;
      const finished = await finishCheckout(desk, workspace_id, session_id);
      const now = finished === "unknown" ? null : await findBillingStanding(db, workspace_id, clock.now());
      if (finished === "unknown" || !now) return "unknown";
      const { billing_status } = now;
      const subject = session_id === null ? "portal" : `checkout ${session_id}`;
      const audit = { subject, before: null, after: { ...finished, billing_status } };
      return change(by, async () => ({ answer: { ...now, ...finished }, audit }));
    }),
});

const portal = consoleCall({
  realm: "workspace",
  method: "post",
  path: "/billing/portal",
  name: "open_portal",
  title: "Card, invoices, cancellation",
  about: "Opens Stripe's own pages for them.",
  role: "owner",
  input: nothing,
  refusals: [...STRIPE_REFUSALS, "NOT_SUBSCRIBED"],
  answer: page,
  run: ({ billing, change }, by) =>
    askStripe(billing, async (desk) => {
      const opened = await openPortal(desk, by.workspace_id);
      if ("refused" in opened) return opened;
      return change(by, async () => ({ answer: opened, audit: { subject: "portal", before: null, after: null } }));
    }),
});

/** The workspace's own billing through Kotally's Stripe account. */
export const BILLING_CALLS: readonly ConsoleCall[] = [standing, overview, invoices, price, checkout, finish, portal];

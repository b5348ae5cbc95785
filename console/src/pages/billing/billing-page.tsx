import { Button } from "@mantine/core";
import { IconServer } from "@tabler/icons-react";
import { useIsOwner } from "../../api/place.ts";
import { useWorkspaceRead, type WorkspaceAnswer } from "../../api/workspace-api.ts";
import { billingTexts } from "../../texts/billing.ts";
import { Loaded } from "../../ui/loaded.tsx";
import { Notice } from "../../ui/notice.tsx";
import { Page } from "../../ui/page.tsx";
import { EmptyState, NoPermission } from "../../ui/states.tsx";
import { Badge } from "../../ui/status-badge.tsx";
import { Invoices } from "./invoices.tsx";
import { LocationPrices } from "./location-prices.tsx";
import { Plan } from "./plan.tsx";
import { useComingBack } from "./use-coming-back.ts";
import { useStripePage } from "./use-stripe-page.ts";

export type Billing = WorkspaceAnswer<"/billing">;

/** Plan, locations and their price, bills; what is paid is paid on Stripe's own pages. */
export function BillingPage() {
  return useIsOwner() ? <OwnersBilling /> : <Page title={billingTexts.title} children={<NoPermission />} />;
}

function OwnersBilling() {
  const query = useWorkspaceRead("/billing", {});
  useComingBack();
  const billing = query.data;
  return (
    <Page
      title={billingTexts.title}
      about={billing?.is_billed ? billingTexts.about : undefined}
      beside={billing && <Standing billing={billing} />}
      actions={billing?.is_billed && <StripeButtons billing={billing} />}
    >
      <Loaded query={query}>{(loaded) => (loaded.is_billed ? <Paid billing={loaded} /> : <Free />)}</Loaded>
    </Page>
  );
}

const TONES = {
  none: "warn",
  trialing: "good",
  active: "good",
  past_due: "warn",
  suspended: "bad",
  cancelled: "bad",
} as const;

function Standing({ billing: { billing_status, is_billed } }: { billing: Billing }) {
  if (!is_billed) return null;
  return <Badge tone={TONES[billing_status]}>{billingTexts.states[billing_status]}</Badge>;
}

function StripeButtons({ billing: { subscription, billing_status } }: { billing: Billing }) {
  const checkout = useStripePage("/billing/checkout");
  const portal = useStripePage("/billing/portal");
  const is_live = subscription?.is_live ?? false;
  const owes = is_live && (billing_status === "past_due" || billing_status === "suspended");
  return (
    <>
      {subscription && (
        <Button variant={owes ? "filled" : "default"} loading={portal.is_busy} onClick={portal.open}>
          {owes ? billingTexts.settle : billingTexts.manage}
        </Button>
      )}
      {!is_live && (
        <Button loading={checkout.is_busy} onClick={checkout.open}>
          {subscription ? billingTexts.subscribe_again : billingTexts.subscribe}
        </Button>
      )}
    </>
  );
}

function Free() {
  return <EmptyState icon={IconServer} title={billingTexts.free} about={billingTexts.free_about} />;
}

function Paid({ billing }: { billing: Billing }) {
  return (
    <>
      {billing.trouble !== null && <Notice tone="warn">{billingTexts.trouble(billing.trouble)}</Notice>}
      <Plan billing={billing} />
      <LocationPrices billing={billing} />
      {billing.subscription && <Invoices />}
    </>
  );
}

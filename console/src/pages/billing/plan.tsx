import { Text } from "@mantine/core";
import { useWorkspaceRead } from "../../api/workspace-api.ts";
import { billingTexts, planTexts } from "../../texts/billing.ts";
import { Money } from "../../ui/amounts.tsx";
import { Figure, Figures } from "../../ui/figures.tsx";
import { Section } from "../../ui/page.tsx";
import { Ago, When } from "../../ui/when.tsx";
import type { Billing } from "./billing-page.tsx";
import { CURRENCY } from "./currency.ts";

/** What a month costs, and what happens next. */
export function Plan({ billing }: { billing: Billing }) {
  const { price, price_with_pending, subscription, read_at, trial_days } = billing;
  const is_live = subscription?.is_live ?? false;
  const shown = is_live ? price : price_with_pending;
  const hint = is_live ? planTexts.month_hint(shown.locations) : planTexts.with_pending(shown.locations);
  return (
    <Section title={planTexts.title}>
      <Figures>
        <Figure label={planTexts.month} hint={hint}>
          <Money cents={shown.monthly_cents} currency={CURRENCY} />
        </Figure>
        {!is_live && trial_days > 0 && (
          <Figure label={planTexts.trial_first} hint={planTexts.trial_hint}>
            {planTexts.trial_days(trial_days)}
          </Figure>
        )}
        {datesOf(billing).map(([label, at]) => (
          <Figure key={label} label={label}>
            <When at={at} style="day" />
          </Figure>
        ))}
        {is_live && <NextBill />}
      </Figures>
      {read_at !== null && (
        <Text size="xs" c="dimmed">
          {billingTexts.as_of} <Ago at={read_at} />
        </Text>
      )}
    </Section>
  );
}

/** The dates that matter now, with what happens on them. */
function datesOf({ billing_status, subscription, deleted_at }: Billing): [string, string][] {
  const { trial_ends_at = null, period_ends_at = null, cancels_at = null, suspends_at = null } = subscription ?? {};
  if (deleted_at !== null) return [[planTexts.deleted, deleted_at]];
  if (!subscription?.is_live) return [];
  if (suspends_at !== null) return [[planTexts.suspends, suspends_at]];
  if (cancels_at !== null) return [[planTexts.ends, cancels_at]];
  if (billing_status === "trialing" && trial_ends_at !== null) return [[planTexts.trial, trial_ends_at]];
  return period_ends_at === null ? [] : [[planTexts.renews, period_ends_at]];
}

function NextBill() {
  const { data } = useWorkspaceRead("/billing/invoices", {});
  if (!data) return null;
  const { next_invoice: next } = data;
  return (
    <Figure label={planTexts.next} hint={next?.due_at && <When at={next.due_at} style="day" />}>
      {next ? <Money cents={next.total_cents} currency={next.currency} /> : planTexts.no_next}
    </Figure>
  );
}

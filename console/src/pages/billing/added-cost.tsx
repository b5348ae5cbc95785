import { Text } from "@mantine/core";
import { useWorkspaceHere } from "../../api/place.ts";
import { useWorkspaceRead } from "../../api/workspace-api.ts";
import { furtherTexts as texts } from "../../texts/billing.ts";
import { formatInstant, formatMoney } from "../../ui/format.ts";
import { CURRENCY } from "./currency.ts";

/** What further locations add to the month and to the next bill; null: not known which number. Nothing where nobody is billed. */
export function AddedCost({ further }: { further: number | null }) {
  const { billing_status } = useWorkspaceHere();
  const query = { further: further ?? 1 };
  const { data } = useWorkspaceRead("/billing/price", { query }, { enabled: further !== null, keep_previous: true });
  if (further === null || !data || data.monthly_cents_then === 0) return null;
  const { monthly_cents, monthly_cents_then, next_invoice } = data;
  const [now, then] = [formatMoney(monthly_cents, CURRENCY), formatMoney(monthly_cents_then, CURRENCY)];
  const is_dated = next_invoice !== null && next_invoice.due_at !== null;
  return (
    <>
      <Text fw={600}>{texts.month(now, then)}</Text>
      <Text size="sm" c="dimmed">
        {billing_status === "trialing"
          ? texts.trial
          : is_dated &&
            texts.next(
              formatMoney(next_invoice.total_cents, next_invoice.currency),
              formatInstant(next_invoice.due_at ?? "", "day"),
            )}
      </Text>
    </>
  );
}

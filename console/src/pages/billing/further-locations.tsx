import { NumberInput, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";
import { useWorkspaceHere } from "../../api/place.ts";
import { useWorkspaceRead, type WorkspaceAnswer } from "../../api/workspace-api.ts";
import { furtherTexts as texts } from "../../texts/billing.ts";
import { formatInstant, formatMoney } from "../../ui/format.ts";
import { CURRENCY } from "./currency.ts";
import classes from "./further-locations.module.css";

const MOST = 1000;
const SETTLES_MS = 300;

/** Before a location is added: what it will cost, in a month and on the next bill. */
export function FurtherLocations() {
  const [typed, setTyped] = useState<number | string>(1);
  const [settled] = useDebouncedValue(typed, SETTLES_MS);
  const further = Number(settled);
  const is_valid = settled !== "" && Number.isInteger(further) && further >= 1 && further <= MOST;
  const price = useWorkspaceRead("/billing/price", { query: { further } }, { enabled: is_valid, keep_previous: true });
  return (
    <div className={classes.row} role="group" aria-label={texts.title}>
      <NumberInput
        label={texts.label}
        value={typed}
        onChange={setTyped}
        min={1}
        max={MOST}
        allowDecimal={false}
        allowNegative={false}
        clampBehavior="none"
        w={140}
        error={!is_valid && texts.error}
      />
      <div className={classes.answer} role="status">
        {is_valid && price.data && <Answer price={price.data} />}
      </div>
    </div>
  );
}

function Answer({ price }: { price: WorkspaceAnswer<"/billing/price"> }) {
  const { billing_status } = useWorkspaceHere();
  const { monthly_cents, monthly_cents_then, next_invoice } = price;
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

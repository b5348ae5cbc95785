import { Input, NumberInput, SegmentedControl, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { productTexts as texts } from "../../texts/products.ts";
import { LoadingLines } from "../../ui/states.tsx";
import { BalanceChart } from "./balance-chart.tsx";
import type { Draft } from "./product-values.ts";
import { SimulatedLines } from "./simulated-lines.tsx";
import { useSimulation } from "./use-simulation.ts";
import classes from "./products.module.css";

const MONTHS = ["1", "3", "6", "12"];
const MAX_VISITS = 7;

/** One member's next months with the rule as it stands in the fields. */
export function SimulatedMember({ draft }: { draft: Draft }) {
  const [months, setMonths] = useState("3");
  const [visits, setVisits] = useState(1);
  const simulation = useSimulation(draft, { months: Number(months), visits_per_week: visits });
  return (
    <Stack gap="sm">
      <Text size="xs" c="dimmed">
        {texts.preview_about[draft.type]}
      </Text>
      <div className={classes.controls}>
        <NumberInput
          label={texts.visits}
          size="xs"
          w={104}
          min={1}
          max={MAX_VISITS}
          clampBehavior="strict"
          allowDecimal={false}
          value={visits}
          onChange={(value) => setVisits(typeof value === "number" ? value : 1)}
        />
        <Stack gap={0}>
          <Input.Label labelElement="div" size="xs" id="months-label">
            {texts.months}
          </Input.Label>
          <SegmentedControl
            size="xs"
            aria-labelledby="months-label"
            data={MONTHS}
            value={months}
            onChange={setMonths}
          />
        </Stack>
      </div>
      <Result {...simulation} />
    </Stack>
  );
}

function Result({ query, is_waiting }: ReturnType<typeof useSimulation>) {
  const { data, error, isPlaceholderData } = query;
  if (is_waiting) {
    return (
      <Text size="sm" c="dimmed">
        {texts.preview_waits}
      </Text>
    );
  }
  if (error) {
    const found = error.errors.map(({ field, message }) => `${field} ${message}`);
    return (
      <Text size="sm" c="dimmed" role="status">
        {error.errors.length > 0 ? `${texts.preview_wrong} ${found.join("; ")}.` : error.message}
      </Text>
    );
  }
  if (!data) return <LoadingLines lines={5} height={14} />;
  const is_counted = data.lines.some(({ balance }) => balance > 0);
  return (
    <div className={isPlaceholderData ? classes.stale : undefined}>
      {is_counted && <BalanceChart lines={data.lines} />}
      <SimulatedLines lines={data.lines} />
    </div>
  );
}

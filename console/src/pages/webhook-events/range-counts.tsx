import { Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useRead, type Answer } from "../../api/location-api.ts";
import { providerTexts } from "../../texts/entries.ts";
import { webhookTexts } from "../../texts/webhook-events.ts";
import { formatNumber } from "../../ui/format.ts";
import { Facts } from "../../ui/why.tsx";
import type { EventStatus, WebhookEvent } from "./event-outcome.tsx";
import classes from "./webhook-events.module.css";

const { replay: texts } = webhookTexts;

/** Deliveries that are meant. */
export interface Range {
  from: string;
  /** Null: until now. */
  to: string | null;
  statuses: readonly EventStatus[];
  provider: WebhookEvent["provider"] | null;
  type: string | null;
}

const SETTLED_MS = 250;
const NEVER = "2100-01-01T00:00:00Z";

/** How many there are, by how they stand and of which types; null asks nothing. */
export function useRangeCounts(range: Range | null, refetch_ms?: number) {
  const [settled] = useDebouncedValue(range, SETTLED_MS);
  const { from = NEVER, to = null, statuses = [], provider = null, type = null } = settled ?? {};
  const query = {
    from,
    statuses: statuses.join(","),
    ...(to !== null && { to }),
    ...(provider !== null && { provider }),
    ...(type !== null && { type }),
  };
  return useRead(
    "/webhook-events/counts",
    { query },
    { enabled: settled !== null, keep_previous: true, ...(refetch_ms !== undefined && { refetch_ms }) },
  );
}

interface RangeCountsProps {
  counts: ReturnType<typeof useRangeCounts>;
  total: number | undefined;
  is_asked: boolean;
}

/** What a replay would take. */
export function RangeCounts({ counts: { data, error }, total, is_asked }: RangeCountsProps) {
  if (!is_asked) return null;
  return (
    <section className={classes.counts} aria-live="polite">
      <Text size="sm" fw={600}>
        {error ? error.message : wordsOf(total)}
      </Text>
      {data && total !== undefined && total > 0 && (
        <Facts facts={data.types.map((one) => ({ label: nameOf(one), value: formatNumber(one.count) }))} />
      )}
    </section>
  );
}

function wordsOf(total: number | undefined): string {
  if (total === undefined) return texts.counting;
  return total === 0 ? texts.none : texts.count(formatNumber(total));
}

function nameOf({ provider, type }: Answer<"/webhook-events/counts">["types"][number]): string {
  return `${providerTexts[provider]} · ${type}`;
}

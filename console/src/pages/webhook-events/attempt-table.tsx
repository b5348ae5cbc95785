import { Text } from "@mantine/core";
import type { Answer } from "../../api/location-api.ts";
import { webhookEventTexts as texts } from "../../texts/webhook-events.ts";
import { DataTable, type Column } from "../../ui/data-table.tsx";
import { formatNumber } from "../../ui/format.ts";
import { Badge } from "../../ui/status-badge.tsx";
import { When } from "../../ui/when.tsx";
import { outcomeInWords } from "./event-outcome.tsx";

type Attempt = Answer<"/webhook-events/{id}">["webhook_event"]["attempt_log"][number];

const { attempt_columns: titles, attempt_outcomes: outcomes } = texts;
const TONES = { done: "good", ignored: "quiet", waiting: "warn", failed: "bad" } as const;

const COLUMNS: readonly Column<Attempt>[] = [
  { key: "number", title: titles.number, is_name: true, width: 50, cell: ({ number }) => formatNumber(number) },
  {
    key: "started",
    title: titles.started,
    width: 160,
    cell: ({ started_at }) => <When at={started_at} style="short" />,
  },
  { key: "outcome", title: titles.outcome, cell: (attempt) => <AttemptOutcome attempt={attempt} /> },
  { key: "took", title: titles.took, is_figure: true, cell: (attempt) => <Took attempt={attempt} /> },
];

/** Every attempt at taking a delivery, the first first. */
export function AttemptTable({ attempts }: { attempts: readonly Attempt[] }) {
  return <DataTable label={texts.attempts} columns={COLUMNS} rows={attempts} keyOf={({ number }) => String(number)} />;
}

function AttemptOutcome({ attempt: { outcome, reason_code, error } }: { attempt: Attempt }) {
  if (outcome === null) return <Badge tone="quiet">{texts.running}</Badge>;
  return (
    <span>
      <Badge tone={TONES[outcome]}>{outcomes[outcome]}</Badge>
      {reason_code !== null && (
        <Text size="xs" c="dimmed" component="div" children={outcomeInWords(reason_code, null).meaning} />
      )}
      {error !== null && <Text size="xs" c="dimmed" component="div" ff="monospace" children={error} />}
    </span>
  );
}

function Took({ attempt: { started_at, finished_at } }: { attempt: Attempt }) {
  if (finished_at === null) return null;
  return <>{texts.milliseconds(formatNumber(Date.parse(finished_at) - Date.parse(started_at)))}</>;
}

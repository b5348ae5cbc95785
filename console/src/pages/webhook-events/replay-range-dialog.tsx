import { Button, Checkbox, Group, Select, SimpleGrid, Text, TextInput } from "@mantine/core";
import { useState, type ReactNode } from "react";
import { useLocationHere } from "../../api/place.ts";
import { providerTexts } from "../../texts/entries.ts";
import { uiTexts } from "../../texts/ui.ts";
import { webhookTexts } from "../../texts/webhook-events.ts";
import { addDays, dayOf } from "../../ui/calendar-day.ts";
import { instantsOf } from "../../ui/day-range-filter.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { formatNumber } from "../../ui/format.ts";
import { FormBody, useServerForm } from "../../ui/server-form.tsx";
import type { EventStatus, WebhookEvent } from "./event-outcome.tsx";
import { RangeCounts, useRangeCounts, type Range } from "./range-counts.tsx";
import { ReplayProgress } from "./replay-progress.tsx";

const { replay: texts, statuses } = webhookTexts;

const PROVIDERS = (["ghl", "stripe"] as const).map((value) => ({ value, label: providerTexts[value] }));
const STATUSES = ["dead", "failed", "waiting", "ignored", "done"] as const satisfies readonly EventStatus[];
/** Where nothing else was asked for: the last week. */
const LOOK_BACK_DAYS = 6;

interface ReplayRangeDialogProps {
  /** What the list shows, to begin with. */
  initial: { from: string; to: string; status: string; provider: string; type: string };
  onClose: () => void;
}

/** Deliveries of a range of time, once more: how many, then that they are, with progress. */
export function ReplayRangeDialog({ initial, onClose }: ReplayRangeDialogProps) {
  const { timezone } = useLocationHere();
  const today = dayOf(Date.now(), timezone);
  const [confirmed, setConfirmed] = useState<{ range: Range; total: number } | null>(null);
  const state = useServerForm({
    initial: {
      from: initial.from || addDays(today, -LOOK_BACK_DAYS),
      to: initial.to || today,
      statuses: (initial.status === "" ? ["dead", "failed"] : [initial.status]) as EventStatus[],
      provider: (initial.provider || null) as WebhookEvent["provider"] | null,
      type: initial.type,
    },
    check: ({ from, to, statuses: chosen }) => ({
      from: from === "" && texts.from_needed,
      to: to !== "" && to < from && texts.to_before,
      statuses: chosen.length === 0 && texts.statuses_needed,
    }),
    submit: async () => {
      if (range && total) setConfirmed({ range, total });
    },
  });
  const { from, to, statuses: chosen, provider, type } = state.form.getValues();
  const instants = instantsOf({ from, to }, timezone);
  const range: Range | null =
    instants.from === undefined || chosen.length === 0
      ? null
      : {
          from: instants.from,
          to: instants.to ?? null,
          statuses: chosen,
          provider,
          type: type.trim() === "" ? null : type.trim(),
        };
  const counts = useRangeCounts(range);
  const total = counts.data && chosen.reduce((sum, status) => sum + (counts.data.counts[status] ?? 0), 0);
  if (confirmed) return <ReplayProgress {...confirmed} onClose={onClose} />;
  return (
    <Dialog title={texts.title} onClose={onClose} size="lg">
      <FormBody of={state}>
        <Text size="sm" c="dimmed" children={texts.about} />
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          <TextInput type="date" label={texts.from} required data-autofocus {...state.form.getInputProps("from")} />
          <TextInput type="date" label={texts.to} {...state.form.getInputProps("to")} />
          <Select
            label={texts.source}
            placeholder={texts.every_source}
            clearable
            data={PROVIDERS}
            {...state.form.getInputProps("provider")}
          />
          <TextInput label={texts.type} placeholder={texts.every_type} {...state.form.getInputProps("type")} />
        </SimpleGrid>
        <StatusChoice {...state.form.getInputProps("statuses")} />
        <RangeCounts counts={counts} total={total} is_asked={range !== null} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {uiTexts.cancel}
          </Button>
          <Button type="submit" disabled={total === 0} loading={range !== null && counts.isLoading}>
            {texts.confirm(formatNumber(total ?? 0))}
          </Button>
        </Group>
      </FormBody>
    </Dialog>
  );
}

interface StatusChoiceProps {
  value?: EventStatus[];
  onChange: (statuses: EventStatus[]) => void;
  error?: ReactNode;
}

function StatusChoice({ value = [], onChange, error }: StatusChoiceProps) {
  return (
    <Checkbox.Group label={texts.statuses} value={value} onChange={onChange} error={error}>
      <Group mt={6} gap="md">
        {STATUSES.map((status) => (
          <Checkbox key={status} value={status} label={statuses[status]} size="xs" />
        ))}
      </Group>
    </Checkbox.Group>
  );
}

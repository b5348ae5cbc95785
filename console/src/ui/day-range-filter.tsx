import { Group, Text, TextInput } from "@mantine/core";
import { uiTexts } from "../texts/ui.ts";
import { addDays, ownTimezone } from "./calendar-day.ts";
import { startOfLocalDay } from "./local-day.ts";

interface DayRange {
  from: string;
  to: string;
}

/** From one day through another, each of them left open where it is empty. */
export function DayRangeFilter({
  label,
  value,
  onChange,
}: {
  label: string;
  value: DayRange;
  onChange: (changed: Partial<DayRange>) => void;
}) {
  return (
    <Group gap={6} role="group" aria-label={label} wrap="nowrap">
      <TextInput
        type="date"
        size="sm"
        aria-label={uiTexts.from_day}
        max={value.to || undefined}
        value={value.from}
        onChange={({ currentTarget }) => onChange({ from: currentTarget.value })}
      />
      <Text span size="sm" c="dimmed" aria-hidden>
        –
      </Text>
      <TextInput
        type="date"
        size="sm"
        aria-label={uiTexts.through_day}
        min={value.from || undefined}
        value={value.to}
        onChange={({ currentTarget }) => onChange({ to: currentTarget.value })}
      />
    </Group>
  );
}

/** The same as instants: from the first of one day to before the first after the other. */
export function instantsOf({ from, to }: DayRange, timezone = ownTimezone()): { from?: string; to?: string } {
  return {
    ...(from !== "" && { from: startOfLocalDay(from, timezone) }),
    ...(to !== "" && { to: startOfLocalDay(addDays(to, 1), timezone) }),
  };
}

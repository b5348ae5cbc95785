import { Tooltip } from "@mantine/core";
import { useContext } from "react";
import { PlaceContext } from "../api/place.ts";
import { uiTexts } from "../texts/ui.ts";
import { formatDay, formatInstant, formatRelative, justBefore, type TimeStyle } from "./format.ts";

/** The zone that the page's times are told in: its location's, else the reader's own. */
export function useTimezone(): string | undefined {
  return useContext(PlaceContext)?.location?.timezone;
}

/** An instant in the location's zone; hovering tells it to the second. */
export function When({ at, style = "instant" }: { at: string; style?: TimeStyle }) {
  const timezone = useTimezone();
  return (
    <Tooltip label={formatInstant(at, "exact", timezone)}>
      <time dateTime={at}>{formatInstant(at, style, timezone)}</time>
    </Tooltip>
  );
}

/** How long ago something really happened; never for what a sandbox's own clock says. */
export function Ago({ at }: { at: string }) {
  const timezone = useTimezone();
  return (
    <Tooltip label={formatInstant(at, "exact", timezone)}>
      <time dateTime={at}>{formatRelative(at, Date.now())}</time>
    </Tooltip>
  );
}

/** A calendar day that the server told as one. */
export function Day({ on }: { on: string }) {
  return <time dateTime={on}>{formatDay(on)}</time>;
}

/** The last day on which something still counts, from the first instant at which it does not; null: never ends. */
export function LastDay({ before }: { before: string | null }) {
  const timezone = useTimezone();
  if (before === null) return <>{uiTexts.never}</>;
  return (
    <Tooltip label={formatInstant(before, "exact", timezone)}>
      <time dateTime={before}>{formatInstant(justBefore(before), "day", timezone)}</time>
    </Tooltip>
  );
}

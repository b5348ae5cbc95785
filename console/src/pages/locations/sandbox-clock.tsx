import { Button, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { asApiError } from "../../api/api-error.ts";
import { useChange } from "../../api/location-api.ts";
import { useLocationHere } from "../../api/place.ts";
import { locationTexts } from "../../texts/locations.ts";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { formatInstant } from "../../ui/format.ts";
import { Section } from "../../ui/page.tsx";
import { When } from "../../ui/when.tsx";
import classes from "./locations.module.css";

const { clock: texts } = locationTexts;

/** Where a sandbox's clock goes: by a step, or to a local day. */
type Move = { advance: string } | { to: string };

/** Moves the sandbox's clock; whatever falls due on the way is booked. */
export function SandboxClock({ now }: { now: string }) {
  const { timezone } = useLocationHere();
  const move = useChange("/clock");
  const [asked, setAsked] = useState<{ move: Move; words: string } | null>(null);
  const [moved, setMoved] = useState<string | null>(null);
  const [day, setDay] = useState("");
  const [day_error, setDayError] = useState<string | null>(null);
  const run = async ({ move: wanted }: { move: Move }) => {
    try {
      const answer = await move.mutateAsync({ body: wanted });
      setMoved(texts.moved(formatInstant(answer.now, "instant", timezone), answer.settled));
    } catch (caught) {
      const error = asApiError(caught);
      // The field is one of this page, not of the dialog.
      if ("to" in wanted && error.errors.length > 0) setDayError(texts.to_wrong);
      throw error;
    }
  };
  const askDay = () => {
    const to = noonOf(day);
    if (to === null || Date.parse(to) <= Date.parse(now)) return setDayError(texts.to_wrong);
    setDayError(null);
    return setAsked({ move: { to }, words: formatInstant(to, "day", "UTC") });
  };
  return (
    <Section title={texts.title}>
      <Text size="sm" c="dimmed">
        {texts.about}
      </Text>
      <Text component="p" className={classes.clock}>
        <When at={now} />
      </Text>
      <div className={classes.buttons}>
        {Object.entries(texts.steps).map(([advance, words]) => (
          <Button key={advance} variant="default" onClick={() => setAsked({ move: { advance }, words })}>
            {texts.forward(words)}
          </Button>
        ))}
        <TextInput
          type="date"
          size="xs"
          label={texts.to}
          min={now.slice(0, 10)}
          value={day}
          error={day_error}
          onChange={({ currentTarget }) => setDay(currentTarget.value)}
        />
        <Button variant="default" onClick={askDay} disabled={day === ""}>
          {texts.go}
        </Button>
      </div>
      <Text size="sm" role="status">
        {moved}
      </Text>
      {asked && (
        <ConfirmDialog
          title={texts.title}
          about={"to" in asked.move ? texts.confirm_to(asked.words) : texts.confirm(asked.words)}
          confirm={texts.go}
          run={() => run(asked)}
          done={texts.done}
          onClose={() => setAsked(null)}
        />
      )}
    </Section>
  );
}

/** Noon of a day, universal time; null: it is none. */
function noonOf(day: string): string | null {
  const at = Date.parse(`${day}T12:00:00Z`);
  return Number.isNaN(at) ? null : new Date(at).toISOString();
}

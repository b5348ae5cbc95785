import { Button, Text } from "@mantine/core";
import { useState } from "react";
import { useChange } from "../../api/location-api.ts";
import { locationTexts } from "../../texts/locations.ts";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { Section } from "../../ui/page.tsx";
import { DisconnectDialog } from "./disconnect-dialog.tsx";
import type { Health } from "./location-settings-page.tsx";

const { end: texts } = locationTexts;

/** Takes the location out of use, or into use again. */
export function EndSection({ health }: { health: Health }) {
  const [is_open, setOpen] = useState(false);
  const reconnect = useChange("/reconnect");
  const is_disconnected = health.status === "disconnected";
  const close = () => setOpen(false);
  return (
    <Section title={texts.title}>
      <Text size="sm" c="dimmed">
        {is_disconnected ? texts.reconnect_about : texts.about}
      </Text>
      <div>
        <Button variant="default" {...(!is_disconnected && { c: "var(--k-bad)" })} onClick={() => setOpen(true)}>
          {is_disconnected ? texts.reconnect : texts.disconnect}
        </Button>
      </div>
      {is_open && !is_disconnected && <DisconnectDialog health={health} onClose={close} />}
      {is_open && is_disconnected && (
        <ConfirmDialog
          title={texts.reconnect}
          about={texts.reconnect_about}
          confirm={texts.reconnect}
          run={() => reconnect.mutateAsync({})}
          done={texts.reconnected(health.name)}
          onClose={close}
        />
      )}
    </Section>
  );
}

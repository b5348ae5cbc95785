import { Button, Group, Radio, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useSession } from "../../api/session.ts";
import { locationsTexts } from "../../texts/locations.ts";
import { uiTexts } from "../../texts/ui.ts";
import { Dialog } from "../../ui/dialog.tsx";
import { ConnectGhl } from "./connect-ghl.tsx";
import { OpenLocationForm } from "./open-location-form.tsx";
import classes from "./locations.module.css";

const { create: texts } = locationsTexts;

type Way = "ghl" | "api" | "sandbox";

/** Opens a location: of GoHighLevel, of the API alone, or to try things out in. */
export function NewLocationDialog({ onClose }: { onClose: () => void }) {
  const { ghl } = useSession();
  const [way, setWay] = useState<Way>(ghl ? "ghl" : "api");
  const [is_chosen, setChosen] = useState(false);
  if (is_chosen) {
    return (
      <Dialog title={texts[way].title} onClose={onClose}>
        {way === "ghl" ? (
          <ConnectGhl onBack={() => setChosen(false)} />
        ) : (
          <OpenLocationForm is_sandbox={way === "sandbox"} onBack={() => setChosen(false)} onDone={onClose} />
        )}
      </Dialog>
    );
  }
  return (
    <Dialog title={texts.title} onClose={onClose}>
      <Stack gap="md">
        <Radio.Group label={texts.which} value={way} onChange={(value) => setWay(value)}>
          <Stack gap={8} mt={8}>
            {(["ghl", "api", "sandbox"] as const).map((option) => (
              <Radio.Card
                key={option}
                value={option}
                disabled={option === "ghl" && !ghl}
                className={classes.way ?? ""}
                data-autofocus={option === way || undefined}
                aria-label={texts[option].title}
              >
                <Text size="sm" fw={600}>
                  {texts[option].title}
                </Text>
                <Text size="xs" className={classes.about}>
                  {option === "ghl" && !ghl ? texts.ghl.off : texts[option].about}
                </Text>
              </Radio.Card>
            ))}
          </Stack>
        </Radio.Group>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {uiTexts.cancel}
          </Button>
          <Button onClick={() => setChosen(true)}>{texts.next}</Button>
        </Group>
      </Stack>
    </Dialog>
  );
}

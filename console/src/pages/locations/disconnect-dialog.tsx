import { Button, Group, List, Text, TextInput } from "@mantine/core";
import { useChange } from "../../api/location-api.ts";
import { locationTexts } from "../../texts/locations.ts";
import { uiTexts } from "../../texts/ui.ts";
import { Dialog } from "../../ui/dialog.tsx";
import { ReasonField } from "../../ui/reason-field.tsx";
import { FormBody, useServerForm } from "../../ui/server-form.tsx";
import { toastDone } from "../../ui/toast.ts";
import type { Health } from "./location-settings-page.tsx";

const { end: texts } = locationTexts;

/** Says what ends, asks why, and for the location's name. */
export function DisconnectDialog({ health, onClose }: { health: Health; onClose: () => void }) {
  const { name, api_clients, ghl, stripe } = health;
  const disconnect = useChange("/disconnect");
  const state = useServerForm({
    initial: { reason: "", word: "" },
    check: ({ reason, word }) => ({
      reason: reason.trim() === "" && texts.reason_needed,
      word: word.trim() !== name && texts.word_wrong,
    }),
    submit: ({ reason }) => disconnect.mutateAsync({ body: { reason: reason.trim() } }),
    onDone: () => {
      toastDone(texts.done(name));
      onClose();
    },
  });
  const effects = texts.effects(api_clients, ghl.status === "connected", stripe.status === "connected");
  return (
    <Dialog title={texts.disconnect} onClose={onClose}>
      <FormBody of={state}>
        <section aria-label={texts.what_happens}>
          <Text size="sm" fw={600} mb={4}>
            {texts.what_happens}
          </Text>
          <List size="sm" spacing={4}>
            {effects
              .filter((effect) => effect !== null)
              .map((effect) => (
                <List.Item key={effect}>{effect}</List.Item>
              ))}
          </List>
        </section>
        <ReasonField
          label={texts.reason}
          description={texts.reason_about}
          data-autofocus
          {...state.form.getInputProps("reason")}
        />
        <TextInput label={texts.word(name)} required autoComplete="off" {...state.form.getInputProps("word")} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {uiTexts.cancel}
          </Button>
          <Button type="submit" color="red.8" loading={state.is_busy}>
            {texts.disconnect}
          </Button>
        </Group>
      </FormBody>
    </Dialog>
  );
}

import { Button, Group, Text } from "@mantine/core";
import { useChange } from "../../api/location-api.ts";
import { uiTexts } from "../../texts/ui.ts";
import { webhookTexts } from "../../texts/webhook-events.ts";
import { Dialog } from "../../ui/dialog.tsx";
import { ReasonField } from "../../ui/reason-field.tsx";
import { FormBody, useServerForm } from "../../ui/server-form.tsx";
import { toastDone } from "../../ui/toast.ts";

const { give_up: texts } = webhookTexts;

/** Leaves a delivery alone that failed or waits, and says why. */
export function GiveUpDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const giveUp = useChange("/webhook-events/give-up");
  const state = useServerForm({
    initial: { reason: "" },
    check: ({ reason }) => ({ reason: reason.trim() === "" && texts.reason_needed }),
    submit: ({ reason }) => giveUp.mutateAsync({ body: { ids: [id], reason: reason.trim() } }),
    onDone: () => {
      toastDone(texts.done);
      onClose();
    },
  });
  return (
    <Dialog title={texts.title} onClose={onClose}>
      <FormBody of={state}>
        <Text size="sm" c="dimmed" children={texts.about} />
        <ReasonField
          label={texts.reason}
          description={null}
          minRows={2}
          data-autofocus
          {...state.form.getInputProps("reason")}
        />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose} children={uiTexts.cancel} />
          <Button type="submit" loading={state.is_busy} children={texts.confirm} />
        </Group>
      </FormBody>
    </Dialog>
  );
}

import { Button, Group, Select, Text } from "@mantine/core";
import { useWorkspaceChange, type WorkspaceAnswer } from "../../api/workspace-api.ts";
import { uiTexts } from "../../texts/ui.ts";
import { supportTexts } from "../../texts/users.ts";
import { Dialog } from "../../ui/dialog.tsx";
import { ReasonField } from "../../ui/reason-field.tsx";
import { FormBody, useServerForm } from "../../ui/server-form.tsx";
import { toastDone } from "../../ui/toast.ts";
import { nameOf } from "./user.ts";

const { dialog: texts } = supportTexts;
const HOURS = Object.entries(texts.hours).map(([value, label]) => ({ value, label }));
const A_DAY = "24";

interface SupportDialogProps {
  supporters: WorkspaceAnswer<"/support">["supporters"];
  onClose: () => void;
}

/** Lets somebody of support look for a while. */
export function SupportDialog({ supporters, onClose }: SupportDialogProps) {
  const [only] = supporters;
  const grant = useWorkspaceChange("/support");
  const state = useServerForm({
    initial: { user_id: supporters.length === 1 && only ? only.user_id : null, hours: A_DAY, reason: "" },
    check: ({ user_id, reason }) => ({
      user_id: user_id === null && texts.who_needed,
      reason: reason.trim() === "" && texts.reason_needed,
    }),
    submit: ({ user_id, hours, reason }) =>
      grant.mutateAsync({ body: { user_id: user_id ?? "", hours: Number(hours), reason: reason.trim() } }),
    onDone: () => {
      toastDone(texts.done);
      onClose();
    },
  });
  return (
    <Dialog title={texts.title} onClose={onClose}>
      <FormBody of={state}>
        <Text size="sm" c="dimmed" children={supportTexts.about} />
        <Select
          label={texts.who}
          required
          data={supporters.map((one) => ({ value: one.user_id, label: nameOf(one) }))}
          {...state.form.getInputProps("user_id")}
        />
        <Select label={texts.how_long} data={HOURS} allowDeselect={false} {...state.form.getInputProps("hours")} />
        <ReasonField label={texts.reason} description={null} minRows={2} {...state.form.getInputProps("reason")} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose} children={uiTexts.cancel} />
          <Button type="submit" loading={state.is_busy} children={texts.confirm} />
        </Group>
      </FormBody>
    </Dialog>
  );
}

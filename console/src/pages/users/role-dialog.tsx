import { Button, Group, Text } from "@mantine/core";
import { useWorkspaceChange } from "../../api/workspace-api.ts";
import { uiTexts } from "../../texts/ui.ts";
import { usersTexts } from "../../texts/users.ts";
import { Dialog } from "../../ui/dialog.tsx";
import { FormBody, useServerForm } from "../../ui/server-form.tsx";
import { toastDone } from "../../ui/toast.ts";
import { RoleChoice } from "./role-choice.tsx";
import { nameOf, type User } from "./user.ts";

const { change_role: texts } = usersTexts;

/** Gives a user another role. */
export function RoleDialog({ user, onClose }: { user: User; onClose: () => void }) {
  const change = useWorkspaceChange("/users/{user_id}", "patch");
  const state = useServerForm({
    initial: { role: user.role },
    submit: ({ role }) => change.mutateAsync({ path: { user_id: user.user_id }, body: { role } }),
    onDone: () => {
      toastDone(texts.done(nameOf(user)));
      onClose();
    },
  });
  return (
    <Dialog title={texts.title(nameOf(user))} onClose={onClose}>
      <FormBody of={state}>
        <Text size="sm" c="dimmed" children={texts.about} />
        <RoleChoice label={texts.role} {...state.form.getInputProps("role")} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose} children={uiTexts.cancel} />
          <Button
            type="submit"
            loading={state.is_busy}
            disabled={state.form.getValues().role === user.role}
            children={texts.confirm}
          />
        </Group>
      </FormBody>
    </Dialog>
  );
}

import { Button, Group, Text, TextInput } from "@mantine/core";
import type { Role } from "../../api/session.ts";
import { useWorkspaceChange } from "../../api/workspace-api.ts";
import { uiTexts } from "../../texts/ui.ts";
import { usersTexts } from "../../texts/users.ts";
import { Dialog } from "../../ui/dialog.tsx";
import { FormBody, useServerForm } from "../../ui/server-form.tsx";
import { toastDone } from "../../ui/toast.ts";
import { RoleChoice } from "./role-choice.tsx";

const { invite_dialog: texts } = usersTexts;
const ADDRESS = /^[^\s@]+@[^\s@]+$/;

type Invited = { email: string; role: Role };

/** Invites an address in a role. */
export function InviteDialog({ onClose }: { onClose: () => void }) {
  const invite = useWorkspaceChange("/invitations");
  const state = useServerForm<Invited, unknown>({
    initial: { email: "", role: "admin" },
    check: ({ email }) => ({ email: !ADDRESS.test(email.trim()) && texts.email_needed }),
    submit: ({ email, role }) => invite.mutateAsync({ body: { email: email.trim(), role } }),
    onDone: (_, { email }) => {
      toastDone(texts.done(email.trim()));
      onClose();
    },
  });
  return (
    <Dialog title={texts.title} onClose={onClose}>
      <FormBody of={state}>
        <Text size="sm" c="dimmed" children={texts.about} />
        <TextInput
          type="email"
          label={texts.email}
          required
          autoComplete="off"
          data-autofocus
          {...state.form.getInputProps("email")}
        />
        <RoleChoice label={texts.role} {...state.form.getInputProps("role")} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose} children={uiTexts.cancel} />
          <Button type="submit" loading={state.is_busy} children={texts.confirm} />
        </Group>
      </FormBody>
    </Dialog>
  );
}

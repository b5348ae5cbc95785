import { Button, Group, Text, TextInput } from "@mantine/core";
import { useOwnChange } from "../../api/own-api.ts";
import { useSession } from "../../api/session.ts";
import { accountTexts } from "../../texts/account.ts";
import { Section } from "../../ui/page.tsx";
import { FormBody, useServerForm } from "../../ui/server-form.tsx";
import { toastDone } from "../../ui/toast.ts";

export function Profile() {
  const { user } = useSession();
  const rename = useOwnChange("/profile", "patch");
  const state = useServerForm({
    initial: { name: user.name ?? "" },
    check: ({ name }) => ({ name: name.trim() === "" && accountTexts.name_needed }),
    submit: (body) => rename.mutateAsync({ body }),
    onDone: () => toastDone(accountTexts.saved),
  });
  return (
    <Section title={accountTexts.profile}>
      <FormBody of={state}>
        <TextInput
          label={accountTexts.name}
          description={accountTexts.name_about}
          autoComplete="name"
          {...state.form.getInputProps("name")}
        />
        <div>
          <Text size="sm" fw={500}>
            {accountTexts.e_mail}
          </Text>
          <Text size="sm">{user.email}</Text>
        </div>
        <Group>
          <Button type="submit" variant="default" loading={state.is_busy} disabled={!state.form.isDirty()}>
            {accountTexts.save}
          </Button>
        </Group>
      </FormBody>
    </Section>
  );
}

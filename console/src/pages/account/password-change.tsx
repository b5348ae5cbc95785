import { Button, Group, PasswordInput, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { asApiError, ApiError } from "../../api/api-error.ts";
import { askAuth } from "../../api/auth.ts";
import { passwordChangeTexts } from "../../texts/account.ts";
import { Section } from "../../ui/page.tsx";
import { FormBody, useServerForm } from "../../ui/server-form.tsx";
import { toastDone } from "../../ui/toast.ts";

export function PasswordChange() {
  const queries = useQueryClient();
  const state = useServerForm({
    initial: { current_password: "", new_password: "" },
    submit: ({ current_password, new_password }) =>
      askAuth("/change-password", { currentPassword: current_password, newPassword: new_password }).catch(
        besideItsField,
      ),
    onDone: () => {
      toastDone(passwordChangeTexts.done);
      state.form.reset();
      void queries.invalidateQueries({ queryKey: [""] });
    },
  });
  const { form } = state;
  return (
    <Section title={passwordChangeTexts.title}>
      <Text size="sm" c="dimmed">
        {passwordChangeTexts.about}
      </Text>
      <FormBody of={state}>
        <PasswordInput
          label={passwordChangeTexts.current}
          autoComplete="current-password"
          {...form.getInputProps("current_password")}
        />
        <PasswordInput
          label={passwordChangeTexts.new}
          description={passwordChangeTexts.new_about}
          autoComplete="new-password"
          {...form.getInputProps("new_password")}
        />
        <Group>
          <Button type="submit" variant="default" loading={state.is_busy}>
            {passwordChangeTexts.change}
          </Button>
        </Group>
      </FormBody>
    </Section>
  );
}

/** There are two passwords here: the door's code says which of them is meant. */
function besideItsField(caught: unknown): never {
  const error = asApiError(caught);
  const field = error.reason_code === "INVALID_PASSWORD" ? "current_password" : "new_password";
  const errors = error.errors.map(({ message }) => ({ field, message }));
  throw new ApiError({ reason_code: error.reason_code, message: error.message, errors }, error.reason_code);
}

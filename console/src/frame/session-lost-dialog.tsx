import { Anchor, Button, PasswordInput, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useLocation } from "react-router";
import { askAuth } from "../api/auth.ts";
import { sessionKept, useIsSessionLost } from "../api/session-state.ts";
import { paths } from "../paths.ts";
import { sessionLostTexts } from "../texts/frame.ts";
import { signInTexts } from "../texts/sign-in.ts";
import { Dialog } from "../ui/dialog.tsx";
import { FormBody, useServerForm } from "../ui/server-form.tsx";

/** Over the page whose session ended: signing in again goes on where one was, with all that was typed. */
export function SessionLostDialog({ email }: { email: string }) {
  return useIsSessionLost() ? <SignInAgain email={email} /> : null;
}

function SignInAgain({ email }: { email: string }) {
  const queries = useQueryClient();
  const { pathname, search } = useLocation();
  const state = useServerForm({
    initial: { password: "" },
    submit: ({ password }) => askAuth<{ twoFactorRedirect?: boolean }>("/sign-in/email", { email, password }),
    onDone: ({ twoFactorRedirect: has_second }) => {
      // The second factor is asked for in a tab of its own, so that nothing typed here is lost.
      if (has_second === true) window.open(`/admin${paths.secondFactor()}`, "_blank");
      sessionKept();
      void queries.invalidateQueries();
    },
  });
  const elsewhere = `/admin${paths.signIn()}?${new URLSearchParams({ next: pathname + search }).toString()}`;
  return (
    <Dialog title={sessionLostTexts.title} onClose={sessionKept}>
      <FormBody of={state}>
        <Text size="sm">{sessionLostTexts.about(email)}</Text>
        <PasswordInput
          label={signInTexts.password}
          autoComplete="current-password"
          data-autofocus
          {...state.form.getInputProps("password")}
        />
        <Button type="submit" loading={state.is_busy}>
          {signInTexts.sign_in}
        </Button>
        <Anchor href={elsewhere} size="sm" ta="center">
          {sessionLostTexts.otherwise}
        </Anchor>
      </FormBody>
    </Dialog>
  );
}

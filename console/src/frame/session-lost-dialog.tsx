import { Anchor, Button, PasswordInput, Stack, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useLocation } from "react-router";
import { askAuth } from "../api/auth.ts";
import { sessionKept, useIsSessionLost } from "../api/session-state.ts";
import { paths } from "../paths.ts";
import { sessionLostTexts } from "../texts/frame.ts";
import { secondFactorTexts, signInTexts } from "../texts/sign-in.ts";
import { CodeForm } from "../ui/code-form.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { FormBody, useServerForm } from "../ui/server-form.tsx";

/** Over the page whose session ended: signing in again goes on where one was, with all that was typed. */
export function SessionLostDialog({ email }: { email: string }) {
  return useIsSessionLost() ? <SignInAgain email={email} /> : null;
}

function SignInAgain({ email }: { email: string }) {
  const [step, setStep] = useState<"password" | "code">("password");
  const queries = useQueryClient();
  const { pathname, search } = useLocation();
  const onSignedIn = () => {
    sessionKept();
    void queries.invalidateQueries();
  };
  const elsewhere = `/admin${paths.signIn()}?${new URLSearchParams({ next: pathname + search }).toString()}`;
  return (
    <Dialog title={sessionLostTexts.title} onClose={sessionKept}>
      <Stack gap="md">
        {step === "password" ? (
          <PasswordStep email={email} onSignedIn={onSignedIn} onHalfWay={() => setStep("code")} />
        ) : (
          <CodeStep onSignedIn={onSignedIn} onBack={() => setStep("password")} />
        )}
        <Anchor href={elsewhere} size="sm" ta="center">
          {sessionLostTexts.otherwise}
        </Anchor>
      </Stack>
    </Dialog>
  );
}

interface PasswordStepProps {
  email: string;
  onSignedIn: () => void;
  /** A second factor is asked for. */
  onHalfWay: () => void;
}

function PasswordStep({ email, onSignedIn, onHalfWay }: PasswordStepProps) {
  const state = useServerForm({
    initial: { password: "" },
    submit: ({ password }) => askAuth<{ twoFactorRedirect?: boolean }>("/sign-in/email", { email, password }),
    onDone: ({ twoFactorRedirect: has_second }) => (has_second === true ? onHalfWay() : onSignedIn()),
  });
  return (
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
    </FormBody>
  );
}

function CodeStep({ onSignedIn, onBack }: { onSignedIn: () => void; onBack: () => void }) {
  const [is_backup, setBackup] = useState(false);
  return (
    <>
      <Text size="sm">{is_backup ? secondFactorTexts.backup_about : secondFactorTexts.about}</Text>
      <CodeForm is_backup={is_backup} onSwitch={() => setBackup(!is_backup)} onDone={onSignedIn} />
      <Anchor component="button" type="button" size="sm" ta="center" onClick={onBack}>
        {signInTexts.back}
      </Anchor>
    </>
  );
}

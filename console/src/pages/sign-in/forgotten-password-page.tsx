import { Anchor, Button, TextInput } from "@mantine/core";
import { useState } from "react";
import { Link, useLocation, type Location } from "react-router";
import { askAuth } from "../../api/auth.ts";
import { paths } from "../../paths.ts";
import { passwordTexts, signInTexts } from "../../texts/sign-in.ts";
import { FormBody, useServerForm } from "../../ui/server-form.tsx";
import { SentMail } from "./sent-mail.tsx";
import { SignInFrame } from "./sign-in-frame.tsx";

/** Asks for the link to choose a new password with; the answer is the same whether the address has an account. */
export function ForgottenPasswordPage() {
  const { state: come_with } = useLocation() as Location<{ email?: string } | null>;
  const [email, setEmail] = useState<string | null>(null);
  const state = useServerForm({
    initial: { email: come_with?.email ?? "" },
    submit: (values) => askAuth("/request-password-reset", values),
    onDone: (_, values) => setEmail(values.email),
  });
  const foot = (
    <Anchor component={Link} to={paths.signIn()}>
      {signInTexts.back}
    </Anchor>
  );
  if (email !== null) {
    return (
      <SignInFrame title={passwordTexts.sent} foot={foot}>
        <SentMail>{passwordTexts.sent_about(email)}</SentMail>
      </SignInFrame>
    );
  }
  return (
    <SignInFrame title={passwordTexts.forgotten} about={passwordTexts.forgotten_about} foot={foot}>
      <FormBody of={state}>
        <TextInput
          label={signInTexts.email}
          type="email"
          autoComplete="username"
          autoFocus
          {...state.form.getInputProps("email")}
        />
        <Button type="submit" size="sm" loading={state.is_busy} fullWidth>
          {passwordTexts.send}
        </Button>
      </FormBody>
    </SignInFrame>
  );
}

import { Anchor, Button, PasswordInput, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { Link } from "react-router";
import { asApiError } from "../../api/api-error.ts";
import { askAuth } from "../../api/auth.ts";
import { paths } from "../../paths.ts";
import { signInTexts, signUpTexts } from "../../texts/sign-in.ts";
import { FormBody, useServerForm } from "../../ui/server-form.tsx";
import { SentMail } from "./sent-mail.tsx";
import { SignInFrame } from "./sign-in-frame.tsx";

const NEEDED = signUpTexts.needed;

/** A person and their workspace; both are there when the address is confirmed. */
export function SignUpPage() {
  const [email, setEmail] = useState<string | null>(null);
  const state = useServerForm({
    initial: { name: "", workspace_name: "", email: "", password: "" },
    check: ({ name, workspace_name, email: address, password }) => ({
      name: name.trim() === "" && NEEDED.name,
      workspace_name: workspace_name.trim() === "" && NEEDED.workspace,
      email: address.trim() === "" && NEEDED.email,
      password: password === "" && NEEDED.password,
    }),
    submit: (values) => askAuth("/sign-up/email", values),
    onDone: (_, values) => setEmail(values.email),
  });
  const { form } = state;
  if (email !== null) return <Sent email={email} />;
  return (
    <SignInFrame title={signInTexts.sign_up} about={signUpTexts.about} foot={<HasAccount />}>
      <FormBody of={state}>
        <TextInput label={signUpTexts.name} autoComplete="name" autoFocus {...form.getInputProps("name")} />
        <TextInput
          label={signUpTexts.workspace}
          description={signUpTexts.workspace_about}
          autoComplete="organization"
          {...form.getInputProps("workspace_name")}
        />
        <TextInput label={signInTexts.email} type="email" autoComplete="username" {...form.getInputProps("email")} />
        <PasswordInput
          label={signInTexts.password}
          description={signInTexts.password_rule}
          autoComplete="new-password"
          {...form.getInputProps("password")}
        />
        <Button type="submit" size="sm" loading={state.is_busy} fullWidth>
          {signInTexts.sign_up}
        </Button>
      </FormBody>
    </SignInFrame>
  );
}

function HasAccount() {
  return (
    <>
      {signInTexts.has_account}{" "}
      <Anchor component={Link} to={paths.signIn()}>
        {signInTexts.sign_in}
      </Anchor>
    </>
  );
}

function Sent({ email }: { email: string }) {
  const [said, setSaid] = useState<string | null>(null);
  const again = () => {
    askAuth("/send-verification-email", { email }).then(
      () => setSaid(signUpTexts.sent_again),
      (error: unknown) => setSaid(asApiError(error).message),
    );
  };
  return (
    <SignInFrame title={signUpTexts.sent} foot={<HasAccount />}>
      <SentMail>{signUpTexts.sent_about(email)}</SentMail>
      <Text size="sm" c="dimmed" component="div">
        {signUpTexts.nothing_came}{" "}
        <Anchor component="button" type="button" inherit onClick={again}>
          {signUpTexts.send_again}
        </Anchor>
        . <span role="status">{said}</span>
      </Text>
    </SignInFrame>
  );
}

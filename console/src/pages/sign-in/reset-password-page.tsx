import { Anchor, Button, PasswordInput, Text } from "@mantine/core";
import { Link, useNavigate, useSearchParams } from "react-router";
import { askAuth } from "../../api/auth.ts";
import { paths } from "../../paths.ts";
import { passwordTexts, signInTexts } from "../../texts/sign-in.ts";
import { FormBody, useServerForm } from "../../ui/server-form.tsx";
import { SignInFrame } from "./sign-in-frame.tsx";

/** Where the mail's link leads: a new password, then signing in with it. */
export function ResetPasswordPage() {
  const [params] = useSearchParams();
  const navigate = useNavigate();
  const token = params.get("token");
  const state = useServerForm({
    initial: { password: "" },
    submit: ({ password }) => askAuth("/reset-password", { newPassword: password, token }),
    onDone: () => void navigate(`${paths.signIn()}?new-password`, { replace: true }),
  });
  const foot = (
    <Anchor component={Link} to={paths.forgottenPassword()}>
      {passwordTexts.ask_again}
    </Anchor>
  );
  return (
    <SignInFrame title={passwordTexts.reset} about={token === null ? undefined : passwordTexts.reset_about} foot={foot}>
      {token === null ? (
        <Text size="sm">{passwordTexts.no_token}</Text>
      ) : (
        <FormBody of={state}>
          <PasswordInput
            label={signInTexts.new_password}
            description={signInTexts.password_rule}
            autoComplete="new-password"
            autoFocus
            {...state.form.getInputProps("password")}
          />
          <Button type="submit" size="sm" loading={state.is_busy} fullWidth>
            {passwordTexts.save}
          </Button>
        </FormBody>
      )}
    </SignInFrame>
  );
}

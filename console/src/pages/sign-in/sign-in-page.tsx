import { Anchor, Button, Divider, PasswordInput, Stack, TextInput } from "@mantine/core";
import { IconFingerprint } from "@tabler/icons-react";
import { useState } from "react";
import { Link, useLocation, useNavigate } from "react-router";
import { asApiError, type ApiError } from "../../api/api-error.ts";
import { askAuth } from "../../api/auth.ts";
import { hasPasskeys, signInWithPasskey } from "../../api/passkeys.ts";
import { paths } from "../../paths.ts";
import { passwordTexts, signInTexts } from "../../texts/sign-in.ts";
import { Notice } from "../../ui/notice.tsx";
import { Failure, FormBody, useServerForm } from "../../ui/server-form.tsx";
import { SignInFrame } from "./sign-in-frame.tsx";
import { useGoOn } from "./use-go-on.ts";

/** E-mail and password, or a passkey; the second factor, where there is one, is asked for on a page of its own. */
export function SignInPage() {
  const { search } = useLocation();
  const navigate = useNavigate();
  const goOn = useGoOn();
  const state = useServerForm({
    initial: { email: "", password: "" },
    submit: (values) => askAuth<{ twoFactorRedirect?: boolean }>("/sign-in/email", values),
    onDone: ({ twoFactorRedirect: has_second }) =>
      has_second === true ? void navigate(paths.secondFactor() + search) : goOn(),
  });
  const { form } = state;
  const is_new_password = new URLSearchParams(search).has("new-password");
  return (
    <SignInFrame
      title={signInTexts.sign_in}
      about={signInTexts.sign_in_about}
      foot={
        <>
          {signInTexts.no_account}{" "}
          <Anchor component={Link} to={paths.signUp()}>
            {signInTexts.sign_up}
          </Anchor>
        </>
      }
    >
      {is_new_password && <Notice tone="good">{passwordTexts.changed}</Notice>}
      <FormBody of={state}>
        <TextInput
          label={signInTexts.email}
          type="email"
          autoComplete="username"
          autoFocus
          {...form.getInputProps("email")}
        />
        <PasswordInput
          label={signInTexts.password}
          autoComplete="current-password"
          {...form.getInputProps("password")}
        />
        <Button type="submit" size="sm" loading={state.is_busy} fullWidth>
          {signInTexts.sign_in}
        </Button>
        <Anchor
          component={Link}
          to={paths.forgottenPassword()}
          state={{ email: form.getValues().email }}
          size="sm"
          ta="center"
        >
          {signInTexts.forgotten}
        </Anchor>
      </FormBody>
      {hasPasskeys() && <Passkey onDone={goOn} />}
    </SignInFrame>
  );
}

function Passkey({ onDone }: { onDone: () => void }) {
  const [failure, setFailure] = useState<ApiError | null>(null);
  const start = () => {
    setFailure(null);
    signInWithPasskey().then(onDone, (error: unknown) => setFailure(asApiError(error)));
  };
  return (
    <Stack gap="sm">
      <Divider />
      <Failure error={failure} />
      <Button variant="default" size="sm" fullWidth leftSection={<IconFingerprint size={16} />} onClick={start}>
        {signInTexts.with_passkey}
      </Button>
    </Stack>
  );
}

import { Anchor, Button, TextInput } from "@mantine/core";
import { useState } from "react";
import { Link } from "react-router";
import { askAuth } from "../../api/auth.ts";
import { paths } from "../../paths.ts";
import { secondFactorTexts, signInTexts } from "../../texts/sign-in.ts";
import { FormBody, useServerForm } from "../../ui/server-form.tsx";
import { SignInFrame } from "./sign-in-frame.tsx";
import { useGoOn } from "./use-go-on.ts";

/** The second step of signing in: the app's code, or one of the codes kept for when the app is gone. */
export function SecondFactorPage() {
  const [is_backup, setBackup] = useState(false);
  const { title, about, backup_about, use_app, use_backup } = secondFactorTexts;
  return (
    <SignInFrame
      title={title}
      about={is_backup ? backup_about : about}
      foot={
        <Anchor component={Link} to={paths.signIn()}>
          {signInTexts.back}
        </Anchor>
      }
    >
      <CodeForm key={String(is_backup)} is_backup={is_backup} />
      <Anchor component="button" type="button" size="sm" ta="center" onClick={() => setBackup(!is_backup)}>
        {is_backup ? use_app : use_backup}
      </Anchor>
    </SignInFrame>
  );
}

function CodeForm({ is_backup }: { is_backup: boolean }) {
  const goOn = useGoOn();
  const state = useServerForm({
    initial: { code: "" },
    submit: ({ code }) =>
      askAuth(is_backup ? "/two-factor/verify-backup-code" : "/two-factor/verify-totp", {
        code: code.replaceAll(/\s/g, ""),
      }),
    onDone: goOn,
  });
  const { form } = state;
  return (
    <FormBody of={state}>
      <TextInput
        label={is_backup ? secondFactorTexts.backup_code : secondFactorTexts.code}
        autoFocus
        autoComplete={is_backup ? "off" : "one-time-code"}
        inputMode={is_backup ? "text" : "numeric"}
        {...form.getInputProps("code")}
      />
      <Button type="submit" size="sm" loading={state.is_busy} fullWidth>
        {signInTexts.sign_in}
      </Button>
    </FormBody>
  );
}

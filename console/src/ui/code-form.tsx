import { Anchor, Button, TextInput } from "@mantine/core";
import { askAuth } from "../api/auth.ts";
import { secondFactorTexts, signInTexts } from "../texts/sign-in.ts";
import { FormBody, useServerForm } from "./server-form.tsx";

interface CodeFormProps {
  /** One of the codes kept for when the app is gone, instead of the app's. */
  is_backup: boolean;
  onSwitch: () => void;
  onDone: () => void;
}

/** The second step of signing in: asks for a code, after the password. */
export function CodeForm({ is_backup, onSwitch, onDone }: CodeFormProps) {
  return (
    <>
      <Code key={String(is_backup)} is_backup={is_backup} onDone={onDone} />
      <Anchor component="button" type="button" size="sm" ta="center" onClick={onSwitch}>
        {is_backup ? secondFactorTexts.use_app : secondFactorTexts.use_backup}
      </Anchor>
    </>
  );
}

function Code({ is_backup, onDone }: Omit<CodeFormProps, "onSwitch">) {
  const state = useServerForm({
    initial: { code: "" },
    submit: ({ code }) =>
      askAuth(is_backup ? "/two-factor/verify-backup-code" : "/two-factor/verify-totp", {
        code: code.replaceAll(/\s/g, ""),
      }),
    onDone,
  });
  return (
    <FormBody of={state}>
      <TextInput
        label={is_backup ? secondFactorTexts.backup_code : secondFactorTexts.code}
        autoFocus
        autoComplete={is_backup ? "off" : "one-time-code"}
        inputMode={is_backup ? "text" : "numeric"}
        {...state.form.getInputProps("code")}
      />
      <Button type="submit" size="sm" loading={state.is_busy} fullWidth>
        {signInTexts.sign_in}
      </Button>
    </FormBody>
  );
}

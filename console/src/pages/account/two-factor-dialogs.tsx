import { Button, Code, Group, PasswordInput, SimpleGrid, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { askAuth } from "../../api/auth.ts";
import { twoFactorTexts } from "../../texts/account.ts";
import { uiTexts } from "../../texts/ui.ts";
import { Dialog } from "../../ui/dialog.tsx";
import { CopyIcon } from "../../ui/identity.tsx";
import { QrCode } from "../../ui/qr-code.tsx";
import { FormBody, useServerForm } from "../../ui/server-form.tsx";
import { toastDone } from "../../ui/toast.ts";

interface Secrets {
  totpURI: string;
  backupCodes: string[];
}

/** The password first, then the app's code, then the codes to keep. */
export function SetUpDialog({ onClose }: { onClose: () => void }) {
  const [secrets, setSecrets] = useState<Secrets | null>(null);
  const [is_on, setOn] = useState(false);
  const done = () => {
    toastDone(twoFactorTexts.done_on);
    setOn(true);
  };
  return (
    <Dialog title={is_on ? twoFactorTexts.codes : twoFactorTexts.title} onClose={onClose} is_shown_once={is_on}>
      {!secrets && <PasswordStep path="/two-factor/enable" confirm={twoFactorTexts.go_on} onDone={setSecrets} />}
      {secrets && !is_on && <CodeStep uri={secrets.totpURI} onDone={done} />}
      {secrets && is_on && <BackupCodes codes={secrets.backupCodes} onClose={onClose} />}
    </Dialog>
  );
}

/** New codes in place of the old ones. */
export function BackupCodesDialog({ onClose }: { onClose: () => void }) {
  const [codes, setCodes] = useState<string[] | null>(null);
  return (
    <Dialog title={twoFactorTexts.codes} onClose={onClose} is_shown_once={codes !== null}>
      {codes ? (
        <BackupCodes codes={codes} onClose={onClose} />
      ) : (
        <PasswordStep<Pick<Secrets, "backupCodes">>
          path="/two-factor/generate-backup-codes"
          confirm={twoFactorTexts.new_codes}
          onDone={({ backupCodes }) => setCodes(backupCodes)}
        />
      )}
    </Dialog>
  );
}

/** Back to the password alone. */
export function TurnOffDialog({ onClose }: { onClose: () => void }) {
  const done = () => {
    toastDone(twoFactorTexts.done_off);
    onClose();
  };
  return (
    <Dialog title={twoFactorTexts.turn_off} onClose={onClose}>
      <Stack gap="md">
        <Text size="sm">{twoFactorTexts.off_about}</Text>
        <PasswordStep path="/two-factor/disable" confirm={twoFactorTexts.turn_off} onDone={done} />
      </Stack>
    </Dialog>
  );
}

interface PasswordStepProps<Answer> {
  path: string;
  confirm: string;
  onDone: (answer: Answer) => void;
}

function PasswordStep<Answer>({ path, confirm, onDone }: PasswordStepProps<Answer>) {
  const state = useServerForm({
    initial: { password: "" },
    submit: (values) => askAuth<Answer>(path, values),
    onDone,
  });
  return (
    <FormBody of={state}>
      <PasswordInput
        label={twoFactorTexts.password}
        description={twoFactorTexts.password_about}
        autoComplete="current-password"
        data-autofocus
        {...state.form.getInputProps("password")}
      />
      <Group justify="flex-end">
        <Button type="submit" loading={state.is_busy}>
          {confirm}
        </Button>
      </Group>
    </FormBody>
  );
}

function CodeStep({ uri, onDone }: { uri: string; onDone: () => void }) {
  const state = useServerForm({
    initial: { code: "" },
    submit: ({ code }) => askAuth("/two-factor/verify-totp", { code: code.replaceAll(/\s/g, "") }),
    onDone,
  });
  const secret = new URL(uri).searchParams.get("secret") ?? "";
  return (
    <FormBody of={state}>
      <Text size="sm">{twoFactorTexts.scan}</Text>
      <QrCode text={uri} label={twoFactorTexts.qr} />
      <div>
        <Text size="xs" c="dimmed">
          {twoFactorTexts.by_hand}
        </Text>
        <Group gap={4}>
          <Code>{secret}</Code>
          <CopyIcon value={secret} what={twoFactorTexts.by_hand} />
        </Group>
      </div>
      <TextInput
        label={twoFactorTexts.code}
        inputMode="numeric"
        autoComplete="one-time-code"
        autoFocus
        {...state.form.getInputProps("code")}
      />
      <Group justify="flex-end">
        <Button type="submit" loading={state.is_busy}>
          {twoFactorTexts.confirm}
        </Button>
      </Group>
    </FormBody>
  );
}

function BackupCodes({ codes, onClose }: { codes: readonly string[]; onClose: () => void }) {
  return (
    <Stack gap="md">
      <Text size="sm">{twoFactorTexts.codes_about}</Text>
      <SimpleGrid cols={2} spacing="xs" verticalSpacing={4}>
        {codes.map((code) => (
          <Code key={code} fz="sm">
            {code}
          </Code>
        ))}
      </SimpleGrid>
      <Group justify="space-between">
        <Group gap={4}>
          <CopyIcon value={codes.join("\n")} what={twoFactorTexts.codes} />
          <Text size="xs" c="dimmed">
            {uiTexts.copy}
          </Text>
        </Group>
        <Button onClick={onClose}>{twoFactorTexts.codes_kept}</Button>
      </Group>
    </Stack>
  );
}

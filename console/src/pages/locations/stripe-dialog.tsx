import { Button, Group, PasswordInput, Radio, Stack, Text } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { useState } from "react";
import { asApiError, type ApiError } from "../../api/api-error.ts";
import { useChange } from "../../api/location-api.ts";
import { locationTexts } from "../../texts/locations.ts";
import { uiTexts } from "../../texts/ui.ts";
import { Dialog } from "../../ui/dialog.tsx";
import { Identity } from "../../ui/identity.tsx";
import { Failure, FormBody, placeErrors, useServerForm } from "../../ui/server-form.tsx";
import { toastDone } from "../../ui/toast.ts";
import classes from "./locations.module.css";

const { stripe: texts } = locationTexts;
const WAYS = ["endpoint", "secret", "poll"] as const;

type StripeValues = { restricted_key: string; listen: (typeof WAYS)[number]; webhook_secret: string };

type StripeForm = UseFormReturnType<StripeValues>;

/** Listens to a Stripe account; what is wrong with its key stands beside the key. */
export function StripeDialog({ onClose }: { onClose: () => void }) {
  const [webhook_url, setWebhookUrl] = useState<string | null>(null);
  const connect = useChange("/stripe/connect");
  const state = useServerForm<StripeValues, { mode: "webhook" | "poll"; webhook_url: string }>({
    initial: { restricted_key: "", listen: "endpoint", webhook_secret: "" },
    check: ({ restricted_key, listen, webhook_secret }) => ({
      restricted_key: restricted_key.trim() === "" && texts.key_needed,
      webhook_secret: listen === "secret" && webhook_secret.trim() === "" && texts.secret_needed,
    }),
    submit: ({ restricted_key, listen, webhook_secret }) =>
      connect.mutateAsync({
        body: { restricted_key, listen, webhook_secret: listen === "secret" ? webhook_secret : null },
      }),
    onDone: (answer, { listen }) => {
      toastDone(texts.connected);
      if (listen === "secret") setWebhookUrl(answer.webhook_url);
      else onClose();
    },
  });
  const { form } = state;
  if (webhook_url !== null) {
    return (
      <Dialog title={texts.webhook_url} onClose={onClose}>
        <Identity id={webhook_url} />
      </Dialog>
    );
  }
  return (
    <Dialog title={texts.connect} onClose={onClose}>
      <FormBody of={state}>
        <PasswordInput
          label={texts.key}
          description={texts.key_about}
          placeholder="rk_live_…"
          required
          data-autofocus
          autoComplete="off"
          {...form.getInputProps("restricted_key")}
        />
        <CheckKey form={form} />
        <ListenFields form={form} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {uiTexts.cancel}
          </Button>
          <Button type="submit" loading={state.is_busy}>
            {texts.go}
          </Button>
        </Group>
      </FormBody>
    </Dialog>
  );
}

function ListenFields({ form }: { form: StripeForm }) {
  return (
    <>
      <Radio.Group label={texts.listen} {...form.getInputProps("listen")}>
        <Stack gap={8} mt={8}>
          {WAYS.map((way) => (
            <Radio.Card key={way} value={way} className={classes.way ?? ""} aria-label={texts.listens[way].title}>
              <Text size="sm" fw={600}>
                {texts.listens[way].title}
              </Text>
              <Text size="xs" className={classes.about}>
                {texts.listens[way].about}
              </Text>
            </Radio.Card>
          ))}
        </Stack>
      </Radio.Group>
      {form.getValues().listen === "secret" && (
        <PasswordInput
          label={texts.secret}
          placeholder="whsec_…"
          required
          autoComplete="off"
          {...form.getInputProps("webhook_secret")}
        />
      )}
    </>
  );
}

/** Asks Stripe what the key may read, before anything is kept. */
function CheckKey({ form }: { form: StripeForm }) {
  const check = useChange("/stripe/check");
  const [said, setSaid] = useState<string | null>(null);
  const [failure, setFailure] = useState<ApiError | null>(null);
  const run = async () => {
    setSaid(null);
    setFailure(null);
    try {
      const { is_live } = await check.mutateAsync({ body: { restricted_key: form.getValues().restricted_key } });
      setSaid(texts.checked(is_live));
    } catch (error) {
      setFailure(placeErrors(form, asApiError(error)));
    }
  };
  return (
    <Stack gap={6} align="flex-start">
      <Group gap="sm">
        <Button
          variant="default"
          loading={check.isPending}
          disabled={form.getValues().restricted_key.trim() === ""}
          onClick={() => void run()}
        >
          {texts.check}
        </Button>
        <Text size="sm" role="status" c="var(--k-good)">
          {said}
        </Text>
      </Group>
      <Failure error={failure} />
    </Stack>
  );
}

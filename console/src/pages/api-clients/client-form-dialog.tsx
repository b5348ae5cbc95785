import { Button, Checkbox, Group, Stack, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useChange } from "../../api/location-api.ts";
import { apiClientsTexts } from "../../texts/api-clients.ts";
import { uiTexts } from "../../texts/ui.ts";
import { Dialog } from "../../ui/dialog.tsx";
import { SaveFailure } from "../../ui/edit-conflict.tsx";
import { useServerForm } from "../../ui/server-form.tsx";
import { toastDone } from "../../ui/toast.ts";
import type { ClientRow, NewToken, Scope } from "./client-row.ts";
import { TokenDialog } from "./token-dialog.tsx";

const { form: texts, scopes: scopeTexts } = apiClientsTexts;
const DEFAULT_SCOPES: Scope[] = ["grant", "check", "deduct", "restore", "summary"];

type ClientValues = { name: string; scopes: Scope[] };

interface ClientFormDialogProps {
  /** Null: a new one, whose token is shown afterwards. */
  client: ClientRow | null;
  onClose: () => void;
}

/** Makes an API client and shows its token once, or changes what one is called and may do. */
export function ClientFormDialog({ client, onClose }: ClientFormDialogProps) {
  const [made, setMade] = useState<NewToken | null>(null);
  if (made) return <TokenDialog made={made} onClose={onClose} />;
  return (
    <Dialog title={client ? texts.edit_title(client.name) : texts.new_title} onClose={onClose}>
      <ClientForm client={client} onMade={setMade} onClose={onClose} />
    </Dialog>
  );
}

function ClientForm({ client, onMade, onClose }: ClientFormDialogProps & { onMade: (made: NewToken) => void }) {
  const create = useChange("/api-clients");
  const update = useChange("/api-clients/{id}", "put");
  const queries = useQueryClient();
  // The version that the edit began with, whatever is read meanwhile.
  const [version] = useState(client?.version ?? 0);
  const state = useServerForm<ClientValues, { version: number; token?: string }>({
    initial: { name: client?.name ?? "", scopes: (client?.scopes as Scope[] | undefined) ?? DEFAULT_SCOPES },
    check: ({ name, scopes }) => ({
      name: name.trim() === "" && texts.name_needed,
      scopes: scopes.length === 0 && texts.scopes_needed,
    }),
    submit: ({ name, scopes }) =>
      client
        ? update.mutateAsync({ path: { id: client.id }, body: { name, scopes, expected_version: version } })
        : create.mutateAsync({ body: { name, scopes } }),
    onDone: ({ token }, { name, scopes }) => {
      if (token !== undefined) return onMade({ name: name.trim(), token, scopes });
      toastDone(texts.saved(name));
      return onClose();
    },
  });
  const { form, failure } = state;
  const loadLatest = () => {
    void queries.invalidateQueries();
    onClose();
  };
  return (
    <form noValidate onSubmit={state.onSubmit}>
      <Stack gap="md">
        <SaveFailure error={failure} mine={form.getValues()} onReload={loadLatest} />
        <TextInput
          label={texts.name}
          description={texts.name_about}
          required
          data-autofocus
          maxLength={255}
          {...form.getInputProps("name")}
        />
        <Checkbox.Group label={texts.scopes} required {...form.getInputProps("scopes")}>
          <Stack gap={10} mt={8}>
            {Object.entries(scopeTexts).map(([scope, { title, about }]) => (
              <Checkbox key={scope} value={scope} label={title} description={about} />
            ))}
          </Stack>
        </Checkbox.Group>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {uiTexts.cancel}
          </Button>
          <Button type="submit" loading={state.is_busy}>
            {client ? texts.save : texts.create}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

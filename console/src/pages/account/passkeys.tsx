import { Button, Group, Text, TextInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { ApiError } from "../../api/api-error.ts";
import { askAuth } from "../../api/auth.ts";
import { addPasskey, hasPasskeys } from "../../api/passkeys.ts";
import { passkeyTexts } from "../../texts/account.ts";
import { browserName } from "../../ui/browser-name.ts";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { formatInstant } from "../../ui/format.ts";
import { Loaded } from "../../ui/loaded.tsx";
import { Section } from "../../ui/page.tsx";
import { FormBody, useServerForm } from "../../ui/server-form.tsx";
import { toastDone } from "../../ui/toast.ts";
import { Row, Rows } from "./rows.tsx";

interface Passkey {
  id: string;
  name: string | null;
  createdAt: string;
}

const KEY = ["", "passkeys"];

/** Passkeys of the account, to add and to remove. */
export function Passkeys() {
  const queries = useQueryClient();
  const [is_adding, setAdding] = useState(false);
  const [removed, setRemoved] = useState<Passkey | null>(null);
  const query = useQuery<Passkey[], ApiError>({
    queryKey: KEY,
    queryFn: () => askAuth<Passkey[]>("/passkey/list-user-passkeys"),
  });
  const refresh = () => void queries.invalidateQueries({ queryKey: KEY });
  const nameOf = ({ name }: Passkey) => name ?? passkeyTexts.unnamed;
  return (
    <Section
      title={passkeyTexts.title}
      actions={
        hasPasskeys() && (
          <Button variant="default" onClick={() => setAdding(true)}>
            {passkeyTexts.add}
          </Button>
        )
      }
    >
      <Text size="sm" c="dimmed">
        {hasPasskeys() ? passkeyTexts.about : passkeyTexts.unsupported}
      </Text>
      <Loaded query={query}>
        {(passkeys) => (
          <Rows>
            {passkeys.map((passkey) => (
              <Row
                key={passkey.id}
                title={nameOf(passkey)}
                about={passkeyTexts.added(formatInstant(passkey.createdAt, "day"))}
                action={
                  <Button variant="default" size="compact-sm" onClick={() => setRemoved(passkey)}>
                    {passkeyTexts.remove}
                  </Button>
                }
              />
            ))}
            {passkeys.length === 0 && <Row title={passkeyTexts.none} />}
          </Rows>
        )}
      </Loaded>
      {is_adding && <AddDialog onDone={refresh} onClose={() => setAdding(false)} />}
      {removed && (
        <ConfirmDialog
          title={passkeyTexts.remove_title(nameOf(removed))}
          about={passkeyTexts.remove_about}
          confirm={passkeyTexts.remove}
          is_dangerous
          run={() => askAuth("/passkey/delete-passkey", { id: removed.id })}
          done={passkeyTexts.done_remove}
          onDone={refresh}
          onClose={() => setRemoved(null)}
        />
      )}
    </Section>
  );
}

function AddDialog({ onDone, onClose }: { onDone: () => void; onClose: () => void }) {
  const state = useServerForm({
    initial: { name: browserName(navigator.userAgent) },
    submit: ({ name }) => addPasskey(name.trim() || passkeyTexts.name_default),
    onDone: () => {
      toastDone(passkeyTexts.done_add);
      onDone();
      onClose();
    },
  });
  return (
    <Dialog title={passkeyTexts.add} onClose={onClose}>
      <FormBody of={state}>
        <TextInput
          label={passkeyTexts.name}
          description={passkeyTexts.name_about}
          data-autofocus
          {...state.form.getInputProps("name")}
        />
        <Group justify="flex-end">
          <Button type="submit" loading={state.is_busy}>
            {passkeyTexts.add}
          </Button>
        </Group>
      </FormBody>
    </Dialog>
  );
}
